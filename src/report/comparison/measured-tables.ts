import { formatSpan } from '../../core/units.ts'
import type { Comparison } from '../../metrics/comparison.ts'
import { formatCount, formatPercent } from '../../metrics/format.ts'
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
  return [sums(comparison, measured), perApp(comparison, measured), idleTimes(measured)]
}

/** The runs that were set beside what was measured. */
export function runsBeside({ runs }: Comparison, measured: MeasuredBeside): Comparison['runs'] {
  return runs.filter(({ digest }) => measured.runs[digest] !== undefined)
}

function sums(comparison: Comparison, measured: MeasuredBeside): TitledTable {
  const { known, cold } = measured
  const beside = runsBeside(comparison, measured)
  const left = beside.length - MOST_RUNS
  return {
    title: 'Measured beside simulated cold starts',
    table: {
      heads: ['measured or run', 'invocations', 'cold starts', 'cold (%)', 'to measured', 'apart per app (%)'],
      rows: [
        ['measured', formatCount(known), formatCount(cold), formatPercent((100 * cold) / known), '', ''],
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
    ...(left > 0 ? { rest: `${formatCount(left)} more runs: see --json.` } : {}),
  }
}

function perApp(comparison: Comparison, measured: MeasuredBeside): TitledTable {
  const { apps, appsLeftOut } = measured
  const beside = runsBeside(comparison, measured)
  const shown = beside.slice(0, MOST_COLUMNS)
  const left = Math.max(0, apps.length - MOST_APPS) + appsLeftOut
  const runs = beside.length - shown.length
  const more = [
    ...(left > 0 ? [`${formatCount(left)} more apps`] : []),
    ...(runs > 0 ? [`${formatCount(runs)} more runs`] : []),
  ]
  return {
    title: 'Cold starts of the apps with the most measured ones',
    table: {
      heads: ['app', 'invocations', 'measured', ...shown.map(({ label }) => label)],
      rows: apps
        .slice(0, MOST_APPS)
        .map(({ app, invocations, measured: cold }, at) => [
          app,
          formatCount(invocations),
          formatCount(cold),
          ...shown.map(({ digest }) => formatCount(measured.runs[digest]!.perApp[at]!)),
        ]),
    },
    ...(more.length > 0 ? { rest: `${more.join(' and ')}: see --json.` } : {}),
  }
}

function idleTimes({ idleTimes: { fromMs, survived, ended }, keepAlive }: MeasuredBeside): TitledTable {
  const { windowMs, mistaken } = keepAlive
  const used = fromMs.map((_, at) => at).filter((at) => survived[at]! + ended[at]! > 0)
  const all = keepAlive.survived + keepAlive.ended
  return {
    title: 'The idle times that instances of the platform survived and did not',
    table: {
      heads: ['idle time', 'survived', 'did not', 'survived (%)'],
      rows: used.map((at) => [
        className(fromMs, at),
        formatCount(survived[at]!),
        formatCount(ended[at]!),
        formatPercent((100 * survived[at]!) / (survived[at]! + ended[at]!)),
      ]),
    },
    ...(all === 0
      ? {}
      : {
          rest: `A window of ${formatSpan(windowMs)} tells the two apart best, with ${formatCount(mistaken)} of ${formatCount(all)} on the wrong side.`,
        }),
  }
}

/** A class of idle times in words, as in `5 min to 7 min 30 s`. */
export function className(fromMs: readonly number[], at: number): string {
  const [from, to] = [fromMs[at]!, fromMs[at + 1]]
  if (to === undefined) return `from ${formatSpan(from)}`
  return from === 0 ? `under ${formatSpan(to)}` : `${formatSpan(from)} to ${formatSpan(to)}`
}

function signed(count: number): string {
  return `${count > 0 ? '+' : count < 0 ? '-' : ''}${formatCount(Math.abs(count))}`
}
