import { FUNCTIONS_PER_APP, type KnownTrigger, RATES, TRIGGER_SETS, TRIGGER_SHARES } from './published-shares.ts'
import { fitMargins } from './proportional-fitting.ts'

/** What decides most about an app: its triggers, how many functions it has, and how busy it is. */
interface AppKind {
  readonly triggers: readonly KnownTrigger[]
  /** Index into FUNCTIONS_PER_APP. */
  readonly sizeClass: number
  /** 0: at most hourly, 1: up to once a minute, 2: up to once a second, 3: above. */
  readonly band: number
}

/** The joint distribution of app kinds. */
export interface AppMix {
  readonly kinds: readonly AppKind[]
  /** The probability of each kind. */
  readonly share: readonly number[]
  /** The kind at a quantile in [0, 1). */
  at(quantile: number): AppKind
}

/** The part of the apps in each band of rates. */
export const BAND_SHARES = [
  RATES.atMostHourly,
  RATES.belowMinutely - RATES.atMostHourly,
  1 - RATES.overSecondly - RATES.belowMinutely,
  RATES.overSecondly,
]

const KNOWN_TRIGGERS = Object.keys(TRIGGER_SHARES) as KnownTrigger[]

/**
 * How triggers lean: `growth` towards apps of many functions, `heat` towards busy apps. The sources give margins only;
 * these exponents are chosen so that triggers get their part of functions and invocations (measured in docs/synth.md).
 */
const LEANING: Readonly<Record<KnownTrigger, { growth: number; heat: number }>> = {
  http: { growth: 0.2, heat: -0.35 },
  timer: { growth: -0.2, heat: -0.6 },
  queue: { growth: -0.15, heat: 0.6 },
  storage: { growth: -2, heat: -0.6 },
  event: { growth: -2, heat: 1.7 },
  orchestration: { growth: 1.4, heat: -0.6 },
  others: { growth: -2, heat: 0 },
}

/** How much each doubling of the functions leans an app towards the next busier band. */
const HEAT_OF_SIZE = 0.37

/**
 * The joint distribution of trigger sets, size classes and rate bands: each has its published margin, a set of n triggers
 * needs n functions, and the rest follows the leanings.
 */
export function createAppMix(): AppMix {
  const kinds: AppKind[] = []
  const weights: number[] = []
  const margins = [triggerSets(), FUNCTIONS_PER_APP.map(({ share }) => share), BAND_SHARES] as const
  const groups: [number[], number[], number[]] = [[], [], []]
  for (const [set, { triggers, share }] of margins[0].entries()) {
    for (const [sizeClass, { from, to }] of FUNCTIONS_PER_APP.entries()) {
      for (const band of BAND_SHARES.keys()) {
        if (triggers.length > to) continue
        kinds.push({ triggers, sizeClass, band })
        weights.push(share * lean(triggers, Math.log2((from + Math.min(to, 30)) / 2), band))
        groups[0].push(set)
        groups[1].push(sizeClass)
        groups[2].push(band)
      }
    }
  }
  const totals = [margins[0].map(({ share }) => share), margins[1], margins[2]]
  const share = fitMargins(
    weights,
    totals.map((total, index) => ({ group: groups[index]!, total })),
  )
  return { kinds, share, at: quantileOf(kinds, share) }
}

function lean(triggers: readonly KnownTrigger[], doublings: number, band: number): number {
  const growth = mean(triggers.map((trigger) => LEANING[trigger].growth))
  const heat = mean(triggers.map((trigger) => LEANING[trigger].heat))
  return Math.exp(growth * doublings + band * (heat + HEAT_OF_SIZE * doublings))
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

/**
 * The published trigger sets, and the unpublished 9.6 % spread over all other sets of up to four triggers so that each
 * trigger is in the published part of the apps.
 */
function triggerSets(): { triggers: readonly KnownTrigger[]; share: number }[] {
  const listed = new Set(TRIGGER_SETS.map(({ triggers }) => triggers.join()))
  const others = subsets(KNOWN_TRIGGERS).filter((set) => set.length >= 1 && set.length <= 4 && !listed.has(set.join()))
  const rest = 1 - TRIGGER_SETS.reduce((sum, { share }) => sum + share, 0)
  const margins = KNOWN_TRIGGERS.map((trigger) => {
    const known = TRIGGER_SETS.filter(({ triggers }) => triggers.includes(trigger))
    const missing = TRIGGER_SHARES[trigger].apps - known.reduce((sum, { share }) => sum + share, 0)
    return { group: others.map((set) => (set.includes(trigger) ? 1 : 0)), total: [rest - missing, missing] }
  })
  const shares = fitMargins(
    others.map(() => 1),
    margins,
  )
  return [...TRIGGER_SETS, ...others.map((triggers, index) => ({ triggers, share: shares[index]! }))]
}

function subsets<T>(items: readonly T[]): T[][] {
  return items.reduce<T[][]>((sets, item) => [...sets, ...sets.map((set) => [...set, item])], [[]])
}

function quantileOf(kinds: readonly AppKind[], share: readonly number[]): (quantile: number) => AppKind {
  const upTo: number[] = []
  let sum = 0
  for (const part of share) {
    sum += part
    upTo.push(sum)
  }
  return (quantile) => {
    const wanted = quantile * sum
    const found = upTo.findIndex((edge) => wanted < edge)
    return kinds[found === -1 ? kinds.length - 1 : found]!
  }
}
