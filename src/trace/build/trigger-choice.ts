import { GrowingColumn } from '../../core/column.ts'
import { TRIGGERS, type Trigger } from '../trace.ts'

/**
 * Chooses one trigger for each function. The one seen latest wins, but a real one always wins over `others` and
 * `unknown`, with which the data set begins many functions that are named properly a day later. Of two seen at the
 * same time the later in {@link TRIGGERS} wins, so that the order of rows changes nothing.
 */
export class TriggerChoice {
  private readonly best = new GrowingColumn('float64')
  private readonly mask = new GrowingColumn('uint32')

  /** The function of that row was seen with a trigger at a time (any unit, at least 0). */
  offer(row: number, trigger: Trigger, time: number): void {
    const index = TRIGGERS.indexOf(trigger)
    const telling = trigger === 'unknown' ? 0 : trigger === 'others' ? 1 : 2
    const rank = (telling * 2 ** 44 + Math.min(Math.floor(time), 2 ** 44 - 1)) * TRIGGERS.length + index
    this.mask.set(row, this.mask.at(row) | (1 << index))
    this.best.set(row, Math.max(rank, this.best.at(row)))
  }

  /** Index into {@link TRIGGERS} of the function's trigger; that of `unknown` when none was offered. */
  chosen(row: number): number {
    return this.best.at(row) % TRIGGERS.length
  }

  /** Whether the function was seen with more than one trigger. */
  changed(row: number): boolean {
    const seen = this.mask.at(row)
    return (seen & (seen - 1)) !== 0
  }
}
