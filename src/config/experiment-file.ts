import { dirname, isAbsolute, join } from 'node:path'
import type { Described } from '../core/registry.ts'
import { UserError } from '../core/user-error.ts'
import type { PriceTable } from '../metrics/prices/price-table.ts'
import { policies } from '../policy/policies/index.ts'
import type { PolicyDefinition } from '../policy/policy.ts'
import type { Model } from '../sim/model.ts'
import type { Goal } from '../metrics/decision/decision.ts'
import { goalOf, readLimit } from '../metrics/decision/goal.ts'
import { METRICS } from '../metrics/index.ts'
import type { Metric } from '../metrics/metric.ts'
import type { Chart } from '../report/chart.ts'
import type { TraceFormat } from '../trace/trace-format.ts'
import { formats } from '../trace/formats/index.ts'
import { z } from 'zod'
import type { Origin } from '../trace/build/event-time.ts'
import { tracePath } from '../trace/catalogue/named-trace.ts'
import type { Mapping } from '../trace/mapping/mapping.ts'
import type { Slice } from '../trace/slice.ts'
import { readMapping } from './mapping-file.ts'
import { sliceOf } from './slice-fields.ts'
import { parseSource, type Path, withValues, type SourceDocument } from './document.ts'
import { check } from './field.ts'
import { MODEL_KINDS, type ModelKind, ownOptions } from './model-kinds.ts'
import { loadOwnPolicy, type OwnPolicy } from './own-policy.ts'
import { isOwnModule } from './own-file.ts'
import { loadOwnChart, loadOwnFormat, loadOwnMetric } from './own-plugins.ts'
import { withDigests } from './parameter-file.ts'
import { readPrices } from './prices.ts'
import { DEFAULT_MODEL, entrySchema, frameSchema, modelSchema, OWN_POLICY_PATTERN } from './experiment-schema.ts'
import { withRule } from './rule-setting.ts'
import { found, nearKey, type Setting } from './setting.ts'
import { readText } from '../files/read-text.ts'

/** An option or parameter that was given, with its values; several are a grid. */
export interface GivenOption {
  readonly name: string
  readonly values: readonly Setting[]
  /** Where it stands in the file. */
  readonly where: string
}

/** One entry of an experiment's list of policies. */
export interface PolicyEntry {
  readonly definition: PolicyDefinition
  /** The file of a user's own policy. */
  readonly own?: OwnPolicy
  readonly label?: string
  /** In the order in which they are written; options of the model that it chooses for itself are among them. */
  readonly params: readonly GivenOption[]
  /** Names of those options. */
  readonly ownOptions: readonly string[]
  /** Texts of the files that parameters name, by their digests, which are the values of those. */
  readonly files: Readonly<Record<string, string>>
  readonly where: string
}

/** The trace of an experiment, and how it is read. */
export interface ExperimentTrace {
  readonly path: string
  readonly format?: string | TraceFormat
  readonly mapping?: Mapping
  readonly origin?: Origin
  /** The part of it that is wanted. */
  readonly slice?: Slice
  /** The parts of it that runs are judged on, each a run of its own; none where the whole is. */
  readonly judges?: GivenOption
  readonly where: string
}

/** One model of an experiment; options with several values make several worlds of it. */
export interface ExperimentModel {
  readonly defaults: Model
  readonly given: readonly GivenOption[]
  readonly where: string
}

/** An experiment as it was written, every name and value in it checked; what depends on the trace is not known yet. */
export interface Experiment {
  readonly name: string
  readonly file: string
  /** The file's text, which is kept with the results. */
  readonly text: string
  readonly trace: ExperimentTrace
  /** The worlds that every policy is run in; at least one. */
  readonly models: readonly ExperimentModel[]
  readonly policies: readonly PolicyEntry[]
  readonly baseline?: { readonly label: string; readonly where: string }
  /** What is wanted of a policy, where the experiment says; no run depends on it. */
  readonly goal?: Goal
  readonly seeds: readonly Setting[]
  /** What money is reckoned with; no run depends on them. */
  readonly prices?: PriceTable
  /** Columns and pictures of the user's own. */
  readonly metrics: readonly Metric[]
  readonly charts: readonly Chart[]
}

/**
 * Reads an experiment file, with values set in place of those that it has, each as in `model.kind=instances`. Throws a
 * UserError with file, line, column and path for the first thing wrong with it.
 */
export async function readExperiment(file: string, set: readonly string[] = []): Promise<Experiment> {
  const hint = 'Give the path of an experiment, as in experiments/quickstart.yaml.'
  const text = await readText(file, { what: 'an experiment (.yaml)', hint })
  return experimentOf(parseSource(withValues(text, file, set, '--set'), file))
}

