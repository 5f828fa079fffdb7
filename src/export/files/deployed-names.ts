import { createHash } from 'node:crypto'
import { nearest } from '../../core/registry.ts'
import { UserError } from '../../core/user-error.ts'
import type { AppPlan, Plan } from '../../policy/plan/plan.ts'
import { userYaml } from './export-file.ts'
import type { NamedApp, NamedPlan, Platform } from '../platform.ts'

/** Deployed names of a trace's apps, and the other values that a platform's files need. */
export interface NameMap {
  /** null: the app is left out of the export. Without `apps`, every app gets a name made from its own. */
  readonly apps?: Readonly<Record<string, string | null>>
  readonly settings: Readonly<Record<string, string>>
  readonly where: string
}

/** No mapping file. */
export const OWN_NAMES: NameMap = { settings: {}, where: '--names' }

const HINT = 'Write "apps:" with a line "name in the trace: deployed name" for each app, and perhaps "settings:".'

/** Reads a mapping file. Throws a UserError with what is wrong in it. */
export function readNames(text: string, where: string): NameMap {
  const data = userYaml(text, where)
  const { apps, settings, ...others } = mapping(data, where, 'a mapping')
  const [other] = Object.keys(others)
  if (other !== undefined) {
    throw new UserError({
      where,
      problem: `expected "apps" and "settings", found ${JSON.stringify(other)}`,
      hint: HINT,
    })
  }
  for (const [app, name] of Object.entries(mapping(apps ?? {}, `${where}: apps`, 'a mapping of names'))) {
    if (typeof name === 'string' || name === null) continue
    throw new UserError({ where: `${where}: apps: ${app}`, problem: `expected a name or ~, found ${shown(name)}` })
  }
  const values = Object.entries(mapping(settings ?? {}, `${where}: settings`, 'a mapping of texts'))
  for (const [key, value] of values) {
    if (['string', 'number', 'boolean'].includes(typeof value)) continue
    throw new UserError({ where: `${where}: settings: ${key}`, problem: `expected a text, found ${shown(value)}` })
  }
  return {
    // A key without a value counts as absent.
    ...(apps === undefined || apps === null ? {} : { apps: apps as Record<string, string | null> }),
    settings: Object.fromEntries(values.map(([key, value]) => [key, String(value)])),
    where,
  }
}

function mapping(data: unknown, where: string, what: string): Record<string, unknown> {
  if (typeof data === 'object' && data !== null && !Array.isArray(data)) return data as Record<string, unknown>
  throw new UserError({ where, problem: `expected ${what}, found ${shown(data)}`, hint: HINT })
}

function shown(value: unknown): string {
  return JSON.stringify(value) ?? 'nothing'
}

/**
 * Names the apps of a plan for a platform. Throws a UserError for an app that the mapping does not have, for a name or
 * setting that the platform does not allow, and for two apps of one name.
 */
export function nameApps(plan: Plan, platform: Platform, map: NameMap): NamedPlan {
  const apps = plan.apps.flatMap((app): NamedApp[] => {
    const ownName = platform.names.pattern.test(app.app) ? app.app : validName(app.app, platform.names.most)
    const name = map.apps === undefined ? ownName : mapped(app, map.apps, map.where)
    if (name === null) return []
    if (platform.names.pattern.test(name)) return [{ ...app, name }]
    const problem = `${platform.title} takes ${platform.names.words} as a name, found ${JSON.stringify(name)}`
    throw new UserError({ where: `${map.where}: apps: ${app.app}`, problem })
  })
  for (const [name, same] of Map.groupBy(apps, ({ name }) => name)) {
    const [first, second] = same
    if (second === undefined) continue
    const problem = `the apps ${first!.app} and ${second.app} both have the name ${name}`
    throw new UserError({ where: `${map.where}: apps`, problem, hint: 'Give each a name of its own.' })
  }
  return { ...plan, apps, settings: settingsOf(platform, map) }
}

function mapped(
  { app, functions }: Pick<AppPlan, 'app' | 'functions'>,
  apps: Readonly<Record<string, string | null>>,
  where: string,
): string | null {
  const name = Object.hasOwn(apps, app) ? apps[app] : undefined
  if (name !== undefined) return name
  // A single function is called `app:function`. A mapping may name only its app.
  const [fn] = functions
  const whole = fn !== undefined && app.endsWith(`:${fn.name}`) ? app.slice(0, -fn.name.length - 1) : app
  const named = whole !== app && Object.hasOwn(apps, whole) ? apps[whole] : undefined
  if (named === null) return null
  if (named !== undefined) return `${named}-${validName(fn!.name)}`
  const near = nearest(app, Object.keys(apps))
  const hint = `${near === undefined ? '' : `It has ${near}. `}Add the app, or leave it out of the export with "${app}: ~".`
  throw new UserError({ where: `${where}: apps`, problem: `no name for the app ${app}`, hint })
}

/** The length of made names, where a platform allows it. */
const MADE_LENGTH = 40

/**
 * A name that every platform accepts, made from an app's own: other characters than letters and digits become "-". A name that had to be
 * changed or cut ends with a digest, so it stays different from others. Names that are hashes stay recognisable.
 */
export function validName(app: string, most = MADE_LENGTH): string {
  const plain = app
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
  const named = /^[a-z]/.test(plain) ? plain : `app-${plain}`.replace(/-$/, '')
  const length = Math.min(most, MADE_LENGTH)
  if (named === app && named.length <= length) return named
  const digest = createHash('sha256').update(app).digest('hex').slice(0, 8)
  return `${named.slice(0, length - 9).replace(/-+$/, '')}-${digest}`
}

function settingsOf({ settings, title }: Platform, { settings: given, where }: NameMap): Record<string, string> {
  for (const [key, value] of Object.entries(given)) {
    const setting = Object.hasOwn(settings, key) ? settings[key] : undefined
    if (setting === undefined) {
      const known = Object.keys(settings)
      const near = nearest(key, known)
      const has = known.length === 0 ? 'It has none.' : `It has ${known.join(', ')}.`
      const hint = near === undefined ? has : `Did you mean "${near}"?`
      throw new UserError({ where: `${where}: settings`, problem: `${title} has no setting called ${key}`, hint })
    }
    if (setting.pattern.test(value)) continue
    const problem = `expected ${setting.pattern.source}, found ${JSON.stringify(value)}`
    throw new UserError({ where: `${where}: settings: ${key}`, problem, hint: setting.describe })
  }
  return Object.fromEntries(Object.entries(settings).map(([key, setting]) => [key, given[key] ?? setting.default]))
}
