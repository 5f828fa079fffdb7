import { createHash } from 'node:crypto'
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
import { runSimulation, type Simulation } from '../../src/sim/simulation.ts'
import { simulationPool } from '../../src/sim/workers/pool.ts'
import { openStore } from '../../src/store/store.ts'
import { readTrace } from '../../src/trace/read.ts'
import type { Trace } from '../../src/trace/trace.ts'
import { pilotlight } from '../cli/pilotlight.ts'
import { planToJson } from '../../src/policy/plan/plan-json.ts'
import { type CodeFile } from '../../src/own/code-file.ts'
import { policyInFile } from '../../src/own/own-code.ts'
import { NO_FLOOR } from '../../src/policy/plan/floor.ts'
import { appPlan, DAILY, planOf } from '../export/exported.ts'
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

/** A policy as it is tried. */
export interface Tried {
  /** Its id, and which of its files it reads. */
  readonly name: string
  readonly policy: PolicyDefinition
  /** The file that it is in: a plan, or code of a user's own, which workers load themselves; absent for a listed one. */
  readonly policyFile?: CodeFile
  readonly params: Simulation['params']
  readonly files: Readonly<Record<string, string>>
  /** How an experiment names it. */
  readonly entry: string
}

/** Texts of the files that a policy reads, by the policy's id; what they say differs from app to app and changes over time. */
const TEXTS: Readonly<Record<string, (apps: readonly string[]) => Readonly<Record<string, string>>>> = {
  forecast: (apps) => ({
    windows: `app,at_ms,prewarm_ms,keep_alive_ms\n${apps
      .flatMap((app, row) => [
        `${app},0,${row % 2 === 0 ? 0 : 60_000},600000`,
        `${app},${row * 500_000 + 1},0,${row * 9000}`,
      ])
      .join('\n')}\n`,
    arrivals: `app,at_ms,arrivals\n${apps
      .flatMap((app, row) =>
        [0, 1, 2, 3, 4].map((step) => `${app},${step * 700_000 + row * 60_000},${(step + row) % 3}`),
      )
      .join('\n')}\n`,
  }),
}

/** The names of all apps in all models: those that take each function as an app of its own call it otherwise. */
function namesIn({ apps, functions }: Trace): readonly string[] {
  const appNames = Array.from({ length: apps.count }, (_, app) => apps.name.at(app))
  return [...appNames, ...Array.from(functions.app, (app, fn) => `${appNames[app]}:${functions.name.at(fn)}`)]
}

/** Every policy at its defaults, as often as there are kinds of files that it reads; those alone that find in the trace what they need. */
export function triedOn(trace: Trace): readonly Tried[] {
  const names = namesIn(trace)
  const { offers } = trace
  const fitting = policies.all.filter(({ needs }) =>
    needs.every((need) => (offers as readonly string[]).includes(need)),
  )
  return fitting.flatMap((policy: PolicyDefinition): Tried[] => {
    const { id, parameters } = policy
    const params = defaultsOf(parameters)
    const parameter = Object.keys(parameters).find((key) => parameters[key]!.kind === 'file')
    if (parameter === undefined) return [{ name: id, policy, params, files: {}, entry: `{ policy: ${id} }` }]
    // A policy that reads files and is not in the list is left out by nobody.
    return Object.entries(TEXTS[id]!(names)).map(([kind, text]) => {
      const sha256 = createHash('sha256').update(text).digest('hex')
      const entry = `{ policy: ${id}, ${parameter}: ${kind}.csv, label: ${id} ${kind} }`
      return {
        name: `${id} ${kind}`,
        policy,
        params: { ...params, [parameter]: sha256 },
        files: { [sha256]: text },
        entry,
      }
    })
  })
}

/** A policy of a user's own that learns, and what it answers in this process. */
const OWN = `
export default {
  id: 'own', summary: 'Keeps an app for its longest idle time.', parameters: {}, scope: 'app', needs: [],
  create(_params, { apps }) {
    const longest = new Float64Array(apps).fill(60000)
    return {
      arrived(app, now, idleMs) { longest[app] = Math.max(longest[app], idleMs) },
      decide(app, now, out) { out.prewarmMs = longest[app] > 600000 ? longest[app] / 2 : 0; out.keepAliveMs = longest[app] },
    }
  },
}
`

/** Policies that are named by a file: a plan that was exported, with floors and windows, and code of a user's own, in both scopes. */
export async function triedFromFiles(trace: Trace, folder: string): Promise<readonly Tried[]> {
  const apps = namesIn(trace).map((app, row) =>
    appPlan({
      app,
      prewarmMs: row % 3 === 0 ? 60_000 : 0,
      keepAliveMs: 90_000 * (row + 1),
      floor: row % 4 === 0 ? DAILY : NO_FLOOR,
    }),
  )
  const texts = {
    'plan.json': planToJson(planOf(apps)),
    'own.mjs': OWN,
    'fleet.mjs': OWN.replace("'own'", "'own-fleet'").replace("'app', needs", "'fleet', needs"),
  }
  const tried = Object.entries(texts).map(async ([name, text]): Promise<Tried> => {
    const file = join(folder, name)
    writeFileSync(file, text)
    const sha256 = createHash('sha256').update(text).digest('hex')
    const policy = await policyInFile({ file, sha256 })
    return { name, policy, policyFile: { file, sha256 }, params: {}, files: {}, entry: `{ policy: ./${name} }` }
  })
  return Promise.all(tried)
}

/** Demands equal bits of all policies in all models on each of some equal traces, with each number of workers. */
export async function demandEqualBits(
  traces: readonly Trace[],
  models: readonly Model[],
  jobs: readonly number[],
  isTried: (id: string) => boolean = () => true,
  triedOf: (trace: Trace) => readonly Tried[] = triedOn,
): Promise<number> {
  const [first] = traces
  const alone = new Map<string, ReturnType<typeof runSimulation>>()
  let compared = 0
  for (const trace of traces) {
    for (const workers of jobs) {
      const pool = simulationPool(trace, workers, 1)
      try {
        for (const model of models) {
          for (const { name, policy, policyFile, params, files } of triedOf(trace).filter((each) =>
            isTried(each.policy.id),
          )) {
            const simulation = { model, policy, params, files, seed: 7 }
            const key = `${model.kind} ${name}`
            const expected = alone.get(key) ?? runSimulation({ trace: first!, ...simulation })
            alone.set(key, expected)
            const pooled = policyFile === undefined ? simulation : { ...simulation, policyFile }
            expectEqual(await pool.simulate(pooled), expected)
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
    const tried = [...triedOn(trace), ...(await triedFromFiles(trace, folder))]
    const entries = tried.map(({ entry }) => `  - ${entry}\n`)
    for (const { name, files } of tried)
      for (const text of Object.values(files)) writeFileSync(join(folder, `${name.split(' ')[1]}.csv`), text)
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
