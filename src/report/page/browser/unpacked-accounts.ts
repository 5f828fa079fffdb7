import type { AppColumns } from '../page-contents.ts'
import { counts, figures, texts, unpacked } from './packed.ts'

/** The accounts of every app in one run, by the position of the app. */
export interface UnpackedRun {
  readonly names: readonly string[]
  readonly invocations: Float64Array
  readonly cold: Float64Array
  /** By reason, in the order of the page's reasons. */
  readonly reasons: readonly Float64Array[]
  readonly idleMbS: Float64Array
}

/** The accounts of the apps, unpacked run by run as they are asked for. */
export class UnpackedAccounts {
  private readonly columns: AppColumns
  private readonly bytes: readonly Uint8Array[]
  private readonly known = new Map<number, UnpackedRun>()
  private readonly names = new Map<number, readonly string[]>()

  private constructor(columns: AppColumns, bytes: readonly Uint8Array[]) {
    this.columns = columns
    this.bytes = bytes
  }

  static async of(columns: AppColumns): Promise<UnpackedAccounts> {
    return new UnpackedAccounts(columns, await unpacked(columns.packed))
  }

  /** Positions of the runs whose apps are known and are the same as those of a run. */
  runsLike(run: number): readonly number[] {
    const { runs } = this.columns
    return Object.keys(runs)
      .map(Number)
      .filter((other) => runs[other]!.names === runs[run]?.names)
  }

  /** The accounts of a run; undefined where the page has none. */
  of(run: number): UnpackedRun | undefined {
    const at = this.columns.runs[run]
    if (at === undefined) return undefined
    const found = this.known.get(run)
    if (found !== undefined) return found
    const reasons = at.reasons.map((column) => counts(this.bytes[column]!))
    const cold = reasons[0]!.map((_, app) => reasons.reduce((sum, column) => sum + column[app]!, 0))
    const made = {
      names: this.namesAt(at.names),
      invocations: counts(this.bytes[at.invocations]!),
      cold,
      reasons,
      idleMbS: figures(this.bytes[at.idleMbS]!),
    }
    this.known.set(run, made)
    return made
  }

  private namesAt(column: number): readonly string[] {
    const names = this.names.get(column) ?? texts(this.bytes[column]!)
    this.names.set(column, names)
    return names
  }

  /** The fewest cold starts of each app over a run and those of the runs with the same apps that are compared with it. */
  leastCold(run: number, isComparable: (other: number) => boolean): Float64Array {
    const least = Float64Array.from(this.of(run)!.cold)
    for (const other of this.runsLike(run).filter(isComparable)) {
      const { cold } = this.of(other)!
      for (let app = 0; app < least.length; app += 1) least[app] = Math.min(least[app]!, cold[app]!)
    }
    return least
  }
}
