import { formatCount, formatQuantity } from '../../metrics/figure-text.ts'
import { options, traceSize } from '../../report/comparison/provenance.ts'
import { printable } from '../../core/printable.ts'
import { columns } from '../../report/comparison/aligned-rows.ts'
import type { BoundsStudy } from './bounds-study.ts'

/** A study as lines for a terminal. */
export function boundsText(study: BoundsStudy): string {
  const { trace, model, seed, version, bounds, levels, fixed10, firstUses, capacity } = study
  const head = [
    ['trace', `${trace.id} (${trace.format}): ${traceSize(trace)}`],
    ['digest', trace.digest],
    ['model', options(model)],
    ['seed', String(seed)],
    ['version', `pilotlight ${version}`],
  ].map(([term, text]) => `${term!.padEnd(9)} ${text}`)
  const rows = levels.map((level, at) => [
    formatQuantity(level),
    ...bounds.map(({ coldStarts }) => (Number.isFinite(coldStarts[at]) ? formatCount(coldStarts[at]!) : '')),
  ])
  const names = bounds.map(({ id }) => id)
  const lead = `${formatQuantity(study.leadMs / 1000)} s${study.leadPart < 1 ? `, or ${formatQuantity(study.leadPart)} of the idle time where that is less,` : ''}`
  const lines = [
    'The fewest cold starts by idle memory, which is relative to a fixed window of 10 minutes',
    ...head,
    '',
    `Fixed 10 minutes: ${formatCount(fixed10.coldStarts)} cold starts, ${formatQuantity(fixed10.idleGbS)} GB·s idle. First uses, which nothing avoids: ${formatCount(firstUses)}.`,
    `Loads ahead of time come at least ${lead} before.`,
    '',
    ...columns(0, [['idle', ...names], ...rows]),
    '',
    ...columns(
      2,
      bounds.map(({ id, bounds: whom }) => [id, whom]),
    ),
    ...(capacity.length === 0 ? [] : ['', ...capacityLines(capacity)]),
  ]
  return printable(lines).join('\n')
}

function capacityLines(capacity: BoundsStudy['capacity']): string[] {
  return [
    'Within a limit of memory for idle apps, whoever loads on demand only has at least so many cold starts:',
    ...columns(0, [
      ['MB', 'cold starts'],
      ...capacity.map(({ memoryMb, coldStarts }) => [formatQuantity(memoryMb), formatCount(coldStarts)]),
    ]),
  ]
}
