import type { FinishedRun } from '../../metrics/run.ts'

/** An app that one run serves worse than another. */
export interface Regret {
  readonly app: string
  readonly run: string
  readonly cold: number
  /** The least cold starts of any of the runs, and the run that has them. */
  readonly leastCold: number
  readonly bestRun: string
}

/**
 * The apps that lose most by a run against the best of the runs for each, by cold starts, the largest loss first; each app
 * once, with the run that is worst for it. Runs whose ledgers have other rows (functions instead of apps) are apart.
 */
export function regrets(
  runs: readonly FinishedRun[],
  namesOf: (run: FinishedRun) => readonly string[],
  most: number,
): readonly Regret[] {
  const units = [...new Set(runs.map(({ model }) => String(model['unit'])))]
  const all = units.flatMap((unit) =>
    regretsOf(
      runs.filter(({ model }) => String(model['unit']) === unit),
      namesOf,
    ),
  )
  return all.toSorted((a, b) => b.cold - b.leastCold - (a.cold - a.leastCold)).slice(0, most)
}

function regretsOf(runs: readonly FinishedRun[], namesOf: (run: FinishedRun) => readonly string[]): Regret[] {
  const names = namesOf(runs[0]!)
  return Array.from({ length: runs[0]!.ledger.apps }, (_, app) => {
    const coldIn = ({ ledger }: FinishedRun): number => ledger.coldStarts[app]!
    const [worst, best] = [
      runs.reduce((a, b) => (coldIn(b) > coldIn(a) ? b : a)),
      runs.reduce((a, b) => (coldIn(b) < coldIn(a) ? b : a)),
    ]
    return {
      app: names[app] ?? '',
      run: worst.label,
      cold: coldIn(worst),
      leastCold: coldIn(best),
      bestRun: best.label,
    }
  }).filter(({ cold, leastCold }) => cold > leastCold)
}
