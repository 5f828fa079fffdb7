import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { formatDuration } from '../../src/core/units.ts'
import type { Ledger } from '../../src/engine/ledger.ts'
import { MODEL_KINDS, NO_PRESET } from '../../src/experiment/model-kinds.ts'
import { planRuns } from '../../src/experiment/plan.ts'
import { presets } from '../../src/experiment/presets/index.ts'
import type { PolicyDefinition } from '../../src/policy/policy.ts'
import type { Model } from '../../src/sim/model.ts'
import { simulate } from '../../src/sim/simulate.ts'
import { TraceBuilder } from '../../src/trace/builder.ts'
import type { Trace } from '../../src/trace/trace.ts'
import { answers, type Execution, rowOf, traceOf } from '../sim/scenario.ts'
import { COUNTS, experimentWith } from './facts.ts'

const SECOND = 1000
const MINUTE = 60_000

/** The model of an experiment that names a preset, and what it gives beside it. */
async function worldAs(as: string, memory = '1GB', more = ''): Promise<Model> {
  const model = `model: { kind: cluster, nodes: { memory: ${memory} }, as: ${as}${more} }`
  return planRuns(await experimentWith('  - { policy: fixed }', model), COUNTS).runs[0]!.model
}

interface Scenario {
  readonly as: string
  readonly policy: PolicyDefinition
  /** Of every node; default: enough. */
  readonly memory?: string
  /** Further options, as an experiment has them. */
  readonly more?: string
}

async function replay(trace: Trace, { as, policy, memory, more }: Scenario): Promise<Ledger> {
  return simulate({ trace, model: await worldAs(as, memory, more), policy, params: {}, seed: 1 })
}

/** A trace of one function that counts so many invocations in minute 0, each of which takes a second. */
function countsOf(count: number): Trace {
  const builder = new TraceBuilder({ id: 'scenario', format: 'azure-2019' })
  const row = builder.functionRow('', 'a', 'f')
  builder.addCount(row, 0, count)
  builder.addDuration(row, SECOND, 1)
  builder.addMemory('', 'a', 1, 1)
  return builder.build(10 * MINUTE, { files: [], defects: [] })
}

const TEN_MINUTES = answers([0, 10 * MINUTE])

/** An option's value as an experiment spells it. */
function written(name: string, value: unknown): unknown {
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  return name === 'coldStart' ? formatDuration(value as number) : value
}

describe.each(presets.all)('the preset $id', ({ id, summary, source, options, deviations }) => {
  const { options: kinds, defaults } = MODEL_KINDS.get('cluster', '')

  it.each(Object.entries(options))('gives %s a value that an experiment could give it', (name, value) => {
    expect(kinds[name]?.read(written(name, value))).toMatchObject({ value })
  })

  it('leaves the nodes to the user, and differs from the defaults', () => {
    expect(options).not.toHaveProperty('nodes')
    expect({ ...defaults, ...options }).not.toEqual(defaults)
  })

  it('says what it is, what was read, and in which ways it is another simulator still', () => {
    expect(summary).toMatch(/^\S.*\.$/)
    expect(source).toMatch(/github\.com\/[\w-]+\/[\w-]+/)
    expect(deviations.length).toBeGreaterThan(0)
    expect(new Set(deviations).size).toBe(deviations.length)
    for (const deviation of deviations) expect(deviation).toMatch(/^There [^.]+; here [^;]+\.$/)
  })

  it('is in force where an experiment names it, under what the experiment gives itself', async () => {
    expect(await worldAs(id)).toMatchObject(options)
    expect(await worldAs(id, '1GB', ', reuse: oldest, horizon: cut')).toMatchObject({
      ...options,
      reuse: 'oldest',
      horizon: 'cut',
    })
  })

  it('is on the page docs/emulating.md, word for word and option for option', () => {
    const page = readFileSync(new URL('../../docs/emulating.md', import.meta.url), 'utf8')
    const list = Object.entries(options).map(([name, value]) => `\`${name}: ${written(name, value)}\``)
    const texts = [`## \`${id}\``, summary, source, `Options: ${list.join(', ')}.`, ...deviations]
    expect(texts.filter((text) => !page.includes(text))).toEqual([])
  })
})

