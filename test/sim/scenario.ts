import { expect } from 'vitest'
import { ACCOUNTS, type Account, type Ledger } from '../../src/engine/ledger.ts'
import { defaultsOf, type ParameterTable } from '../../src/policy/parameters.ts'
import { definePolicy, type PolicyDefinition } from '../../src/policy/policy.ts'
import { INSTANCES_MODEL, type InstancesModel, type Model, PAPER_MODEL, type PaperModel } from '../../src/sim/model.ts'
import { runSimulation } from '../../src/sim/simulation.ts'
import { TraceBuilder } from '../../src/trace/build/builder.ts'
import type { Trace } from '../../src/trace/trace.ts'

/** An execution: when it was asked for and how long it takes, in ms; of which app (default "a") and function. */
export type Execution = readonly [startMs: number, durationMs: number, app?: string, fn?: string]

/** A trace of executions. Memory is 1 MB an app; loading takes `coldStartMs` where given. */
export function traceOf(executions: readonly Execution[], horizonMs: number, coldStartMs?: number): Trace {
  const builder = new TraceBuilder({ id: 'scenario', format: 'events' })
  for (const [start, duration, app = 'a', fn = 'f'] of executions) {
    const row = builder.functionRow('', app, fn)
    builder.addEvent(row, start, duration)
    builder.addMemory('', app, 1, 1)
    if (coldStartMs !== undefined) builder.addColdStart(row, coldStartMs)
  }
  return builder.build(horizonMs, { files: [], defects: [] })
}

/** A policy that answers the given windows one after the other, the last one for ever. */
export function answers(...windows: readonly (readonly [prewarmMs: number, keepAliveMs: number])[]): PolicyDefinition {
  return definePolicy({
    id: 'answers',
    summary: 'Answers what the test says.',
    parameters: {},
    scope: 'app',
    needs: [],
    create: (_params, { apps }) => {
      const asked = new Uint32Array(apps)
      return {
        arrived() {},
        decide(app, _now, out) {
          const [prewarmMs, keepAliveMs] = windows[Math.min(asked[app]!, windows.length - 1)]!
          asked[app]! += 1
          out.prewarmMs = prewarmMs
          out.keepAliveMs = keepAliveMs
        },
      }
    },
  })
}

/** A minimum of instances that changes at these moments. */
export type FloorSteps = readonly (readonly [fromMs: number, instances: number])[]

/** A policy with a floor of those steps beside its windows, which spares the last instance for `lastMs` where given. */
export function withFloor(policy: PolicyDefinition, steps: FloorSteps, lastMs?: number): PolicyDefinition {
  return {
    ...policy,
    create: (params, context) => ({
      ...policy.create(params, context),
      floor(_app, now, out) {
        out.instances = steps.findLast(([from]) => from <= now)?.[1] ?? 0
        out.untilMs = steps.find(([from]) => from > now)?.[0] ?? Number.POSITIVE_INFINITY
      },
      ...(lastMs === undefined ? {} : { lastKeepAliveMs: () => lastMs }),
    }),
  }
}

/** The accounts of one app that are not 0. */
export type Row = Partial<Record<Account, number>>

export function rowOf(ledger: Ledger, app = 0): Row {
  const cells = ACCOUNTS.map((account) => [account, ledger[account][app]!] as const)
  return Object.fromEntries(cells.filter(([, value]) => value !== 0))
}

/** Simulates under every driver that can, demands that they agree, and gives the ledger. */
export function replay(
  trace: Trace,
  policy: PolicyDefinition,
  options: Partial<InstancesModel> | Partial<PaperModel> = {},
  seed = 1,
): Ledger {
  const model = { ...(options.kind === 'paper' ? PAPER_MODEL : INSTANCES_MODEL), ...options } as Model
  const run = (replay?: string): Ledger =>
    runSimulation({ trace, model, policy, seed, ...(replay === undefined ? {} : { replay }) })
  const ledger = run('by-app')
  expectEqual(run('by-time'), ledger)
  expectEqual(run(), ledger)
  return ledger
}

/** Demands the same bits in every account, in the timeline and in the table of latencies. */
export function expectEqual(found: Ledger, expected: Ledger): void {
  for (const account of ACCOUNTS) expect([account, ...found[account]]).toEqual([account, ...expected[account]])
  expect(found.timeline).toEqual(expected.timeline)
  expect(found.latency).toEqual(expected.latency)
}

/** Whether a policy leaves something of instances whose windows are over. */
export function leavesStages<T extends ParameterTable>({ world, parameters }: PolicyDefinition<T>): boolean {
  return world?.(defaultsOf(parameters)).stages !== undefined
}

/** Whether a policy has invocations wait for a busy instance. */
export function linesUp<T extends ParameterTable>({ world, parameters }: PolicyDefinition<T>): boolean {
  return world?.(defaultsOf(parameters)).lines === true
}
