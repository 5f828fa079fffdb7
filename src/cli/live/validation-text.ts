import { columns } from '../../report/comparison/aligned-rows.ts'
import type { Mismatch, ValidatedApp, Validation } from '../../validation/live-validation.ts'

const HEAD = [
  'app',
  'calls',
  'cold',
  'observed',
  'MB·s',
  'observed',
  '%',
  'added ms',
  'observed',
  'decisions',
  'differing',
  'tied',
]
/** Mismatches that are listed; the JSON document has all. */
const MOST_LISTED = 20

/** A validation as aligned lines of plain text: every figure as predicted, then as observed. */
export function validationText(validation: Validation): string {
  const { policy, apps, total, mismatches, unexplained, timersLateMs, sendsLateMs, notSent, failed } = validation
  const rows = [HEAD, ...[...apps, total].map((app) => cellsOf(app))]
  const table = columns(1, rows)
  const lines = [
    `policy ${policy}: what the simulator predicts of the recorded arrivals, and what was observed`,
    '',
    ...table,
    '',
    ...plannedLines(validation),
    `timers late (p50, p99, most)  ${timersLateMs.map((ms) => ms.toFixed(1)).join(', ') || 'none fired'} ms`,
    `sends late (p50, p99, most)   ${sendsLateMs.map((ms) => ms.toFixed(1)).join(', ')} ms; ${notSent} not sent, ${failed} failed`,
    `served otherwise              ${mismatches.length}, of which ${unexplained} far from any window's edge`,
    ...mismatches.slice(0, MOST_LISTED).map((mismatch) => lineOf(mismatch)),
  ]
  if (mismatches.length > MOST_LISTED) lines.push(`  … and ${mismatches.length - MOST_LISTED} more (--json has all)`)
  return lines.join('\n')
}

/** What somebody would have predicted who had only the trace, and how long a start takes. */
function plannedLines({ planned }: Validation): string[] {
  if (planned === null) return []
  const { coldStarts, residentMbS, addedMs } = planned
  const percent = residentMbS.predicted === 0 ? 0 : (residentMbS.observed / residentMbS.predicted - 1) * 100
  return [
    'the planned arrivals, with the durations of the trace and the mean time of a start (predicted, observed)',
    `  cold starts   ${coldStarts.predicted}, ${coldStarts.observed}`,
    `  MB·s          ${residentMbS.predicted.toFixed(1)}, ${residentMbS.observed.toFixed(1)} (${percent.toFixed(2)} %)`,
    `  added ms      ${addedMs.predicted.toFixed(1)}, ${addedMs.observed.toFixed(1)}`,
    '',
  ]
}

function cellsOf({ name, invocations, coldStarts, residentMbS, addedMs, decisions }: ValidatedApp): string[] {
  const deviation = residentMbS.predicted === 0 ? 0 : (residentMbS.observed / residentMbS.predicted - 1) * 100
  return [
    name,
    String(invocations),
    String(coldStarts.predicted),
    String(coldStarts.observed),
    residentMbS.predicted.toFixed(1),
    residentMbS.observed.toFixed(1),
    deviation.toFixed(2),
    addedMs.predicted.toFixed(1),
    addedMs.observed.toFixed(1),
    String(decisions.observed),
    String(decisions.differing),
    String(decisions.tied),
  ]
}

function lineOf({ app, arrivedAt, predicted, observed, edgeMs, explained }: Mismatch): string {
  const where = edgeMs === null ? 'no window' : `${edgeMs.toFixed(0)} ms from an edge`
  return `  ${app} at ${arrivedAt} ms: predicted ${predicted}, observed ${observed}; ${where}${explained ? '' : ' (unexplained)'}`
}
