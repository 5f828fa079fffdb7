import { formatPercent, formatQuantity } from '../../metrics/figure-text.ts'
import { quantiles } from '../../metrics/quantile.ts'
import { characteristicsOf, type Characteristics } from '../../trace/characteristics.ts'
import {
  DURATION,
  FUNCTIONS_PER_APP,
  IAT_CV,
  INVOCATIONS_OF_SMALL_APPS,
  MEMORY_QUANTILES,
  RATES,
  TRIGGER_SHARES,
  CYCLE,
} from '../../trace/synth/published-shares.ts'
import { type Trace, TRIGGERS } from '../../trace/trace.ts'
import type { TraceProfile } from './trace-profile.ts'

/** One published figure beside the same of a trace. */
export interface CharacterisationRow {
  readonly part: string
  readonly what: string
  readonly unit: '%' | 's' | 'MB' | ''
  readonly published: number
  /** Null where the trace does not tell. */
  readonly here: number | null
}

/** The characterisation of Shahrad et al., section 3, for a trace with its profile. Shares are in percent. */
export function characterisationOf(trace: Trace, profile: TraceProfile): readonly CharacterisationRow[] {
  const facts = characteristicsOf(trace)
  return [
    ...functionRows(facts),
    ...triggerRows(trace, profile, facts),
    ...rateRows(facts),
    ...iatRows(trace, facts),
  ].concat(durationRows(facts), memoryRows(trace, facts), cycleRows(facts))
}

const percentOf = (part: number, whole: number): number | null => (whole === 0 ? null : (100 * part) / whole)

function share(
  values: ArrayLike<number>,
  holds: (value: number, at: number) => boolean,
  among = always,
): number | null {
  let [part, whole] = [0, 0]
  for (let at = 0; at < values.length; at += 1) {
    if (!among(at)) continue
    whole += 1
    if (holds(values[at]!, at)) part += 1
  }
  return percentOf(part, whole)
}

function always(_at: number): boolean {
  return true
}

function functionRows({ functions, invocations }: Characteristics): CharacterisationRow[] {
  const part = 'functions per app'
  const rows = FUNCTIONS_PER_APP.map(({ from, to, share: published }): CharacterisationRow => {
    const what = `apps with ${from === to ? from : from === 11 ? '11 or more' : `${from} to ${to}`}`
    return row(
      part,
      what,
      '%',
      100 * published,
      share(functions, (count) => count >= from && (from === 11 || count <= to)),
    )
  })
  let [small, all] = [0, 0]
  for (const [app, count] of invocations.entries()) {
    all += count
    if (functions[app]! <= 3) small += count
  }
  const what = 'invocations of apps with at most 3'
  return [...rows, row(part, what, '%', 100 * INVOCATIONS_OF_SMALL_APPS, percentOf(small, all))]
}

function triggerRows(
  { offers, functions }: Trace,
  { triggers, trace }: TraceProfile,
  { hasTrigger }: Characteristics,
): CharacterisationRow[] {
  if (!offers.includes('trigger')) return []
  return Object.entries(TRIGGER_SHARES).flatMap(([trigger, published]) => {
    const found = triggers.find((each) => each.trigger === trigger)
    const index = TRIGGERS.findIndex((each) => each === trigger)
    return [
      row(
        'triggers',
        `functions by ${trigger}`,
        '%',
        100 * published.functions,
        percentOf(found?.functions ?? 0, functions.count),
      ),
      row(
        'triggers',
        `invocations by ${trigger}`,
        '%',
        100 * published.invocations,
        percentOf(found?.invocations ?? 0, trace.invocations),
      ),
      row(
        'triggers',
        `apps with ${trigger}`,
        '%',
        100 * published.apps,
        share(hasTrigger[index]!, (has) => has === 1),
      ),
    ]
  })
}

function rateRows({ invocations, hours }: Characteristics): CharacterisationRow[] {
  const part = 'invocations per app'
  const [all, often] = [sum(invocations, () => true), sum(invocations, (count) => count >= 60 * hours)]
  return [
    row(
      part,
      'apps invoked at most once an hour',
      '%',
      100 * RATES.atMostHourly,
      share(invocations, (count) => count <= hours),
    ),
    row(
      part,
      'apps invoked less than once a minute',
      '%',
      100 * RATES.belowMinutely,
      share(invocations, (count) => count < 60 * hours),
    ),
    row(
      part,
      'apps invoked more than once a second',
      '%',
      100 * RATES.overSecondly,
      share(invocations, (count) => count > 3600 * hours),
    ),
    row(
      part,
      'invocations of apps with one a minute or more',
      '%',
      100 * RATES.invocationsOfMinutely,
      percentOf(often, all),
    ),
  ]
}

