import { UserError } from './user-error.ts'

/** What every plug-in says of itself. */
export interface Described {
  readonly id: string
  /** One sentence. */
  readonly summary: string
}

/** The typed list of one kind of plug-in: choices, help and validation all come from it. */
export interface Registry<T extends Described> {
  readonly kind: string
  readonly all: readonly T[]
  readonly ids: readonly string[]
  /** The plug-in of that id. Throws a {@link UserError} at `where` that names the nearest id. */
  get(id: string, where: string): T
}

/** Makes the list of one kind of plug-in, `kind` being the word for one of them (`policy`, `trace format`). */
export function registry<T extends Described>(kind: string, all: readonly T[]): Registry<T> {
  const byId = new Map(all.map((plugin) => [plugin.id, plugin]))
  if (byId.size !== all.length) throw new Error(`two plug-ins of the kind "${kind}" share an id`)
  const ids = [...byId.keys()]
  return {
    kind,
    all,
    ids,
    get(id, where) {
      const found = byId.get(id)
      if (found !== undefined) return found
      const near = nearest(id, ids)
      const hint = near === undefined ? `There are: ${ids.join(', ')}.` : `Did you mean "${near}"?`
      throw new UserError({ where, problem: `no ${kind} called ${JSON.stringify(id)}`, hint })
    },
  }
}

/** The candidate that a misspelt word most likely meant; undefined when none is near. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined
  let bestDistance = Math.max(2, Math.floor(word.length / 3)) + 1
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase())
    if (distance >= bestDistance) continue
    best = candidate
    bestDistance = distance
  }
  return best
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= b.length; column += 1) {
      const swap = previous[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1)
      current.push(Math.min(swap, previous[column]! + 1, current[column - 1]! + 1))
    }
    previous = current
  }
  return previous[b.length]!
}
