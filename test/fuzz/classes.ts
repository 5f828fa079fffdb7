import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { COMMANDS } from '../../src/cli/commands/index.ts'
import { runTyped } from '../../src/cli/arguments/parse.ts'
import { parseSource } from '../../src/config/document.ts'
import { experimentOf } from '../../src/config/experiment-file.ts'
import { readLiveFile } from '../../src/config/live-file.ts'
import { priceTableOf } from '../../src/config/prices.ts'
import { planRuns } from '../../src/experiment/run-plan.ts'
import { recordingOf } from '../../src/live/replay/recording-schema.ts'
import { checkLedger } from '../../src/metrics/check-ledger.ts'
import { planOfJson, planToJson } from '../../src/policy/plan/plan-json.ts'
import { fixed } from '../../src/policy/policies/fixed.ts'
import { defaultsOf } from '../../src/policy/parameters.ts'
import { INSTANCES_MODEL, PAPER_MODEL } from '../../src/sim/model.ts'
import { runSimulation } from '../../src/sim/simulation.ts'
import { guardedPolicy } from '../../src/own/guarded-policy.ts'
import type { PolicyDefinition } from '../../src/policy/policy.ts'
import { TraceBuilder } from '../../src/trace/build/builder.ts'
import type { CompiledHeader } from '../../src/trace/compiled/compiled-layout.ts'
import { readCompiled, writeCompiled } from '../../src/trace/compiled/compiled-file.ts'
import { readTrace } from '../../src/trace/read.ts'
import { columnTypes } from '../../src/trace/trace-parts.ts'
import type { Trace } from '../../src/trace/trace.ts'
import type { MixedSource } from './mixed-source.ts'
import { mutated } from './mutate.ts'

/** A class of inputs. */
export interface FuzzClass {
  readonly id: string
  /** The id of the trace format whose reader it tries, if it is one of those. */
  readonly format?: string
  /** The part of the usual number of inputs that is tried, where each takes long; by default all. */
  readonly share?: number
  /** An input, made of one that is right. */
  make(source: MixedSource): string | Buffer
  /**
   * Reads the input and does with it what a command would. Resolves when all of it was taken and what came of it is right, as
   * far as something that shares no code with the reader can tell; rejects with a UserError for a refusal.
   */
  take(input: string | Buffer, folder: string): Promise<void>
}

/** What came of an input is not what it says. */
export class Miscount extends Error {}

