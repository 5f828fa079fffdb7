/**
 * Shared memory for ledgers, which is used again: every thread that has seen a piece of it keeps it until it next collects
 * its garbage, which a thread that makes little of its own seldom does.
 */
export class LedgerMemory {
  private readonly free = new Map<number, SharedArrayBuffer[]>()

  /** So many bytes, all of them 0. */
  take(bytes: number): SharedArrayBuffer {
    const used = this.free.get(bytes)?.pop()
    if (used === undefined) return new SharedArrayBuffer(bytes)
    new Uint8Array(used).fill(0)
    return used
  }

  /** Nobody reads or writes it any more. */
  give(memory: SharedArrayBuffer): void {
    const { byteLength } = memory
    const free = this.free.get(byteLength)
    if (free === undefined) this.free.set(byteLength, [memory])
    else free.push(memory)
  }
}
