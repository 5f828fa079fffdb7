import { counted } from '../core/counted.ts'
import type { AppPlan, Plan } from '../policy/plan/plan.ts'
import {
  FIDELITY_KINDS,
  FIDELITY_MEANING,
  type FidelityKind,
  type FidelityNote,
  fidelityTotals,
  withoutContradictions,
} from './fit/fidelity.ts'
import { formatDuration } from '../core/units.ts'
import { UserError } from '../core/user-error.ts'
import { applyScripts } from './apply/scripts.ts'
import { kustomizeFiles } from './apply/kustomize.ts'
import { environmentOf, tellingOf } from './apply/tool.ts'
import { type ExportFile, jsonFile } from './files/export-file.ts'
import { filesWith, type Listing, presentDiff, presentObjects, savedObjects } from './files/present.ts'
import { nameApps, type NameMap } from './files/deployed-names.ts'
import type { Refusal } from './fit/refusal.ts'
import {
  type NamedPlan,
  type Platform,
  type ServedRules,
  type ServingWorld,
  sourceText,
  type Written,
} from './platform.ts'
import type { Tool } from './apply/tool.ts'
import { demandTimeZone } from './schedule/platform-zone.ts'

/** A plan in a platform's files. */
export interface Export {
  readonly platform: string
  /** The files for the platform's tool, and README.md, apply.sh and fidelity.json. */
  readonly files: readonly ExportFile[]
  readonly notes: readonly FidelityNote[]
  /** Apps for which nothing could be written. */
  readonly refused: readonly Refusal[]
  /** Apps by the kind of their fidelity. */
  readonly fidelity: Readonly<Record<FidelityKind, number>>
  /** What the platform does with the files, as a plan for the simulation. */
  readonly applied: Plan
  /** What the platform has now, where a listing of its objects was given. */
  readonly asItIs?: AsItIs
}

/** What a listing says. */
interface AsItIs {
  /** The plan that the platform follows now. */
  readonly plan: Plan
  /** Objects that the export changes, and how many of them the listing has. */
  readonly wanted: number
  readonly found: number
}

/** What an export may know besides the plan. */
export interface ExportFacts {
  readonly listing?: Listing
  /** How instances served in the simulation, for platforms that can do the same. */
  readonly world?: ServingWorld
  /** The length in ms of the part of the trace that the plan was made from, where it is judged on the rest. */
  readonly fitForMs?: number
  /** What to know besides before anything is applied, a sentence each. */
  readonly before?: readonly string[]
}

/**
 * Writes a plan for a platform and reads the files back as the platform does. Throws a UserError for a time zone that
 * does not exist, and for an app that the mapping lacks. An app for which nothing can be written does not stop the others.
 */
export function exportPlan(plan: Plan, platform: Platform, names: NameMap, facts: ExportFacts = {}): Export {
  const { listing, world, fitForMs, before = [] } = facts
  demandTimeZone(plan.timeZone, 'the time zone')
  const named = { ...nameApps(plan, platform, names), ...(world === undefined ? {} : { world }) }
  const whole = platform.write(named)
  const { refused = [] } = whole
  const without = new Set(refused.map(({ app }) => app))
  const notes = withoutContradictions(whole.notes.filter(({ app }) => !without.has(app)))
  const known = [...before, ...(whole.before ?? [])]
  const written = forApps(named.apps.length, { ...whole, notes, refused, before: known })
  const fidelity = fidelityTotals(notes)
  const about = [
    {
      path: 'README.md',
      text: readme(platform, named, written, { fidelity, ...(fitForMs === undefined ? {} : { fitForMs }) }),
    },
    ...(written.tool === undefined ? [] : applyScripts(written.changes, written.tool, platform.maxima)),
    ...(written.tool?.kinds === undefined
      ? []
      : kustomizeFiles(written.changes, written.files, written.tool.kinds, platform.maxima)),
    jsonFile('fidelity.json', { platform: platform.id, fidelity, notes, refused }),
  ]
  const planOf = (files: readonly ExportFile[]): Plan => ({ ...plan, apps: appliedTo(plan, platform, named, files) })
  const made = { platform: platform.id, notes, refused, fidelity }
  const files = [...written.files, ...about]
  if (listing === undefined) return { ...made, files, applied: planOf(written.files) }
  const changing = { changes: written.changes, maxima: platform.maxima }
  const readable = <T>(read: () => T): T => readOf(read, listing, platform)
  const present = readable(() => presentObjects(listing, platform, changing.changes, named.settings))
  const listed = (becomes: Parameters<typeof filesWith>[3]): Plan =>
    readable(() => demandSound(planOf(filesWith(written.files, changing, present, becomes)), listing, platform))
  const diff = { path: 'diff.txt', text: presentDiff(written.files, changing, present) }
  const saved = savedObjects(written.files, changing.changes, present)
  return {
    ...made,
    files: [...files, diff, ...saved],
    applied: listed('as exported'),
    asItIs: { plan: listed('as it is'), wanted: changing.changes.length, found: present.size },
  }
}

