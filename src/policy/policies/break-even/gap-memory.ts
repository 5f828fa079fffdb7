import { DAY_MINUTES } from '../../../core/units.ts'
import { grown } from '../../../core/column.ts'

/** Minutes of half a day and of a day. */
const HALF_DAY = 720

/** How old idle times weigh. */
export interface GapWeights {
  /** Factor for m of the latest idle times equalling those just before the old one, at m; its length less 1 is the most. */
  readonly likeness: Float64Array
  /** Factor for one that began near the present time of day, on an earlier day; 1: the time of day says nothing. */
  readonly nearness: number
  /** How near, in minutes. */
  readonly nearWithin: number
}

const FIRST_ROOM = 8

/**
 * The last idle times of one app as bins, when each began, and what is needed to weigh them by likeness without going
 * through all: each is linked to the one before it of the same bin, and the bins are kept in order with their counts. Hot:
 * measured by bench/policies.ts.
 */
export class GapMemory {
  /** Idle times held, at most `history`. */
  size = 0
  /** Distinct bins among them. */
  distinct = 0
  /** Those bins and the ones that always have a place, in rising order, and how many idle times are in each: `places` cells. */
  places: number
  bins: Uint32Array
  counts: Uint16Array
  /** Number of idle times ever learnt: the next one's serial number. */
  private next = 0
  private readonly history: number
  private readonly always: readonly number[]
  private room = FIRST_ROOM
  private mask = FIRST_ROOM - 1
  /** By serial number, modulo the room: the bin, the minute in which it began, and the distance to the last of its bin. */
  private gaps = new Uint32Array(FIRST_ROOM)
  private began = new Float64Array(FIRST_ROOM)
  private back = new Uint16Array(FIRST_ROOM)
  /** How many idle times of the same bin follow each other up to this one. */
  private run = new Uint16Array(FIRST_ROOM)
  /** Serial number of the latest idle time in each bin that has any. */
  private latest: Float64Array
  /** Where the bin of the latest idle time stood as it was learnt: mostly it is that one that is looked for next. */
  private latestPlace = 0

  /** Holds up to `history` idle times, at most 65,535. Bins that always have a place are given in rising order. */
  constructor(history: number, always: readonly number[]) {
    this.history = history
    this.always = always
    this.places = always.length
    this.bins = new Uint32Array(always.length + FIRST_ROOM)
    this.bins.set(always)
    this.counts = new Uint16Array(this.bins.length)
    this.latest = new Float64Array(this.bins.length)
  }

  /** Learns an idle time that began in that minute. */
  learn(bin: number, beganMinute: number): void {
    if (this.size === this.history) this.forgetOldest()
    else if (this.size === this.room) this.grow()
    const serial = this.next
    const at = this.placeOf(bin)
    if (at === this.places || this.bins[at] !== bin) this.insert(at, bin)
    if (this.counts[at]! > 0) {
      const step = serial - this.latest[at]!
      this.back[serial & this.mask] = step
      this.run[serial & this.mask] = step === 1 ? Math.min(this.run[(serial - 1) & this.mask]! + 1, this.history) : 1
    } else {
      this.distinct += 1
      this.back[serial & this.mask] = 0
      this.run[serial & this.mask] = 1
    }
    this.counts[at]! += 1
    this.latest[at] = serial
    this.latestPlace = at
    this.gaps[serial & this.mask] = bin
    this.began[serial & this.mask] = beganMinute
    this.next = serial + 1
    this.size += 1
  }

  /** How many of the idle times held are in the bin. */
  count(bin: number): number {
    const at = this.placeOf(bin)
    return at < this.places && this.bins[at] === bin ? this.counts[at]! : 0
  }

  /**
   * Adds to `extra`, by bin, what the old idle times weigh beyond 1 each, as seen in the minute `now`; gives the sum.
   * The weight of one is `likeness[m]`, m being how many idle times just before it equal, one for one, the latest ones,
   * times `nearness` where it began near this time of day.
   */
  addWeights(weights: GapWeights, now: number, extra: Float64Array): number {
    if (this.size < 2) return this.size === 1 ? this.addNear(weights, now, extra) : 0
    return this.addLike(weights, extra) + this.addNear(weights, now, extra)
  }

