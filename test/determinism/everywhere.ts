import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect } from 'vitest'
import { mergeStores } from '../../src/store/merge-stores.ts'
import { resultsIn } from '../../src/experiment/results.ts'
import { defaultsOf } from '../../src/policy/parameters.ts'
import { policies } from '../../src/policy/policies/index.ts'
import type { PolicyDefinition } from '../../src/policy/policy.ts'
import { CLUSTER_MODEL, INSTANCES_MODEL, type Model, PAPER_MODEL } from '../../src/sim/model.ts'
import { runSimulation } from '../../src/sim/simulation.ts'
import { simulationPool } from '../../src/sim/workers/pool.ts'
import { openStore } from '../../src/store/store.ts'
import { readTrace } from '../../src/trace/read.ts'
import type { Trace } from '../../src/trace/trace.ts'
import { pilotlight } from '../cli/pilotlight.ts'
import { mixedSource } from '../fuzz/mixed-source.ts'
import { expectEqual } from '../sim/scenario.ts'

/** Every kind of model, and each function as an app of its own. */
export const MODELS: readonly Model[] = [
  PAPER_MODEL,
  { ...INSTANCES_MODEL, unit: 'function', coldStart: 400 },
  { ...CLUSTER_MODEL, nodes: [{ count: 2, memoryMb: 700 }], coldStart: 400, eviction: 'greedy-dual' },
]

/** Rows of single events: timers, bursts and chance, with many ties. */
export function eventRows(seed: number, apps: number): readonly string[] {
  const source = mixedSource(seed)
  const rows: string[] = []
  for (let app = 0; app < apps; app += 1) {
    for (let at = source.below(20); at < 900; at += 1 + source.below(3 + 2 * app)) {
      const memory = 64 + 16 * (app % 9)
      // Whole minutes for some apps, so that arrivals of several fall on one time.
      const startMs = at * 60_000 + (app % 3 === 0 ? 0 : source.below(60_000))
      rows.push(`app${app},f${source.below(2)},${startMs},${source.below(9000)},${memory}`)
    }
  }
  return rows
}

const HEADER = 'app,function,start_ms,duration_ms,memory_mb'

/** The same rows as a file, as a file in another order, and compressed: all have the same digest. */
export async function inEveryForm(rows: readonly string[], seed: number): Promise<readonly Trace[]> {
  const folder = mkdtempSync(join(tmpdir(), 'pilotlight-forms-'))
  try {
    const source = mixedSource(seed)
    const shuffled = rows
      .map((row) => [source.below(2 ** 30), row] as const)
      .toSorted(([one], [other]) => one - other)
      .map(([, row]) => row)
    const text = (all: readonly string[]): string => `${HEADER}\n${all.join('\n')}\n`
    const forms = { plain: text(rows), shuffled: text(shuffled), packed: gzipSync(text(shuffled)) }
    const traces: Trace[] = []
    for (const [name, content] of Object.entries(forms)) {
      const file = join(folder, name === 'packed' ? 'events.csv.gz' : `${name}.csv`)
      writeFileSync(file, content)
      traces.push(await readTrace(file))
    }
    expect(new Set(traces.map(({ digest }) => digest)).size).toBe(1)
    return traces
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Whether a policy runs at its defaults on what such events offer. */
function runsOn(policy: PolicyDefinition, trace: Trace): boolean {
  const needsFile = Object.values(policy.parameters).some(({ kind }) => kind === 'file')
  return !needsFile && policy.needs.every((need) => (trace.offers as readonly string[]).includes(need))
}

/** Policies that are tried. */
export function triedOn(trace: Trace): readonly PolicyDefinition[] {
  return policies.all.filter((policy) => runsOn(policy, trace))
}

/** Demands equal bits of all policies in all models on each of some equal traces, with each number of workers. */
export async function demandEqualBits(
  traces: readonly Trace[],
  models: readonly Model[],
  jobs: readonly number[],
  isTried: (id: string) => boolean = () => true,
): Promise<number> {
  const [first] = traces
  const alone = new Map<string, ReturnType<typeof runSimulation>>()
  let compared = 0
  for (const trace of traces) {
    for (const workers of jobs) {
      const pool = simulationPool(trace, workers, 1)
      try {
        for (const model of models) {
          for (const policy of triedOn(trace).filter(({ id }) => isTried(id))) {
            const simulation = { model, policy, params: defaultsOf(policy.parameters), seed: 7 }
            const key = `${model.kind} ${policy.id}`
            const expected = alone.get(key) ?? runSimulation({ trace: first!, ...simulation })
            alone.set(key, expected)
            expectEqual(await pool.simulate(simulation), expected)
            compared += 1
          }
        }
      } finally {
        await pool.close()
      }
    }
  }
  return compared
}

/** Demands that experiments made in shards and merged say what they say when they are made at once; gives how many. */
export async function demandEqualShards(rows: readonly string[], shards: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'pilotlight-shards-'))
  try {
    writeFileSync(join(folder, 'events.csv'), `${HEADER}\n${rows.join('\n')}\n`)
    const trace = await readTrace(join(folder, 'events.csv'))
    const entries = triedOn(trace).map(({ id }) => `  - { policy: ${id} }\n`)
    const baseline = 'baseline: no-unload\n'
    const kinds = [
      ['paper', '{ kind: paper }'],
      ['instances', '{ kind: instances }'],
      ['cluster', '{ kind: cluster, nodes: { count: 2, memory: 700MB } }'],
    ] as const
    for (const [kind, model] of kinds) {
      const text = `name: ${kind}\ntrace: { path: events.csv }\nmodel: ${model}\n${baseline}policies:\n${entries.join('')}`
      writeFileSync(join(folder, `${kind}.yaml`), text)
      const made = async (...words: string[]): Promise<void> => {
        const { code, stderr } = await pilotlight(folder, 'run', `${kind}.yaml`, '--quiet', ...words)
        expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining('rror') as string })
      }
      await made('--store', 'whole.sqlite')
      const parts = Array.from({ length: shards }, (_, index) => `${kind}-${index + 1}.sqlite`)
      for (const [index, part] of parts.entries()) await made('--store', part, '--shard', `${index + 1}/${shards}`)
      const merged = join(folder, `${kind}-merged.sqlite`)
      mergeStores(
        parts.map((part) => join(folder, part)),
        merged,
      )
      expect(told(merged, kind)).toEqual(told(join(folder, 'whole.sqlite'), kind))
    }
    return kinds.length
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** All that a store says of an experiment, but for how long its runs took. */
function told(path: string, name: string): unknown {
  const store = openStore(path, { create: false })
  try {
    const { finished, unfinished } = resultsIn(store, name)
    expect(unfinished).toEqual([])
    return finished.map((run) => ({ ...run, wallMs: 0 }))
  } finally {
    store.close()
  }
}
