import { counted } from '../core/counted.ts'
import { UserError } from '../core/user-error.ts'
import { MODEL_VERSION } from '../core/version.ts'
import type { Judged } from '../metrics/run.ts'
import type { Baseline } from '../metrics/comparison.ts'
import { ENGLISH, told } from '../language/language.ts'
import { distinctLabels } from '../metrics/distinct-labels.ts'
import { policies } from '../policy/policies/index.ts'
import type { PolicyDefinition } from '../policy/policy.ts'
import type { PartOf } from '../engine/ledger-parts.ts'
import type { Model } from '../sim/model.ts'
import { goesByApp } from '../sim/replays/replay.ts'
import { baselineOf } from './baseline.ts'
import { judgedIn } from './judged.ts'
import { judgedOf } from '../config/judge-setting.ts'
import type { Experiment, ExperimentModel, GivenOption, PolicyEntry } from '../config/experiment-file.ts'
import { MODEL_KINDS } from '../config/model-kinds.ts'
import { equalLabels } from './equal-labels.ts'
import { grid, type GridPoint } from './grid.ts'
import { worldSuffix } from './label.ts'
import { runDraws } from './draws.ts'
import { worldOf } from './model-in-force.ts'
import type { OwnPolicy } from '../config/own-policy.ts'
import { canonicalJson, type RunSpec, runDigest } from './run-spec.ts'
import type { Setting, Value } from '../config/setting.ts'
import type { TraceFacts } from './trace-facts.ts'
import { type Variant, variantsOf } from './variant.ts'

/** One run to be made. */
export interface PlannedRun {
  readonly label: string
  /** Id of its variant. */
  readonly variant: string
  readonly spec: RunSpec
  readonly digest: string
  readonly definition: PolicyDefinition
  readonly own?: OwnPolicy
  /** Texts of files that parameters name, by their digests. */
  readonly files: PolicyEntry['files']
  readonly model: Model
  /** Whether each of its apps can be simulated without the others. */
  readonly byApp: boolean
  /** The part of it that is to be made; absent for all of it. */
  readonly part?: PartOf
  /** The part of the trace that it is judged on; null for the whole. */
  readonly judged: Judged | null
  /**
   * Where its `model` stands in the experiment, and its options by what a simulation calls them: `model.nodes`. And where
   * the files stand that parameters of the policy name, with their paths: `policy.file`.
   */
  readonly places: Readonly<Record<string, string>>
}

/** All runs of an experiment on its trace. */
export interface RunPlan {
  readonly baseline: Baseline
  readonly runs: readonly PlannedRun[]
  /** What a reader of the results must know besides; a sentence each. */
  readonly notes: readonly string[]
  /** What may be a slip, with its place in the experiment; a sentence each, without a full stop. */
  readonly doubts: readonly string[]
}

/**
 * The runs of an experiment: its model's options vary slowest, then policies with their parameters, then judged parts, then seeds, each
 * list in the order in which it is written. Throws a UserError for what does not fit the trace or itself.
 */
export function planRuns(experiment: Experiment, trace: TraceFacts, most = MOST_RUNS): RunPlan {
  demandFew(experiment, most)
  const variants = experiment.policies.flatMap((entry) => variantsOf(entry, trace))
  refuseEqualIds(experiment.policies)
  const anchor = baselineOf(experiment, variants)
  const all = variants.includes(anchor) ? variants : [...variants, anchor]
  const { judges } = experiment.trace
  const several = severalModels(experiment)
  const runs = experiment.models.flatMap((given, position) =>
    grid(given.given).flatMap((world) =>
      all
        .filter((variant) => isFirstOfOwn(variant, world, given))
        .flatMap((variant) => {
          const own = variant.own.filter(({ name }) => name in MODEL_KINDS.get(given.defaults.kind, '').options)
          const common = world.filter(({ name }) => own.every((choice) => choice.name !== name))
          const { model, inForce } = worldOf(given, [...common, ...own], trace)
          const seeds = seedsOf(variant, model, experiment, trace)
          const samples = grid([...(judges === undefined ? [] : [judges]), { name: 'seed', values: seeds }])
          const place = several.prefix[position]! + worldSuffix(common, several.isNamed[position])
          const places = {
            model: given.where,
            ...placesOf([
              ...given.given,
              ...variant.entry.params.filter(({ name }) => own.some((choice) => choice.name === name)),
            ]),
          }
          return samples.map((seed) => runOf(variant, { place, seed, judges, model, inForce, places }, trace))
        }),
    ),
  )
  const once = [...new Map(runs.map((run) => [`${run.digest} ${run.label}`, run])).values()]
  const { labels, note } = distinctLabels(once.map(({ label }) => label))
  return {
    baseline: { label: anchor.label, variant: anchor.id },
    runs: once.map((run, index) => ({ ...run, label: labels[index]! })),
    notes: [
      ...listedTwice(runs.length - once.length),
      ...note,
      ...oneSeed(once, experiment),
      ...fromOutside(experiment),
    ],
    doubts: equalLabels(all),
  }
}

