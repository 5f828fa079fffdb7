import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readExperiment } from '../../src/config/experiment-file.ts'
import { keepExperiment, makeRuns } from '../../src/experiment/execute.ts'
import { ledgerDigest } from '../../src/experiment/ledger-digest.ts'
import { planRuns } from '../../src/experiment/run-plan.ts'
import { demandAllShards, readShardStore, unfinishedShards } from '../../src/experiment/shard-stores.ts'
import { shardOf } from '../../src/experiment/shares.ts'
import { mergeStores } from '../../src/store/merge-stores.ts'
import { openStore } from '../../src/store/store.ts'
import { TraceBuilder } from '../../src/trace/build/builder.ts'
import type { Trace } from '../../src/trace/trace.ts'

let folder: string
let trace: Trace
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pilotlight-shards-of-apps-'))
  trace = unevenApps()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Two days of 23 apps, of which one has most of the invocations. */
function unevenApps(): Trace {
  const builder = new TraceBuilder({ id: 'uneven', format: 'azure-2019' })
  for (let app = 0; app < 23; app += 1) {
    for (let fn = 0; fn <= app % 3; fn += 1) {
      const row = builder.functionRow('owner', `app${app}`, `${app}-${fn}`)
      for (let minute = (app * 7) % 11; minute < 2880; minute += 1 + ((app * 5 + fn) % 137))
        builder.addCount(row, minute, app === 4 ? 30 : 1 + (app % 3))
      builder.addDuration(row, 100 + 370 * app, 1)
    }
    builder.addMemory('owner', `app${app}`, 100 + app / 7, 1)
  }
  return builder.build(2880 * 60_000, { files: [], defects: [] })
}

let made = 0
/** Plans an experiment, and makes a shard of it in a new store; gives the store's path. */
async function shardStore(
  text: string,
  index: number,
  count: number,
  limit = Number.POSITIVE_INFINITY,
): Promise<string> {
  made += 1
  const file = join(folder, `${made}.yaml`)
  const path = join(folder, `${made}.sqlite`)
  writeFileSync(
    file,
    `name: spread\ntrace: { path: uneven${text.includes('judge') ? ', judge: day 1..2' : ''} }\n${text}`,
  )
  const experiment = await readExperiment(file)
  const plan = planRuns(experiment, trace)
  const store = openStore(path, { create: true })
  try {
    keepExperiment(store, experiment, plan, { trace, path: folder })
    const own = shardOf(plan.runs, trace.apps.count, { index, count })
    await makeRuns(trace, own.slice(0, limit), { store, jobs: 1 })
  } finally {
    store.close()
  }
  return path
}

/** All that a store knows of its runs, but for how long they took. */
function contents(path: string) {
  const store = openStore(path, { create: false })
  try {
    return store.readExperiment('spread')!.runs.map(({ digest, label }) => {
      const run = store.readRun(digest)
      if (run === undefined) return { label }
      const { ledger, memoryMb, days, ...rest } = run
      const bits = ledgerDigest(run)
      return { ...rest, label, bits, memoryMb: [...memoryMb], days: days?.length, apps: ledger.apps, wallMs: 0 }
    })
  } finally {
    store.close()
  }
}

const shardStores = async (text: string, count: number): Promise<string[]> => {
  const paths: string[] = []
  for (let index = 1; index <= count; index += 1) paths.push(await shardStore(text, index, count))
  return paths
}

const ONE = 'model: { kind: paper }\npolicies: [{ policy: fixed }]\nbaseline: fixed\n'