  /**
   * Goes from run to run of the latest bin, and weighs what followed each of its idle times. After j of a run, where the
   * latest run is r long, the smaller of the two is the likeness: beyond it one goes on and the other does not. Only
   * where j is r do both end, and what was before them counts.
   */
  private addLike({ likeness }: GapWeights, extra: Float64Array): number {
    const { gaps, back, mask, run } = this
    const depth = likeness.length - 1
    const last = this.next - 1
    const oldest = last + 1 - this.size
    const bin = gaps[last & mask]!
    const latest = run[last & mask]!
    const most = latest < depth ? latest : depth
    let sum = 0
    let inRuns = 0
    for (let end = last; end >= oldest; ) {
      const start = end - run[end & mask]! + 1
      const first = start > oldest ? start : oldest
      const length = end - first + 1
      if (end < last) {
        // Of a latest run that is longer than can be like, nothing before it counts.
        const like =
          length < most ? length : length === latest && latest < depth ? this.likenessAt(end + 1, depth) : most
        const weight = likeness[like]! - 1
        extra[gaps[(end + 1) & mask]!]! += weight
        sum += weight
      }
      // Those in the run after the first: after 1 to length - 1 of it.
      for (let after = 1; after < most && after < length; after += 1) inRuns += likeness[after]! - 1
      if (length > most) {
        inRuns += (length - most) * (likeness[most]! - 1)
        if (latest < depth) inRuns += likeness[this.likenessAt(first + latest, depth)]! - likeness[most]!
      }
      const step = start > oldest ? back[start & mask]! : 0
      if (step === 0) break
      end = start - step
    }
    extra[bin]! += inRuns
    return sum + inRuns
  }

  private addNear(weights: GapWeights, now: number, extra: Float64Array): number {
    const { nearness, nearWithin, likeness } = weights
    const depth = likeness.length - 1
    const oldest = this.next - this.size
    if (nearness === 1 || this.began[oldest & this.mask]! > now - DAY_MINUTES + nearWithin) return 0
    let sum = 0
    let end = this.next
    for (let around = now - DAY_MINUTES; end > oldest; around -= DAY_MINUTES) {
      end = this.firstFrom(Math.min(around + nearWithin, now - HALF_DAY) + 1, oldest, end)
      for (let at = end - 1; at >= oldest && this.began[at & this.mask]! >= around - nearWithin; at -= 1) {
        const weight = (nearness - 1) * likeness[this.likenessAt(at, depth)]!
        extra[this.gaps[at & this.mask]!]! += weight
        sum += weight
        end = at
      }
    }
    return sum
  }

  /** How many idle times just before the one of that serial number equal, one for one, the latest. */
  private likenessAt(serial: number, depth: number): number {
    const { gaps, mask } = this
    const oldest = this.next - this.size
    const last = this.next - 1
    let like = 0
    while (like < depth && serial - 1 - like >= oldest) {
      if (gaps[(serial - 1 - like) & mask] !== gaps[(last - like) & mask]) break
      like += 1
    }
    return like
  }

  /** The first serial number in [from, to) of an idle time that began in that minute or later; `to` where there is none. */
  private firstFrom(minute: number, from: number, to: number): number {
    let low = from
    let high = to
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      if (this.began[middle & this.mask]! >= minute) high = middle
      else low = middle + 1
    }
    return low
  }

  /** Where the bin stands among those that have a place, or would. */
  private placeOf(bin: number): number {
    const { bins, latestPlace, places } = this
    if (latestPlace < places && bins[latestPlace] === bin) return latestPlace
    let low = 0
    let high = places
    while (low < high) {
      const middle = (low + high) >>> 1
      if (bins[middle]! >= bin) high = middle
      else low = middle + 1
    }
    return low
  }

  private insert(at: number, bin: number): void {
    const end = this.places
    if (end === this.bins.length) {
      this.bins = grown(this.bins, 2 * end)
      this.counts = grown(this.counts, 2 * end)
      this.latest = grown(this.latest, 2 * end)
    }
    for (const column of [this.bins, this.counts, this.latest]) column.copyWithin(at + 1, at, end)
    this.bins[at] = bin
    this.counts[at] = 0
    this.places = end + 1
  }

  private forgetOldest(): void {
    const at = this.placeOf(this.gaps[(this.next - this.size) & this.mask]!)
    this.size -= 1
    this.counts[at]! -= 1
    if (this.counts[at]! > 0) return
    this.distinct -= 1
    if (this.always.includes(this.bins[at]!)) return
    for (const column of [this.bins, this.counts, this.latest]) column.copyWithin(at, at + 1, this.places)
    this.places -= 1
  }

  private grow(): void {
    // Nothing was forgotten before the room is as large as the history, so serial numbers are places as they stand.
    this.gaps = grown(this.gaps, 2 * this.room)
    this.began = grown(this.began, 2 * this.room)
    this.back = grown(this.back, 2 * this.room)
    this.run = grown(this.run, 2 * this.room)
    this.room *= 2
    this.mask = this.room - 1
  }

  /** The idle times held, oldest first: their bins and the minutes in which they began. */
  save(): [bin: number, beganMinute: number][] {
    return Array.from({ length: this.size }, (_, index) => {
      const at = (this.next - this.size + index) & this.mask
      return [this.gaps[at]!, this.began[at]!]
    })
  }
}
