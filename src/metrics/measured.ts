// What a platform was seen to do, beside what a simulation does.

/** Idle times, counted by how long they were. */
export interface IdleTimes {
  /** The shortest of each class in ms, the first 0; a class ends where the next one begins, the last one nowhere. */
  readonly fromMs: readonly number[]
  /** How many of each class were followed by a warm start, and how many by a cold one. */
  readonly survived: readonly number[]
  readonly ended: readonly number[]
}

/** How long a platform seems to keep instances. */
export interface SeenKeepAlive {
  /** How many idle times were followed by a warm start, and the longest of them in ms; 0 where there are none. */
  readonly survived: number
  readonly longestSurvivedMs: number
  /** How many were followed by a cold start, and the shortest of them in ms; null where there are none. */
  readonly ended: number
  readonly shortestEndedMs: number | null
  /** The window that tells the two apart with the fewest mistakes, in ms, and how many of all idle times it gets wrong. */
  readonly windowMs: number
  readonly mistaken: number
}

/** What a trace tells of the starts that were measured on the platform. */
export interface MeasuredStarts {
  /** Invocations of which it is known whether they were cold, and those that were, one entry per app. */
  readonly known: readonly number[]
  readonly cold: readonly number[]
  /** Measured cold starts in equal parts of the time from `fromMs` on. */
  readonly overTime: { readonly fromMs: number; readonly partMs: number; readonly cold: readonly number[] }
  readonly keepAlive: SeenKeepAlive
  readonly idleTimes: IdleTimes
}

/** The cold starts of a run beside the measured ones. */
interface RunBesideMeasured {
  /** Sum over the apps of the difference from the measured cold starts, over these; null where none was measured. */
  readonly difference: number | null
  /** Cold starts of the apps that are listed, in their order. */
  readonly perApp: readonly number[]
  /** In the parts of the measured ones; null where that was not computed. */
  readonly overTime: readonly number[] | null
}

/** Measured and simulated cold starts of the runs of a comparison. */
export interface MeasuredBeside extends Omit<MeasuredStarts, 'known' | 'cold'> {
  /** Invocations of which it is known whether they were cold, and those that were. */
  readonly known: number
  readonly cold: number
  /** The apps with the most measured cold starts; `appsLeftOut` more are in the sums alone. */
  readonly apps: readonly {
    readonly app: string
    readonly invocations: number
    readonly measured: number
  }[]
  readonly appsLeftOut: number
  /** By the digest of the run; a run of other units or another judged part is not among them. */
  readonly runs: Readonly<Record<string, RunBesideMeasured>>
}

/** More apps are in the sums alone. */
const MOST_APPS = 500

/** A run that is set beside measured starts. */
interface RunBeside {
  readonly digest: string
  readonly ledger: { readonly invocations: Float64Array; readonly coldStarts: Float64Array }
  readonly overTime: readonly number[] | null
}

/** Sets runs beside measured starts of the same apps, whose names are in the order of the ledgers. */
export function besideMeasured(
  starts: MeasuredStarts,
  names: readonly string[],
  runs: readonly RunBeside[],
): MeasuredBeside {
  const { known, cold, ...rest } = starts
  const order = cold
    .map((_, app) => app)
    .filter((app) => known[app]! > 0)
    .toSorted((a, b) => cold[b]! - cold[a]! || known[b]! - known[a]! || a - b)
  const shown = order.slice(0, MOST_APPS)
  const all = sum(cold)
  return {
    ...rest,
    known: sum(known),
    cold: all,
    apps: shown.map((app) => ({ app: names[app] ?? '', invocations: known[app]!, measured: cold[app]! })),
    appsLeftOut: order.length - shown.length,
    runs: Object.fromEntries(
      runs.map(({ digest, ledger, overTime }) => {
        const wrong = cold.reduce((total, count, app) => total + Math.abs(count - ledger.coldStarts[app]!), 0)
        const perApp = shown.map((app) => ledger.coldStarts[app]!)
        return [digest, { difference: all === 0 ? null : wrong / all, perApp, overTime }]
      }),
    ),
  }
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0)
}