const LISTING_HINT = 'docs/export.md has the commands that print such a listing.'

/** A listing comes from outside: where it cannot be read, the error is about the listing. */
function readOf<T>(read: () => T, { where }: Listing, { title }: Platform): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof UserError) throw error
    // JavaScript's own message would not help somebody who has only the listing.
    throw new UserError({ where, problem: `its objects do not look like those of ${title}`, hint: LISTING_HINT })
  }
}

function demandSound(plan: Plan, { where }: Listing, { title }: Platform): Plan {
  const odd = plan.apps.find((app) => !isSound(app))
  if (odd === undefined) return plan
  const problem = `the values of ${odd.app} are out of the range of ${title}`
  throw new UserError({ where, problem, hint: LISTING_HINT })
}

function isSound({ concurrency, prewarmMs, keepAliveMs, lastKeepAliveMs = 0, floor, awakeFloor }: AppPlan): boolean {
  const levels = [...floor.steps, ...(awakeFloor?.steps ?? [])].map(({ instances }) => instances)
  return concurrency > 0 && [prewarmMs, keepAliveMs, lastKeepAliveMs, ...levels].every((value) => value >= 0)
}

/** Where nothing is set there is nothing to apply. */
function forApps(apps: number, written: Written): Written {
  if (apps > 0 && written.files.length > 0) return written
  const { tool: _tool, byHand: _byHand, back: _back, ...nothing } = written
  return nothing
}

/** A plan with every app as the platform keeps it where nothing is written, under the settings of a mapping. */
export function defaultPlan(plan: Plan, platform: Platform, settings: NameMap['settings'] = {}): Plan {
  const rules = defaultOf(platform, settings)
  return { ...plan, apps: plan.apps.map((app) => withRules(app, rules, rules)) }
}

function defaultOf({ byDefault, defaultUnder }: Platform, settings: NameMap['settings']): Platform['byDefault'] {
  return defaultUnder?.(settings) ?? byDefault
}

function appliedTo(plan: Plan, platform: Platform, named: NamedPlan, files: readonly ExportFile[]): AppPlan[] {
  const rules = platform.read(files, named)
  const byDefault = defaultOf(platform, named.settings)
  const nameOf = new Map(named.apps.map(({ app, name }) => [app, name]))
  return plan.apps.map((app) => {
    const name = nameOf.get(app.app)
    const own = name === undefined ? undefined : rules.get(name)
    return withRules(app, own ?? rules.get('*') ?? byDefault, byDefault)
  })
}

function withRules(app: AppPlan, rules: ServedRules, byDefault: ServedRules): AppPlan {
  const { lastKeepAliveMs: _last, awakeFloor: _awake, autoscaler: _loop, ...rest } = app
  const { prewarmMs, keepAliveMs, lastKeepAliveMs, floor, awakeFloor, autoscaler } = rules
  const last = lastKeepAliveMs === undefined ? {} : { lastKeepAliveMs }
  const loop = autoscaler === undefined ? {} : { autoscaler }
  const awake = awakeFloor === undefined ? {} : { awakeFloor }
  const concurrency = rules.concurrency ?? byDefault.concurrency ?? app.concurrency
  return { ...rest, concurrency, prewarmMs, keepAliveMs, ...last, ...loop, floor, ...awake, schedule: floor }
}

/** Apps that a README shows; fidelity.json has all of them. */
const MOST_SHOWN = 12

