import { streamOf } from '../../core/random.ts'
import { memoryTimeMbS } from '../memory-time.ts'
import type { MeasuredRun } from '../run.ts'
import type { PairedDifference } from './decision.ts'

/** The accounts of a run that differences are made of. */
export type Accounts = Pick<MeasuredRun, 'ledger' | 'dayLedgers' | 'memoryMb'>

/** A run and the baseline's in the same world, under the same seed and on the same part. */
export interface RunPair {
  readonly run: Accounts
  readonly base: Accounts
}

/** What is compared: invocations that were not served warm, or idle memory in MB·s. */
export type Compared = 'missed' | 'idleMbS'

/** Apps beyond so many are drawn in blocks of several. */
const MOST_BLOCKS = 300
const DRAWS = 500
const [LOW, HIGH] = [0.025, 0.975]

/**
 * Differences of candidates to the baseline, with an interval from resampling whole apps and, where runs were judged day by
 * day, whole days: each draws as many as there are, with replacement, independently of the other (the bootstrap for crossed
 * factors of Owen, "The pigeonhole bootstrap", Annals of Applied Statistics 2007). Seeds are averaged, not drawn. The same
 * accounts give the same interval.
 */
export function pairedDifferences(): (pairs: readonly RunPair[], compared: Compared) => PairedDifference | null {
  const drawn = new Map<string, readonly Uint16Array[]>()
  const drawsOf = (what: string, count: number): readonly Uint16Array[] => {
    const key = `${what} ${count}`
    const draws = drawn.get(key) ?? drawCounts(what, count)
    drawn.set(key, draws)
    return draws
  }
  return (pairs, compared) => {
    if (pairs.length === 0) return null
    const { days, run, base } = summed(pairs, compared)
    const [ofRun, ofBase] = [total(run), total(base)]
    const wins = pairs.filter((pair) => sumOf(pair.run, compared) < sumOf(pair.base, compared)).length
    const relative = ofBase === 0 ? null : ofRun / ofBase - 1
    if (relative === null) return { relative, low: null, high: null, wins, pairs: pairs.length }
    const blocks = run[0]!.length
    const apps = drawsOf('apps', blocks)
    const dates = days < 2 ? null : drawsOf('days', days)
    const ratios = apps
      .map((counts, draw) => {
        const [of, against] = [weighted(run, counts, dates?.[draw]), weighted(base, counts, dates?.[draw])]
        return against === 0 ? Number.NaN : of / against - 1
      })
      .filter((ratio) => !Number.isNaN(ratio))
      .toSorted((one, other) => one - other)
    const at = (share: number): number | null => ratios[Math.round(share * (ratios.length - 1))] ?? null
    return { relative, low: at(LOW), high: at(HIGH), wins, pairs: pairs.length }
  }
}

/** For each draw, how often each of so many things was drawn. */
function drawCounts(what: string, count: number): Uint16Array[] {
  const stream = streamOf(1, `bootstrap over ${what}`)
  return Array.from({ length: DRAWS }, () => {
    const counts = new Uint16Array(count)
    for (let draw = 0; draw < count; draw += 1) counts[Math.floor(stream.uniform() * count)]! += 1
    return counts
  })
}

/** Sums over pairs, by day and block of apps. */
interface Sums {
  readonly days: number
  readonly run: readonly Float64Array[]
  readonly base: readonly Float64Array[]
}

function summed(pairs: readonly RunPair[], compared: Compared): Sums {
  const apps = Math.max(...new Set(pairs.map(({ run }) => run.ledger.apps)))
  const blocks = Math.max(1, Math.min(apps, MOST_BLOCKS))
  const byDay = new Map<number, { readonly run: Float64Array; readonly base: Float64Array }>()
  const cellsOf = (day: number) => {
    const cells = byDay.get(day) ?? { run: new Float64Array(blocks), base: new Float64Array(blocks) }
    byDay.set(day, cells)
    return cells
  }
  for (const pair of pairs) {
    for (const side of ['run', 'base'] as const) {
      const accounts = pair[side]
      // A part that is not judged day by day is as one day, before all others.
      if (accounts.dayLedgers === null) addTo(cellsOf(-1)[side], accounts.ledger, accounts, compared)
      else for (const day of accounts.dayLedgers) addTo(cellsOf(day.fromMs)[side], day, accounts, compared)
    }
  }
  const all = [...byDay.values()]
  return { days: all.length, run: all.map(({ run }) => run), base: all.map(({ base }) => base) }
}

/** Accounts of every app, of a run or of one of its days. */
type AppAccountColumns = Readonly<Record<'coldStarts' | 'drops' | 'idleMs', Float64Array>>

function addTo(blocks: Float64Array, columns: AppAccountColumns, { memoryMb }: Accounts, compared: Compared): void {
  for (let app = 0; app < memoryMb.length; app += 1)
    blocks[app % blocks.length]! += figureOf(columns, memoryMb, app, compared)
}

function figureOf(
  { coldStarts, drops, idleMs }: AppAccountColumns,
  memoryMb: Float64Array,
  app: number,
  compared: Compared,
) {
  return compared === 'missed' ? coldStarts[app]! + drops[app]! : memoryTimeMbS(idleMs[app]!, memoryMb[app]!)
}

function sumOf({ ledger, memoryMb }: Accounts, compared: Compared): number {
  let sum = 0
  for (let app = 0; app < memoryMb.length; app += 1) sum += figureOf(ledger, memoryMb, app, compared)
  return sum
}

function total(days: readonly Float64Array[]): number {
  return days.reduce((sum, blocks) => sum + blocks.reduce((own, value) => own + value, 0), 0)
}

function weighted(days: readonly Float64Array[], counts: Uint16Array, dates: Uint16Array | undefined): number {
  let sum = 0
  for (let day = 0; day < days.length; day += 1) {
    const times = dates === undefined ? 1 : dates[day]!
    if (times === 0) continue
    const blocks = days[day]!
    let own = 0
    for (let block = 0; block < blocks.length; block += 1) own += blocks[block]! * counts[block]!
    sum += times * own
  }
  return sum
}
