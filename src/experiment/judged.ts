import { judgedText } from '../config/judge-setting.ts'
import { formatDuration } from '../core/units.ts'
import { UserError } from '../core/user-error.ts'
import type { Ledger } from '../engine/ledger.ts'
import { dayLedgers, daysOf } from '../metrics/day-ledgers.ts'
import type { DayLedger, Judged } from '../metrics/run.ts'
import type { PooledSimulation, SimulationPool } from '../sim/workers/pool.ts'
import { sliceTrace } from '../trace/slice.ts'
import type { Trace } from '../trace/trace.ts'

/** A part that was asked for as it lies in a trace. Throws a UserError at `where` for one that reaches beyond it. */
export function judgedIn(
  horizonMs: number,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number | null },
  where: string,
): Judged {
  const judged = { fromMs, toMs: toMs ?? horizonMs }
  if (fromMs < judged.toMs && judged.toMs <= horizonMs) return judged
  const problem = `${judgedText({ fromMs, toMs })} reaches beyond the trace, which lasts ${formatDuration(horizonMs)}`
  throw new UserError({ where, problem, hint: 'Days count from 1, each 24 h from the beginning of the trace.' })
}

/** The trace up to the end of what is judged. */
export function traceUntil(trace: Trace, judged: Judged | null): Trace {
  return judged === null || judged.toMs >= trace.horizonMs ? trace : sliceTrace(trace, { forMs: judged.toMs })
}

/** The accounts of a run, and of each of its judged days. */
export interface JudgedAccounts {
  readonly ledger: Ledger
  readonly days: readonly DayLedger[] | null
}

/**
 * Simulates in a pool over a trace that ends with what is judged. Each day is what is left of the accounts from its
 * beginning on without those from the next day on, so every further judged day is one more simulation.
 */
export async function simulateJudged(
  pool: SimulationPool,
  simulation: PooledSimulation,
  judged: Judged | null,
): Promise<JudgedAccounts> {
  if (judged === null) return { ledger: await pool.simulate(simulation), days: null }
  const days = daysOf(judged)
  const ledgers: Ledger[] = []
  for (const [day, { fromMs }] of days.entries()) {
    const onProgress = (share: number): void => simulation.onProgress?.((day + share) / days.length)
    ledgers.push(await pool.simulate({ ...simulation, accountFromMs: fromMs, onProgress }))
  }
  return { ledger: ledgers[0]!, days: dayLedgers(days, ledgers) }
}
