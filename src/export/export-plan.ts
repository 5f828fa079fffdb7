import { UserError } from '../core/user-error.ts'
import type { AppPlan, AppRules, Plan } from '../policy/plan/plan.ts'
import {
  FIDELITY_KINDS,
  FIDELITY_MEANING,
  type FidelityKind,
  type FidelityNote,
  fidelityTotals,
  withoutContradictions,
} from './fit/fidelity.ts'
import { formatDuration } from '../core/units.ts'
import { applyScripts } from './apply/scripts.ts'
import { kustomizeFiles } from './apply/kustomize.ts'
import { environmentOf } from './apply/tool.ts'
import { type ExportFile, jsonFile } from './files/export-file.ts'
import { filesWith, presentDiff, presentObjects, savedObjects } from './files/present.ts'
import { nameApps, type NameMap } from './files/names.ts'
import type { Refusal } from './fit/limits.ts'
import type { NamedPlan, Platform, ServingWorld, Written } from './platform.ts'
import type { Tool } from './apply/tool.ts'
import { demandTimeZone } from './schedule/time-zone.ts'

/** A plan in a platform's files. */
export interface Export {
  readonly platform: string
  /** What the platform's tool takes, and README.md, apply.sh and fidelity.json about it. */
  readonly files: readonly ExportFile[]
  readonly notes: readonly FidelityNote[]
  /** Apps that the platform cannot be told of: nothing is written for them. */
  readonly refused: readonly Refusal[]
  /** Apps by the kind of their fidelity. */
  readonly fidelity: Readonly<Record<FidelityKind, number>>
  /** The plan that the platform makes of the files, for the simulation. */
  readonly applied: Plan
  /** The plan that the platform follows now, where a listing of its objects was given. */
  readonly asItIs?: Plan
}

/** What an export may know besides the plan. */
export interface ExportFacts {
  readonly listing?: Listing
  /** How instances served in the simulation, for platforms that can do the same. */
  readonly world?: ServingWorld
  /** How much of the trace the plan was made of, in ms, where the rest judges it. */
  readonly fitForMs?: number
}

/** A listing of what a platform has, and where it was read. */
export interface Listing {
  readonly text: string
  readonly where: string
}

/**
 * Writes a plan for a platform and reads the files back as the platform does. Throws a UserError for a time zone that
 * does not exist, and an app that the mapping lacks. One app that the platform cannot be told of does not stop the others.
 */
export function exportPlan(plan: Plan, platform: Platform, names: NameMap, facts: ExportFacts = {}): Export {
  const { listing, world, fitForMs } = facts
  demandTimeZone(plan.timeZone, 'the time zone')
  const named = { ...nameApps(plan, platform, names), ...(world === undefined ? {} : { world }) }
  const whole = platform.write(named)
  const { refused = [] } = whole
  const without = new Set(refused.map(({ app }) => app))
  const notes = withoutContradictions(whole.notes.filter(({ app }) => !without.has(app)))
  const written = forApps(named.apps.length, { ...whole, notes, refused })
  const fidelity = fidelityTotals(notes)
  const about = [
    {
      path: 'README.md',
      text: readme(platform, named, written, { fidelity, ...(fitForMs === undefined ? {} : { fitForMs }) }),
    },
    ...(written.tool === undefined ? [] : applyScripts(written.changes, written.tool)),
    ...(written.tool?.kinds === undefined ? [] : kustomizeFiles(written.changes, written.files, written.tool.kinds)),
    jsonFile('fidelity.json', { platform: platform.id, fidelity, notes, refused }),
  ]
  const { changes } = written
  if (listing !== undefined && whole.tool === undefined) {
    const problem = `what ${platform.id} has now is in no listing that an export could be compared with`
    throw new UserError({ where: listing.where, problem, hint: 'Leave --present away.' })
  }
  const present = listing === undefined ? undefined : presentObjects(listing.text, listing.where, changes)
  const found =
    present === undefined
      ? []
      : [{ path: 'diff.txt', text: presentDiff(written.files, changes, present) }, ...savedObjects(present)]
  const become = present === undefined ? written.files : filesWith(written.files, changes, present, 'as exported')
  const planOf = (files: readonly ExportFile[]): Plan => {
    try {
      return { ...plan, apps: appliedTo(plan, platform, named, files) }
    } catch (error) {
      // What a listing has may have any shape: a platform reads in it what it does not have.
      if (listing === undefined || !(error instanceof TypeError)) throw error
      const problem = `an object in it is not as ${platform.id} has it (${error.message})`
      throw new UserError({ where: listing.where, problem, hint: 'Take the listing from the platform anew.' })
    }
  }
  return {
    platform: platform.id,
    files: [...written.files, ...about, ...found],
    notes,
    refused,
    fidelity,
    applied: planOf(become),
    ...(present === undefined ? {} : { asItIs: planOf(filesWith(written.files, changes, present, 'as it is')) }),
  }
}

/** Where nothing is set there is nothing to apply. */
function forApps(apps: number, { tool, byHand: _, ...written }: Written): Written {
  if (apps === 0 || written.files.length === 0) return written
  return { ...written, ...(tool === undefined ? {} : { tool }), ...(_ === undefined ? {} : { byHand: _ }) }
}

