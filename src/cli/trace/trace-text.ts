import { agreeing, counted } from '../../core/counted.ts'
import { largest } from '../../core/largest.ts'
import { printable } from '../../core/printable.ts'
import { formatDuration, formatSpan, MINUTE } from '../../core/units.ts'
import { formatCount, formatPercent, formatQuantity } from '../../metrics/figure-text.ts'
import type { JoinReport } from '../../trace/build/join-report.ts'
import { columns } from '../../report/comparison/aligned-rows.ts'
import { bars } from './bars.ts'
import type { TraceProfile } from './trace-profile.ts'

/** What is in a trace as lines for a terminal; names that a trace holds cannot command it. */
export function traceText(whole: TraceProfile): string {
  const profile = printable(whole)
  return [
    ...factLines(profile),
    ...pictureLines(profile),
    ...triggerLines(profile),
    ...fileLines(profile.join),
    ...defectLines(profile.join),
  ].join('\n')
}

/** One line per fact. */
export function factLines(profile: TraceProfile): string[] {
  const { trace, functionsPerApp, busiestFunction, measured } = printable(profile)
  const { mean, median, most, withOne } = functionsPerApp
  const share = (part: number): string => percent(part, trace.invocations)
  const facts: (readonly [string, string])[] = [
    ['trace', `${trace.id} (${trace.format})`],
    ['digest', trace.digest],
    ...(trace.begins === null ? [] : [['begins', trace.begins] as const]),
    ['lasts', `${formatSpan(trace.horizonMs)} (${formatCount(trace.horizonMs)} ms)`],
    [
      'invocations',
      `${formatCount(trace.invocations)}, as ${trace.bucketMs === null ? 'single events' : `counts per ${bucketName(trace.bucketMs)}`}`,
    ],
    ['apps', formatCount(trace.apps)],
    [
      'functions',
      `${formatCount(trace.functions)}; per app: mean ${formatQuantity(mean)}, median ${median}, most ${most}; ${counted(formatCount(withOne), 'app has', 'apps have')} one`,
    ],
    ['offers', trace.offers.length === 0 ? 'nothing beyond arrivals' : trace.offers.join(', ')],
  ]
  if (measured !== null) {
    const { cold, warm, unknown, instances } = measured
    const text = `${formatCount(cold)} cold, ${formatCount(warm)} warm${unknown === 0 ? '' : `, ${formatCount(unknown)} not known`}`
    facts.push(['measured', instances === 0 ? text : `${text}; ${counted(formatCount(instances), 'instance')}`])
  }
  const lines = facts.map(([term, text]) => `${term.padEnd(11)} ${text}`)
  if (busiestFunction === null) return lines
  const { app, function: fn, invocations } = busiestFunction
  return [...lines, `busiest     ${fn} of ${app}: ${formatCount(invocations)} (${share(invocations)})`]
}

function bucketName(ms: number): string {
  return ms === MINUTE ? 'minute' : formatDuration(ms)
}

/** Invocations over the time of the trace, a bar a part; a part without any stays empty. */
function pictureLines({ overTime: { partMs, invocations } }: TraceProfile): string[] {
  const most = largest(invocations)
  if (most === 0 || invocations.length < 2) return []
  return [
    '',
    `over time   |${bars(invocations, most)}|`,
    `            one bar is ${formatSpan(partMs)}, the highest ${counted(formatCount(most), 'invocation')}`,
  ]
}

function triggerLines({ trace, triggers }: TraceProfile): string[] {
  if (!trace.offers.includes('trigger')) return []
  const rows = triggers.map(({ trigger, functions, invocations }) => [
    trigger,
    `${formatCount(functions)} (${percent(functions, trace.functions)})`,
    `${formatCount(invocations)} (${percent(invocations, trace.invocations)})`,
  ])
  return ['', ...columns(1, [['trigger', 'functions', 'invocations'], ...rows])]
}

function fileLines({ files }: JoinReport): string[] {
  if (files.length === 0) return []
  const rows = files.map(({ path, table, day, rows, bytes }) => [
    path,
    day === undefined ? table : `${table}, day ${day}`,
    counted(formatCount(rows), 'row'),
    counted(formatCount(bytes), 'byte'),
  ])
  return ['', ...columns(2, [['file', 'table', '', ''], ...rows])]
}

/** Every kind of defect that was found, what was done about it, and up to three examples. */
export function defectLines(join: JoinReport): string[] {
  const { defects } = printable(join)
  const found = defects.filter(({ count }) => count > 0)
  const none = defects.length - found.length
  const lines = found.flatMap(({ found: what, rule, count, examples }) => [
    `${formatCount(count)} ${what}`,
    `    ${rule}`,
    ...(examples.length === 0 ? [] : [`    such as ${examples.join('; ')}`]),
  ])
  if (defects.length === 0) return []
  return [
    '',
    found.length === 0 ? 'No defects.' : 'Defects:',
    ...lines,
    ...(none === 0
      ? []
      : [
          `Looked for and not found: ${counted(none, 'more kind', 'more kinds')} (--json lists ${agreeing(none, 'it', 'them')}).`,
        ]),
  ]
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '0 %' : `${formatPercent((100 * part) / whole)} %`
}
