import type { Law } from './law.ts'

/** What idle time and loads cost, in cold starts; set for each app. */
export interface Price {
  /** Of holding an instance for a bin. */
  perBin: number
  /** Of a load ahead of time, in bins held. */
  loadBins: number
  /** How much earlier than its first bin a window loads at most, in bins. */
  readonly leadBins: number
}

/** The window of the greatest saving; filled by {@link search}. */
export interface Choice {
  /** First and last bin of the window; -1: none saves anything. */
  first: number
  last: number
  /** Cold starts that are expected to be saved, less the price. */
  saving: number
}

/** Part of an idle time by which a window loads before its first bin. */
const LEAD = 0.1

/** How many bins before its first one a window loads. */
export function leadOf(first: number, { leadBins }: Price): number {
  return Math.min(LEAD * first, leadBins)
}

/**
 * Finds the window [first, last] of greatest expected saving: P(gap in it) less the price of the bins that it is expected
 * to be held. The law has special bins and smooth stretches between them, in which the hazard falls all the way; so in
 * a stretch the best end is where hazard and price meet, and a window can only begin at a stretch's start or at a special
 * bin. The same as trying all pairs of bins, which the tests do. Hot: measured by bench/policies.ts.
 *
 * The window begins with the bin `from` or later, for an idle time that has lasted so long, and ends before `to`.
 */
export function search(law: Law, price: Price, out: Choice, from = 0, to: number = law.prior.bins): void {
  const { survival, survivalSum } = law.prior
  const { perBin } = price
  const smooth = law.share * law.prior.smooth
  const smoothEnd = law.prior.worthUpTo(perBin)
  out.first = -1
  out.last = -1
  out.saving = 0
  law.walk()
  // P(gap >= bin), and the bins up to it that an instance is held which stays from the beginning.
  let alive = 1
  let held = 0
  let start = 0
  let leastCost = from === 0 ? 0 : Number.POSITIVE_INFINITY
  for (let bin = 0; ; ) {
    const next = Math.min(law.nextSpecial(), to)
    // A window may begin at `from`, though nothing leaps there.
    const special = bin < from && from < next ? from : next
    if (bin < special) {
      // A smooth stretch: P(gap > b) = floor + smooth x S(b + 1) for every b in it.
      const cost = costOf(bin, alive, held, price)
      if (bin >= from && cost < leastCost) {
        leastCost = cost
        start = bin
      }
      const floor = alive - smooth * survival[bin]!
      const before = held - bin * floor - smooth * survivalSum[bin]!
      if (smooth * (survival[bin]! - survival[bin + 1]!) > perBin * (floor + smooth * survival[bin + 1]!)) {
        const end = lastWorthIt(bin, special, smooth, floor, perBin, survival) + 1
        const endHeld = before + end * floor + smooth * survivalSum[end]!
        improve(out, start, end - 1, 1 - floor - smooth * survival[end]! - perBin * endHeld - leastCost)
      }
      alive = Math.max(0, floor + smooth * survival[special]!)
      held = before + special * floor + smooth * survivalSum[special]!
      bin = special
    }
    if (bin === to) return
    const cost = costOf(bin, alive, held, price)
    if (bin >= from && cost < leastCost) {
      leastCost = cost
      start = bin
    }
    alive = Math.max(0, alive - law.pass(bin))
    held += alive
    const saving = 1 - alive - perBin * held - leastCost
    if (saving > out.saving) improve(out, start, bin, saving)
    // What begins later saves no more than P(gap > bin); what has begun, no more than 1 less what it has cost. Where no
    // smooth bin is worth its price any more, neither saves more than the special bins that are left.
    const left = bin < smoothEnd ? alive : alive - smooth * survival[bin + 1]!
    if (left <= out.saving && saving + left <= out.saving) return
    bin += 1
  }
}

/**
 * Finds the earliest window from the bin `from` on that saves anything, where others may follow it: the best of all, if
 * none that ends before it saves anything, else the earliest of those that do. So every stretch that is worth its price gets
 * its window, one after the other. Two that touch are one, which saves more.
 */
export function searchEarliest(law: Law, price: Price, out: Choice, from: number): void {
  search(law, price, out, from)
  while (out.first > from) {
    const { first, last, saving } = out
    search(law, price, out, from, first)
    if (out.first >= 0) continue
    out.first = first
    out.last = last
    out.saving = saving
    return
  }
}

/** What a window that begins with the bin has not saved and not cost, so that the rest of it is the same for all. */
function costOf(bin: number, alive: number, held: number, { perBin, loadBins, leadBins }: Price): number {
  const lead = bin === 0 ? 0 : Math.min(LEAD * bin, leadBins) + loadBins
  return 1 - alive - perBin * (held - lead * alive)
}

function improve(out: Choice, first: number, last: number, saving: number): void {
  if (saving <= out.saving) return
  out.saving = saving
  out.first = first
  out.last = last
}

/** The last bin of the smooth stretch [from, to) whose hazard is worth the price of a bin; the first one's is. */
function lastWorthIt(
  from: number,
  to: number,
  smooth: number,
  floor: number,
  perBin: number,
  survival: Float64Array,
): number {
  let low = from
  let high = to
  while (high - low > 1) {
    const middle = (low + high) >>> 1
    const hazard = smooth * (survival[middle]! - survival[middle + 1]!)
    if (hazard > perBin * (floor + smooth * survival[middle + 1]!)) low = middle
    else high = middle
  }
  return low
}