/** Checks an experiment that was parsed; paths in it are relative to its file. */
export async function experimentOf(document: SourceDocument): Promise<Experiment> {
  const { file, text } = document
  const frame = check(frameSchema, document, document.data, [])
  const { name, baseline, trace } = frame
  const format = trace.format === undefined ? undefined : await formatOf(document, trace.format)
  const models = await modelsOf(document, frame.model)
  const ownChoices = Object.assign(
    {},
    ...models.map(({ defaults }) => ownOptions(MODEL_KINDS.get(defaults.kind, 'model'))),
  ) as ModelKind['options']
  const entries = []
  for (const [index, raw] of listOf(document, frame.policies).entries())
    entries.push(await entryOf(document, raw, index, ownChoices))
  const metrics = await eachOwn(document, 'metrics', frame.metrics, loadOwnMetric)
  return {
    name,
    file,
    text,
    trace: await traceOf(document, trace, format),
    models,
    policies: entries,
    ...(baseline === undefined ? {} : { baseline: { label: baseline, where: document.value(['baseline']).where } }),
    ...(frame.choose === undefined ? {} : { goal: chosenGoal(document, frame.choose, metrics) }),
    seeds: frame.seed ?? [{ value: 1, written: '1', canonical: '1' }],
    ...(frame.prices === undefined ? {} : { prices: await pricesOf(document, frame.prices) }),
    metrics,
    charts: await eachOwn(document, 'charts', frame.charts, loadOwnChart),
  }
}

async function traceOf(
  document: SourceDocument,
  trace: z.output<typeof frameSchema>['trace'],
  format: string | TraceFormat | undefined,
): Promise<ExperimentTrace> {
  const { file } = document
  const { path, mapping, origin } = trace
  const slice = sliceOf(trace)
  const place = document.value(['trace', 'mapping']).where
  const isInline = mapping?.trimStart().startsWith('{') === true
  return {
    path: tracePath(path, (written) => besides(file, written)),
    ...(format === undefined ? {} : { format }),
    ...(mapping === undefined
      ? {}
      : { mapping: await readMapping(isInline ? mapping : besides(file, mapping), place) }),
    ...(origin === undefined ? {} : { origin }),
    ...(slice === undefined ? {} : { slice }),
    ...judgesOf(document, trace),
    where: document.value(['trace', 'path']).where,
  }
}

function judgesOf(
  document: SourceDocument,
  { judge, warmup }: z.output<typeof frameSchema>['trace'],
): Pick<ExperimentTrace, 'judges'> {
  if (judge !== undefined && warmup !== undefined) {
    const { where } = document.key(['trace', 'warmup'])
    throw new UserError({
      where,
      problem: 'judge and warmup are both given',
      hint: 'judge: { from: 1d } is a warmup of 1d.',
    })
  }
  const values = judge ?? warmup
  if (values === undefined) return {}
  const { where } = document.value(['trace', judge === undefined ? 'warmup' : 'judge'])
  return { judges: { name: 'judge', values, where } }
}

async function formatOf(document: SourceDocument, name: string): Promise<string | TraceFormat> {
  const { where } = document.value(['trace', 'format'])
  return isOwnModule(name) ? loadOwnFormat(besides(document.file, name), where) : formats.get(name, where).id
}

/** What the files of one key hold. Throws a UserError where two of them call themselves the same. */
async function eachOwn<T extends Described>(
  document: SourceDocument,
  key: 'metrics' | 'charts',
  files: readonly string[] = [],
  load: (file: string, where: string) => Promise<T>,
): Promise<T[]> {
  const all: T[] = []
  for (const [index, file] of files.entries()) {
    const { where } = document.value([key, index])
    const own = await load(besides(document.file, file), where)
    if (all.some(({ id }) => id === own.id)) {
      throw new UserError({
        where,
        problem: `two of the ${key} call themselves ${own.id}`,
        hint: 'Give one of them another id.',
      })
    }
    all.push(own)
  }
  return all
}

function pricesOf(document: SourceDocument, name: string): Promise<PriceTable> {
  return readPrices({ name, path: besides(document.file, name), where: document.value(['prices']).where })
}

function listOf(document: SourceDocument, raw: unknown): readonly unknown[] {
  if (Array.isArray(raw) && raw.length > 0) return raw
  const { where } = document.value(['policies'])
  const problem = `expected a list of at least one policy, found ${found(raw)}`
  throw new UserError({ where, problem, hint: 'Write - { policy: fixed } under "policies:".' })
}

