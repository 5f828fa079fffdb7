import type { PolicyDefinition } from '../../../src/policy/policy.ts'

/** What the naive version may be told; times in ms. */
export interface NaiveDefuse {
  readonly range: number
  readonly binWidth: number
  readonly every: number
  readonly together: number
  readonly support: number
  readonly frequent: number
}

interface Heard {
  readonly app: number
  readonly at: number
  readonly endsIdle: boolean
}

/** Apps that are one, since when they are, and the idle times in ms that they began with. */
interface Together {
  readonly apps: readonly number[]
  readonly since: number
  readonly inherited: readonly number[]
}

/**
 * Sets by the definitions, of the apps of one owner: every pattern of apps that is frequent joins them, and each rare app the
 * one that tells most of it. `stretches` are the apps that were invoked together.
 */
export function plainSets(
  members: readonly number[],
  stretches: readonly ReadonlySet<number>[],
  idlesOf: (app: number) => number,
  support: number,
  frequent: number,
): number[][] {
  const times = (wanted: readonly number[]): number =>
    stretches.filter((each) => wanted.every((app) => each.has(app))).length
  const group = new Map(members.map((app) => [app, app]))
  const join = (one: number, other: number): void => {
    const [from, to] = [Math.max(group.get(one)!, group.get(other)!), Math.min(group.get(one)!, group.get(other)!)]
    for (const [app, top] of group) if (top === from) group.set(app, to)
  }
  for (let pattern = 0; pattern < 2 ** members.length; pattern += 1) {
    const chosen = members.filter((_, place) => (pattern >> place) % 2 === 1)
    if (chosen.length < 2 || times(chosen) === 0 || times(chosen) < support * stretches.length) continue
    for (const each of chosen) join(chosen[0]!, each)
  }
  for (const rare of members) {
    if (idlesOf(rare) >= frequent) continue
    let [best, most] = [-1, 0]
    for (const other of members) {
      if (other === rare || idlesOf(other) < frequent || times([rare, other]) === 0) continue
      const information = Math.log((times([rare, other]) * stretches.length) / (times([rare]) * times([other])))
      if (information > most + 1e-12) [best, most] = [other, information]
    }
    if (best >= 0) join(rare, best)
  }
  return [...new Set(group.values())].map((top) => members.filter((app) => group.get(app) === top))
}

/** Idle times of a set until then, with those that it began with. */
function idlesOf(heard: readonly Heard[], { apps, since, inherited }: Together, until: number): number[] {
  const times = heard.filter(({ app, at }) => apps.includes(app) && at <= until)
  return [...inherited, ...times.flatMap(({ at }, nth) => (nth > 0 && at >= since ? [at - times[nth - 1]!.at] : []))]
}

/**
 * Defuse for executions that take no time, which keeps nothing but the list of arrivals and works everything out anew from
 * it: the sets since each time they were made, the idle times of a set, and the window. `ownerOf` gives the owner by the row.
 */
export function naiveDefuse(options: NaiveDefuse, ownerOf: readonly number[]): PolicyDefinition {
  const { range, binWidth, every, together, support, frequent } = options
  const all = ownerOf.map((_, app) => app)

  const stretchOf = (each: Heard): number => Math.floor(each.at / together)

  /** When sets were made: at the first arrival in each new stretch of that length. */
  const renewals = (heard: readonly Heard[]): number[] => {
    const stretches = [...new Set(heard.map(({ at }) => Math.floor(at / every)))].filter((each) => each > 0)
    return stretches.map((stretch) => heard.find(({ at }) => Math.floor(at / every) === stretch)!.at)
  }

  /** The sets of now: those that were made last, or each app for itself. */
  const setsOf = (heard: readonly Heard[]): Together[] => {
    let sets: Together[] = all.map((app) => ({ apps: [app], since: 0, inherited: [] }))
    for (const at of renewals(heard)) {
      // The arrival at which they are made is not yet part of what is known; several may come at that time.
      const before = heard.slice(
        0,
        heard.findIndex((each) => each.at === at),
      )
      sets = [...new Set(ownerOf)].flatMap((owner) => {
        const members = all.filter((app) => ownerOf[app] === owner)
        const ofOwner = before.filter(({ app }) => members.includes(app))
        // The latest stretch of an owner may not be over.
        const over = [...new Set(ofOwner.map(stretchOf))].slice(0, -1)
        const stretches = over.map(
          (stretch) => new Set(ofOwner.filter((each) => stretchOf(each) === stretch).map(({ app }) => app)),
        )
        const idles = (app: number): number => before.filter((each) => each.app === app && each.endsIdle).length
        return plainSets(members, stretches, idles, support, frequent).map((apps): Together => {
          const same = sets.find((set) => set.apps.join() === apps.join())
          if (same !== undefined) return same
          const parts = sets.filter((set) => set.apps.some((app) => apps.includes(app)))
          parts.sort(
            (one, other) =>
              apps.findIndex((app) => one.apps.includes(app)) - apps.findIndex((app) => other.apps.includes(app)),
          )
          const known = parts.map((part) => idlesOf(before, part, at))
          const most = Math.max(...known.map(({ length }) => length))
          return { apps, since: at, inherited: known.find(({ length }) => length === most)! }
        })
      })
    }
    return sets
  }

  /** The load and the unload after the set went idle, by its idle times. */
  const windowsOf = (idles: readonly number[]): [load: number, unload: number] => {
    const inside = idles.filter((idle) => idle < range).map((idle) => Math.floor(idle / binWidth))
    if (inside.length === 0 || 2 * inside.length < idles.length) return [0, range]
    const bins = Math.ceil(range / binWidth)
    const counts = Array.from({ length: bins }, (_, bin) => inside.filter((each) => each === bin).length)
    const mean = inside.length / bins
    const deviation = Math.sqrt(counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / bins)
    if (deviation / mean < 2 - 1e-12) return [0, range]
    const sorted = inside.toSorted((one, other) => one - other)
    const binAt = (percent: number): number => sorted.find((_, nth) => 100 * (nth + 1) >= percent * sorted.length)!
    return [binAt(5) * binWidth * 0.9, (binAt(99) + 1) * binWidth * 1.1]
  }

  return {
    id: 'naive-defuse',
    summary: 'Defuse from the whole history.',
    parameters: {},
    scope: 'fleet',
    needs: [],
    create: (_params, { askAgain }) => {
      const heard: Heard[] = []
      const setOf = (app: number): Together => setsOf(heard).find(({ apps }) => apps.includes(app))!
      return {
        arrived(app, at, idleMs) {
          heard.push({ app, at, endsIdle: idleMs >= 0 })
          for (const other of setOf(app).apps) if (other !== app) askAgain!(other, at)
        },
        decide(app, now, out) {
          const set = setOf(app)
          const [load, unload] = windowsOf(idlesOf(heard, set, now))
          const since = heard.findLast((each) => set.apps.includes(each.app))?.at ?? now
          out.prewarmMs = Math.max(0, since + load - now)
          out.keepAliveMs = Math.max(0, since + unload - now - out.prewarmMs)
        },
      }
    },
  }
}
