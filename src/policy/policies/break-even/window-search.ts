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
export interface WindowChoice {
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
 * to be held. The law has special bins, which are atoms and round times, and smooth stretches between them, in which the
 * hazard falls all the way; so in a stretch the best end is where hazard and price meet, and a window can only begin at a
 * stretch's start or at a special bin. The same as trying all pairs of bins, which the tests do. Hot: measured by
 * bench/policies.ts, and one loop for that reason.
 *
 * The window begins with the bin `from` or later, for an idle time that has lasted so long, and ends before `to`.
 */
// oxlint-disable-next-line max-lines-per-function -- one loop
export function search(law: Law, price: Price, out: WindowChoice, from = 0, to: number = law.prior.bins): void {
  const { discount, expertAtoms, expertBins, experts, extra, share, unit } = law
  const { bins, counts, places } = law.memory
  const { mass: priorMass, roundBins, survival, survivalSum } = law.prior
  const { leadBins, perBin } = price
  const { tail } = law
  tail.turnTo(perBin)
  const smooth = share * law.prior.smooth
  // From here on a smooth stretch is only passed: no bin of it is worth its price, so that no best window ends there, and one
  // that begins at the special bin after it is cheaper than one that begins before.
  const steady = Math.max(from, tail.worthUpTo, leadBins / LEAD)
  let first = -1
  let last = -1
  let best = 0
  // P(gap >= bin), of which the prior's smooth part, and the bins up to it that an instance is held from the beginning on.
  let alive = 1
  let smoothAlive = smooth * survival[0]!
  let held = 0
  let start = 0
  let leastCost = from === 0 ? 0 : Number.POSITIVE_INFINITY
  // Atoms of old idle times that are still to come; where the window may not end anywhere, never none.
  let atoms = to === law.prior.bins ? law.memory.distinct : Number.POSITIVE_INFINITY
  for (let bin = 0, place = 0, expert = 0; ; bin += 1) {
    let special = to
    if (place < places && bins[place]! < special) special = bins[place]!
    if (expert < experts && expertBins[expert]! < special) special = expertBins[expert]!
    // A window may begin at `from`, though nothing leaps there.
    if (bin < from && from < special) special = from
    if (bin < special) {
      // P(gap > b) = floor + smooth x S(b + 1) for every b in the stretch.
      const floor = alive - smoothAlive
      if (bin < steady) {
        const cost = costOf(bin, alive, held, price)
        if (bin >= from && cost < leastCost) {
          leastCost = cost
          start = bin
        }
        // No end in it saves more than all of its mass, were holding free.
        const most = 1 - floor - smooth * survival[special]! - perBin * held - leastCost
        if (
          most > best &&
          smooth * (survival[bin]! - survival[bin + 1]!) > perBin * (floor + smooth * survival[bin + 1]!)
        ) {
          const end = law.prior.worthUpTo(bin + 1, special, smooth, floor, perBin)
          const endHeld = held + (end - bin) * floor + smooth * (survivalSum[end]! - survivalSum[bin]!)
          const saving = 1 - floor - smooth * survival[end]! - perBin * endHeld - leastCost
          if (saving > best) {
            best = saving
            first = start
            last = end - 1
          }
        }
      }
      smoothAlive = smooth * survival[special]!
      alive = floor + smoothAlive
      held += (special - bin) * floor + smooth * (survivalSum[special]! - survivalSum[bin]!)
      bin = special
    }
    if (bin === to) break
    const cost = costOf(bin, alive, held, price)
    if (bin >= from && cost < leastCost) {
      leastCost = cost
      start = bin
    }
    if (atoms === 0 && expert === experts && place < places && bins[place] === bin) {
      // Only the prior is left: how long what is held is best held is known, and what begins later saves `alive` at most.
      const round = roundBins.length - (places - place)
      const saving = 1 - alive - perBin * held - leastCost + share * tail.saving[round]!
      if (saving > best && tail.last[round]! >= 0) {
        best = saving
        first = start
        last = tail.last[round]!
      }
      if (alive <= best) break
    }
    let atom = 0
    if (place < places && bins[place] === bin) {
      if (counts[place]! > 0) {
        atom = (counts[place]! + extra[bin]! - discount) * unit
        atoms -= 1
      }
      place += 1
    }
    if (expert < experts && expertBins[expert] === bin) {
      atom = expertAtoms[expert]!
      expert += 1
    }
    alive -= atom + share * priorMass[bin]!
    if (alive < 0) alive = 0
    smoothAlive = smooth * survival[bin + 1]!
    held += alive
    const saving = 1 - alive - perBin * held - leastCost
    if (saving > best) {
      best = saving
      first = start
      last = bin
    }
    // What begins later saves no more than P(gap > bin); what has begun, no more than 1 less what it has cost. Where no
    // smooth bin is worth its price any more, neither saves more than the special bins that are left.
    const left = bin < steady ? alive : alive - smoothAlive
    if (left <= best && saving + left <= best) break
  }
  out.first = first
  out.last = last
  out.saving = best
}

/**
 * Finds the earliest window from the bin `from` on that saves anything, where others may follow it: the best of all, if
 * none that ends before it saves anything, else the earliest of those that do. So every stretch that is worth its price gets
 * its window, one after the other. Two that touch are one, which saves more.
 */
export function searchEarliest(law: Law, price: Price, out: WindowChoice, from: number): void {
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
