import { largest } from '../../core/largest.ts'
import { formatDuration } from '../../core/units.ts'
import { printableText } from '../../core/printable.ts'
import { formatQuantity } from '../../metrics/format.ts'
import {
  answerBefore,
  clockTime,
  coldCount,
  type Explanation,
  idleTimeBins,
  loadedStretches,
  REASON_MEANINGS,
  sentenceOf,
  type ToldAnswer,
  type ToldRun,
} from './explanation.ts'

/** Cells of a strip over time. */
const CELLS = 72
/** Cold starts that are listed for each run. */
const LISTED = 8

/** An explanation as lines for a terminal. */
export function explanationText(explanation: Explanation): string {
  const { app, memoryMb, runs, facts, horizonMs, midnightMs } = explanation
  const clock = (ms: number): string => clockTime(ms, midnightMs)
  return [
    `app       ${printableText(app)}`,
    `memory    ${formatQuantity(memoryMb)} MB`,
    ...facts.map(({ term, text }) => `${term.padEnd(9)} ${printableText(text)}`),
    '',
    ...runs.flatMap((run) => [
      printableText(run.label),
      `  ${sentenceOf(run, explanation)}`,
      `  ${formatQuantity(run.idleMbS / 1024)} GB·s of idle memory; ${lastAnswer(run.answers)}`,
      `  ${strip(run, horizonMs)}`,
      `  ${ruler(clock(0), clock(horizonMs))}`,
      ...coldLines(run, explanation),
      '',
    ]),
    'x cold start   | other arrival   - loaded by its windows   . not loaded',
    '',
    ...idleLines(runs[0]),
  ].join('\n')
}

/** The trace from its beginning to its end: a cell shows the worst that happened in it. */
export function strip(run: ToldRun, horizonMs: number): string {
  const cells = Array.from({ length: CELLS }, () => '.')
  const cellOf = (ms: number): number => Math.min(CELLS - 1, Math.floor((ms / horizonMs) * CELLS))
  for (const { from, to } of loadedStretches(run, horizonMs)) {
    const last = Math.max(cellOf(from), Math.ceil((to / horizonMs) * CELLS) - 1)
    cells.fill('-', cellOf(from), last + 1)
  }
  for (const { at } of run.arrivals) cells[cellOf(at)] = '|'
  for (const { at, cold } of run.arrivals) if (cold > 0) cells[cellOf(at)] = 'x'
  return cells.join('')
}

function ruler(from: string, to: string): string {
  return `${from}${to.padStart(CELLS - from.length)}`
}

function lastAnswer(answers: readonly ToldAnswer[]): string {
  const last = answers.at(-1)
  return last === undefined ? 'never asked for its windows' : `its last windows: ${windowsText(last)}`
}

/** A duration without more digits than a reader needs. */
function span(ms: number): string {
  return formatDuration(ms >= 1000 ? Math.round(ms / 1000) * 1000 : Math.round(ms))
}

/** Both windows, as what happens after the app went idle. */
function windowsText({ prewarmMs, keepAliveMs }: Pick<ToldAnswer, 'prewarmMs' | 'keepAliveMs'>): string {
  if (prewarmMs === Number.POSITIVE_INFINITY) return 'unload, and do not load again'
  if (prewarmMs === 0) return keepAliveMs === 0 ? 'unload' : `keep ${span(keepAliveMs)}`
  return `load after ${span(prewarmMs)}, keep until ${span(prewarmMs + keepAliveMs)}`
}

function coldLines({ arrivals, answers }: ToldRun, { midnightMs }: Explanation): string[] {
  const cold = arrivals.filter(({ cold: count }) => count > 0)
  if (cold.length === 0) return []
  const rows = cold.slice(0, LISTED).map(({ at, idleMs, reason }) => {
    const answer = idleMs < 0 ? undefined : answerBefore(answers, at)
    const idle = idleMs < 0 ? '' : `idle ${formatDuration(Math.round(idleMs))}`
    const met = answer === undefined ? '' : `windows: ${windowsText(answer)}`
    return [clockTime(at, midnightMs), idle, met, reason === null ? '' : `${reason}: ${REASON_MEANINGS[reason]}`]
  })
  const widths = [0, 1, 2].map((column) => largest(rows.map((row) => row[column]!.length)))
  const lines = rows.map(
    (row) =>
      `    ${row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()}`,
  )
  const { cold: total } = coldCount(arrivals)
  return cold.length > LISTED ? [...lines, `    … of ${total} cold starts in all`] : lines
}

function idleLines(run: ToldRun | undefined): string[] {
  const bins = run === undefined ? [] : idleTimeBins(run.arrivals)
  if (bins.length === 0) return ['It was never idle between two arrivals.']
  const most = largest(bins.map(({ count }) => count))
  return [
    'Its idle times, as the first run has them',
    ...bins.map(({ from, to, count }) => {
      const range =
        to === Number.POSITIVE_INFINITY
          ? `${formatDuration(from)} or more`
          : `${formatDuration(from)} to ${formatDuration(to)}`
      return `  ${range.padStart(16)}  ${String(count).padStart(6)}  ${'#'.repeat(Math.ceil((count / most) * 44))}`.trimEnd()
    }),
  ]
}
