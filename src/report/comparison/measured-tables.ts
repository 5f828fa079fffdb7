import { type Language, told } from '../../language/language.ts'
import { toldSpan } from '../../language/told-span.ts'
import type { Comparison } from '../../metrics/comparison.ts'
import { formatCount, formatPercent } from '../../metrics/figure-text.ts'
import type { MeasuredBeside } from '../../metrics/measured.ts'
import type { TextTable } from './decision-lines.ts'

/** More are in the JSON document. */
const MOST_RUNS = 40
const MOST_APPS = 10
const MOST_COLUMNS = 6

/** A table with what it shows. */
export interface TitledTable {
  readonly title: string
  readonly table: TextTable
  /** What is left out of it, in a sentence. */
  readonly rest?: string
}

/**
 * What the platform did beside what the runs did: all cold starts, those of the apps with the most, and the idle times that
 * instances survived and did not. None where nothing was measured.
 */
export function measuredTables(comparison: Comparison): readonly TitledTable[] {
  const { measured } = comparison
  if (measured === undefined) return []
  return [sums(comparison, measured), perApp(comparison, measured), idleTimes(comparison, measured)]
}

/** The runs that were set beside what was measured. */
export function runsBeside({ runs }: Comparison, measured: MeasuredBeside): Comparison['runs'] {
  return runs.filter(({ digest }) => measured.runs[digest] !== undefined)
}

function sums(comparison: Comparison, measured: MeasuredBeside): TitledTable {
  const { language } = comparison
  const { known, cold } = measured
  const beside = runsBeside(comparison, measured)
  const left = beside.length - MOST_RUNS
  return {
    title: told(language, 'measured.sums'),
    table: {
      heads: (['run', 'invocations', 'cold', 'share', 'difference', 'perApp'] as const).map((name) =>
        told(language, `measured.${name}`),
      ),
      rows: [
        [
          told(language, 'measured.measured'),
          formatCount(known),
          formatCount(cold),
          formatPercent((100 * cold) / known),
          '',
          '',
        ],
        ...beside.slice(0, MOST_RUNS).map(({ label, digest, totals: { invocations, coldStarts } }) => {
          const { difference } = measured.runs[digest]!
          return [
            label,
            formatCount(invocations),
            formatCount(coldStarts),
            formatPercent((100 * coldStarts) / Math.max(1, invocations)),
            signed(coldStarts - cold),
            difference === null ? '–' : formatPercent(100 * difference),
          ]
        }),
      ],
    },
    ...(left > 0
      ? { rest: restOf([told(language, 'measured.moreRuns', { count: formatCount(left) })], language) }
      : {}),
  }
}

function perApp(comparison: Comparison, measured: MeasuredBeside): TitledTable {
  const { language } = comparison
  const { apps, appsLeftOut } = measured
  const beside = runsBeside(comparison, measured)
  const shown = beside.slice(0, MOST_COLUMNS)
  const left = Math.max(0, apps.length - MOST_APPS) + appsLeftOut
  const runs = beside.length - shown.length
  const more = [
    ...(left > 0 ? [told(language, 'measured.moreApps', { count: formatCount(left) })] : []),
    ...(runs > 0 ? [told(language, 'measured.moreRuns', { count: formatCount(runs) })] : []),
  ]
  return {
    title: told(language, 'measured.apps'),
    table: {
      heads: [
        ...(['app', 'invocations', 'measured'] as const).map((name) => told(language, `measured.${name}`)),
        ...shown.map(({ label }) => label),
      ],
      rows: apps
        .slice(0, MOST_APPS)
        .map(({ app, invocations, measured: cold }, at) => [
          app,
          formatCount(invocations),
          formatCount(cold),
          ...shown.map(({ digest }) => formatCount(measured.runs[digest]!.perApp[at]!)),
        ]),
    },
    ...(more.length > 0 ? { rest: restOf(more, language) } : {}),
  }
}

function restOf(left: readonly string[], language: Language): string {
  return told(language, 'holds.rest', { left: left.join(told(language, 'list.and')) })
}

function idleTimes(
  { language }: Comparison,
  { idleTimes: { fromMs, survived, ended }, keepAlive }: MeasuredBeside,
): TitledTable {
  const { windowMs, mistaken } = keepAlive
  const used = fromMs.map((_, at) => at).filter((at) => survived[at]! + ended[at]! > 0)
  const all = keepAlive.survived + keepAlive.ended
  return {
    title: told(language, 'measured.idle'),
    table: {
      heads: (['idleTime', 'survived', 'ended', 'survivedShare'] as const).map((name) =>
        told(language, `measured.${name}`),
      ),
      rows: used.map((at) => [
        className(fromMs, at, language),
        formatCount(survived[at]!),
        formatCount(ended[at]!),
        formatPercent((100 * survived[at]!) / (survived[at]! + ended[at]!)),
      ]),
    },
    ...(all === 0
      ? {}
      : {
          rest: told(language, 'measured.window', {
            window: toldSpan(language, windowMs),
            mistaken: formatCount(mistaken),
            all: formatCount(all),
          }),
        }),
  }
}

/** A class of idle times in words, as in `5 min to 7 min 30 s`. */
export function className(fromMs: readonly number[], at: number, language: Language): string {
  const [from, to] = [fromMs[at]!, fromMs[at + 1]]
  if (to === undefined) return told(language, 'measured.from', { from: toldSpan(language, from) })
  const end = toldSpan(language, to)
  return from === 0
    ? told(language, 'measured.under', { to: end })
    : told(language, 'measured.between', { from: toldSpan(language, from), to: end })
}

function signed(count: number): string {
  return `${count > 0 ? '+' : count < 0 ? '-' : ''}${formatCount(Math.abs(count))}`
}