const MINUTES = Array.from({ length: 1440 }, (_, minute) => minute + 1)
const COUNTS = `HashOwner,HashApp,HashFunction,Trigger,${MINUTES.join()}
${['o,a,f,http', 'o,a,g,timer', 'p,b,h,queue']
  .map((names, row) => `${names},${MINUTES.map((minute) => (minute % (97 + row) === 0 ? row + 1 : 0)).join()}`)
  .join('\n')}
`
const EVENTS = `app,function,start_ms,duration_ms,memory_mb,cold_start_ms
a,f,0,100,128,250
a,f,300000,20,128,250
"a b",g,300000,0,256,100
b,g,1800000,5000,64,300
`
const AZURE_2021 = `app,func,end_timestamp,duration
a,f,12.0004,2.0011
b,f,1,0.25
a,g,3.5,1
a,f,300.5,0
`
const EXPERIMENT = `name: study
trace: { path: trace.csv }
model: { kind: instances, spread: [uniform, even], horizon: expire, coldStart: 250ms }
policies:
  - { policy: fixed, keepAlive: [10m, 30m] }
  - { policy: hybrid-histogram, range: 4h, label: mine }
  - { policy: none }
baseline: none
seed: [1, 2]
`
export const LIVE = `name: shop
policy: { policy: fixed, keepAlive: 5m }
listen: { host: 127.0.0.1, port: 8700 }
memory: 2GB
apps:
  web: { command: [node, web.js], memory: 256MB, functions: [a, b], env: { LEVEL: 3 } }
  job: { command: [node, job.js], memory: 128MB, concurrency: 4 }
`
const PRICES = `currency: EUR
running: 0.000015
loading: 0.000015
idle: 0.000002
requests: 0.15
resident: 0.0000031
sizes: { least: 128MB, step: 64MB }
date: 2026-11-01
`
const floor = {
  cycle: 'day',
  steps: [
    { minute: 0, instances: 1 },
    { minute: 600, instances: 3 },
  ],
}
const PLAN = JSON.stringify({
  schema: 1,
  policy: { id: 'fixed', params: { keepAlive: 600_000 } },
  timeZone: 'UTC',
  startMinute: 0,
  apps: ['a', 'b'].map((app) => ({
    app,
    memoryMb: 128,
    prewarmMs: 0,
    keepAliveMs: 600_000,
    floor,
    schedule: { cycle: 'week', steps: [] },
    evidence: { idleTimes: 3, days: 1, shortestMs: 10, longestMs: 300, peakInstances: 2 },
  })),
})
const RECORDING = JSON.stringify({
  schema: 1,
  name: 'shop',
  policy: { id: 'fixed', params: { keepAlive: 1000 }, seed: 1 },
  reuse: 'newest',
  whileLoading: 'new',
  budgetMb: 1000,
  clock: { originMs: 1_700_000_000_000, timeZone: 'UTC' },
  apps: [{ name: 'a', traceName: 'a', memoryMb: 100, concurrency: 1, functions: ['f', 'g'] }],
  endMs: 5000,
  visits: [
    { app: 0, fn: 1, arrivedAt: 10, endedAt: 90, outcome: 1, reason: 'first', status: 200, waitedMs: 50, ranMs: 30 },
  ],
  stays: [{ app: 0, orderedAt: 10, readyAt: 60, goneAt: 1090, waitMs: 1, createMs: 40, readyMs: 9 }],
  decisions: [{ app: 0, at: 90, prewarmMs: 0, keepAliveMs: 1000 }],
  timersLate: [1],
  sends: { speed: 1, planned: 1, sent: 1, notSent: 0, boundMs: 100, lateMs: [0.5], failed: 0 },
})
const ARGUMENTS = [
  'run e.yaml --jobs 2 --shard 1/2 --json',
  'report e.yaml --out x --format csv,md',
  'merge a.sqlite b.sqlite --out c.sqlite',
  'import trace.csv --out x.trace',
  'synth --apps 3 --days 1 --seed 1 --out y',
  'trace trace.csv --json',
  'curve trace.csv --at 4GB',
  'export e.yaml --run none --to knative --out z',
  'run e.yaml --constructor x',
  'list --toString',
  'list policies',
  'schema --live',
  'compare e.yaml',
] as const // prettier-ignore

/** What keeps a policy from answering is tried elsewhere: it takes seconds each. */
const ANSWERS = [
  '0',
  '60000',
  'Infinity',
  'NaN',
  '-1',
  "'600000'",
  'null',
  'true',
  '[]',
  'new Date(5)',
  '{}',
  'undefined',
  '1e-6',
  '-0',
  '5n',
]

/** What a policy may do with what it fills, beside filling it; nothing of it changes what is read. */
const DEEDS = [
  '',
  '',
  'Object.freeze(out)',
  'Object.seal(out)',
  'out.more = 5',
  'Object.setPrototypeOf(out, null)',
  'this.kept = out',
  "Object.defineProperty(out, 'keepAliveMs', { value: out.keepAliveMs, writable: false })",
  'setTimeout(() => { out.keepAliveMs = -1 })',
]

/** Simulates a trace that was taken, and demands that the accounts hold the model's identities. */
export function simulated(trace: Trace): void {
  const memory = trace.offers.includes('memory') ? 'trace' : 'equal'
  // The second model takes longer, and reads the same of a trace.
  for (const world of trace.invocations % 4 === 0 ? [PAPER_MODEL, INSTANCES_MODEL] : [PAPER_MODEL]) {
    const model = { ...world, memory } as const
    const ledger = runSimulation({ trace, model, policy: fixed, params: defaultsOf(fixed.parameters), seed: 1 })
    const [violation] = checkLedger(ledger)
    if (violation !== undefined) throw new Miscount(violation.identity)
    const counted = ledger.invocations.reduce((sum, count) => sum + count, 0)
    if (counted !== trace.invocations) throw new Miscount(`${counted} of ${trace.invocations} invocations simulated`)
  }
}

/** A class of tables; `plainCount` counts the invocations of a text in a plain way, where that can be done. */
function tables(
  id: string,
  format: string,
  name: string,
  text: string,
  plainCount: (text: string) => number | undefined,
): FuzzClass {
  return {
    id,
    format,
    make: (source) => mutated(text, source),
    async take(input, folder) {
      writeFileSync(join(folder, name), input)
      const trace = await readTrace(join(folder, name))
      const plain = plainCount(String(input))
      if (plain !== undefined && plain !== trace.invocations)
        throw new Miscount(`${trace.invocations} invocations read, and the text has ${plain}`)
      simulated(trace)
    },
  }
}

