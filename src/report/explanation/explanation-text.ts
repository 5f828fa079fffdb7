import { largest } from '../../core/largest.ts'
import { formatDuration, formatSpan, SECOND } from '../../core/units.ts'
import { printableText } from '../../core/printable.ts'
import { ENGLISH, type Language, told } from '../../language/language.ts'
import { formatCount, formatQuantity } from '../../metrics/figure-text.ts'
import { displayWidth, toLeft, toRight } from '../comparison/aligned.ts'
import {
  answerBefore,
  clockTime,
  coldCount,
  coverOf,
  type Explanation,
  idleTimeBins,
  idleTimeText,
  loadedStretches,
  sentenceOf,
  type ToldAnswer,
  type ToldRun,
} from './explanation.ts'

/** Cells of a strip over time. */
const CELLS = 72
/** Cold starts that are listed for each run. */
const LISTED = 8
/** Runs whose windows stand beside the idle times. */
const MOST_COVERS = 24

/** An explanation as lines for a terminal; its facts are in the language already. */
export function explanationText(explanation: Explanation, language: Language = ENGLISH): string {
  const { app, memoryMb, runs, facts, horizonMs, midnightMs } = explanation
  const clock = (ms: number): string => clockTime(ms, midnightMs, language)
  const lines = [
    { term: told(language, 'explain.app'), text: app },
    { term: told(language, 'explain.memory'), text: `${formatQuantity(memoryMb)} MB` },
    ...facts,
  ]
  return [
    ...lines.map(({ term, text }) => `${toLeft(term, 9)} ${printableText(text)}`),
    '',
    ...runs.flatMap((run) => [
      printableText(run.label),
      `  ${sentenceOf(run, explanation, language)}`,
      `  ${told(language, 'explain.idleMemory', { amount: formatQuantity(run.idleMbS / 1024), last: lastAnswer(run.answers, language) })}`,
      `  ${strip(run, horizonMs)}`,
      `  ${ruler(clock(0), clock(horizonMs))}`,
      ...coldLines(run, explanation, language),
      '',
    ]),
    told(language, 'explain.key'),
    '',
    ...idleLines(runs, language),
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
  return `${from}${toRight(to, CELLS - displayWidth(from))}`
}

function lastAnswer(answers: readonly ToldAnswer[], language: Language): string {
  const last = answers.at(-1)
  if (last === undefined) return told(language, 'explain.neverAsked')
  return told(language, 'explain.last', { windows: windowsText(last, language) })
}

/** A duration without more digits than a reader needs: 1056 s are read as 17 min 36 s. */
function span(ms: number): string {
  if (!Number.isFinite(ms)) return formatDuration(ms)
  return formatSpan(ms >= SECOND ? Math.round(ms / SECOND) * SECOND : Math.round(ms))
}

/** Both windows, as what happens after the app went idle. */
function windowsText(
  { prewarmMs, keepAliveMs }: Pick<ToldAnswer, 'prewarmMs' | 'keepAliveMs'>,
  language: Language,
): string {
  if (prewarmMs === Number.POSITIVE_INFINITY) return told(language, 'explain.unloadForGood')
  if (prewarmMs > 0) {
    return told(language, 'explain.load', { from: span(prewarmMs), to: span(prewarmMs + keepAliveMs) })
  }
  return keepAliveMs === 0
    ? told(language, 'explain.unload')
    : told(language, 'explain.keep', { time: span(keepAliveMs) })
}

function coldLines({ arrivals, answers }: ToldRun, { midnightMs }: Explanation, language: Language): string[] {
  const cold = arrivals.filter(({ cold: count }) => count > 0)
  if (cold.length === 0) return []
  const rows = cold.slice(0, LISTED).map(({ at, idleMs, reason }) => {
    const answer = idleMs < 0 ? undefined : answerBefore(answers, at)
    const idle = idleMs < 0 ? '' : told(language, 'explain.idle', { time: span(idleMs) })
    const met =
      answer === undefined ? '' : told(language, 'explain.windows', { windows: windowsText(answer, language) })
    const why =
      reason === null
        ? ''
        : told(language, 'explain.reason', {
            reason: told(language, `reason.${reason}`),
            why: told(language, `why.${reason}`),
          })
    return [clockTime(at, midnightMs, language), idle, met, why]
  })
  const widths = [0, 1, 2].map((column) => largest(rows.map((row) => displayWidth(row[column]!))))
  const lines = rows.map(
    (row) =>
      `    ${row
        .map((cell, column) => toLeft(cell, widths[column] ?? 0))
        .join('  ')
        .trimEnd()}`,
  )
  const { cold: total } = coldCount(arrivals)
  return cold.length > LISTED
    ? [...lines, `    ${told(language, 'explain.more', { count: formatCount(total) })}`]
    : lines
}

const COVER_MARKS = { all: '-', some: '~', none: '.' } as const

function idleLines(runs: readonly ToldRun[], language: Language): string[] {
  const [run] = runs
  const bins = run === undefined ? [] : idleTimeBins(run.arrivals)
  if (bins.length === 0) return [told(language, 'explain.neverIdle')]
  const most = largest(bins.map(({ idleMs }) => idleMs.length))
  return [
    told(language, 'explain.idleTimes'),
    told(language, 'explain.idleWindows'),
    ...bins.map((bin) => {
      const count = bin.idleMs.length
      const covers = runs.slice(0, MOST_COVERS).map((each) => COVER_MARKS[coverOf(each, bin.idleMs)])
      return `  ${toRight(idleTimeText(bin, language), 16)}  ${String(count).padStart(6)}  ${covers.join('')}  ${'#'.repeat(Math.ceil((count / most) * 44))}`.trimEnd()
    }),
  ]
}
