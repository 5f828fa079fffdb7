import type { RunSummary } from '../comparison.ts'
import type { RunGroup } from './decision.ts'
import { type Accounts, type RunPair, pairedDifferences } from './paired-difference.ts'
import type { RunPlaces } from './worlds.ts'
import { spreadOf } from './figure-spread.ts'

/** A run of a comparison with its accounts, and those of the baseline's run to pair it with. */
export interface DecidedRun {
  readonly summary: RunSummary
  readonly accounts: Accounts
  readonly base: Accounts | null
  /** Whether its policy or its world draws anything at random. */
  readonly draws: boolean
  /** The longest window among its policy's parameters, in ms; 0 for none, null where that is not known. */
  readonly windowMs: number | null
}

/** The runs of each candidate in each world as one row: those that differ in seed, spread or judged part only. */
export function runGroupsOf(
  runs: readonly DecidedRun[],
  { columns, columnOf }: RunPlaces,
  { label: nameOf, baseline, metrics }: GroupNames,
): RunGroup[] {
  const difference = pairedDifferences()
  const worldOf = (position: number): number => columns[columnOf[position]!]!.world
  const groups = Map.groupBy(runs.keys(), (position) => `${worldOf(position)} ${runs[position]!.summary.variant}`)
  return [...groups.values()].map((positions): RunGroup => {
    const own = positions.map((position) => runs[position]!)
    const { variant } = own[0]!.summary
    const pairs = own.flatMap(({ accounts, base }): RunPair[] => (base === null ? [] : [{ run: accounts, base }]))
    return {
      label: nameOf(variant),
      variant,
      isBaseline: variant === baseline,
      world: worldOf(positions[0]!),
      runs: positions,
      metrics: Object.fromEntries(
        metrics.map((id) => [id, spreadOf(own.map(({ summary }) => summary.metrics[id]))] as const),
      ),
      missed: difference(pairs, 'missed'),
      idleMbS: difference(pairs, 'idleMbS'),
    }
  })
}

/** What groups are called and hold. */
export interface GroupNames {
  label(variant: string): string
  /** Variant of the baseline. */
  readonly baseline: string
  /** Ids of the metrics. */
  readonly metrics: readonly string[]
}