/** Runs with those of the baseline first, so that what an interrupted experiment has can be compared. */
export function baselineFirst({ baseline }: RunPlan, runs: readonly PlannedRun[]): PlannedRun[] {
  const isBaseline = ({ variant }: PlannedRun): boolean => variant === baseline.variant
  return [...runs.filter(isBaseline), ...runs.filter((run) => !isBaseline(run))]
}

/** So many runs are planned in a second; more are mostly a slip in a sweep. */
export const MOST_RUNS = 100_000

function combinations(given: readonly { readonly values: readonly unknown[] }[]): number {
  return given.reduce((count, { values }) => count * values.length, 1)
}

/** Counts the combinations before any is made: a few lines can name more than memory holds. */
function demandFew({ file, models, policies: entries, seeds }: Experiment, most: number): void {
  const variants = entries.reduce((sum, { params }) => sum + combinations(params), 0)
  const worlds = models.reduce((sum, { given }) => sum + combinations(given), 0)
  const runs = variants * worlds * seeds.length
  if (runs <= most) return
  const problem = `expected at most ${counted(most, 'run')}, found combinations for ${runs}`
  const hint = 'Sweep fewer values, or raise the limit: pilotlight run --most-runs.'
  throw new UserError({ where: file, problem, hint })
}

function listedTwice(runs: number): string[] {
  if (runs === 0) return []
  return [told(ENGLISH, 'note.twice', { count: runs })]
}

/** What a file says was made outside, and may know anything. */
function fromOutside({ policies: entries }: Experiment): string[] {
  return entries.flatMap(({ definition, params }) => {
    const files = params.filter(({ name }) => definition.parameters[name]?.kind === 'file')
    const paths = files.flatMap(({ values }) => values.map(({ written }) => written).filter((path) => path !== ''))
    return paths.map((path) => told(ENGLISH, 'note.outside', { policy: definition.id, path }))
  })
}

/** Whether a world is one to run a variant in: the option that it chooses for itself makes no other run when swept. */
function isFirstOfOwn({ own }: Variant, world: GridPoint, { given: options }: ExperimentModel): boolean {
  return world.every(({ name, setting }) => {
    if (own.every((choice) => choice.name !== name)) return true
    return options.find((given) => given.name === name)!.values[0] === setting
  })
}

/**
 * The seeds that make different runs of a variant in a world: where nothing is drawn at random, the first stands for all.
 */
function seedsOf(
  { entry: { definition, own }, params }: Variant,
  model: Model,
  { seeds }: Experiment,
  trace: TraceFacts,
): readonly Setting[] {
  const policyFile = own === undefined ? {} : { policyFile: own.sha256 }
  return runDraws({ policy: definition.id, ...policyFile, params, model }, trace) ? seeds : seeds.slice(0, 1)
}

