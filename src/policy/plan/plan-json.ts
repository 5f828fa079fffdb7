import { printableText } from '../../core/printable.ts'
import { nearest } from '../../core/registry.ts'
import { UserError } from '../../core/user-error.ts'
import { POD_AUTOSCALER } from '../demand/pod-autoscaler.ts'
import { cycleMinutes, type Floor, type FloorStep } from './floor.ts'
import type { AppPlan, AutoscalerRules, Evidence, Plan, PlannedFunction } from './plan.ts'

/** More instances than this are a mistake. */
const MOST_INSTANCES = 1_000_000

/** A plan as JSON; an infinite time, which JSON has no number for, is the text `Infinity`. */
export function planToJson(plan: Plan): string {
  const text = JSON.stringify(plan, (_key, value: unknown) => (value === Number.POSITIVE_INFINITY ? 'Infinity' : value))
  return `${text}\n`
}

/**
 * The plan that a JSON text holds. Throws a UserError that names the first thing wrong with it by its path, `where`
 * being the file that it comes from.
 */
export function planOfJson(text: string, where: string): Plan {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch (error) {
    // Node tells a part of the text, with its ends of lines.
    const reason = printableText((error as Error).message)
    throw new UserError({ where, problem: `expected a plan as JSON: ${reason}`, hint: HINT })
  }
  return planOf(new Found(data, where))
}

const HINT = 'pilotlight export --to pilotlight writes a plan.'

/** A value of the document and where it was found. */
class Found {
  readonly value: unknown
  readonly where: string

  constructor(value: unknown, where: string) {
    this.value = value
    this.where = where
  }

  key(name: string): Found {
    if (typeof this.value !== 'object' || this.value === null || Array.isArray(this.value)) throw this.not('a mapping')
    return new Found((this.value as Record<string, unknown>)[name], `${this.where}: ${name}`)
  }

  /**
   * Refuses a key that is none of these: one that is misspelt would be taken for one that is left out. `former` are keys of
   * earlier versions, which are read but not proposed.
   */
  only<K extends string>(known: Readonly<Record<K, true>>, former: readonly string[] = []): this {
    this.key('')
    const names = Object.keys(known)
    const unknown = Object.keys(this.value as object).find((name) => ![...names, ...former].includes(name))
    if (unknown === undefined) return this
    const near = nearest(unknown, names)
    const hint = near === undefined ? `There are: ${names.join(', ')}.` : `Did you mean "${near}"?`
    const shown = JSON.stringify(unknown.length > 60 ? `${unknown.slice(0, 60)}…` : unknown)
    throw new UserError({ where: this.where, problem: `there is no key ${shown}`, hint })
  }

  list(): Found[] {
    if (!Array.isArray(this.value)) throw this.not('a list')
    return this.value.map((entry: unknown, index) => new Found(entry, `${this.where}[${index}]`))
  }

  text(): string {
    if (typeof this.value !== 'string' || this.value === '') throw this.not('a text')
    return this.value
  }

  whole(most: number): number {
    const { value } = this
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most) return value
    throw this.not(`a whole number from 0 to ${most}`)
  }

  /** A finite number of at least 0. */
  quantity(): number {
    const { value } = this
    if (typeof value === 'number' && value >= 0 && Number.isFinite(value)) return value
    throw this.not('a number of at least 0')
  }

  /** Milliseconds from 0 to Infinity. */
  time(): number {
    return this.value === 'Infinity' ? Number.POSITIVE_INFINITY : this.quantity()
  }

  /** What plans of earlier versions do not have. */
  orElse<T>(otherwise: T, read: (found: this) => T): T {
    return this.value === undefined ? otherwise : read(this)
  }

  not(expected: string): UserError {
    const shown = this.value === undefined ? 'nothing' : (JSON.stringify(this.value) ?? 'nothing')
    const found = shown.length > 60 ? `${shown.slice(0, 60)}…` : shown
    return new UserError({ where: this.where, problem: `expected ${expected}, found ${found}` })
  }
}

/** Keys by what they belong to; the compiler holds them against the types. */
const KEYS = {
  plan: { schema: true, policy: true, timeZone: true, startMinute: true, apps: true } satisfies All<Plan>,
  policy: { id: true, params: true } satisfies All<Plan['policy']>,
  app: {
    app: true,
    memoryMb: true,
    concurrency: true,
    functions: true,
    prewarmMs: true,
    keepAliveMs: true,
    lastKeepAliveMs: true,
    floor: true,
    awakeFloor: true,
    autoscaler: true,
    schedule: true,
    evidence: true,
  } satisfies All<AppPlan>,
  function: { name: true, trigger: true, invocations: true } satisfies All<PlannedFunction>,
  floor: { cycle: true, steps: true } satisfies All<Floor>,
  step: { minute: true, instances: true } satisfies All<FloorStep>,
  autoscaler: { stableMs: true, downDelayMs: true, graceMs: true, target: true } satisfies All<AutoscalerRules>,
  evidence: {
    idleTimes: true,
    days: true,
    shortestMs: true,
    longestMs: true,
    peakInstances: true,
    meanMs: true,
  } satisfies All<Evidence>,
} as const

/** What plans of earlier versions call `schedule`. */
const FORMER_SCHEDULE = 'standIn'

type All<T> = Readonly<Record<keyof T, true>>

