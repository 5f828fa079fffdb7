import type { Trigger } from '../trace.ts'

/**
 * The published characterisation that synthesis is held to: Shahrad et al., "Serverless in the Wild", USENIX ATC 2020,
 * section 3, and Microsoft's public notes and notebook on it. Where the paper's subset (ATC) and the public release
 * differ, the constants are the ATC ones, because the figures on rates and functions per app are. Marks: [V] read in the
 * source, [eye] read off a plot, [D] derived here. Shares are of 1.
 */

/** Apps by their number of functions [V, Microsoft's summary; the last class is 11 and more]. */
export const FUNCTIONS_PER_APP = [
  { from: 1, to: 1, share: 0.54 },
  { from: 2, to: 2, share: 0.16 },
  { from: 3, to: 3, share: 0.1 },
  { from: 4, to: 5, share: 0.08 },
  { from: 6, to: 10, share: 0.07 },
  { from: 11, to: 3000, share: 0.05 },
] as const

/** Apps with more than 100 functions; "a couple" have over 2,000 [V, section 3.2]. */
export const APPS_OVER_100_FUNCTIONS = 0.0004

/** The part of all invocations that apps with at most three functions make [V, section 3.2]. */
export const INVOCATIONS_OF_SMALL_APPS = 0.5

/** A trigger that an invocation can have; `unknown` is no trigger of the data set. */
export type KnownTrigger = Exclude<Trigger, 'unknown'>

/** Per trigger: its part of the functions, of the invocations, and the part of apps with at least one [V, notebook]. */
export const TRIGGER_SHARES: Readonly<Record<KnownTrigger, { functions: number; invocations: number; apps: number }>> =
  {
    http: { functions: 0.55, invocations: 0.359, apps: 0.6407 },
    timer: { functions: 0.156, invocations: 0.02, apps: 0.2915 },
    queue: { functions: 0.152, invocations: 0.335, apps: 0.237 },
    storage: { functions: 0.028, invocations: 0.007, apps: 0.0683 },
    event: { functions: 0.022, invocations: 0.247, apps: 0.0579 },
    orchestration: { functions: 0.069, invocations: 0.023, apps: 0.0309 },
    others: { functions: 0.022, invocations: 0.01, apps: 0.0628 },
  }

/** The commonest sets of triggers in one app, 90.4 % of all apps together [V, notebook]. */
export const TRIGGER_SETS: readonly { readonly triggers: readonly KnownTrigger[]; readonly share: number }[] = [
  { triggers: ['http'], share: 0.4327 },
  { triggers: ['timer'], share: 0.1336 },
  { triggers: ['queue'], share: 0.0947 },
  { triggers: ['http', 'timer'], share: 0.0459 },
  { triggers: ['http', 'queue'], share: 0.0422 },
  { triggers: ['event'], share: 0.0301 },
  { triggers: ['storage'], share: 0.028 },
  { triggers: ['timer', 'queue'], share: 0.0257 },
  { triggers: ['http', 'timer', 'queue'], share: 0.0248 },
  { triggers: ['http', 'others'], share: 0.0169 },
  { triggers: ['http', 'storage'], share: 0.0105 },
  { triggers: ['http', 'orchestration'], share: 0.0103 },
  { triggers: ['http', 'timer', 'others'], share: 0.0084 },
]

/** How often apps are invoked on average, over two weeks (section 3.3, figure 5). */
export const RATES = {
  /** Apps invoked at most once an hour [V]. */
  atMostHourly: 0.45,
  /** Apps invoked less than once a minute [V: the top 18.6 % are at or above it]. */
  belowMinutely: 0.814,
  /** The part of all invocations that the apps at or above once a minute make [V]. */
  invocationsOfMinutely: 0.996,
  /** Apps invoked more than once a second [V, Microsoft's summary: "about 3 %"]. */
  overSecondly: 0.03,
  /** Apps invoked once in two weeks [eye: figure 5(a), ATC subset]. */
  onceAFortnight: 0.04,
  /** The least and the most invoked app differ by more than this factor [V]. */
  orders: 1e8,
} as const

/** The busiest app of the public release: 1,800,297,327 invocations in 14 days, as invocations a day [V, totals]. */
export const BUSIEST_APP_PER_DAY = 1_800_297_327 / 14

/** The 20 busiest of the release's 24,274 apps make 57.6 % of all invocations [V, totals]. */
export const RELEASE_TOP = { apps: 20, of: 24_274, invocations: 0.576 } as const

/** Timer functions that fire at most once a minute [V, section 3.2]. */
export const TIMERS_AT_MOST_MINUTELY = 0.95

/**
 * Coefficient of variation of inter-arrival times (figure 6) [eye]. The plot's `noTimers.atMostOne` read as 0.35 cannot
 * hold together with the others: 0.2915 x 0.76 + 0.7085 x 0.35 = 0.47, while the text says that 40 % of all apps are
 * above 1 [V]. Held here: what the text and the other curves leave for apps without timers, 0.49 [D].
 */
export const IAT_CV = {
  all: { zero: 0.2, atMostOne: 0.57 },
  onlyTimers: { zero: 0.475, atMostOne: 0.93 },
  anyTimer: { atMostOne: 0.76 },
  noTimers: { zero: 0.11, atMostOne: 0.49 },
} as const

/** Mean execution time of a function: log-normal, in seconds [V, section 3.4, fitted by maximum likelihood]. */
export const DURATION = { logMean: -0.38, sigma: 2.36 } as const

/** Longest execution of a function, in seconds, at these parts of the functions [V, section 3.4]. */
export const LONGEST_DURATION = [
  { share: 0.5, seconds: 3 },
  { share: 0.75, seconds: 10 },
  { share: 0.9, seconds: 60 },
] as const

/**
 * Mean allocated memory of an app in MB: Burr type XII [V, section 3.4]. A trap: the function called `burr` in SciPy is
 * type III, which these parameters do not fit.
 */
export const MEMORY = { c: 11.652, k: 0.221, scale: 107.083 } as const

/** Quantiles of {@link MEMORY} in MB [D]. */
export const MEMORY_QUANTILES = [
  { share: 0.01, mb: 82 },
  { share: 0.05, mb: 95 },
  { share: 0.25, mb: 117 },
  { share: 0.5, mb: 140 },
  { share: 0.75, mb: 183 },
  { share: 0.9, mb: 262 },
  { share: 0.95, mb: 343 },
  { share: 0.99, mb: 640 },
] as const

/** Highest memory of an app in MB, at these parts of the apps [V, section 3.4]. */
export const HIGHEST_MEMORY = [
  { share: 0.5, mb: 170 },
  { share: 0.9, mb: 400 },
] as const

/** The platform's day (figure 4). Minutes count from midnight. */
export const CYCLE = {
  /** The constant floor under the cycle, of the hourly peak [V, section 3.3]. */
  floor: 0.5,
  /** The day's busiest minute in the release, 14:08 [V, totals]. */
  busiestMinute: 14 * 60 + 8,
  /** The day's quietest minute in the release, 04:27 [V, totals]. */
  quietestMinute: 4 * 60 + 27,
  /** Invocations on a weekend day to those on a weekday, in the release's first week [D]. */
  weekend: 0.89,
} as const

/** Apps per owner in the release: 24,274 apps of 14,681 owners [V, totals]. */
export const OWNERS_PER_APP = 14_681 / 24_274