/** Every app of a plan as the platform keeps it when nothing is written, under settings of a mapping. */
export function defaultPlan(plan: Plan, platform: Platform, settings: NameMap['settings'] = {}): Plan {
  const rules = defaultOf(platform, settings)
  return { ...plan, apps: plan.apps.map((app) => withRules(app, rules)) }
}

function defaultOf({ byDefault, defaultUnder }: Platform, settings: NameMap['settings']): Platform['byDefault'] {
  return defaultUnder?.(settings) ?? byDefault
}

function appliedTo(plan: Plan, platform: Platform, named: NamedPlan, files: readonly ExportFile[]): AppPlan[] {
  const rules = platform.read(files, named)
  const nameOf = new Map(named.apps.map(({ app, name }) => [app, name]))
  return plan.apps.map((app) => {
    const name = nameOf.get(app.app)
    const own = name === undefined ? undefined : rules.get(name)
    return withRules(app, own ?? rules.get('*') ?? defaultOf(platform, named.settings))
  })
}

function withRules(app: AppPlan, rules: AppRules): AppPlan {
  const { lastKeepAliveMs: _last, awakeFloor: _awake, autoscaler: _loop, ...rest } = app
  const { prewarmMs, keepAliveMs, lastKeepAliveMs, floor, awakeFloor, autoscaler } = rules
  const last = lastKeepAliveMs === undefined ? {} : { lastKeepAliveMs }
  const loop = autoscaler === undefined ? {} : { autoscaler }
  const awake = awakeFloor === undefined ? {} : { awakeFloor }
  return { ...rest, prewarmMs, keepAliveMs, ...last, ...loop, floor, ...awake, standIn: floor }
}

/** Apps that a README shows; fidelity.json has all of them. */
const MOST_SHOWN = 12

function readme(
  platform: Platform,
  { apps, policy, timeZone, settings: values }: NamedPlan,
  { tool, byHand = [], before = [], refused = [] }: Written,
  { fidelity, fitForMs }: Pick<Export, 'fidelity'> & Pick<ExportFacts, 'fitForMs'>,
): string {
  const { title, sets, lacks, settings, afterFall } = platform
  const kinds = FIDELITY_KINDS.filter((kind) => fidelity[kind] > 0)
  const set = Object.entries(settings).map(([key, { describe }]) => `- \`${key}: ${values[key]}\`. ${describe}`)
  return [
    `# ${policy.id} for ${title}`,
    '',
    `Written by pilotlight for ${apps.length} apps. The files set ${sets}. What the platform cannot say: ${lower(lacks)}`,
    '',
    `Schedules tell the time of ${timeZone}. When one falls: ${lower(afterFall)} An app that nothing is written for is kept as the platform does (${defaultOf(platform, values).from}).`,
    '',
    ...(before.length === 0 ? [] : ['## Before you apply', '', ...before.map((each) => `- ${each}`), '']),
    '## Apply',
    '',
    ...applyText(tool, byHand),
    ...(set.length === 0 ? [] : ['What the mapping file (`--names`) may set:', '', ...set, '']),
    ...(fitForMs === undefined
      ? []
      : [
          `The plan was made of the first ${formatDuration(fitForMs)} of the trace; the runs that were compared are of the rest.`,
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
    ...platform.sources.map((each) => `- ${each}`),
    ...platform.assumed.map((each) => `- Assumed, since no source was found: ${each}`),
    '',
  ].join('\n')
}

function applyText(tool: Tool | undefined, byHand: readonly string[]): string[] {
  const hand = byHand.length === 0 ? [] : ['```sh', ...byHand, '```', '']
  if (tool === undefined) return hand.length > 0 ? hand : ['The platform keeps all apps without any setting.', '']
  const environment = environmentOf(tool)
  const from =
    environment.length === 0
      ? ''
      : ` From the environment it takes ${environment.map((each) => `\`${each}\``).join(', ')}.`
  return [
    `\`sh apply.sh --dry-run\` reads every object and shows what would become another; \`sh apply.sh\` sets that and nothing else, and keeps what was there before in before/; \`sh rollback.sh\` sets that again. They need ${['jq', ...tool.needs].join(', ')}.${from} tool.sh has the calls.`,
    '',
    '```sh',
    'sh apply.sh --dry-run',
    'sh apply.sh',
    '```',
    '',
    ...(tool.kinds === undefined
      ? []
      : [
          'Where your objects are made from files, kustomize/ sets the same in them as a component of Kustomize, helm/post-render.sh in what Helm renders, and helm/values.yaml has it as values for charts of your own. Use one way only: what a cluster has is set again by whatever is applied last.',
          '',
        ]),
    ...hand,
  ]
}

function refusedText(refused: readonly Refusal[]): string[] {
  const shown = refused.slice(0, MOST_SHOWN).map(({ app, problem }) => `- ${JSON.stringify(app)}: ${problem}`)
  const more = refused.length > MOST_SHOWN ? [`- … and ${refused.length - MOST_SHOWN} more: see fidelity.json`] : []
  return [
    '',
    '## Not written',
    '',
    'The platform cannot be told of these apps, and keeps them as it does by default:',
    '',
    ...shown,
    ...more,
  ]
}

function lower(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1)
}
