import { largest } from '../../core/largest.ts'
import type { Target } from '../../experiment/export-run.ts'
import { FIDELITY_KINDS, FIDELITY_MEANING, type FidelityKind } from '../../export/fit/fidelity.ts'
import { formatCount, formatMoney, formatQuantity } from '../../metrics/figure-text.ts'
import type { RunSummary } from '../../metrics/comparison.ts'
import { provenance } from '../../report/comparison/provenance.ts'

const GB_HOUR_MBS = 1024 * 3600

/**
 * Where would a policy live best: one line per platform, with its figures by default and as exported, as aligned columns, and
 * below them what the words mean and where the figures come from.
 */
export function targetTable(targets: readonly Target[]): string {
  const heads = ['platform', 'kind', 'cold', 'idle GB·h', 'bill', 'cold', 'idle GB·h', 'bill']
  const [first] = targets
  const rows = targets.map((target) => {
    const [, byDefault, exported] = target.comparison.runs
    return [target.platform.id, usualKind(target) ?? 'refused', ...figures(byDefault!), ...figures(exported!)]
  })
  const designed = first === undefined ? [] : [['as designed', '', '', '', '', ...figures(first.comparison.runs[0]!)]]
  const all = [heads, ...designed, ...rows]
  const widths = heads.map((_, column) => largest(all.map((row) => row[column]!.length)))
  const lines = all.map((row) =>
    row.map((text, column) => (column < 2 ? text.padEnd(widths[column]!) : text.padStart(widths[column]!))).join('  '),
  )
  const before = widths.slice(0, 2).reduce((sum, width) => sum + width + 2, 0)
  const half = widths.slice(2, 5).reduce((sum, width) => sum + width + 2, 0)
  const titles = `${' '.repeat(before)}${'by default'.padStart(half - 2)}  ${'as exported'.padStart(half - 2)}`
  return [titles, ...lines, '', ...meanings(targets)].map((line) => line.trimEnd()).join('\n')
}

/** The kind of fidelity that most apps have on a platform. */
function usualKind({ made }: Target): FidelityKind | undefined {
  return FIDELITY_KINDS.filter((kind) => made.fidelity[kind] > 0).toSorted(
    (one, other) => made.fidelity[other] - made.fidelity[one],
  )[0]
}

/** What the words and empty cells of the table mean, and where its figures come from. */
function meanings(targets: readonly Target[]): string[] {
  const [first] = targets
  if (first === undefined) return []
  const met = new Set(targets.map((target) => usualKind(target)))
  const sharing = targets.filter(({ platform }) => platform.sharesRunning).map(({ platform }) => platform.id)
  const facts = [
    ...FIDELITY_KINDS.filter((kind) => met.has(kind)).map((kind) => [kind, FIDELITY_MEANING[kind]] as const),
    ['kind', 'What most apps get; fidelity.json of an export tells each app.'] as const,
    ['bill', 'Empty where no price list of the platform is known.'] as const,
    [
      'serves',
      'An instance takes as many requests at a time as the platform has it by default or is told: see docs/export.md.',
    ] as const,
    ...(sharing.length === 0
      ? []
      : [
          [
            'cold',
            `Requests that find all instances busy go to running ones, and are not cold, on ${sharing.join(', ')}.`,
          ] as const,
        ]),
    ...provenance(first.comparison)
      .filter(({ term }) => !['baseline', 'prices', 'note'].includes(term))
      .map(({ term, text }) => [term, text] as const),
  ]
  const width = largest(facts.map(([term]) => term.length))
  return facts.map(([term, text]) => `${term.padEnd(width)}  ${text}`)
}

function figures({ totals, money }: RunSummary): string[] {
  const bill = money === null ? '' : `${formatMoney(money.userBill)} ${money.currency}`
  return [formatCount(totals.coldStarts), formatQuantity(totals.idleMbS / GB_HOUR_MBS), bill]
}