const rowsOf = (text: string): string[] => text.split(/\r?\n/).filter((line) => line.trim() !== '')

/** The cells of a table of counts, rows that are there twice counted once; undefined for a text that only CSV proper can read. */
function plainCounts(text: string): number | undefined {
  const [header = '', ...rows] = rowsOf(text)
  if (text.includes('"') || text.includes('\r') || header.includes('\uFEFF')) return undefined
  const isCount = header.split(',').map((name) => /^\d+$/.test(name))
  const seen = new Set<string>()
  let sum = 0
  for (const row of rows) {
    const cells = row.split(',')
    const key = cells.map((cell, at) => (isCount[at] === true ? String(Number(cell)) : cell)).join()
    if (seen.has(key) || cells.includes('HashApp')) continue
    seen.add(key)
    cells.forEach((cell, at) => (sum += isCount[at] === true ? Number(cell) : 0))
  }
  return sum
}

function plainRows(text: string): number | undefined {
  return text.includes('"') || text.includes('\r') ? undefined : rowsOf(text).length - 1
}

async function compiledOf(folder: string): Promise<Buffer> {
  const builder = new TraceBuilder({ id: 'x', format: 'azure-2019' })
  for (const [app, fn] of [
    ['a', 'f'],
    ['a', 'g'],
    ['b', 'h'],
  ] as const) {
    const row = builder.functionRow('o', app, fn)
    for (let minute = fn.length; minute < 50; minute += 7) builder.addCount(row, minute, 2)
    builder.addMemory('o', app, 128, 1)
  }
  await writeCompiled(builder.build(60 * 60_000, { files: [], defects: [] }), join(folder, 'whole.trace'))
  const { readFile } = await import('node:fs/promises')
  return readFile(join(folder, 'whole.trace'))
}

/** A compiled trace whose header or columns were changed, with digests that are right again. */
function compiled(): FuzzClass {
  return {
    id: 'compiled traces',
    format: 'compiled',
    make: (source) => JSON.stringify([source.below(2 ** 32), source.below(2 ** 32), source.below(3)]),
    async take(input, folder) {
      const [seed, place, kind] = JSON.parse(String(input)) as [number, number, number]
      const { mixedSource } = await import('./mixed-source.ts')
      const source = mixedSource(seed)
      const bytes = await compiledOf(folder)
      const length = bytes.readUInt32LE(12)
      let file: Buffer = Buffer.from(bytes)
      if (kind === 0) file[place % file.length]! ^= 1 << source.below(8)
      else {
        const text = bytes.toString('utf8', 48, 48 + length)
        const columns = Buffer.from(bytes.subarray(48 + length))
        if (kind === 2) columns[place % columns.length]! ^= 1 << source.below(8)
        file = signed(
          Buffer.from(kind === 1 ? mutated(text, source) : withChecksumsOf(text, columns)),
          columns,
          bytes.readUInt32LE(8),
        )
      }
      const path = join(folder, 'x.trace')
      writeFileSync(path, file)
      simulated(await readCompiled(path))
    },
  }
}

/** The header with the checksums of these columns. */
function withChecksumsOf(text: string, bytes: Buffer): string {
  const header = JSON.parse(text) as CompiledHeader
  const types = new Map(columnTypes(header.about))
  const columns = header.columns.map((place) => {
    const length = place.length * types.get(place.name)!.BYTES_PER_ELEMENT
    return { ...place, checksum: crc32(bytes.subarray(place.at, place.at + length)) }
  })
  return JSON.stringify({ ...header, columns })
}

function signed(text: Buffer, columns: Buffer, version: number): Buffer {
  const header = Buffer.alloc(Math.ceil(text.length / 8) * 8, ' ')
  text.copy(header)
  const prefix = Buffer.alloc(48)
  prefix.write('PLTTRACE', 'latin1')
  prefix.writeUInt32LE(version, 8)
  prefix.writeUInt32LE(header.length, 12)
  createHash('sha256').update(header).digest().copy(prefix, 16)
  return Buffer.concat([prefix, header, columns])
}

