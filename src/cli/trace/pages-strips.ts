import { timeOfDay } from '../../core/calendar.ts'
import { UserError } from '../../core/user-error.ts'
import { appOf, namedHistories } from '../../experiment/explain-runs.ts'
import { plannedRuns } from '../../experiment/planned-runs.ts'
import type { PlannedRun } from '../../experiment/run-plan.ts'
import type { Results } from '../../experiment/results.ts'
import { ENGLISH } from '../../language/language.ts'
import type { Comparison } from '../../metrics/comparison.ts'
import { placesOf } from '../../metrics/decision/worlds.ts'
import { formatCount } from '../../metrics/figure-text.ts'
import type { FinishedRun } from '../../metrics/run.ts'
import { stripRun, type StripTime } from '../../report/page/app-strips.ts'
import type { AppStrip, StripRun } from '../../report/page/page-contents.ts'
import { KEY_LENGTH } from '../../report/page/page-data.ts'
import { MOST_ARRIVALS } from '../../sim/app-history.ts'
import { runsWhole, unitsOf } from '../../sim/simulation.ts'
import type { Trace } from '../../trace/trace.ts'
import type { Arguments } from '../arguments/command.ts'
import { wholeNumber } from '../arguments/whole-number.ts'
import type { OpenedResults } from '../terminal/opened-results.ts'
import { say } from '../terminal/output.ts'
import { beginProgress, INVOCATIONS } from '../terminal/progress.ts'
import { foundBy } from './trace-of.ts'

/** Which apps are told over time. */
interface StripRequest {
  /** Beginnings of names of apps that are asked for; these come first. */
  readonly prefixes: readonly string[]
  /** So many of those besides that a reader is likely to open. */
  readonly worst: number
  namesOf(run: FinishedRun): readonly string[]
}

/** Runs that a strip has at most: the baseline's first, and then the best. */
const MOST_RUNS = 24
/** Arrivals that are replayed at most for the strips of a page, but for its first run's: some ten seconds of work. */
const MOST_REPLAYED = 10_000_000
/** A trace of more invocations takes long to read, which is done where it is asked for. */
const MOST_UNASKED = 20_000_000
/** Apps that a page tells over time where nobody asks for a number. */
const USUAL_APPS = 40

/** The strips that `--strips` and `--app` ask for; by default those of {@link USUAL_APPS} apps, where that is possible. */
export async function pageStrips(
  inputs: readonly OpenedResults[],
  comparison: Comparison,
  args: Arguments,
): Promise<AppStrip[]> {
  const prefixes = args.texts('app')
  const isAsked = prefixes.length > 0 || args.text('strips') !== undefined || args.text('trace') !== undefined
  const worst = wholeNumber('strips', args.text('strips'), 0, USUAL_APPS)
  const [{ results, store }, ...others] = inputs as readonly [OpenedResults, ...OpenedResults[]]
  const refused = (problem: string): AppStrip[] => {
    if (isAsked) throw new UserError({ where: '--strips', problem })
    if (!args.on('quiet')) say(`The page tells no app over time: ${problem}.`)
    return []
  }
  if (worst === 0 && prefixes.length === 0) return []
  if (others.length > 0) return refused('it is of several experiments')
  const { trace } = results.record
  if (!isAsked && trace.invocations > MOST_UNASKED) {
    return refused(
      `the trace has ${formatCount(trace.invocations)} invocations, and only --strips ${USUAL_APPS} reads so many`,
    )
  }
  const namesOf = ({ model }: FinishedRun): readonly string[] => store.readNames(trace.digest, String(model['unit']))
  try {
    return await appStrips({ prefixes, worst, namesOf }, results, comparison, args)
  } catch (error) {
    if (isAsked || !(error instanceof UserError)) throw error
    return refused(error.complaint.problem)
  }
}

/**
 * The strips over time of some apps in the runs that matter most, which are made again for their sake. Throws a UserError
 * where the trace is not at hand or the runs cannot be made again.
 */
async function appStrips(
  { prefixes, worst, namesOf }: StripRequest,
  results: Results,
  comparison: Comparison,
  args: Arguments,
): Promise<AppStrip[]> {
  const finished = chosenRuns(results, comparison)
  const { trace, runs } = await plannedRuns({
    ...foundBy(args),
    record: results.record,
    digests: finished.map(({ digest }) => digest),
  })
  const names = appsOf(trace, runs, finished, { prefixes, worst, namesOf })
  const time = timeOf(trace, runs)
  const strips = new Map(names.map((name) => [name, [] as StripRun[]]))
  const arrivals = runs.map((run, at) => replayed(trace, run, finished[at]!, { names, namesOf }))
  // What is done when each of the runs begins, and in the end.
  const before = [0]
  for (const count of arrivals) {
    const done = before.at(-1)! + count
    if (done > MOST_REPLAYED && before.length > 1) break
    before.push(done)
  }
  const progress = await beginProgress('telling apps over time', INVOCATIONS, args.on('quiet'))
  try {
    for (const [at, run] of runs.slice(0, before.length - 1).entries()) {
      progress.at(before[at]!, before.at(-1)!)
      const key = run.digest.slice(0, KEY_LENGTH)
      for (const [name, history] of await namedHistories(trace, run, names)) {
        strips.get(name)!.push(stripRun({ ...history, label: run.label, key }, time, comparison.language))
      }
    }
  } finally {
    progress.end()
  }
  return [...strips].filter(([, told]) => told.length > 0).map(([app, told]) => ({ app, ...time, runs: told }))
}

