import { judgedText } from '../config/judge-setting.ts'
import { formatDuration } from '../core/units.ts'
import { UserError } from '../core/user-error.ts'
import type { Ledger } from '../engine/ledger.ts'
import { dayLedgers, daysOf } from '../metrics/day-ledgers.ts'
import type { DayLedger, Judged } from '../metrics/run.ts'
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
 * When accounts begin in each of the simulations that a run needs. Each day is what is left of the accounts from its
 * beginning on without those from the next day on, so every further judged day is one more simulation.
 */
export function borders(judged: Judged | null): readonly number[] {
  return judged === null ? [0] : daysOf(judged).map(({ fromMs }) => fromMs)
}

/** The accounts of a run from those of its simulations, in the order of {@link borders}. */
export function judgedAccounts(judged: Judged | null, ledgers: readonly Ledger[]): JudgedAccounts {
  return { ledger: ledgers[0]!, days: judged === null ? null : dayLedgers(daysOf(judged), ledgers) }
}