describe.each(['faascache', 'dslab'])('as %s', (as) => {
  it('the first node is filled before the second is used, so that a large app finds room', async () => {
    // Two nodes of 2 MB; a and b need 1 MB each and run for a minute, then c comes, which needs 2 MB.
    const builder = new TraceBuilder({ id: 'scenario', format: 'events' })
    for (const [app, start, mb] of [
      ['a', 0, 1],
      ['b', 1, 1],
      ['c', 2, 2],
    ] as const) {
      builder.addEvent(builder.functionRow('', app, 'f'), start * SECOND, MINUTE)
      builder.addMemory('', app, mb, 1)
    }
    const trace = builder.build(5 * MINUTE, { files: [], defects: [] })
    const scenario = { policy: TEN_MINUTES, memory: '2MB, count: 2' }
    const packed = await replay(trace, { as, ...scenario })
    expect([packed.coldStarts[2], packed.waits[2], packed.drops[2]]).toEqual([1, 0, 0])
    // One each on both nodes: c waits until the first has run, at 61 s.
    const spread = await replay(trace, { as: NO_PRESET, ...scenario })
    expect([spread.coldStarts[2], spread.waits[2], spread.waitingMs[2]]).toEqual([1, 1, 59 * SECOND])
  })
})

/* In the drawings, time runs to the right: L loading, B busy, - idle (loaded), . not loaded, | an arrival. */
describe('as dslab', () => {
  it('a window of ten minutes ends ten minutes after the first idle moment, whatever was served since', async () => {
    //          0        6 min    12 min
    // none     |LB------|B-------|B---------- 10 min from the last end: beyond the end of the trace
    // dslab    |LB------|B---....|LB--------- 10 min from the first
    const executions: Execution[] = [0, 6 * MINUTE, 12 * MINUTE].map((start) => [start, SECOND])
    const trace = traceOf(executions, 15 * MINUTE)
    expect(rowOf(await replay(trace, { as: NO_PRESET, policy: TEN_MINUTES }))).toEqual({
      invocations: 3,
      coldStarts: 1,
      first: 1,
      loads: 1,
      loadingMs: SECOND,
      busyMs: 3 * SECOND,
      idleMs: (358 + 359 + 179) * SECOND,
    })
    const row = {
      invocations: 3,
      coldStarts: 2,
      first: 1,
      expired: 1,
      loads: 2,
      loadingMs: 2 * SECOND,
      busyMs: 3 * SECOND,
      // From 2 s to 6 min, from 361 s to 602 s; and, because accounts last as long as windows, ten minutes at the end.
      idleMs: (358 + 241 + 600) * SECOND,
    }
    expect(rowOf(await replay(trace, { as: 'dslab', policy: TEN_MINUTES }))).toEqual(row)
    const more = ', renew: off, horizon: expire'
    expect(rowOf(await replay(trace, { as: NO_PRESET, policy: TEN_MINUTES, more }))).toEqual(row)
  })

  it('every app takes a second to load, whatever the trace says', async () => {
    const trace = traceOf([[0, SECOND]], MINUTE, 5 * SECOND)
    expect(rowOf(await replay(trace, { as: 'dslab', policy: answers([0, 0]) })).loadingMs).toBe(SECOND)
    expect(rowOf(await replay(trace, { as: NO_PRESET, policy: answers([0, 0]) })).loadingMs).toBe(5 * SECOND)
  })

  it('an arrival waits for the load of a pre-warmed container', async () => {
    //          0  1  2          12   12.5 13  14
    // none     |LLBB...........LLLLL|LLLL-LBBB   both load; one was pre-warmed for nothing
    // dslab    |LLBB...........LLLLL|LLLLBBBBB
    const trace = traceOf(
      [
        [0, SECOND],
        [12_500, SECOND],
      ],
      MINUTE,
    )
    const policy = answers([10 * SECOND, 30 * SECOND], [0, 0])
    const common = { invocations: 2, first: 1, prewarms: 1, busyMs: 2 * SECOND }
    expect(rowOf(await replay(trace, { as: 'dslab', policy }))).toEqual({
      ...common,
      coldStarts: 1,
      joined: 1,
      loads: 2,
      loadingMs: 2 * SECOND,
    })
    expect(rowOf(await replay(trace, { as: NO_PRESET, policy }))).toEqual({
      ...common,
      coldStarts: 2,
      early: 1,
      loads: 3,
      prewarmsUnused: 1,
      loadingMs: 3 * SECOND,
      idleMs: 1500,
    })
  })

  it('of several idle instances the one serves that has been idle longest, so that none expires', async () => {
    // Two executions at once load two instances; from then on, one every four minutes: with the newest first the other
    // is never used again, with the oldest first they take turns.
    const trace = traceOf(
      [
        [0, SECOND],
        [0, 2 * SECOND],
        [4 * MINUTE, SECOND],
        [8 * MINUTE, SECOND],
      ],
      20 * MINUTE,
    )
    const more = ', renew: on, horizon: cut'
    const idleMs = async (as: string) => rowOf(await replay(trace, { as, policy: TEN_MINUTES, more })).idleMs
    // Idle from 3 s to 240 s, to 480 s, and ten minutes more; the other ten minutes from 2 s on.
    expect(await idleMs(NO_PRESET)).toBe((237 + 239 + 600 + 600) * SECOND)
    // Idle from 2 s to 240 s and ten minutes more; from 3 s to 480 s and ten minutes more.
    expect(await idleMs('dslab')).toBe((238 + 600 + 477 + 600) * SECOND)
  })

  it('what would expire first makes room, though another was used longer ago', async () => {
    // Room for two. Windows are a minute; b's began when it was first idle, before a's did, though b was used later.
    const trace = traceOf(
      [
        [0, SECOND, 'b'],
        [20 * SECOND, SECOND, 'a'],
        [30 * SECOND, SECOND, 'b'],
        [40 * SECOND, SECOND, 'c'],
      ],
      2 * MINUTE,
    )
    const policy = answers([0, MINUTE])
    const evictions = async (as: string) => [...(await replay(trace, { as, policy, memory: '2MB' })).evictions]
    // Of a, b and c.
    expect(await evictions('dslab')).toEqual([0, 1, 0])
    expect(await evictions(NO_PRESET)).toEqual([1, 0, 0])
  })
})

