/*
 * Code of a user's own runs in the same realm as the engine. Where it changes what the language itself brings, such as
 * Array.prototype or Math.random, or keeps something in globalThis, runs that follow in the thread would give other results.
 */

/** What a thread's built-ins were before code of a user's own was called. */
export interface BuiltIns {
  /** From now on what was added to the global object belongs there, with the values that it has now. */
  takeGlobals(): void
  /**
   * Puts back what was changed since, and gives the name of the first such thing, as `Math.random`; undefined where nothing
   * was. `isWhole` is false where something cannot be put back: then the thread serves nobody any more.
   */
  mend(): { readonly changed: string | undefined; readonly isWhole: boolean }
}

// Taken before anybody can change them; what is below calls no other method of a built-in.
const { ownKeys, getOwnPropertyDescriptor, defineProperty, deleteProperty, getPrototypeOf, setPrototypeOf } = Reflect
const { is } = Object

/** The names that ECMAScript gives to the global object (https://tc39.es/ecma262/#sec-global-object). */
const NAMES = `
  Object Function Array String Number Boolean Symbol BigInt Math JSON Reflect Proxy Date RegExp Map
  Set WeakMap WeakSet WeakRef FinalizationRegistry Promise Atomics ArrayBuffer SharedArrayBuffer
  DataView Float64Array Float32Array Int32Array Int16Array Int8Array Uint32Array Uint16Array
  Uint8Array Uint8ClampedArray BigInt64Array BigUint64Array Error AggregateError EvalError RangeError
  ReferenceError SyntaxError TypeError URIError Intl Iterator parseFloat parseInt isNaN isFinite NaN
  Infinity undefined globalThis
`
  .trim()
  .split(/\s+/)

/** Built-ins that have no name of their own. */
const NAMELESS: readonly (readonly [string, () => unknown])[] = [
  ['the prototype of typed arrays', () => getPrototypeOf(Uint8Array.prototype)],
  ['the class of typed arrays', () => getPrototypeOf(Uint8Array)],
  ['the prototype of array iterators', () => getPrototypeOf([][Symbol.iterator]())],
  ['the prototype of map iterators', () => getPrototypeOf(new Map()[Symbol.iterator]())],
  ['the prototype of set iterators', () => getPrototypeOf(new Set()[Symbol.iterator]())],
  ['the prototype of string iterators', () => getPrototypeOf(''[Symbol.iterator]())],
  ['the prototype of generators', () => getPrototypeOf(getPrototypeOf((function* () {})()) as object)],
]

/** An object of the language, with its properties as they were. */
interface Kept {
  readonly name: string
  readonly object: object
  readonly prototype: object | null
  readonly keys: readonly PropertyKey[]
  readonly descriptors: readonly PropertyDescriptor[]
}

/** Takes down the built-ins of this thread as they are now. Some 2,000 properties, which takes about a millisecond. */
export function keepBuiltIns(): BuiltIns {
  const kept: Kept[] = []
  const seen = new Set<unknown>()
  const take = (name: string, object: unknown, depth: number): void => {
    if ((typeof object !== 'object' && typeof object !== 'function') || object === null || seen.has(object)) return
    seen.add(object)
    const keys = ownKeys(object)
    const descriptors = keys.map((key) => plain(getOwnPropertyDescriptor(object, key)!))
    kept.push({ name, object, prototype: getPrototypeOf(object), keys, descriptors })
    if (depth === 0) return
    for (const [index, { value }] of descriptors.entries())
      take(`${name}.${String(keys[index])}`, value as unknown, depth - 1)
  }
  // Descriptors inherit from it, so it is put back first.
  take('Object.prototype', Object.prototype, 0)
  for (const name of NAMES) {
    const { value } = getOwnPropertyDescriptor(globalThis, name) ?? {}
    if (name !== 'globalThis') take(name, value, 2)
  }
  for (const [name, find] of NAMELESS) take(name, find(), 1)
  const globals: Globals = { names: [], watched: [] }
  takeGlobals(globals, false)
  for (const name of NAMES) {
    const found = getOwnPropertyDescriptor(globalThis, name)
    if (found !== undefined) globals.watched.push({ name, descriptor: plain(found) })
  }
  return { takeGlobals: () => takeGlobals(globals, true), mend: () => mend(kept, globals) }
}

