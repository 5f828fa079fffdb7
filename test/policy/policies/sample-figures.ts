import { createReadStream, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { createGunzip } from 'node:zlib'
import { defaultsOf } from '../../../src/policy/parameters.ts'
import { policies } from '../../../src/policy/policies/index.ts'
import { chargedMemory } from '../../../src/sim/charged-memory.ts'
import { type InstancesModel, type Model, PAPER_MODEL, type PaperModel } from '../../../src/sim/model.ts'
import { runSimulation, unitsOf } from '../../../src/sim/simulation.ts'
import { readTrace } from '../../../src/trace/read.ts'
import type { Trace } from '../../../src/trace/trace.ts'

const SAMPLES = fileURLToPath(new URL('../../../../shared/traces/', import.meta.url))

export const DIRIGENT = join(SAMPLES, 'azure2019-dirigent-500')
export const TWELVE_DAYS = join(SAMPLES, 'azure2019-twelve-days-704')
const FULL_DAY = join(SAMPLES, 'azure2019-fullday-counts')

/** Whether the samples, which are no part of the project, lie beside it. */
export const hasSamples = existsSync(SAMPLES)

/** The distinct rows of the full-day sample as a trace, each an app of its own. */
export async function fullDay(): Promise<Trace> {
  const rows = await text(createReadStream(join(FULL_DAY, '1350_inv.csv.gz')).pipe(createGunzip()))
  const counts = new Set(
    rows
      .trim()
      .split('\n')
      .slice(1)
      .map((row) => row.split(',').slice(3).join(',')),
  )
  const head = `HashOwner,HashApp,HashFunction,Trigger,${Array.from({ length: 1440 }, (_, minute) => minute + 1).join(',')}`
  const lines = [...counts].map((row, index) => `o${index},a${index},f${index},others,${row}`)
  const folder = mkdtempSync(join(tmpdir(), 'pilotlight-full-day-'))
  try {
    writeFileSync(join(folder, 'invocations.csv'), `${[head, ...lines].join('\n')}\n`)
    return await readTrace([folder])
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Cold starts, and idle memory over that of a fixed window of ten minutes, of runs on one trace, judged from a time on. */
export function figures(
  trace: Trace,
  options: Partial<PaperModel> | Partial<InstancesModel>,
  accountFromMs = 0,
): (id: string, params?: object) => readonly [number, number] {
  const model = { ...PAPER_MODEL, ...options } as Model
  const memory = chargedMemory(unitsOf(trace, model), model)
  const run = (id: string, params: object): readonly [number, number] => {
    const policy = policies.get(id, 'a test')
    const all = { ...defaultsOf(policy.parameters), ...params }
    const ledger = runSimulation({ trace, model, policy, params: all, seed: 1, accountFromMs })
    return [sum(ledger.coldStarts), sum(ledger.idleMs.map((ms, app) => ms * memory[app]!))]
  }
  const [, fixed] = run('fixed', {})
  return (id, params = {}) => {
    const [cold, idle] = run(id, params)
    return [cold, Math.round((idle / fixed) * 1000) / 1000]
  }
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0)
}
