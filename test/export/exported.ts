import { type Export, exportPlan } from '../../src/export/export-plan.ts'
import type { NameMap } from '../../src/export/files/deployed-names.ts'
import { PLATFORMS } from '../../src/export/platforms/index.ts'
import { type Floor, NO_FLOOR } from '../../src/policy/plan/floor.ts'
import type { AppPlan, Plan } from '../../src/policy/plan/plan.ts'

/** An app that is kept for 10 minutes, but for what is given. */
export function appPlan(given: Partial<AppPlan> = {}): AppPlan {
  return {
    app: 'shop',
    memoryMb: 128,
    concurrency: 1,
    functions: [{ name: 'checkout', trigger: 'http', invocations: 10 }],
    prewarmMs: 0,
    keepAliveMs: 600_000,
    floor: NO_FLOOR,
    schedule: given.floor ?? NO_FLOOR,
    evidence: { idleTimes: 9, days: 1, shortestMs: 600_000, longestMs: 600_000, peakInstances: 1, meanMs: 500 },
    ...given,
  }
}

/** A plan of these apps. */
export function planOf(apps: readonly AppPlan[], timeZone = 'UTC'): Plan {
  return { schema: 1, policy: { id: 'fixed', params: { keepAlive: 600_000 } }, timeZone, startMinute: 0, apps }
}

/** Every platform under each choice that its settings offer: a name for it, its id and the settings. */
export const VARIANTS: readonly (readonly [string, string, Readonly<Record<string, string>>])[] = PLATFORMS.all.flatMap(
  ({ id, settings }): (readonly [string, string, Readonly<Record<string, string>>])[] => {
    const choice = Object.entries(settings).find(([, { pattern }]) => pattern.source.startsWith('^('))
    if (choice === undefined) return [[id, id, {}]]
    const [key, { pattern }] = choice
    const options = pattern.source.slice(2, -2).split('|')
    return options.map((option) => [`${id} (${key}: ${option})`, id, { [key]: option }] as const)
  },
)

/** A plan in the files of a platform. */
export function exported(id: string, plan: Plan, settings: Readonly<Record<string, string>> = {}): Export {
  const names: NameMap = { settings, where: 'names.yaml' }
  return exportPlan(plan, PLATFORMS.get(id, 'test'), names)
}

/** The text of a file of an export. */
export function textOf({ files }: Export, path: string): string {
  const file = files.find((file) => file.path === path)
  if (file === undefined) throw new Error(`no ${path} among ${files.map((each) => each.path).join(', ')}`)
  return file.text
}

/** Up in the office hours of every day, and a little at night; steps are not on whole hours. */
export const DAILY: Floor = {
  cycle: 'day',
  steps: [
    { minute: 2 * 60 + 30, instances: 1 },
    { minute: 8 * 60 + 15, instances: 4 },
    { minute: 17 * 60 + 5, instances: 0 },
    { minute: 23 * 60 + 45, instances: 2 },
  ],
}

/** Up on working days from eight to six, and over the night from Saturday to Sunday. */
export const WEEKLY: Floor = {
  cycle: 'week',
  steps: [
    ...[0, 1, 2, 3, 4].flatMap((day) => [
      { minute: day * 1440 + 8 * 60, instances: 3 },
      { minute: day * 1440 + 18 * 60, instances: 0 },
    ]),
    { minute: 5 * 1440 + 22 * 60, instances: 1 },
    { minute: 6 * 1440 + 4 * 60 + 20, instances: 0 },
  ],
}
