import { agreeing, counted } from '../../core/counted.ts'
import { largest } from '../../core/largest.ts'
import { dirname, isAbsolute, relative, resolve } from 'node:path'
import { formatDuration, formatSpan } from '../../core/units.ts'
import type { Agreement, Calibration, Fit } from '../../experiment/calibrate.ts'
import { formatCount, formatPercent } from '../../metrics/figure-text.ts'
import type { Trace } from '../../trace/trace.ts'
import { columns } from '../../report/comparison/aligned-rows.ts'
import { bars } from './bars.ts'

const SHOWN_APPS = 10

/** What a calibration found, for a terminal. */
export function calibrationText({ fit, apparent, fittedMs, fitted, judged, perApp, overTime }: Calibration): string {
  const { survived, longestSurvivedMs, ended, shortestEndedMs, windowMs, mistaken } = apparent
  const most = largest([...overTime.measured, ...overTime.simulated], 1)
  const shortest = shortestEndedMs === null ? '' : `, the shortest of ${formatSpan(shortestEndedMs)}`
  const share = survived + ended === 0 ? '' : ` (${percent(mistaken, survived + ended)} of them lie on the wrong side)`
  return [
    'As the measured starts show it:',
    `  ${counted(formatCount(survived), 'idle time was', 'idle times were')} survived, the longest of ${formatSpan(longestSurvivedMs)}`,
    `  ${counted(formatCount(ended), 'was', 'were')} not${shortest}`,
    `  the window that tells them apart best: ${formatSpan(windowMs)}${share}`,
    '',
    'The simulation is nearest with:',
    `  keep-alive ${formatSpan(fit.keepAliveMs)}, concurrency ${fit.concurrency}, cold start ${loadOf(fit)}`,
    '',
    ...columns(1, [
      ['cold starts', 'invocations', 'measured', 'simulated', 'difference per app'],
      row(`fitted: the first ${formatSpan(fittedMs)}`, fitted),
      row('judged: the rest', judged),
    ]),
    '',
    ...columns(1, [
      ['app', 'invocations', 'measured', 'simulated'],
      ...perApp
        .slice(0, SHOWN_APPS)
        .map(({ app, invocations, measured, simulated }) => [
          app,
          ...[invocations, measured, simulated].map((count) => formatCount(count)),
        ]),
    ]),
    ...(perApp.length > SHOWN_APPS
      ? [
          `… and ${counted(formatCount(perApp.length - SHOWN_APPS), 'more app', 'more apps')} (--json lists ${agreeing(perApp.length - SHOWN_APPS, 'it', 'them')})`,
        ]
      : []),
    '',
    `over time   measured  |${bars(overTime.measured, most)}|`,
    `            simulated |${bars(overTime.simulated, most)}|`,
    `            one bar is ${formatSpan(overTime.partMs)}, the highest ${counted(formatCount(most), 'cold start')}`,
  ].join('\n')
}

function row(name: string, { invocations, measured, simulated, error }: Agreement): string[] {
  return [
    name,
    formatCount(invocations),
    formatCount(measured),
    formatCount(simulated),
    `${formatPercent(100 * error)} %`,
  ]
}

function percent(part: number, whole: number): string {
  return `${formatPercent((100 * part) / whole)} %`
}

function loadOf({ coldStart }: Fit): string {
  return coldStart === 'trace' ? 'as measured' : formatDuration(coldStart)
}

/** An experiment with the platform as it was found for its baseline. */
export function presentExperiment(
  trace: Trace,
  { fit }: Calibration,
  { path, mapping, out }: { readonly path: string; readonly mapping: string | undefined; readonly out: string },
): string {
  const beside = (file: string): string => (isAbsolute(file) ? file : relative(dirname(resolve(out)), resolve(file)))
  const how =
    mapping === undefined
      ? ''
      : `, mapping: ${JSON.stringify(mapping.trimStart().startsWith('{') ? mapping : beside(mapping))}`
  const memory = trace.offers.includes('memory') ? '' : ', memory: equal'
  const load = fit.coldStart === 'trace' ? '' : `, coldStart: ${formatDuration(fit.coldStart)}`
  return [
    '# The platform as its measured cold starts show it, beside policies; made by pilotlight calibrate.',
    `name: ${JSON.stringify(`${trace.id.replaceAll(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '') || 'trace'}-present`)}`,
    `trace: { path: ${JSON.stringify(beside(path))}${how} }`,
    `model: { kind: instances, concurrency: ${fit.concurrency}${load}${memory} }`,
    'policies:',
    `  - { policy: fixed, keepAlive: ${formatDuration(fit.keepAliveMs)}, label: present }`,
    '  - { policy: fixed, keepAlive: [5m, 10m, 20m] }',
    '  - { policy: hybrid-histogram }',
    'baseline: present',
    'seed: 1',
    '',
  ].join('\n')
}
