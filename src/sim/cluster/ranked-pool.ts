import { TimerHeap } from '../../core/timer-heap.ts'
import type { IdlePool, Ranking } from './idle-pool.ts'
import {
  RANK_COLUMNS,
  HEAP_RANK,
  HEAP_SERIAL,
  NOT_IDLE,
  NOT_IN_HEAP,
  RANK,
  type RankTable,
  SERIAL,
} from './rank-table.ts'

/**
 * Idle instances of which the lowest rank goes first; of equal ranks the one that became idle first. A rank is given when
 * an instance becomes idle and stands until it works again.
 *
 * Most orders rank an instance higher with every use, so the heap keeps the rank that it had when it was put in, and is
 * corrected when that entry comes up: a use costs no more than storing the new rank. Hot: measured by bench/cluster.ts.
 */
export class RankedPool implements IdlePool {
  private readonly ranking: Ranking
  private readonly heap = new TimerHeap()
  private readonly table: RankTable
  private clock = 0
  private idle = 0

  constructor(ranking: Ranking, table: RankTable) {
    this.ranking = ranking
    this.table = table
  }

  add(instance: number, app: number, now: number, until: number): void {
    const at = instance * RANK_COLUMNS
    const { table } = this
    table.reserve(instance)
    const { columns } = table
    const rank = this.ranking(app, now, this.clock, until)
    const serial = table.serial + 1
    table.serial = serial
    this.idle += 1
    columns[at + RANK] = rank
    columns[at + SERIAL] = serial
    if (!(columns[at + HEAP_RANK]! <= rank)) this.insert(instance, rank, serial)
  }

  remove(instance: number): void {
    this.table.columns[instance * RANK_COLUMNS + SERIAL] = NOT_IDLE
    this.idle -= 1
  }

  forget(instance: number): void {
    this.table.columns[instance * RANK_COLUMNS + HEAP_RANK] = NOT_IN_HEAP
    this.table.columns[instance * RANK_COLUMNS + HEAP_SERIAL] = NOT_IDLE
  }

  victim(spared?: ReadonlySet<number>): number {
    const passed: number[] = []
    let victim = this.lowest()
    for (; spared?.has(victim) === true; victim = this.lowest()) {
      passed.push(victim)
      this.heap.pop()
    }
    // They go back as they were.
    const { columns } = this.table
    for (const instance of passed) {
      const at = instance * RANK_COLUMNS
      this.heap.insert(columns[at + HEAP_RANK]!, columns[at + HEAP_SERIAL]!, instance, 0)
    }
    this.clock = Math.max(this.clock, columns[victim * RANK_COLUMNS + RANK]!)
    return victim
  }

  /** The idle instance of the lowest rank; it is in front of the heap. */
  private lowest(): number {
    const { heap } = this
    const { columns } = this.table
    for (;;) {
      const instance = heap.nextSubject
      const at = instance * RANK_COLUMNS
      const serial = columns[at + SERIAL]!
      const isLatest = columns[at + HEAP_SERIAL] === heap.nextOrder
      if (isLatest && serial === heap.nextOrder) return instance
      heap.pop()
      // Else left by an instance that is gone, or that was put in again with a lower rank.
      if (!isLatest) continue
      this.forget(instance)
      if (serial !== NOT_IDLE) this.insert(instance, columns[at + RANK]!, serial)
    }
  }

  private insert(instance: number, rank: number, serial: number): void {
    if (this.heap.size > 2 * this.idle + 64) this.compact()
    this.table.columns[instance * RANK_COLUMNS + HEAP_RANK] = rank
    this.table.columns[instance * RANK_COLUMNS + HEAP_SERIAL] = serial
    this.heap.insert(rank, serial, instance, 0)
  }

  /** Rids the heap of entries that stand for nothing, so that it does not grow with what was loaded. */
  private compact(): void {
    const { heap } = this
    const { columns } = this.table
    const kept: number[] = []
    for (; heap.size > 0; heap.pop()) {
      const at = heap.nextSubject * RANK_COLUMNS
      if (columns[at + HEAP_SERIAL] !== heap.nextOrder) continue
      if (columns[at + SERIAL] !== NOT_IDLE) kept.push(heap.nextSubject)
      this.forget(heap.nextSubject)
    }
    for (const instance of kept) {
      const at = instance * RANK_COLUMNS
      columns[at + HEAP_RANK] = columns[at + RANK]!
      columns[at + HEAP_SERIAL] = columns[at + SERIAL]!
      heap.insert(columns[at + RANK]!, columns[at + SERIAL]!, instance, 0)
    }
  }
}