function sum(values: Float64Array, holds: (value: number) => boolean): number {
  let total = 0
  for (const value of values) if (holds(value)) total += value
  return total
}

/** Times from arrival to arrival that differ by rounding alone count as equal. */
const EQUAL = 1e-6

function iatRows({ offers }: Trace, { iatCv, hasTrigger }: Characteristics): CharacterisationRow[] {
  const part = 'CV of times between arrivals'
  const timer = hasTrigger[TRIGGERS.indexOf('timer')]!
  const others = hasTrigger.filter((_, index) => index !== TRIGGERS.indexOf('timer'))
  const known = (at: number): boolean => !Number.isNaN(iatCv[at]!)
  const onlyTimer = (at: number): boolean => timer[at] === 1 && others.every((has) => has[at] === 0)
  const groups: readonly (readonly [string, (at: number) => boolean, { zero?: number; atMostOne: number }])[] = [
    ['apps', always, IAT_CV.all],
    ['apps with timers alone', onlyTimer, IAT_CV.onlyTimers],
    ['apps with a timer', (at) => timer[at] === 1, IAT_CV.anyTimer],
    ['apps without timers', (at) => timer[at] === 0, IAT_CV.noTimers],
  ]
  return groups
    .slice(0, offers.includes('trigger') ? groups.length : 1)
    .flatMap(([who, isOne, { zero, atMostOne }]) => {
      const among = (at: number): boolean => known(at) && isOne(at)
      const none =
        zero === undefined
          ? []
          : [
              row(
                part,
                `${who}: 0`,
                '%',
                100 * zero,
                share(iatCv, (cv) => cv <= EQUAL, among),
              ),
            ]
      return [
        ...none,
        row(
          part,
          `${who}: at most 1`,
          '%',
          100 * atMostOne,
          share(iatCv, (cv) => cv <= 1 + EQUAL, among),
        ),
      ]
    })
}

function durationRows({ durationMs }: Characteristics): CharacterisationRow[] {
  const part = 'mean execution time'
  const known = (at: number): boolean => !Number.isNaN(durationMs[at]!)
  const logs = durationMs.filter((ms) => ms > 0).map((ms) => Math.log(ms / 1000))
  const mean = logs.length === 0 ? null : logs.reduce((total, log) => total + log, 0) / logs.length
  const sigma =
    mean === null ? null : Math.sqrt(logs.reduce((total, log) => total + (log - mean) ** 2, 0) / logs.length)
  return [
    row(
      part,
      'functions below 1 s',
      '%',
      50,
      share(durationMs, (ms) => ms < 1000, known),
    ),
    row(
      part,
      'functions below 60 s',
      '%',
      96,
      share(durationMs, (ms) => ms < 60_000, known),
    ),
    row(part, 'log-normal fit: mean of ln(s)', '', DURATION.logMean, mean),
    row(part, 'log-normal fit: σ', '', DURATION.sigma, sigma),
  ]
}

function memoryRows({ offers, apps }: Trace, { invocations }: Characteristics): CharacterisationRow[] {
  const part = 'allocated memory'
  const known = offers.includes('memory')
    ? apps.memoryMb.filter((_, app) => invocations[app]! > 0)
    : new Float64Array(0)
  const here = quantiles(
    known,
    MEMORY_QUANTILES.map(({ share: at }) => at),
  )
  return MEMORY_QUANTILES.map(({ share: at, mb }, index) =>
    row(part, `of apps, percentile ${formatQuantity(100 * at)}`, 'MB', mb, here[index] ?? null),
  )
}

function cycleRows({ hourly }: Characteristics): CharacterisationRow[] {
  const hours = Array.from(hourly)
  const most = hours.reduce((high, count) => Math.max(high, count), 0)
  const least = hours.reduce((low, count) => Math.min(low, count), most)
  const what = 'the quietest hour, of the busiest'
  return hours.length < 24 ? [] : [row('over time', what, '%', 100 * CYCLE.floor, percentOf(least, most))]
}

function row(
  part: string,
  what: string,
  unit: CharacterisationRow['unit'],
  published: number,
  here: number | null,
): CharacterisationRow {
  return { part, what, unit, published, here }
}

/** The characterisation as lines for a terminal. */
export function characterisationLines(rows: readonly CharacterisationRow[]): string[][] {
  let part = ''
  const lines = [['', 'published', 'here', '']]
  for (const each of rows) {
    if (each.part !== part) lines.push([each.part, '', '', ''])
    part = each.part
    lines.push([`  ${each.what}`, told(each.published, each.unit), told(each.here, each.unit), each.unit])
  }
  return lines
}

function told(value: number | null, unit: CharacterisationRow['unit']): string {
  if (value === null) return '–'
  return unit === '%' ? formatPercent(value) : formatQuantity(value)
}
