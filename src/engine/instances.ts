/** What an instance is doing. */
export const LOADING = 0
export const IDLE = 1
export const BUSY = 2

/** No instance. */
export const NONE = -1

/**
 * One row an instance, rows reused after unloading. `previous` and `next` chain the idle instances of an app in the
 * order in which they became idle, or those that are loading or busy and have room.
 */
export interface InstanceTable {
  app: Int32Array
  state: Uint8Array
  /** Invocations that are running, or waiting for the load to end. */
  taken: Int32Array
  /** When the present state began. */
  since: Float64Array
  /** When loading began. */
  bornAt: Float64Array
  /** 1 until a pre-warmed instance serves its first invocation. */
  unused: Uint8Array
  previous: Int32Array
  next: Int32Array
}

/** Room for `rows` instances, with the content of `old`. */
export function instanceTable(rows: number, old?: InstanceTable): InstanceTable {
  const table: InstanceTable = {
    app: new Int32Array(rows),
    state: new Uint8Array(rows),
    taken: new Int32Array(rows),
    since: new Float64Array(rows),
    bornAt: new Float64Array(rows),
    unused: new Uint8Array(rows),
    previous: new Int32Array(rows),
    next: new Int32Array(rows),
  }
  if (old !== undefined) for (const name of Object.keys(table) as (keyof InstanceTable)[]) table[name].set(old[name])
  return table
}
