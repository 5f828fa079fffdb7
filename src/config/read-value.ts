import type { EvictionDefinition } from '../sim/cluster/idle-pool.ts'
import type { PlacementDefinition } from '../sim/cluster/placement.ts'
import type { Path } from './document.ts'

/** What a parameter or option may hold: plain data. */
export type Value = number | string | boolean | readonly Value[] | { readonly [key: string]: Value }

/** One value of an experiment: what it means, and how it is spelt. */
export interface Setting {
  readonly value: Value
  /** As the user wrote it: `60m`. */
  readonly written: string
  /** The one spelling of all equal values: `1h`. */
  readonly canonical: string
  /** The rule that it names, where that is in a file of a user's own. */
  readonly rule?: EvictionDefinition | PlacementDefinition
}

/** What is wrong with a value: `expected …, found …`, and what to do. */
export interface Mistake {
  readonly problem: string
  readonly hint?: string
  /** Where in the value it is, if not the whole of it is wrong. */
  readonly path?: Path
  /** Whether the key is wrong that `path` ends with, and not what it holds. */
  readonly isKey?: true
}

/** Whether reading a value found a mistake. */
export function isMistake(read: Setting | readonly Setting[] | Mistake): read is Mistake {
  return 'problem' in read
}

/** What a value found in a document looks like in a sentence. */
export function found(raw: unknown): string {
  if (raw === undefined || raw === null) return 'nothing'
  if (Array.isArray(raw)) return raw.length === 0 ? 'an empty list' : 'a list'
  if (typeof raw === 'object') return 'a mapping'
  return typeof raw === 'string' ? quoted(raw) : String(raw)
}

/** Longer texts are told by their beginning. */
const LONGEST_SHOWN = 200

/** A text of a document in a sentence. */
export function quoted(text: string): string {
  if (text.length <= LONGEST_SHOWN) return JSON.stringify(text)
  return `${JSON.stringify(text.slice(0, LONGEST_SHOWN).toWellFormed())}… (${text.length} characters)`
}
