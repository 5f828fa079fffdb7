// A policy that pre-loads one app because another was invoked: it learns across apps who follows whom.
import type { Policy, PolicyContext, PolicyDefinition } from 'pilotlight'

const MINUTE = 60_000

const parameters = {
  keepAlive: { kind: 'duration', describe: 'How long an app stays loaded.', default: 10 * MINUTE, min: 0 },
  within: { kind: 'duration', describe: 'One app follows another that soon.', default: 5 * MINUTE, min: 1 },
  likely: {
    kind: 'number',
    unit: '%',
    describe: 'An app is loaded whose share of follows is at least this.',
    default: 50,
    min: 0,
    max: 100,
  },
  least: { kind: 'number', describe: 'So many starts of an app are seen first.', default: 5, min: 1, whole: true },
} as const

/** One start of an app: it was invoked after it had been quiet. */
interface Start {
  readonly app: number
  readonly at: number
  readonly followers: Set<number>
}

interface Params {
  readonly keepAlive: number
  readonly within: number
  readonly likely: number
  readonly least: number
}

function followers({ keepAlive, within, likely, least }: Params, { apps, askAgain, appNames }: PolicyContext): Policy {
  if (askAgain === undefined) throw new Error('this driver cannot ask again')
  const starts = new Uint32Array(apps)
  /** Per app: who followed one of its starts, and how often. */
  const follows = Array.from({ length: apps }, () => new Map<number, number>())
  /** Starts that are not older than `within`, the oldest first. */
  let recent: Start[] = []

  const heard = (app: number, now: number): void => {
    if (recent.length > 0 && recent[0]!.at < now - within) recent = recent.filter(({ at }) => at >= now - within)
    for (const start of recent) {
      if (start.app === app || start.followers.has(app)) continue
      start.followers.add(app)
      follows[start.app]!.set(app, (follows[start.app]!.get(app) ?? 0) + 1)
    }
  }
  const loadFollowers = (app: number, now: number): void => {
    if (starts[app]! < least) return
    for (const [other, count] of follows[app]!) if (count * 100 >= likely * starts[app]!) askAgain(other, now)
  }

  return {
    arrived(app, now, idleMs) {
      heard(app, now)
      if (idleMs >= 0 && idleMs <= within) return
      loadFollowers(app, now)
      starts[app]! += 1
      recent.push({ app, at: now, followers: new Set() })
    },
    // Asked when an app went idle, and when it is to be loaded because another was invoked: the same answer serves both.
    decide(_app, _now, out) {
      out.prewarmMs = 0
      out.keepAliveMs = keepAlive
    },
    // By names, for rows may be others at the next start.
    saveAll: () =>
      follows.map((map, app) => [nameOf(app), starts[app], [...map].map(([other, n]) => [nameOf(other), n])]),
    loadAll(state) {
      const rows = new Map(follows.map((_, app) => [nameOf(app), app]))
      for (const [name, count, others] of state as [string, number, [string, number][]][]) {
        const app = rows.get(name)
        if (app === undefined) continue
        starts[app] = count
        for (const [other, n] of others) if (rows.has(other)) follows[app]!.set(rows.get(other)!, n)
      }
    },
  }

  function nameOf(app: number): string {
    return appNames?.at(app) ?? String(app)
  }
}

export default {
  id: 'followers',
  summary: 'A fixed window, and an app is loaded as soon as another is invoked that it usually follows.',
  parameters,
  scope: 'fleet',
  needs: [],
  create: followers,
} satisfies PolicyDefinition<typeof parameters>
