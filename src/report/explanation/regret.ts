import { ENGLISH } from '../../language/language.ts'
import { placesOf } from '../../metrics/decision/worlds.ts'
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
 * once for each place, with the run that is worst for it there. Runs of another world or judged part are apart: a policy
 * does not choose these.
 */
export function regrets(
  runs: readonly FinishedRun[],
  namesOf: (run: FinishedRun) => readonly string[],
  most: number,
): readonly Regret[] {
  const { columnOf } = placesOf(runs, ENGLISH)
  const comparable = Map.groupBy(runs.keys(), (at) => columnOf[at]!)
  const all = [...comparable.values()].flatMap((own) =>
    regretsOf(
      own.map((at) => runs[at]!),
      namesOf,
    ),
  )
  return all.toSorted((a, b) => b.cold - b.leastCold - (a.cold - a.leastCold)).slice(0, most)
}

function regretsOf(runs: readonly FinishedRun[], namesOf: (run: FinishedRun) => readonly string[]): Regret[] {
  const names = namesOf(runs[0]!)
  const { apps, coldStarts } = runs[0]!.ledger
  const [worst, best] = [new Uint32Array(apps), new Uint32Array(apps)]
  const [cold, leastCold] = [coldStarts.slice(), coldStarts.slice()]
  // Run by run, as the accounts of all of them need not fit into memory.
  for (const [position, { ledger }] of runs.entries()) {
    for (let app = 0; app < apps; app += 1) {
      const count = ledger.coldStarts[app]!
      if (count > cold[app]!) [cold[app], worst[app]] = [count, position]
      if (count < leastCold[app]!) [leastCold[app], best[app]] = [count, position]
    }
  }
  return Array.from({ length: apps }, (_, app) => ({
    app: names[app] ?? '',
    run: runs[worst[app]!]!.label,
    cold: cold[app]!,
    leastCold: leastCold[app]!,
    bestRun: runs[best[app]!]!.label,
  })).filter((each) => each.cold > each.leastCold)
}
