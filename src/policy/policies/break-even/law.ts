import type { GapMemory, GapWeights } from './gap-memory.ts'
import type { Prior } from './prior.ts'

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
  /** The prior's share of the mass. */
  share = 1
  private readonly shape: LawShape
  /** What old idle times weigh beyond 1 each, by bin; all 0 between decisions. */
  private readonly extra: Float64Array
  private memory: GapMemory | null = null
  /** Mass of an atom for each unit of its weight. */
  private unit = 0
  /** Bins whose mass an expert has fixed, in order, with the mass of the atom. */
  private experts = 0
  private readonly expertBins = new Float64Array(MOST_EXPERTS)
  private readonly expertAtoms = new Float64Array(MOST_EXPERTS)
  /** Where the walk over the special bins stands: in the memory, the round times and the experts. */
  private atMemory = 0
  private atRound = 0
  private atExpert = 0

  constructor(prior: Prior, shape: LawShape) {
    this.prior = prior
    this.shape = shape
    this.extra = new Float64Array(prior.bins + 1)
  }

  /** Becomes the law of the app with that history in the minute `now`; without one, the prior. */
  begin(memory: GapMemory | undefined, now: number): void {
    this.experts = 0
    this.memory = memory ?? null
    if (memory === undefined) {
      this.share = 1
      return
    }
    const { unseen, discount } = this.shape
    const total = memory.size + memory.addWeights(this.shape, now, this.extra) + unseen
    this.unit = 1 / total
    this.share = (unseen + discount * memory.distinct) / total
  }

  /** The decision is made: what was laid out for it is taken away. */
  end(): void {
    const { memory, extra } = this
    if (memory === null) return
    for (let at = 0; at < memory.distinct; at += 1) extra[memory.bins[at]!] = 0
  }

  /** The mass of a bin. */
  mass(bin: number): number {
    return this.atom(bin) + this.share * this.prior.mass[bin]!
  }

  /** The mass of a bin beside the prior's. */
  private atom(bin: number): number {
    for (let at = 0; at < this.experts; at += 1) if (this.expertBins[at] === bin) return this.expertAtoms[at]!
    const count = this.memory === null ? 0 : this.memory.count(bin)
    return count === 0 ? 0 : (count + this.extra[bin]! - this.shape.discount) * this.unit
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
    expertBins.copyWithin(at + 1, at, this.experts)
    expertAtoms.copyWithin(at + 1, at, this.experts)
    expertBins[at] = bin
    expertAtoms[at] = atom
    this.experts += 1
    return
  }

  /** Begins a walk over the special bins, where the mass may leap: those of atoms and round times. */
  walk(): void {
    this.atMemory = 0
    this.atRound = 0
    this.atExpert = 0
  }

  /** The next special bin within the range; the number of bins when there is none. */
  nextSpecial(): number {
    const { memory, prior, expertBins } = this
    let bin = prior.bins
    if (memory !== null && this.atMemory < memory.distinct) bin = Math.min(bin, memory.bins[this.atMemory]!)
    if (this.atRound < prior.roundBins.length) bin = Math.min(bin, prior.roundBins[this.atRound]!)
    if (this.atExpert < this.experts) bin = Math.min(bin, expertBins[this.atExpert]!)
    return bin
  }

  /** Goes past the special bin that {@link nextSpecial} gave; gives its mass. */
  pass(bin: number): number {
    const { memory, prior } = this
    let atom = 0
    if (memory !== null && this.atMemory < memory.distinct && memory.bins[this.atMemory] === bin) {
      atom = (memory.counts[this.atMemory]! + this.extra[bin]! - this.shape.discount) * this.unit
      this.atMemory += 1
    }
    if (this.atRound < prior.roundBins.length && prior.roundBins[this.atRound] === bin) this.atRound += 1
    if (this.atExpert < this.experts && this.expertBins[this.atExpert] === bin) {
      atom = this.expertAtoms[this.atExpert]!
      this.atExpert += 1
    }
    return atom + this.share * prior.mass[bin]!
  }
}
