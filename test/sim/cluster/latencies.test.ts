import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { binOf, middleOf } from '../../../src/core/log-bins.ts'
import type { Ledger } from '../../../src/engine/ledger.ts'
import { LATENCIES, type Latency, type LatencyTable } from '../../../src/engine/latency.ts'
import type { PolicyDefinition } from '../../../src/policy/policy.ts'
import { INSTANCES_MODEL, type ClusterModel, type Model } from '../../../src/sim/model.ts'
import { runSimulation } from '../../../src/sim/simulation.ts'
import type { Trace } from '../../../src/trace/trace.ts'
import { answers } from '../scenario.ts'
import { apps, executions, numbered, tightModels, traceOfDense, windows } from './dense-scenarios.ts'
import { examples } from '../../examples.ts'

/** When an invocation came and when its execution ended, as a policy hears it. */
interface Heard {
  readonly app: number
  readonly cameAt: number
  endedAt: number
}

/** Simulates, and listens to every invocation; each has a function of its own. */
function listen(trace: Trace, model: Model, answered: readonly (readonly [number, number])[]) {
  const heard = new Map<number, Heard>()
  const policy = answers(...answered)
  const listener: PolicyDefinition = {
    ...policy,
    create: (params, facts) => ({
      ...policy.create(params, facts),
      arrived: (app, now, _idleMs, fn) => void heard.set(fn, { app, cameAt: now, endedAt: Number.NaN }),
      finished: (_app, now, fn) => void (heard.get(fn)!.endedAt = now),
    }),
  }
  const ledger = runSimulation({ trace, model, policy: listener, params: {}, seed: 1 })
  return { ledger, heard }
}

/** The distribution of one latency of one app as sorted values; below 256 ms a bin is a value. */
function valuesOf({ first, bin, count }: LatencyTable, app: number, latency: Latency): number[] {
  const row = LATENCIES.length * app + LATENCIES.indexOf(latency)
  const values: number[] = []
  for (let at = first[row]!; at < first[row + 1]!; at += 1)
    for (let each = 0; each < count[at]!; each += 1) values.push(middleOf(bin[at]!))
  return values
}

/** How long the only execution of a function takes, in ms. */
function durationOf({ arrivals }: Trace, fn: number): number {
  if (arrivals.kind !== 'events') throw new Error('a trace of events was expected')
  return arrivals.durationMs[arrivals.fn.indexOf(fn)]!
}

/** Demands the latencies, in whole ms, that follow from when each invocation came, ended, and how long it ran. */
function expectHeard(trace: Trace, ledger: Ledger, heard: ReadonlyMap<number, Heard>): void {
  for (let app = 0; app < trace.apps.count; app += 1) {
    const served = [...heard].filter(([, each]) => each.app === app && !Number.isNaN(each.endedAt))
    const response = served.map(([, { cameAt, endedAt }]) => Math.round(endedAt - cameAt))
    const added = served.map(([fn, { cameAt, endedAt }]) => Math.round(endedAt - cameAt - durationOf(trace, fn)))
    expect(Math.max(0, ...response)).toBeLessThan(256)
    expect(valuesOf(ledger.latency!, app, 'response')).toEqual(response.toSorted((a, b) => a - b))
    expect(valuesOf(ledger.latency!, app, 'added')).toEqual(added.toSorted((a, b) => a - b))
    expect(served.length).toBe(ledger.invocations[app]! - ledger.drops[app]!)
  }
}

// Everything that began ends only where the accounts go on.
const toTheEnd = tightModels.map((model): ClusterModel => ({ ...model, horizon: 'expire' }))

describe('the table of latencies', () => {
  it('holds what every invocation took, one by one, in a cluster', () => {
    fc.assert(
      fc.property(apps, executions, windows, toTheEnd, (given, rows, answered, model) => {
        const trace = traceOfDense(given, numbered(rows))
        const { ledger, heard } = listen(trace, model, answered)
        expectHeard(trace, ledger, heard)
      }),
      { numRuns: examples(500) },
    )
  })

  it('holds the same where memory is without limit', () => {
    fc.assert(
      fc.property(apps, executions, windows, toTheEnd, (given, rows, answered, model) => {
        const trace = traceOfDense(given, numbered(rows))
        const { ledger, heard } = listen(trace, { ...model, kind: 'instances' } as Model, answered)
        expectHeard(trace, ledger, heard)
        for (let app = 0; app < trace.apps.count; app += 1)
          expect(valuesOf(ledger.latency!, app, 'waiting').every((ms) => ms === 0)).toBe(true)
      }),
      { numRuns: examples(200) },
    )
  })

  it('tells waiting from loading: waiting is all that is added where loads take no time, and adds up to the account', () => {
    fc.assert(
      fc.property(apps, executions, windows, toTheEnd, fc.boolean(), (given, rows, answered, model, isFree) => {
        const trace = traceOfDense(given, numbered(rows))
        const coldStart = isFree ? 0 : 'trace'
        // Windows of whole ms, so that no value is rounded before it is added up.
        const whole = answered.map(([a, b]) => [Math.floor(a), Math.floor(b)] as const)
        const longestMs = isFree ? 0 : 5
        const { ledger } = listen(trace, { ...model, coldStart, overflow: 'queue', queueLimit: 'none' }, whole)
        for (let app = 0; app < trace.apps.count; app += 1) {
          const waiting = valuesOf(ledger.latency!, app, 'waiting')
          const added = valuesOf(ledger.latency!, app, 'added')
          expect(waiting.reduce((sum, ms) => sum + ms, 0)).toBe(ledger.waitingMs[app])
          expect(waiting.filter((ms) => ms > 0).length).toBeLessThanOrEqual(ledger.waits[app]!)
          const loading = added.reduce((sum, ms) => sum + ms, 0) - ledger.waitingMs[app]!
          expect(loading).toBeGreaterThanOrEqual(0)
          expect(loading).toBeLessThanOrEqual(longestMs * (ledger.coldStarts[app]! + ledger.joined[app]!))
        }
      }),
      { numRuns: examples(300) },
    )
  })

  it('keeps long latencies within 0.4 %, and short ones exactly', () => {
    const one = traceOfDense(
      { a: [1, 5000], b: [1, 100] },
      [
        [0, 12_345, 'a'],
        [0, 50, 'b'],
      ],
      60_000,
    )
    const ledger = runSimulation({ trace: one, model: INSTANCES_MODEL, policy: answers([0, 0]), params: {}, seed: 1 })
    expect(valuesOf(ledger.latency!, 0, 'added')).toEqual([middleOf(binOf(5000))])
    expect(Math.abs(middleOf(binOf(17_345)) / 17_345 - 1)).toBeLessThan(0.004)
    expect(valuesOf(ledger.latency!, 0, 'response')).toEqual([middleOf(binOf(17_345))])
    expect(valuesOf(ledger.latency!, 1, 'response')).toEqual([150])
  })
})
