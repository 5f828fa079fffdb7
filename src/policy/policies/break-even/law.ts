import { GapMemory, type GapWeights } from './gap-memory.ts'
import type { Prior } from './prior.ts'
import { PriorTail } from './prior-tail.ts'

/** How much the prior counts beside the history. */
export interface LawShape extends GapWeights {
  /** Weight of what was never seen, in idle times. */
  readonly unseen: number
  /** Taken from each distinct bin's weight and given to the prior, 0 to 1. */
  readonly discount: number
}

const MOST_EXPERTS = 8

/**
 * The law of the present idle time, one object that is filled anew at each decision: atoms, which are the bins of old idle
 * times and of experts, over a share of the prior. P(bin) = atom(bin) + share x prior(bin). Hot: measured by
 * bench/policies.ts.
 */
export class Law {
  readonly prior: Prior
  /** What the prior alone is worth from some bin on. */
  readonly tail: PriorTail
  /** The prior's share of the mass. */
  share = 1
  /** The history, whose bins are atoms but for those of no idle time. It has a place for each round time as well. */
  memory: GapMemory
  /** An atom of the history weighs its count and what is here by bin, less this; all 0 between decisions. */
  readonly extra: Float64Array
  readonly discount: number
  /** Mass of an atom for each unit of its weight. */
  unit = 1
  /** Bins whose mass an expert has fixed, in order, with the mass of the atom: so many of the cells. */
  experts = 0
  readonly expertBins = new Float64Array(MOST_EXPERTS)
  readonly expertAtoms = new Float64Array(MOST_EXPERTS)
  private readonly shape: LawShape
  /** The history of an app of which nothing is known. */
  private readonly nothing: GapMemory

  constructor(prior: Prior, shape: LawShape) {
    this.prior = prior
    this.tail = new PriorTail(prior)
    this.shape = shape
    this.discount = shape.discount
    this.extra = new Float64Array(prior.bins + 1)
    this.nothing = new GapMemory(1, prior.roundBins)
    this.memory = this.nothing
  }

  /** Becomes the law of the app with that history in the minute `now`; without one, the prior. */
  begin(memory: GapMemory | undefined, now: number): void {
    this.experts = 0
    this.memory = memory ?? this.nothing
    const { unseen, discount } = this.shape
    const total = this.memory.size + this.memory.addWeights(this.shape, now, this.extra) + unseen
    this.unit = 1 / total
    this.share = (unseen + discount * this.memory.distinct) / total
  }

  /** The decision is made: what was laid out for it is taken away. */
  end(): void {
    const { extra } = this
    const { bins, places } = this.memory
    for (let at = 0; at < places; at += 1) extra[bins[at]!] = 0
  }

  /** The mass of a bin. */
  mass(bin: number): number {
    return this.atom(bin) + this.share * this.prior.mass[bin]!
  }

  /** The mass of a bin beside the prior's. */
  private atom(bin: number): number {
    for (let at = 0; at < this.experts; at += 1) if (this.expertBins[at] === bin) return this.expertAtoms[at]!
    const count = this.memory.count(bin)
    return count === 0 ? 0 : (count + this.extra[bin]! - this.discount) * this.unit
  }

  /** Gives a bin of that mass the mass `p` and scales all others; nothing changes where the prior alone would have more. */
  fix(bin: number, mass: number, p: number): void {
    const { expertAtoms, expertBins } = this
    const rest = 1 - mass
    if (rest <= 1e-12) return
    const scale = (1 - p) / rest
    const atom = p - this.share * scale * this.prior.mass[bin]!
    if (atom < 0) return
    this.share *= scale
    this.unit *= scale
    for (let at = 0; at < this.experts; at += 1) expertAtoms[at]! *= scale
    let at = this.experts
    while (at > 0 && expertBins[at - 1]! > bin) at -= 1
    if (at > 0 && expertBins[at - 1] === bin) {
      expertAtoms[at - 1] = atom
      return
    }
    // There are few: shifting them by hand takes less than a call that does.
    for (let after = this.experts; after > at; after -= 1) {
      expertBins[after] = expertBins[after - 1]!
      expertAtoms[after] = expertAtoms[after - 1]!
    }
    expertBins[at] = bin
    expertAtoms[at] = atom
    this.experts += 1
  }
}