describe('shards of the apps of a run', () => {
  it('are merged to the bits of one machine, whatever the runs and the number of shards', async () => {
    const models = [
      '{ kind: paper }',
      '{ kind: paper, unit: function }',
      '{ kind: instances }',
      '{ kind: instances, spread: poisson, unit: function }',
      '{ kind: cluster, nodes: { count: 2, memory: 300MB } }',
    ]
    const policies = ['{ policy: fixed }', '{ policy: fixed, keepAlive: [1m, 20m] }', '{ policy: hybrid-histogram }']
    const experiments = fc.record({
      model: fc.constantFrom(...models),
      chosen: fc.subarray(policies, { minLength: 1 }),
      count: fc.integer({ min: 2, max: 7 }),
    })
    let cut = 0
    await fc.assert(
      fc.asyncProperty(experiments, async ({ model, chosen, count }) => {
        const text = `model: ${model}\npolicies: [${chosen.join(', ')}, { policy: no-unload }]\nbaseline: no-unload\n`
        const paths = await shardStores(text, count)
        demandAllShards(paths, count)
        cut += paths.reduce((sum, path) => sum + (contents(path).every((run) => 'bits' in run) ? 0 : 1), 0)
        const out = join(folder, `merged-${made}.sqlite`)
        const { unfinished } = mergeStores(paths, out)
        expect(unfinished).toBe(0)
        expect(contents(out)).toEqual(contents(await shardStore(text, 1, 1)))
      }),
      { numRuns: 6 },
    )
    expect(cut).toBeGreaterThan(2)
  })

  it('have judged days as well', async () => {
    const text = 'model: { kind: instances }\npolicies: [{ policy: fixed }]\nbaseline: fixed\n'
    const judged = `${text}# judge\n`
    const out = join(folder, 'judged.sqlite')
    mergeStores(await shardStores(judged, 3), out)
    expect(contents(out)).toEqual(contents(await shardStore(judged, 1, 1)))
    expect(contents(out)[0]).toMatchObject({ days: 2 })
  })

  it('each have about as much of the work as apps allow, and are nothing where there are fewer apps', async () => {
    const paths = await shardStores('model: { kind: instances }\npolicies: [{ policy: fixed }]\nbaseline: fixed\n', 25)
    demandAllShards(paths, 25)
    const out = join(folder, 'many.sqlite')
    expect(mergeStores(paths, out)).toEqual({ added: 1, shared: 0, unfinished: 0 })
  })

  it('are named where one is missing, half-written, there twice or of another experiment', async () => {
    const text =
      'model: { kind: paper }\npolicies: [{ policy: fixed, keepAlive: [5m, 10m] }]\nbaseline: fixed(keepAlive=5m)\n'
    const [first, second, third] = (await shardStores(text, 3)) as [string, string, string]
    const half = await shardStore(text, 2, 3, 1)
    const foreign = await shardStore(ONE, 3, 3)
    expect(() => demandAllShards([first, third], 3)).toThrow(
      /shard 2 of 3 lacks the run fixed\(keepAlive=5m\), part 2 of 3 and 1 more/,
    )
    expect(() => demandAllShards([first, half, third], 3)).toThrow(
      /shard 2 of 3 lacks the run fixed(\(keepAlive=10m\))?, part 2 of 3/,
    )
    expect(() => demandAllShards([first, second, second, third], 3)).toThrow(/shard 2 is in .* and in/)
    expect(() => demandAllShards([first, second, foreign], 3)).toThrow(`${foreign} is of another experiment`)
    expect(() => demandAllShards([first, second, third], 2)).toThrow(/shard 1 of 2 lacks/)
    expect(unfinishedShards(3, (shard) => [first, half, third][shard - 1]!)).toEqual([2])
    expect(readShardStore(half).finished).toBe(1)
  })

  it('wait in the merged store for those that are missing, and are there whole with the last', async () => {
    const [first, second, third] = (await shardStores(ONE, 3)) as [string, string, string]
    const out = join(folder, 'step-by-step.sqlite')
    expect(mergeStores([third, first], out)).toEqual({ added: 0, shared: 0, unfinished: 1 })
    expect(contents(out)[0]).not.toHaveProperty('bits')
    expect(mergeStores([first], out)).toEqual({ added: 0, shared: 0, unfinished: 1 })
    expect(mergeStores([second], out)).toEqual({ added: 1, shared: 0, unfinished: 0 })
    expect(contents(out)).toEqual(contents(await shardStore(ONE, 1, 1)))
    // What is whole needs no parts any more.
    expect(mergeStores([second], out)).toEqual({ added: 0, shared: 0, unfinished: 0 })
  })

  it('give way to the whole run', async () => {
    const [first] = await shardStores(ONE, 2)
    const out = join(folder, 'whole-after-part.sqlite')
    mergeStores([first!], out)
    expect(mergeStores([await shardStore(ONE, 1, 1)], out)).toEqual({ added: 1, shared: 0, unfinished: 0 })
  })
})
