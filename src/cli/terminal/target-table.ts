import { largest } from '../../core/largest.ts'
import type { Target } from '../../experiment/export-run.ts'
import { FIDELITY_KINDS, FIDELITY_MEANING, type FidelityKind } from '../../export/fit/fidelity.ts'
import { formatCount, formatMoney, formatQuantity } from '../../metrics/figure-text.ts'
import type { RunSummary } from '../../metrics/comparison.ts'
import { provenance } from '../../report/comparison/provenance.ts'

const GB_HOUR_MBS = 1024 * 3600
/** What is told of a run on a platform, as {@link figures} gives it. */
const FIGURES = ['cold', 'idle GB·h', 'bill'] as const

/**
 * Where would a policy live best: one line per platform, with its figures as designed, by default and as exported, as aligned
 * columns, and below them what the words mean and where the figures come from.
 */
export function targetTable(targets: readonly Target[]): string {
  const heads = ['platform', 'kind', 'bill', ...FIGURES, ...FIGURES]
  const rows = targets.map((target) => {
    const [designed, byDefault, exported] = target.comparison.runs
    const kind = usualKind(target) ?? 'refused'
    return [target.platform.id, kind, billOf(designed!), ...figures(byDefault!), ...figures(exported!)]
  })
  const all = [heads, ...rows]
  const widths = heads.map((_, column) => largest(all.map((row) => row[column]!.length)))
  const ends = [1, 2, 5, 8].map((column) => widths.slice(0, column + 1).reduce((sum, width) => sum + width + 2, -2))
  const titled = ['', 'as designed', 'by default', 'as exported'].reduce((line, title, part) => {
    return line + title.padStart(ends[part]! - line.length)
  }, '')
  const lines = all.map((row) =>
    row.map((text, column) => (column < 2 ? text.padEnd(widths[column]!) : text.padStart(widths[column]!))).join('  '),
  )
  return [titled, ...lines, '', ...meanings(targets)].map((line) => line.trimEnd()).join('\n')
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
  const designed = first.comparison.runs[0]!.totals
  const met = new Set(targets.map((target) => usualKind(target)))
  const sharing = targets.filter(({ platform }) => platform.sharesRunning).map(({ platform }) => platform.id)
  const facts = [
    ...FIDELITY_KINDS.filter((kind) => met.has(kind)).map((kind) => [kind, FIDELITY_MEANING[kind]] as const),
    [
      'designed',
      `The policy itself has ${formatCount(designed.coldStarts)} cold starts and ${formatQuantity(designed.idleMbS / GB_HOUR_MBS)} GB·h of idle memory.`,
    ] as const,
    ['kind', 'What most apps get; fidelity.json of an export tells each app.'] as const,
    [
      'bill',
      'Empty where no price list of the platform is known. As designed, it is what the platform would charge if it could hold what the policy keeps idle.',
    ] as const,
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

function figures(run: RunSummary): string[] {
  const { coldStarts, idleMbS } = run.totals
  return [formatCount(coldStarts), formatQuantity(idleMbS / GB_HOUR_MBS), billOf(run)]
}

function billOf({ money }: RunSummary): string {
  return money === null ? '' : `${formatMoney(money.userBill)} ${money.currency}`
}
