import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * One app over 40 minutes, its executions of no length: idle for 5 and then for 25 minutes, idle again to the end.
 *
 *     min  0    5                        30        40
 *          x----x------------------------x---------.    b ends the trace at 40
 */
const EVENTS = `app,function,start_ms,duration_ms,memory_mb
a,f,0,0,100
a,f,300000,0,100
a,f,1800000,0,100
b,g,2400000,0,200
`

const EXPERIMENT = `name: study
trace: { path: trace.csv }
policies:
  - { policy: fixed, keepAlive: [10m, 30m] }
  - { policy: none }
  - { policy: no-unload }
`

/** A folder for one test file with a trace and an experiment in it. */
export interface Study {
  readonly folder: string
  write(name: string, text: string): void
  remove(): void
}

/** Makes the folder. */
export function study(): Study {
  const folder = mkdtempSync(join(tmpdir(), 'pilotlight-study-'))
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text)
  write('trace.csv', EVENTS)
  write('study.yaml', EXPERIMENT)
  return { folder, write, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