describe('as faascache', () => {
  it('two functions of one app are two apps of half its memory: both start cold', async () => {
    const trace = traceOf(
      [
        [0, SECOND, 'a', 'f'],
        [5 * SECOND, SECOND, 'a', 'g'],
      ],
      10 * SECOND,
    )
    const policy = TEN_MINUTES
    const shared = await replay(trace, { as: NO_PRESET, policy })
    expect(shared.apps).toBe(1)
    expect(rowOf(shared)).toEqual({
      invocations: 2,
      coldStarts: 1,
      first: 1,
      loads: 1,
      loadingMs: SECOND,
      busyMs: 2 * SECOND,
      idleMs: (3 + 4) * SECOND,
    })
    const apart = await replay(trace, { as: 'faascache', policy, memory: '1MB' })
    const row = { invocations: 1, coldStarts: 1, first: 1, loads: 1, loadingMs: SECOND, busyMs: SECOND }
    expect(rowOf(apart, 0)).toEqual({ ...row, idleMs: 8 * SECOND })
    expect(rowOf(apart, 1)).toEqual({ ...row, idleMs: 3 * SECOND })
  })

  it('an invocation that finds no room beside what runs is dropped, and does not wait', async () => {
    //          0     5     11   12  13
    // none  a  |LBBBBBBBBBBB
    //       b        |     LLLLLBBB
    const trace = traceOf(
      [
        [0, 10 * SECOND, 'a'],
        [5 * SECOND, SECOND, 'b'],
      ],
      20 * SECOND,
    )
    const scenario = { policy: TEN_MINUTES, memory: '1MB' }
    expect(rowOf(await replay(trace, { as: 'faascache', ...scenario }), 1)).toEqual({ invocations: 1, drops: 1 })
    expect(rowOf(await replay(trace, { as: NO_PRESET, ...scenario }), 1)).toEqual({
      invocations: 1,
      coldStarts: 1,
      first: 1,
      loads: 1,
      waits: 1,
      waitingMs: 6 * SECOND,
      loadingMs: SECOND,
      busyMs: SECOND,
      idleMs: 7 * SECOND,
    })
  })

  it('what was used twice stays, and what was used once goes, though that was later', async () => {
    // Room for two. When c comes, a has been used twice and b once; a was used longer ago. Then a comes again.
    const trace = traceOf(
      [
        [0, SECOND, 'a'],
        [3 * SECOND, SECOND, 'a'],
        [6 * SECOND, SECOND, 'b'],
        [9 * SECOND, SECOND, 'c'],
        [12 * SECOND, SECOND, 'a'],
      ],
      15 * SECOND,
    )
    const scenario = { policy: TEN_MINUTES, memory: '2MB' }
    const dual = await replay(trace, { as: 'faascache', ...scenario })
    expect([...dual.evictions]).toEqual([0, 1, 0])
    expect(dual.coldStarts[0]).toBe(1)
    const lru = await replay(trace, { as: NO_PRESET, ...scenario })
    expect([...lru.evictions]).toEqual([1, 1, 0])
    expect(lru.coldStarts[0]).toBe(2)
  })

  it('the invocations of a minute come at equal distances, the first at its start', async () => {
    // At 0, 20 s and 40 s; loading takes a second.
    expect(rowOf(await replay(countsOf(3), { as: 'faascache', policy: answers([0, 18 * SECOND]) }))).toEqual({
      invocations: 3,
      coldStarts: 2,
      first: 1,
      expired: 1,
      loads: 2,
      loadingMs: 2 * SECOND,
      busyMs: 3 * SECOND,
      // From 2 s for 18 s, which an arrival at its very end renews; from 21 s for 18 s; from 42 s for 18 s.
      idleMs: 3 * 18 * SECOND,
    })
  })
})

