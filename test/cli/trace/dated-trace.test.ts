import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { planOfJson } from '../../../src/policy/plan/plan-json.ts'
import { type Finished, pilotlight } from '../pilotlight.ts'

const folder = mkdtempSync(join(tmpdir(), 'pilotlight-dated-'))
const run = (...words: readonly string[]): Promise<Finished> => pilotlight(folder, ...words)

const reported = (name: string): string => readFileSync(join(folder, 'reports', 'calls', name), 'utf8')

/** From Wednesday, 1 May 2024, 06:00 by the clocks of Berlin on: three calls a day, at six, half past nine and noon. */
const LOG = [1, 2, 3].flatMap((day) =>
  ['06:00', '09:30', '12:00'].map((time) => `2024-05-0${day} ${time}:00;shop;1000;128`),
)

beforeAll(async () => {
  writeFileSync(join(folder, 'calls.csv'), ['when;who;took;mb', ...LOG].join('\n'))
  writeFileSync(
    join(folder, 'calls.mapping.yaml'),
    `read: { as: csv, delimiter: ";" }
app: who
start: { from: when, format: "%Y-%m-%d %H:%M:%S" }
duration: { from: took, unit: ms }
memory: { from: mb, unit: MB }
zone: Europe/Berlin
`,
  )
  writeFileSync(
    join(folder, 'calls.yaml'),
    `name: calls
trace: { path: calls.csv, mapping: calls.mapping.yaml }
model: { kind: instances }
baseline: as told
policies:
  - { policy: provisioned, label: as told, from: 9h, until: 13h, keepAlive: 1m }
  - { policy: provisioned, label: as if at midnight, from: 9h, until: 13h, keepAlive: 1m, starts: 0h }
`,
  )
  for (const words of [
    ['run', 'calls.yaml', '--quiet'],
    ['report', 'calls.yaml', '--format', 'html,json,text'],
  ]) {
    const { code, stderr } = await run(...words)
    if (code !== 0) throw new Error(stderr)
  }
})
afterAll(() => rmSync(folder, { recursive: true }))

interface Told {
  readonly trace: { readonly startsAtMs?: number; readonly zone?: string }
  readonly runs: readonly { readonly label: string; readonly totals: { readonly coldStarts: number } }[]
}

describe('a log with dates in a time zone', () => {
  it('has schedules that go by its own clocks, without being told when it starts', () => {
    const { trace, runs } = JSON.parse(reported('comparison.json')) as Told
    expect(trace).toMatchObject({ startsAtMs: Date.UTC(2024, 4, 1, 4), zone: 'Europe/Berlin' })
    const cold = Object.fromEntries(runs.map(({ label, totals }) => [label, totals.coldStarts]))
    // From nine to one an instance stands ready: only the calls at six are cold. From the trace's tenth hour on none is.
    expect(cold).toEqual({ 'as told': 3, 'as if at midnight': 9 })
  })

  it('is said to begin when it does in every report, and by `trace`', async () => {
    expect(reported('comparison.txt')).toContain('from 2024-05-01 06:00 Europe/Berlin')
    expect(reported('index.html')).toContain('"midnightMs":21600000,"zone":"Europe/Berlin"')
    const told = await run('trace', 'calls.csv', '--mapping', 'calls.mapping.yaml')
    expect(told.stdout).toContain('2024-05-01 06:00 Europe/Berlin')
  })

  it('is exported with schedules in that zone', async () => {
    const { code, stderr } = await run('export', 'calls.yaml', '--run', 'as told', '--to', 'pilotlight', '--out', 'out')
    expect({ code, stderr }).toMatchObject({ code: 0 })
    const plan = planOfJson(readFileSync(join(folder, 'out', 'plan.json'), 'utf8'), 'plan.json')
    // Wednesday at six.
    expect(plan).toMatchObject({ timeZone: 'Europe/Berlin', startMinute: (2 * 24 + 6) * 60 })
    const steps = [0, 9 * 60, 13 * 60].map((minute) => ({ minute, instances: minute === 540 ? 1 : 0 }))
    expect(plan.apps[0]!.floor).toEqual({ cycle: 'day', steps: steps.slice(1) })
  })

  it('is explained by the same clocks', async () => {
    const { stdout } = await run('explain', 'calls.yaml', '--app', 'shop', '--run', 'as told')
    expect(stdout).toContain('06:00')
  })
})
