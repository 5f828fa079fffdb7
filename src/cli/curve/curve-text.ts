import { formatCount, formatQuantity } from '../../metrics/figure-text.ts'
import { printable } from '../../core/printable.ts'
import type { Fact } from '../../report/comparison/provenance.ts'
import type { CurvePoint } from '../../sim/curve/curve-points.ts'
import { columns } from '../../report/comparison/aligned-rows.ts'
import type { CurveStudy } from './curve-study.ts'

const WORLD = [
  'One node; executions and loads take no time. An app has one instance, which is unloaded only when memory is short, the',
  'least recently used app first.',
]

/** A study as lines for a terminal. */
export function curveText(study: CurveStudy, facts: readonly Fact[]): string {
  const { stepMb } = study.curve
  const head = facts.map(({ term, text }) => `${term.padEnd(9)} ${text}`)
  const step = `The curve is exact at multiples of ${formatQuantity(stepMb)} MB; in between it is that of the next lower one.`
  const figures =
    study.trace.invocations === 0 ? ['No app was invoked.'] : [...sizeLines(study), '', ...targetLines(study)]
  const lines = ['Cold starts by memory', ...head, '', ...WORLD, ...(stepMb > 1 ? [step] : []), '', ...figures]
  return printable(lines).join('\n')
}

function sizeLines({ landmarks, sizes }: CurveStudy): string[] {
  const { allApps, floor, knee, largestApp } = landmarks
  const named: readonly (readonly [CurvePoint, string?])[] = [
    ...sizes.map((point) => [point] as const),
    [largestApp, 'the largest app: less cannot hold it'],
    ...(knee === null ? [] : [[knee, 'the knee'] as const]),
    [floor, 'from here on only first invocations are cold'],
    [allApps, 'all apps together'],
  ]
  const rows = [...Map.groupBy(named, ([{ memoryMb }]) => memoryMb).values()].toSorted(
    ([one], [other]) => one![0].memoryMb - other![0].memoryMb,
  )
  const notes = rows.map((row) => row.flatMap(([, note]) => note ?? []).join('; '))
  const cells = rows.map((row) => figures(row[0]![0]))
  const lines = columns(0, [['memory', 'cold', 'cold'], ['', 'starts', 'share'], ['MB', '', '%'], ...cells])
  return lines.map((line, row) => `${line}  ${notes[row - 3] ?? ''}`.trimEnd())
}

function targetLines({ curve, targets, trace }: CurveStudy): string[] {
  const floor = formatQuantity((100 * curve.firstUses) / trace.invocations)
  const rows = targets.map(({ coldShare, needs }) => [
    formatQuantity(100 * coldShare),
    ...(needs === null ? ['', '', ''] : figures(needs)),
  ])
  const head = [
    ['cold share', 'memory', 'cold', 'cold'],
    ['of at most', 'needed', 'starts', 'share'],
    ['%', 'MB', '', '%'],
  ]
  const lines = columns(0, [...head, ...rows])
  const none = `  none: first invocations alone are ${floor} %`
  return lines.map((line, row) => (targets[row - head.length]?.needs === null ? line + none : line))
}

function figures({ memoryMb, coldStarts, coldShare }: CurvePoint): string[] {
  return [formatQuantity(memoryMb), formatCount(coldStarts), formatQuantity(100 * coldShare)]
}
