import { randomInt } from 'node:crypto'
import { grown } from '../../core/column.ts'
import type { Columns } from './row-columns.ts'

const FIRST_ROOM = 1 << 10
const PRIME = 0x01000193
/** Parts two columns, being no byte of a text in UTF-8. */
const PARTS = 0xff

/**
 * Numbers by the bytes that some columns have in a row: a table with open addressing, because a text of every row would
 * cost more than all else of it. Its order of places is drawn anew in each process, so that no file can be made to fill
 * one place; nothing that comes out depends on it. Hot: measured by bench/mapping.ts.
 */
export class SpanTable {
  private readonly columns: Columns
  private readonly slots: readonly number[]
  private readonly seed = randomInt(2 ** 31)
  /** 1 + the entry at each place; 0 where there is none. */
  private places = new Uint32Array(FIRST_ROOM)
  private hashes = new Uint32Array(FIRST_ROOM)
  private values = new Uint32Array(FIRST_ROOM)
  /** The keys behind one another; that of an entry ends where the next one begins. */
  private keys = new Uint8Array(FIRST_ROOM)
  private begins = new Uint32Array(FIRST_ROOM)
  private count = 0
  private hash = 0

  constructor(columns: Columns, slots: readonly number[]) {
    this.columns = columns
    this.slots = slots
  }

  /** Whether the row at hand has all columns as bytes. */
  get isReady(): boolean {
    const { slots } = this
    for (const slot of slots) if (this.columns.from[slot]! < 0) return false
    return slots.length > 0
  }

  /** The number of the columns' bytes in the row at hand; -1 where they have none. */
  find(): number {
    const { columns, places, hashes, slots } = this
    const { bytes, from, to } = columns
    let hash = this.seed
    for (let index = 0; index < slots.length; index += 1) {
      const slot = slots[index]!
      const end = to[slot]!
      let at = from[slot]!
      // Four bytes at once: of one after the other, each would wait for the product before it.
      for (const last = end - 3; at < last; at += 4) {
        const four = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
        hash = Math.imul(hash ^ four, PRIME)
        hash ^= hash >>> 15
      }
      for (; at < end; at += 1) hash = Math.imul(hash ^ bytes[at]!, PRIME)
      hash = Math.imul(hash ^ PARTS, PRIME)
    }
    hash = (hash ^ (hash >>> 15)) >>> 0
    this.hash = hash
    const mask = places.length - 1
    for (let place = hash & mask; places[place] !== 0; place = (place + 1) & mask) {
      const entry = places[place]! - 1
      if (hashes[entry] === hash && this.isKey(this.begins[entry]!)) return this.values[entry]!
    }
    return -1
  }

  /** The columns' bytes that {@link find} has just looked for in vain have this number from now on. */
  add(value: number): void {
    const { columns, slots } = this
    const entry = this.count
    let end = this.begins[entry]!
    for (const slot of slots) {
      const [from, to] = [columns.from[slot]!, columns.to[slot]!]
      if (end + to - from + 1 > this.keys.length) this.keys = longer(this.keys, 2 * (end + to - from + 1))
      this.keys.set(columns.bytes.subarray(from, to), end)
      end += to - from + 1
      this.keys[end - 1] = PARTS
    }
    this.hashes[entry] = this.hash
    this.values[entry] = value
    this.count = entry + 1
    if (2 * this.count >= this.places.length) this.grow()
    else this.put(entry)
    this.begins[this.count] = end
  }

  private put(entry: number): void {
    const { places } = this
    const mask = places.length - 1
    let place = this.hashes[entry]! & mask
    while (places[place] !== 0) place = (place + 1) & mask
    places[place] = entry + 1
  }

  private grow(): void {
    const room = 2 * this.places.length
    this.places = new Uint32Array(room)
    this.hashes = grown(this.hashes, room)
    this.values = grown(this.values, room)
    this.begins = grown(this.begins, room)
    for (let entry = 0; entry < this.count; entry += 1) this.put(entry)
  }

  /** Whether the key that begins there is the columns' bytes in the row at hand. */
  private isKey(begin: number): boolean {
    const { columns, slots, keys } = this
    const { bytes, from, to } = columns
    let place = begin
    for (let index = 0; index < slots.length; index += 1) {
      const slot = slots[index]!
      const end = to[slot]!
      for (let at = from[slot]!; at < end; at += 1, place += 1) if (bytes[at] !== keys[place]) return false
      if (keys[place] !== PARTS) return false
      place += 1
    }
    return true
  }
}

function longer(bytes: Uint8Array<ArrayBuffer>, length: number): Uint8Array<ArrayBuffer> {
  const wider = new Uint8Array(length)
  wider.set(bytes)
  return wider
}
