import { canonical } from '../../core/canonical.ts'
import { type Language, told } from '../../language/language.ts'
import { judgedText } from '../judged-text.ts'
import type { RunFigures } from '../run.ts'
import type { ComparedWorld, WorldColumn } from './decision.ts'

/** Positions of runs, by world and by column. */
export interface RunPlaces {
  readonly worlds: readonly ComparedWorld[]
  readonly columns: readonly WorldColumn[]
  /** Position of the column of each run. */
  readonly columnOf: readonly number[]
}

/** What tells where a run took place. */
export type PlacedRun = Pick<RunFigures, 'model' | 'spelt' | 'seed' | 'judged' | 'variant'>

/**
 * The worlds of runs, in the order in which they come. An eviction order tells worlds apart only where some candidate was
 * run under several: else it is a candidate's own choice.
 */
export function placesOf(runs: readonly PlacedRun[], language: Language): RunPlaces {
  const ignored = hasOwnEviction(runs) ? ['spread', 'eviction'] : ['spread']
  const byWorld = [...Map.groupBy(runs, (run) => worldKey(run, ignored)).values()]
  const names = worldNames(byWorld.map((members) => members[0]!))
  const columns: WorldColumn[] = []
  const position = new Map<PlacedRun, number>()
  const worlds = byWorld.map((members, world): ComparedWorld => {
    const first = columns.length
    for (const column of Map.groupBy(members, columnKey).values()) {
      const { judged } = column[0]!
      const name = names[world]! + suffix(column[0]!, members, language)
      for (const run of column) position.set(run, columns.length)
      columns.push({ name, world, judged, seeds: [...new Set(column.map(({ seed }) => seed))] })
    }
    const own = Array.from({ length: columns.length - first }, (_, index) => first + index)
    return { name: names[world]!, kind: kindOf(members[0]!), columns: own }
  })
  return { worlds, columns, columnOf: runs.map((run) => position.get(run)!) }
}

/** Whether each candidate has one eviction order, and there are several. */
function hasOwnEviction(runs: readonly PlacedRun[]): boolean {
  if (new Set(runs.map(({ model }) => model['eviction'])).size < 2) return false
  const candidates = Map.groupBy(runs, ({ variant }) => variant)
  return [...candidates.values()].every((own) => new Set(own.map(({ model }) => model['eviction'])).size === 1)
}

function worldKey({ model }: PlacedRun, ignored: readonly string[]): string {
  return canonical(Object.fromEntries(Object.entries(model).filter(([name]) => !ignored.includes(name))))
}

function columnKey({ model, judged }: PlacedRun): string {
  return canonical([model['spread'], judged])
}

/** The kind, and every option in which a world differs from another of its kind. */
function worldNames(worlds: readonly PlacedRun[]): string[] {
  const varied = new Map(
    [...Map.groupBy(worlds, kindOf)].map(([kind, siblings]) => [kind, variedOptions(siblings)] as const),
  )
  return worlds.map((world) => {
    const own = varied.get(kindOf(world))!.map((name) => ` ${name}=${world.spelt.model[name] ?? '–'}`)
    return kindOf(world) + own.join('')
  })
}

function variedOptions(worlds: readonly PlacedRun[]): string[] {
  const names = new Set(worlds.flatMap(({ spelt }) => Object.keys(spelt.model)))
  names.delete('spread')
  return [...names].filter((name) => new Set(worlds.map(({ spelt }) => spelt.model[name])).size > 1)
}

/** What tells a column from others of its world: the spread and the judged part, where there are several. */
function suffix({ model, spelt, judged }: PlacedRun, members: readonly PlacedRun[], language: Language): string {
  const isSwept = members.some((other) => other.model['spread'] !== model['spread'])
  const isPart = members.some((other) => canonical(other.judged) !== canonical(judged))
  const spread = isSwept ? ` spread=${spelt.model['spread'] ?? String(model['spread'])}` : ''
  const part = judged === null ? told(language, 'fact.wholeTrace') : judgedText(judged, language)
  return spread + (isPart ? ` ${part}` : '')
}

function kindOf({ model }: Pick<PlacedRun, 'model'>): string {
  return String(model['kind'])
}