/** Says where one seed was run in place of several. */
function oneSeed(runs: readonly PlannedRun[], { seeds }: Experiment): string[] {
  if (seeds.length < 2) return []
  const samples = Map.groupBy(runs, ({ variant, spec: { model, judge } }) => canonicalJson([variant, model, judge]))
  const lone = [...samples.values()].filter((own) => own.length === 1).length
  if (lone === 0) return []
  const drawn = { seeds: seeds.length }
  return [
    lone === samples.size
      ? told(ENGLISH, 'note.noRandom', drawn)
      : told(ENGLISH, 'note.someRandom', { ...drawn, count: lone }),
  ]
}

/** How the runs of each of several models are told from those of the others. */
function severalModels({ models }: Experiment): { readonly prefix: string[]; readonly isNamed: boolean[] } {
  const alike = models.map(({ defaults }) => models.filter((other) => other.defaults.kind === defaults.kind).length)
  return {
    prefix: models.map(({ defaults }) => (models.length === 1 ? '' : ` ${defaults.kind}`)),
    isNamed: alike.map((count) => count > 1),
  }
}

interface PlannedWorld {
  /** What it adds to a label. */
  readonly place: string
  /** A seed, and before it the part that is judged, where there is one. */
  readonly seed: GridPoint
  readonly judges: GivenOption | undefined
  readonly model: Model
  readonly inForce: Readonly<Record<string, Value>>
  readonly places: PlannedRun['places']
}

function placesOf(options: readonly GivenOption[]): PlannedRun['places'] {
  return Object.fromEntries(options.map(({ name, where }) => [`model.${name}`, where]))
}

/** Where the files stand that parameters name, and which of several files is meant. */
function filePlaces({ definition, params: given }: PolicyEntry, params: Variant['params']): PlannedRun['places'] {
  const files = given.filter(({ name }) => definition.parameters[name]?.kind === 'file')
  return Object.fromEntries(
    files.flatMap(({ name, values, where }) => {
      const setting = values.find(({ value }) => value === params[name])
      return setting === undefined ? [] : [[`policy.${name}`, `${where}, ${setting.written}`]]
    }),
  )
}

/** What a simulation of a run threw: where it tells of a parameter or an option of the model, at the place of that. */
export function placed(failure: unknown, { places }: Pick<PlannedRun, 'places'>): unknown {
  if (!(failure instanceof UserError)) return failure
  const { complaint } = failure
  const { option } = complaint
  const where =
    option === undefined
      ? places[complaint.where]
      : (places[`policy.${option}`] ?? places[`model.${option}`] ?? places['model'])
  return where === undefined ? failure : new UserError({ ...complaint, where })
}

function runOf(
  { id, label, entry, params }: Variant,
  { place, seed, judges, model, inForce, places }: PlannedWorld,
  trace: TraceFacts,
): PlannedRun {
  const { definition, own, files } = entry
  const judge = seed.find(({ name }) => name === 'judge')
  const judged = judge === undefined ? null : judgedIn(trace.horizonMs, judgedOf(judge.setting), judges!.where)
  const spec: RunSpec = {
    policy: definition.id,
    ...(own === undefined ? {} : { policyFile: own.sha256 }),
    params,
    model: inForce,
    seed: seed.at(-1)!.setting.value as number,
    ...(judged === null ? {} : { judge: judged }),
    trace: trace.digest,
    modelVersion: MODEL_VERSION,
  }
  const named = { label: label + place + worldSuffix(seed), variant: id }
  const run = {
    ...named,
    spec,
    digest: runDigest(spec),
    definition,
    files,
    model,
    byApp: goesByApp({ definition, model }),
    judged,
    places: { ...places, ...filePlaces(entry, params) },
  }
  return own === undefined ? run : { ...run, own }
}

function refuseEqualIds(entries: readonly PolicyEntry[]): void {
  const fileOf = new Map<string, string>(policies.ids.map((id) => [id, 'a policy of pilotlight']))
  for (const { definition, own, where } of entries) {
    if (own === undefined) continue
    const other = fileOf.get(definition.id)
    if (other !== undefined && other !== own.path) {
      const problem = `two policies call themselves ${definition.id}: ${other} and ${own.path}`
      throw new UserError({ where, problem, hint: 'Give one of them another id.' })
    }
    fileOf.set(definition.id, own.path)
  }
}
