import type { AppPlan, AppRules, Plan } from '../policy/plan/plan.ts'
import {
  FIDELITY_KINDS,
  FIDELITY_MEANING,
  type FidelityKind,
  type FidelityNote,
  fidelityTotals,
} from './fit/fidelity.ts'
import { type ExportFile, jsonFile } from './files/export-file.ts'
import { nameApps, type NameMap } from './files/names.ts'
import type { NamedPlan, Platform, Written } from './platform.ts'
import { demandTimeZone } from './schedule/time-zone.ts'

/** A plan in a platform's files. */
export interface Export {
  readonly platform: string
  /** What the platform's tool takes, and README.md, apply.sh and fidelity.json about it. */
  readonly files: readonly ExportFile[]
  readonly notes: readonly FidelityNote[]
  /** Apps by the kind of their fidelity. */
  readonly fidelity: Readonly<Record<FidelityKind, number>>
  /** The plan that the platform makes of the files, for the simulation. */
  readonly applied: Plan
}

/**
 * Writes a plan for a platform and reads the files back as the platform does. Throws a UserError for a time zone that
 * does not exist, an app that the mapping lacks, and a plan that is too large.
 */
export function exportPlan(plan: Plan, platform: Platform, names: NameMap): Export {
  demandTimeZone(plan.timeZone, 'the time zone')
  const named = nameApps(plan, platform, names)
  const written = forApps(named.apps.length, platform.write(named))
  const fidelity = fidelityTotals(written.notes)
  const about = [
    { path: 'README.md', text: readme(platform, named, written, fidelity) },
    { path: 'apply.sh', text: ['#!/bin/sh', 'set -eu', 'cd "$(dirname "$0")"', ...written.apply, ''].join('\n') },
    jsonFile('fidelity.json', { platform: platform.id, fidelity, notes: written.notes }),
  ]
  return {
    platform: platform.id,
    files: [...written.files, ...about],
    notes: written.notes,
    fidelity,
    applied: { ...plan, apps: appliedTo(plan, platform, named, written.files) },
  }
}

/** Commands for no files would fail, or do something to all that there is. */
function forApps(apps: number, written: Written): Written {
  if (apps > 0 && written.files.length > 0) return written
  return { ...written, apply: ['# The platform keeps all apps without any setting.'] }
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

function withRules(app: AppPlan, { prewarmMs, keepAliveMs, lastKeepAliveMs, floor }: AppRules): AppPlan {
  const { lastKeepAliveMs: _wanted, ...rest } = app
  const last = lastKeepAliveMs === undefined ? {} : { lastKeepAliveMs }
  return { ...rest, prewarmMs, keepAliveMs, ...last, floor, standIn: floor }
}

/** Commands that a README shows; apply.sh has all of them. */
const MOST_SHOWN = 12

function readme(
  platform: Platform,
  { apps, policy, timeZone, settings: values }: NamedPlan,
  { apply }: Written,
  fidelity: Export['fidelity'],
): string {
  const { title, sets, lacks, settings } = platform
  const shown = apply.length > MOST_SHOWN ? [...apply.slice(0, MOST_SHOWN), '# … and so on: see apply.sh'] : apply
  const kinds = FIDELITY_KINDS.filter((kind) => fidelity[kind] > 0)
  const set = Object.entries(settings).map(([key, { describe }]) => `- \`${key}: ${values[key]}\`. ${describe}`)
  return [
    `# ${policy.id} for ${title}`,
    '',
    `Written by pilotlight for ${apps.length} apps. The files set ${sets}. What the platform cannot say: ${lower(lacks)}`,
    '',
    `Schedules tell the time of ${timeZone}. An app that nothing is written for is kept as the platform does (${defaultOf(platform, values).from}).`,
    '',
    '## Apply',
    '',
    'Look at the files first. `sh apply.sh` runs this, with words in capitals after `$` taken from the environment:',
    '',
    '```sh',
    ...shown,
    '```',
    '',
    ...(set.length === 0 ? [] : ['What the mapping file (`--names`) may set:', '', ...set, '']),
    '## Fidelity',
    '',
    '| apps | kind | what that means |',
    '| --- | --- | --- |',
    ...kinds.map((kind) => `| ${fidelity[kind]} | ${kind} | ${FIDELITY_MEANING[kind]} |`),
    '',
    'fidelity.json has every app with the value wanted and the value written.',
    '',
  ].join('\n')
}

function lower(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1)
}
