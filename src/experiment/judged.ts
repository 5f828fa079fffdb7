import { spelledPart } from '../config/judge-setting.ts'
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
  const problem = `${spelledPart({ fromMs, toMs })} reaches beyond the trace, which lasts ${formatDuration(horizonMs)}`
  throw new UserError({ where, problem, hint: 'Days count from 1, each 24 h from the beginning of the trace.' })
}

/** The trace up to the end of what is judged. */
export function traceUntil(trace: Trace, judged: Judged | null): Trace {
  return judged === null || judged.toMs >= trace.horizonMs ? trace : sliceTrace(trace, { forMs: judged.toMs })
}

/** When accounts begin, and when they are marked: where each further judged day begins. */
export function bordersOf(judged: Judged | null): {
  readonly accountFromMs: number
  readonly marksMs: readonly number[]
} {
  const [accountFromMs = 0, ...marksMs] = judged === null ? [] : daysOf(judged).map(({ fromMs }) => fromMs)
  return { accountFromMs, marksMs }
}

/** The accounts of each judged day; null where the whole trace was judged. */
export function daysIn(judged: Judged | null, ledger: Ledger): readonly DayLedger[] | null {
  return judged === null ? null : dayLedgers(daysOf(judged), ledger)
}