export const FACTS = {
  digest: 'd',
  offers: ['memory', 'duration'] as const,
  apps: 2,
  functions: 3,
  invocations: 9,
  horizonMs: 3_600_000,
}

/** Every class but stores, whose test lies with them. */
export const CLASSES: readonly FuzzClass[] = [
  tables('tables of counts', 'azure-2019', 'invocations.csv', COUNTS, plainCounts),
  tables('events', 'events', 'trace.csv', EVENTS, plainRows),
  tables('events of Azure 2021', 'azure-2021', 'x.txt', AZURE_2021, plainRows),
  compiled(),
  {
    id: 'experiments',
    make: (source) => mutated(EXPERIMENT, source),
    async take(input) {
      const experiment = await experimentOf(parseSource(String(input), 'e.yaml'))
      const { runs } = planRuns(experiment, { ...FACTS, id: 'x', format: 'events' } as never)
      if (new Set(runs.map(({ label }) => label)).size !== runs.length) throw new Miscount('two runs have one label')
    },
  },
  {
    id: 'plans',
    make: (source) => mutated(PLAN, source),
    async take(input) {
      const plan = planOfJson(String(input), 'plan.json')
      if (planToJson(planOfJson(planToJson(plan), 'again')) !== planToJson(plan))
        throw new Miscount('the plan is another')
    },
  },
  {
    id: 'live files',
    make: (source) => mutated(LIVE, source),
    async take(input, folder) {
      writeFileSync(join(folder, 'live.yaml'), input)
      const { apps } = await readLiveFile(join(folder, 'live.yaml'))
      if (!apps.every(({ memoryMb }) => memoryMb > 0)) throw new Miscount('an app has no memory')
    },
  },
  {
    id: 'recordings',
    make: (source) => mutated(RECORDING, source),
    async take(input) {
      const { apps, visits } = recordingOf(String(input), 'r.json')
      if (!visits.every(({ app }) => apps[app] !== undefined)) throw new Miscount('a visit is of no app')
    },
  },
  {
    id: 'price tables',
    make: (source) => mutated(PRICES, source),
    async take(input) {
      const table = priceTableOf(parseSource(String(input), 'p.yaml'), 'mine')
      if (!(table.running.gbS >= 0 && table.running.gbS < Infinity)) throw new Miscount('a price is none')
    },
  },
  {
    id: 'argument lists',
    make: (source) => mutated(source.of(ARGUMENTS), source),
    async take(input) {
      const taken = COMMANDS.map((command) => ({ ...command, run: async () => {} }))
      await runTyped(String(input).split(' '), taken)
    },
  },
  {
    id: 'own policies',
    make: (source) =>
      JSON.stringify({
        prewarmMs: source.of(ANSWERS),
        keepAliveMs: source.of(ANSWERS),
        back: source.of(['', '', '', ...ANSWERS]),
        does: source.of(DEEDS),
      }),
    async take(input) {
      const { prewarmMs, keepAliveMs, back, does } = JSON.parse(String(input)) as Record<string, string>
      const decide = new Function(
        'app',
        'now',
        'out',
        `out.prewarmMs = ${prewarmMs}; out.keepAliveMs = ${keepAliveMs}; ${does}; return ${back}`,
      )
      const policy = {
        ...fixed,
        id: 'own',
        parameters: {},
        create: () => ({ arrived() {}, decide }),
      } as unknown as PolicyDefinition
      const builder = new TraceBuilder({ id: 'x', format: 'events' })
      for (const at of [0, 5, 90_000]) builder.addEvent(builder.functionRow('', 'a', 'f'), at, 2)
      const trace = builder.build(100_000, { files: [], defects: [] })
      const guarded = guardedPolicy(policy, '/own.mjs', trace.apps.name)
      const { idleMs, coldStarts } = runSimulation({
        trace,
        model: { ...PAPER_MODEL, memory: 'equal' },
        policy: guarded,
        params: {},
        seed: 1,
      })
      const isRight = [prewarmMs, keepAliveMs].every((answer) =>
        ['0', '60000', 'Infinity', '1e-6', '-0'].includes(answer!),
      )
      if (!isRight || !['', 'undefined'].includes(back!)) throw new Miscount(`it took ${input}`)
      if (!(idleMs[0]! >= 0 && coldStarts[0]! >= 1)) throw new Miscount('the accounts are none')
    },
  },
]
