import { largest } from '../../core/largest.ts'
import type { Target } from '../../experiment/export-run.ts'
import { formatCount, formatMoney, formatQuantity } from '../../metrics/format.ts'
import type { RunSummary } from '../../metrics/comparison.ts'

const GB_HOUR_MBS = 1024 * 3600

/** Where would a policy live best: one line per platform, with its figures by default and as exported, as aligned columns. */
export function targetTable(targets: readonly Target[]): string {
  const heads = ['platform', 'kind', 'cold', 'idle GB·h', 'bill', 'cold', 'idle GB·h', 'bill']
  const [first] = targets
  const rows = targets.map(({ platform, made, runs: [, byDefault, exported] }) => {
    const [kind = 'refused'] = Object.entries(made.fidelity)
      .filter(([, apps]) => apps > 0)
      .toSorted((a, b) => b[1] - a[1])
      .map(([kind]) => kind)
    return [platform.id, kind, ...figures(byDefault!), ...figures(exported!)]
  })
  const designed = first === undefined ? [] : [['as designed', '', '', '', '', ...figures(first.runs[0]!)]]
  const all = [heads, ...designed, ...rows]
  const widths = heads.map((_, column) => largest(all.map((row) => row[column]!.length)))
  const lines = all.map((row) =>
    row.map((text, column) => (column < 2 ? text.padEnd(widths[column]!) : text.padStart(widths[column]!))).join('  '),
  )
  const before = widths.slice(0, 2).reduce((sum, width) => sum + width + 2, 0)
  const half = widths.slice(2, 5).reduce((sum, width) => sum + width + 2, 0)
  const titles = `${' '.repeat(before)}${'by default'.padStart(half - 2)}  ${'as exported'.padStart(half - 2)}`
  return [titles, ...lines].map((line) => line.trimEnd()).join('\n')
}

function figures({ totals, money }: RunSummary): string[] {
  const bill = money === null ? '' : `${formatMoney(money.userBill)} ${money.currency}`
  return [formatCount(totals.coldStarts), formatQuantity(totals.idleMbS / GB_HOUR_MBS), bill]
}