function planOf(found: Found): Plan {
  const schema = found.key('schema')
  if (schema.value !== 1) throw schema.not('1, the version of plans that this pilotlight reads')
  found.only(KEYS.plan)
  const apps = found
    .key('apps')
    .list()
    .map((entry) => appOf(entry))
  const firstOf = new Map(apps.map(({ app }, index) => [app, index] as const).toReversed())
  const twice = apps.findIndex(({ app }, index) => firstOf.get(app) !== index)
  if (twice >= 0) {
    const where = `${found.where}: apps[${twice}]: app`
    throw new UserError({ where, problem: `the app ${apps[twice]!.app} is there twice` })
  }
  const policy = found.key('policy').only(KEYS.policy)
  return {
    schema: 1,
    policy: { id: policy.key('id').text(), params: paramsOf(policy.key('params')) },
    timeZone: timeZoneOf(found.key('timeZone')),
    startMinute: found.key('startMinute').whole(7 * 24 * 60 - 1),
    apps,
  }
}

function timeZoneOf(found: Found): string {
  const name = found.text()
  try {
    Intl.DateTimeFormat('en', { timeZone: name })
  } catch {
    throw found.not('the name of a time zone such as Europe/Berlin')
  }
  return name
}

function paramsOf(found: Found): Plan['policy']['params'] {
  found.key('')
  const entries = Object.keys(found.value as object).map((name) => {
    const { value } = found.key(name)
    if (typeof value === 'string') return [name, value === 'Infinity' ? Number.POSITIVE_INFINITY : value] as const
    if (typeof value === 'number' || typeof value === 'boolean') return [name, value] as const
    throw found.key(name).not('a number, a text, true or false')
  })
  return Object.fromEntries(entries)
}

function appOf(found: Found): AppPlan {
  found.only(KEYS.app, [FORMER_SCHEDULE])
  const keepAliveMs = found.key('keepAliveMs').time()
  const last = found.key('lastKeepAliveMs')
  if (last.value !== undefined && last.time() < keepAliveMs) throw last.not(`at least keepAliveMs, ${keepAliveMs}`)
  return {
    app: found.key('app').text(),
    memoryMb: found.key('memoryMb').quantity(),
    concurrency: found.key('concurrency').orElse(1, (each) => concurrencyOf(each)),
    functions: found.key('functions').orElse([], (each) => each.list().map((entry) => functionOf(entry))),
    prewarmMs: found.key('prewarmMs').time(),
    keepAliveMs,
    ...(last.value === undefined ? {} : { lastKeepAliveMs: last.time() }),
    floor: floorOf(found.key('floor')),
    ...found.key('awakeFloor').orElse<Pick<AppPlan, 'awakeFloor'>>({}, (each) => ({ awakeFloor: floorOf(each) })),
    ...found.key('autoscaler').orElse<Pick<AppPlan, 'autoscaler'>>({}, (each) => ({ autoscaler: autoscalerOf(each) })),
    schedule: scheduleOf(found),
    evidence: evidenceOf(found.key('evidence')),
  }
}

/** Throws where a plan has the key and its former name, since they might differ. */
function scheduleOf(found: Found): Floor {
  const former = found.key(FORMER_SCHEDULE)
  const now = found.key('schedule')
  if (former.value === undefined) return floorOf(now)
  if (now.value !== undefined) throw former.not('nothing, since it is the former name of schedule, which is there too')
  return floorOf(former)
}

/** Infinity: any number. */
function concurrencyOf(found: Found): number {
  const served = found.value === 'Infinity' ? Number.POSITIVE_INFINITY : found.value
  if (typeof served === 'number' && served >= 1) return served
  throw found.not('a number of at least 1, or Infinity')
}

function functionOf(found: Found): PlannedFunction {
  found.only(KEYS.function)
  const invocations = found.key('invocations').whole(Number.MAX_SAFE_INTEGER)
  return { name: found.key('name').text(), trigger: found.key('trigger').text(), invocations }
}

function autoscalerOf(found: Found): AutoscalerRules {
  found.only(KEYS.autoscaler)
  const within = (key: string, least: number, most: number): number => {
    const value = found.key(key).quantity()
    if (value >= least && value <= most) return value
    throw found.key(key).not(`a number from ${least} to ${most}`)
  }
  return {
    stableMs: within('stableMs', POD_AUTOSCALER.stable.min, POD_AUTOSCALER.stable.max),
    downDelayMs: within('downDelayMs', 0, POD_AUTOSCALER.downDelay.max),
    graceMs: within('graceMs', 0, POD_AUTOSCALER.grace.max),
    ...found.key('target').orElse<Pick<AutoscalerRules, 'target'>>({}, () => ({
      target: within('target', POD_AUTOSCALER.target.min, MOST_INSTANCES),
    })),
  }
}

function floorOf(found: Found): Floor {
  found.only(KEYS.floor)
  const cycle = found.key('cycle').value
  if (cycle !== 'day' && cycle !== 'week') throw found.key('cycle').not('day or week')
  const steps: FloorStep[] = []
  for (const entry of found.key('steps').list()) {
    entry.only(KEYS.step)
    const minute = entry.key('minute').whole(cycleMinutes({ cycle }) - 1)
    if (minute <= (steps.at(-1)?.minute ?? -1)) throw entry.key('minute').not('a later minute than the step before')
    steps.push({ minute, instances: entry.key('instances').whole(MOST_INSTANCES) })
  }
  return { cycle, steps }
}

function evidenceOf(found: Found): Evidence {
  found.only(KEYS.evidence)
  return {
    idleTimes: found.key('idleTimes').whole(Number.MAX_SAFE_INTEGER),
    days: found.key('days').whole(Number.MAX_SAFE_INTEGER),
    shortestMs: found.key('shortestMs').time(),
    longestMs: found.key('longestMs').time(),
    peakInstances: found.key('peakInstances').whole(Number.MAX_SAFE_INTEGER),
    meanMs: found.key('meanMs').orElse(0, (each) => each.quantity()),
  }
}