function chosenRuns({ finished }: Results, { runs, baseline, decision }: Comparison): FinishedRun[] {
  const ranked = decision.candidates.flatMap(({ standings }) => standings.flatMap((standing) => standing?.runs ?? []))
  const first = [...runs.keys()].filter((at) => runs[at]!.variant === baseline.variant).slice(0, 1)
  const digests = [...new Set([...first, ...ranked, ...runs.keys()])].slice(0, MOST_RUNS).map((at) => runs[at]!.digest)
  return digests.flatMap((digest) => finished.find((run) => run.digest === digest) ?? [])
}

/** Those that are asked for, and then the worst of which there is room for all arrivals. */
function appsOf(
  trace: Trace,
  runs: readonly PlannedRun[],
  finished: readonly FinishedRun[],
  { prefixes, worst, namesOf }: StripRequest,
): readonly string[] {
  const [first] = runs
  if (first === undefined) return []
  const units = unitsOf(trace, first.model)
  const asked = prefixes.map((prefix) => units.apps.name.at(appOf(units, prefix)))
  const invocations = new Map(finished.flatMap((run) => invocationsOf(run, namesOf(run))))
  let room = MOST_ARRIVALS
  // Of apps that are invoked too often for a strip to be told, others take the places.
  const lost = worst === 0 ? [] : notable(finished, namesOf)
  const fitting = lost.filter((app) => {
    const count = invocations.get(app) ?? 0
    if (asked.includes(app) || count > room) return false
    room -= count
    return true
  })
  return [...new Set([...asked, ...fitting.slice(0, worst)])]
}

/**
 * Apps that a reader is likely to open: in turn those that lose most by the best run against the best for each in its
 * world, and those that it serves most unlike the baseline.
 */
function notable(finished: readonly FinishedRun[], namesOf: StripRequest['namesOf']): readonly string[] {
  const [baseline, best = baseline] = finished
  if (baseline === undefined || best === undefined) return []
  const { columnOf } = placesOf(finished, ENGLISH)
  const place = columnOf[finished.indexOf(best)]
  const like = finished.filter((_, at) => columnOf[at] === place)
  const { coldStarts } = best.ledger
  const columns = like.map(({ ledger }) => ledger.coldStarts)
  const least = coldStarts.map((_, app) => Math.min(...columns.map((column) => column[app]!)))
  const isAlike = columnOf[0] === place
  const regret = coldStarts.map((cold, app) => cold - least[app]!)
  const ofBaseline = baseline.ledger.coldStarts
  const unlike = coldStarts.map((cold, app) => (isAlike ? Math.abs(cold - ofBaseline[app]!) : 0))
  const names = namesOf(best)
  const [byRegret, byUnlike] = [regret, unlike].map((loss) =>
    [...loss.keys()].filter((app) => loss[app]! > 0).toSorted((one, other) => loss[other]! - loss[one]!),
  )
  const turns = Array.from({ length: Math.max(byRegret!.length, byUnlike!.length) }, (_, turn) => turn)
  const apps = turns.flatMap((turn) => [byRegret![turn] ?? [], byUnlike![turn] ?? []].flat())
  return [...new Set(apps)].flatMap((app) => names[app] ?? [])
}

function invocationsOf({ ledger }: FinishedRun, names: readonly string[]): [string, number][] {
  return names.map((name, app) => [name, ledger.invocations[app]!])
}

/** How many arrivals it takes to tell the apps in a run. */
function replayed(
  trace: Trace,
  { definition, model }: PlannedRun,
  finished: FinishedRun,
  { names, namesOf }: Pick<StripRequest, 'namesOf'> & { readonly names: readonly string[] },
): number {
  if (runsWhole(definition, model)) return trace.invocations
  const wanted = new Set(names)
  return invocationsOf(finished, namesOf(finished)).reduce(
    (sum, [name, count]) => sum + (wanted.has(name) ? count : 0),
    0,
  )
}

/** From the beginning of the first judged part to the end of the last. */
function timeOf(trace: Trace, runs: readonly PlannedRun[]): StripTime {
  const parts = runs.map(({ judged }) => judged ?? { fromMs: 0, toMs: trace.horizonMs })
  return {
    fromMs: Math.min(...parts.map(({ fromMs }) => fromMs)),
    toMs: Math.max(...parts.map(({ toMs }) => toMs)),
    midnightMs: timeOfDay(trace),
  }
}