describe('as opendc', () => {
  it('a function has one instance, which takes what comes while it loads and while it is busy', async () => {
    //          0   0.1  0.338      10      60.338  70
    //          |LLL|LLLLBBBBBBBBBBB|BBBBBBBBBBBBBBBB---
    const trace = traceOf(
      [
        [0, MINUTE],
        [100, MINUTE],
        [10 * SECOND, MINUTE],
      ],
      80 * SECOND,
    )
    expect(rowOf(await replay(trace, { as: 'opendc', policy: TEN_MINUTES }))).toEqual({
      invocations: 3,
      coldStarts: 1,
      joined: 1,
      first: 1,
      loads: 1,
      loadingMs: 338,
      busyMs: 70 * SECOND - 338,
      idleMs: 10 * SECOND,
    })
    expect(rowOf(await replay(trace, { as: NO_PRESET, policy: TEN_MINUTES }))).toMatchObject({
      coldStarts: 3,
      first: 1,
      scaleOut: 2,
      loads: 3,
    })
  })

  it('a window is renewed by use, and each function has its own', async () => {
    // f is used every six minutes and stays; g, of the same app, is cold for itself.
    const trace = traceOf(
      [
        [0, SECOND, 'a', 'f'],
        [6 * MINUTE, SECOND, 'a', 'f'],
        [12 * MINUTE, SECOND, 'a', 'f'],
        [13 * MINUTE, SECOND, 'a', 'g'],
      ],
      15 * MINUTE,
    )
    const { coldStarts } = await replay(trace, { as: 'opendc', policy: TEN_MINUTES })
    expect([...coldStarts]).toEqual([1, 1])
  })

  it('the invocations of a minute come at its start, so that all but one wait for the load', async () => {
    expect(rowOf(await replay(countsOf(3), { as: 'opendc', policy: answers([0, 0]) }))).toEqual({
      invocations: 3,
      coldStarts: 1,
      joined: 2,
      first: 1,
      loads: 1,
      loadingMs: 338,
      busyMs: SECOND,
    })
  })
})