/** The properties of the global object. */
interface Globals {
  /** All but symbols, by which libraries keep things that collide with nobody's. */
  readonly names: string[]
  /** Those that must stay as they are. Of the others Node sets some when they are first asked for. */
  readonly watched: { readonly name: string; readonly descriptor: PropertyDescriptor }[]
}

function takeGlobals({ names, watched }: Globals, areWatched: boolean): void {
  const now = ownKeys(globalThis)
  for (let at = 0; at < now.length; at += 1) {
    const name = now[at]!
    if (typeof name !== 'string' || isAmong(names, name)) continue
    names[names.length] = name
    if (areWatched) watched[watched.length] = { name, descriptor: plain(getOwnPropertyDescriptor(globalThis, name)!) }
  }
}

/** A descriptor that inherits nothing that code of a user's own may have put into `Object.prototype`. */
function plain(descriptor: PropertyDescriptor): PropertyDescriptor {
  setPrototypeOf(descriptor, null)
  return descriptor
}

function mend(
  kept: readonly Kept[],
  { names, watched }: Globals,
): { readonly changed: string | undefined; readonly isWhole: boolean } {
  let changed: string | undefined
  let isWhole = true
  const found = (name: string, key: PropertyKey | undefined, isMended: boolean): void => {
    changed ??= key === undefined ? name : typeof key === 'symbol' ? `a symbol of ${name}` : `${name}.${key}`
    isWhole = isWhole && isMended
  }
  for (let place = 0; place < kept.length; place += 1) {
    const { name, object, prototype, keys, descriptors } = kept[place]!
    removeOthers(object, keys, (key, isGone) => found(name, key, isGone))
    for (let at = 0; at < keys.length; at += 1)
      if (!isSame(getOwnPropertyDescriptor(object, keys[at]!), descriptors[at]!))
        found(name, keys[at]!, defineProperty(object, keys[at]!, descriptors[at]!))
    // One may have come for one that went.
    removeOthers(object, keys, (key, isGone) => found(name, key, isGone))
    if (getPrototypeOf(object) !== prototype) found(name, undefined, setPrototypeOf(object, prototype))
  }
  for (let at = 0; at < watched.length; at += 1) {
    const { name, descriptor } = watched[at]!
    if (!isSame(getOwnPropertyDescriptor(globalThis, name), descriptor))
      found('globalThis', name, defineProperty(globalThis, name, descriptor))
  }
  const now = ownKeys(globalThis)
  for (let at = 0; at < now.length; at += 1)
    if (typeof now[at] === 'string' && !isAmong(names, now[at]!))
      found('globalThis', now[at]!, deleteProperty(globalThis, now[at]!))
  return { changed, isWhole }
}

/** Removes the properties of an object that are not among those keys, and tells of each whether it is gone. */
function removeOthers(
  object: object,
  keys: readonly PropertyKey[],
  tell: (key: PropertyKey, isGone: boolean) => void,
): void {
  const now = ownKeys(object)
  if (now.length === keys.length) return
  for (let at = 0; at < now.length; at += 1)
    if (!isAmong(keys, now[at]!)) tell(now[at]!, deleteProperty(object, now[at]!))
}

function isSame(now: PropertyDescriptor | undefined, before: PropertyDescriptor): boolean {
  return (
    now !== undefined &&
    is(now.value, before.value) &&
    now.get === before.get &&
    now.set === before.set &&
    now.writable === before.writable &&
    now.enumerable === before.enumerable &&
    now.configurable === before.configurable
  )
}

function isAmong(keys: readonly PropertyKey[], key: PropertyKey): boolean {
  for (let at = 0; at < keys.length; at += 1) if (keys[at] === key) return true
  return false
}