/** What `choose` asks for. */
function chosenGoal(
  document: SourceDocument,
  { minimise = 'cold-starts', 'subject to': limits = [] }: NonNullable<z.output<typeof frameSchema>['choose']>,
  own: readonly Metric[],
): Goal {
  const metrics = [...METRICS.all, ...own]
  const place = document.value(['choose', 'subject to']).where
  const read = [limits].flat().map((text) => readLimit(text, metrics, place))
  return goalOf(minimise, read, metrics, document.value(['choose', 'minimise']).where)
}

/** The goal that the text of an experiment states, if it states one by listed metrics; nothing else of it is read. */
export function goalIn(document: SourceDocument): Goal | undefined {
  try {
    const { choose } = check(z.looseObject({ choose: frameSchema.shape.choose }), document, document.data, [])
    return choose === undefined ? undefined : chosenGoal(document, choose, [])
  } catch (error) {
    // It was checked when it was run: what is not known here is a metric of the user's own.
    if (error instanceof UserError) return undefined
    throw error
  }
}

/** One model, or each of a list. */
async function modelsOf(document: SourceDocument, raw: unknown): Promise<ExperimentModel[]> {
  if (!Array.isArray(raw)) return [await modelOf(document, raw, ['model'])]
  if (raw.length > 0) return Promise.all(raw.map((each: unknown, index) => modelOf(document, each, ['model', index])))
  const problem = 'expected a model or a list of models, found an empty list'
  throw new UserError({ where: document.value(['model']).where, problem })
}

async function modelOf(document: SourceDocument, raw: unknown, path: Path): Promise<ExperimentModel> {
  const { where } = document.value(path)
  const id = keyOf(raw, 'kind') ?? DEFAULT_MODEL
  const place = document.value([...path, 'kind']).where
  if (typeof id !== 'string') {
    const problem = `expected one kind of model, found ${found(id)}`
    const hint = 'Several kinds are a list of models: model: [{ kind: paper }, { kind: instances }].'
    throw new UserError({ where: place, problem, hint })
  }
  const kind = MODEL_KINDS.get(id, place)
  const options = check(modelSchema(kind), document, raw ?? {}, path)
  return { defaults: kind.defaults, given: await givenIn(document, raw, options, path, ['kind']), where }
}

async function entryOf(
  document: SourceDocument,
  raw: unknown,
  index: number,
  options: ModelKind['options'],
): Promise<PolicyEntry> {
  const path = ['policies', index]
  const { where } = document.value(path)
  const id = keyOf(raw, 'policy')
  const idPlace = document.value([...path, 'policy']).where
  if (typeof id !== 'string' || id === '') {
    const near = nearKey(raw, 'policy')
    const told = near === undefined ? found(raw) : `a mapping with the key ${JSON.stringify(near)}`
    const problem = `expected a mapping with the key "policy", found ${told}`
    if (near !== undefined) throw new UserError({ where, problem, hint: 'Did you mean "policy"?' })
    throw new UserError({ where, problem, hint: 'Write, for example, { policy: fixed, keepAlive: 10m }.' })
  }
  const isOwn = new RegExp(OWN_POLICY_PATTERN).test(id)
  const own = isOwn ? await loadOwnPolicy(besides(document.file, id), idPlace) : undefined
  const definition = own?.definition ?? policies.get(id, idPlace)
  const entry = check(entrySchema(definition, options), document, raw, path)
  const { label } = entry
  const given = await givenIn(document, raw, entry, path, ['policy', 'label'])
  const { params, files } = await withDigests(definition.parameters, given, document.file)
  return {
    definition,
    ...(own === undefined ? {} : { own }),
    ...(label === undefined ? {} : { label: String(label) }),
    params,
    ownOptions: Object.keys(options).filter((name) => !(name in definition.parameters)),
    files,
    where,
  }
}

/** The keys of a checked mapping that hold settings, in the order in which the file has them, rules of one's own loaded. */
function givenIn(
  document: SourceDocument,
  raw: unknown,
  checked: Readonly<Record<string, unknown>>,
  path: readonly (string | number)[],
  except: readonly string[],
): Promise<GivenOption[]> {
  const names = Object.keys((raw ?? {}) as object).filter((name) => !except.includes(name))
  return Promise.all(
    names.map(async (name) => {
      const { where } = document.value([...path, name])
      const place = { path: (written: string) => besides(document.file, written), where }
      const values = (checked[name] as readonly Setting[]).map((setting) => withRule(name, setting, place))
      return { name, values: await Promise.all(values), where }
    }),
  )
}

/** A path that is written in a file, relative to that file. */
function besides(file: string, path: string): string {
  return isAbsolute(path) ? path : join(dirname(file), path)
}

function keyOf(raw: unknown, key: string): unknown {
  return typeof raw === 'object' && raw !== null ? (raw as Record<string, unknown>)[key] : undefined
}