function readme(
  platform: Platform,
  { apps, policy, timeZone, settings: values }: NamedPlan,
  { tool, byHand = [], back, before = [], refused = [] }: Written,
  { fidelity, fitForMs }: Pick<Export, 'fidelity'> & Pick<ExportFacts, 'fitForMs'>,
): string {
  const { title, sets, lacks, settings, afterFall } = platform
  const kinds = FIDELITY_KINDS.filter((kind) => fidelity[kind] > 0)
  const set = Object.entries(settings).map(([key, { describe }]) => `- \`${key}: ${values[key]}\`. ${describe}`)
  return [
    `# ${policy.id} for ${title}`,
    '',
    `Written by pilotlight for ${counted(apps.length, platform.unit ?? 'app')}. The files set ${sets}. What the platform does not have: ${lower(lacks)}`,
    '',
    `${fallText(afterFall, timeZone)}An app for which nothing is written is kept by the platform’s default (${defaultOf(platform, values).from}).`,
    '',
    ...(before.length === 0 ? [] : ['## Before you apply', '', ...before.map((each) => `- ${each}`), '']),
    '## Apply',
    '',
    ...applyText(tool, byHand),
    ...backText(tool, back),
    ...(set.length === 0 ? [] : ['## Settings', '', 'What the mapping file (`--names`) may set:', '', ...set, '']),
    ...(fitForMs === undefined
      ? []
      : [
          `The plan was made from the first ${formatDuration(fitForMs)} of the trace. The runs that were compared are of the rest.`,
          '',
        ]),
    '## Fidelity',
    '',
    '| apps | kind | what that means |',
    '| --- | --- | --- |',
    ...kinds.map((kind) => `| ${fidelity[kind]} | ${kind} | ${FIDELITY_MEANING[kind]} |`),
    '',
    'fidelity.json has every app with the value wanted and the value written.',
    ...(refused.length === 0 ? [] : refusedText(refused)),
    '',
    '## Where this comes from',
    '',
    ...platform.sources.map((each) => `- ${sourceText(each)}`),
    ...platform.assumed.map(({ says }) => `- Assumed, since no source was found: ${says}`),
    '',
  ].join('\n')
}

function fallText(afterFall: string | undefined, timeZone: string): string {
  return afterFall === undefined
    ? ''
    : `The times of schedules are those of ${timeZone}. When the level of a schedule falls: ${lower(afterFall)} `
}

function applyText(tool: Tool | undefined, byHand: readonly string[]): string[] {
  const hand = byHand.length === 0 ? [] : ['```sh', ...byHand, '```', '']
  if (tool === undefined)
    return hand.length > 0 ? hand : ['Nothing needs to be set: the platform’s default serves all apps.', '']
  const variables = environmentOf(tool).map((name) => `- \`${name}\`: ${tool.variables?.[name] ?? ''}`)
  return [
    `\`sh apply.sh --dry-run\` reads every object and shows what would change. \`sh apply.sh\` makes these changes and no others, and keeps the objects as they were in before/. \`sh rollback.sh\` undoes the changes, so keep this folder. The scripts need ${['jq', ...tool.needs].join(', ')}. The calls are in tool.sh.`,
    '',
    ...(variables.length === 0 ? [] : ['These variables of the environment must be set:', '', ...variables, '']),
    '```sh',
    ...tellingOf(tool).map((command) => `${command} # is this where it shall be applied?`),
    'sh apply.sh --dry-run',
    'sh apply.sh',
    '```',
    '',
    ...(tool.kinds === undefined
      ? []
      : [
          'Do your objects come from files? Then kustomize/ makes the same changes as a component of Kustomize, and helm/post-render.sh in what Helm renders; helm/values.yaml has them as values for charts of your own. Use only one of these ways, since whatever is applied last wins.',
          '',
        ]),
    ...hand,
  ]
}

function backText(tool: Tool | undefined, back: string | undefined): string[] {
  const scripts = tool === undefined ? [] : ['`sh rollback.sh` undoes what apply.sh changed.']
  const all = [...scripts, ...(back === undefined ? [] : [back])]
  return all.length === 0 ? [] : ['## Go back', '', all.join(' '), '']
}

function refusedText(refused: readonly Refusal[]): string[] {
  const shown = refused.slice(0, MOST_SHOWN).map(({ app, problem }) => `- ${JSON.stringify(app)}: ${problem}`)
  const more = refused.length > MOST_SHOWN ? [`- … and ${refused.length - MOST_SHOWN} more: see fidelity.json`] : []
  return [
    '',
    '## Not written',
    '',
    'For these apps nothing could be written. The platform keeps them by its default:',
    '',
    ...shown,
    ...more,
  ]
}

function lower(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1)
}
