import { formatMemory } from '../core/units.ts'
import { MOST_NODES } from '../sim/cluster/node-table.ts'
import type { NodeGroup } from '../sim/model.ts'
import { MEMORY_PATTERN, readMemorySize } from './memory-setting.ts'
import { found, isMistake, type Mistake, type Setting, type SettingKind, settingKind, unknownKey } from './setting.ts'

const count = settingKind({
  kind: 'number',
  describe: 'Number of equal nodes.',
  default: 1,
  min: 1,
  max: MOST_NODES,
  whole: true,
})

const KEYS = ['count', 'memory']

const group = (memory: unknown, number: unknown) => ({
  type: 'object',
  properties: { count: number, memory },
  required: ['memory'],
  additionalProperties: false,
})
const listable = (schema: object) => ({ anyOf: [schema, { type: 'array', minItems: 1, items: schema }] })
const memorySchema = { type: 'string', pattern: MEMORY_PATTERN, description: 'Memory of each node for instances.' }
const { default: _one, ...countSchema } = count.jsonSchema

/**
 * The nodes of a cluster. A mapping is so many equal nodes, and a list under `count` or `memory` is a grid; a list of
 * mappings is one cluster of unlike nodes.
 */
export const nodes: SettingKind = {
  jsonSchema: {
    anyOf: [
      group(listable(memorySchema), listable(countSchema)),
      { type: 'array', minItems: 1, items: group(memorySchema, countSchema) },
    ],
    description: 'What instances are loaded on: `{ count: 4, memory: 16GB }`, or a list of such for unlike nodes.',
  },
  read(raw) {
    const all = readNodes(raw)
    return isMistake(all) ? all : all[0]!
  },
  readAll: readNodes,
  spell: (value) => settingOf(value as unknown as readonly NodeGroup[]).written,
}

const HINT = 'Write, for example, nodes: { count: 4, memory: 16GB }.'

function readNodes(raw: unknown): readonly Setting[] | Mistake {
  const all = Array.isArray(raw) ? readUnlike(raw) : readGroups(raw, true)
  return isMistake(all) ? { hint: HINT, ...all } : all
}

/** One cluster of several groups of nodes. */
function readUnlike(raw: readonly unknown[]): readonly Setting[] | Mistake {
  if (raw.length === 0) return { problem: 'expected at least one group of nodes, found an empty list' }
  const groups: NodeGroup[] = []
  for (const [index, part] of raw.entries()) {
    const read = readGroups(part, false)
    if (isMistake(read)) return { ...read, path: [index, ...(read.path ?? [])] }
    groups.push(...(read[0]!.value as NodeGroup[]))
  }
  return [settingOf(groups)]
}

/** The groups that a mapping stands for: one, or with lists every combination. */
function readGroups(raw: unknown, isGrid: boolean): readonly Setting[] | Mistake {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    return { problem: `expected nodes as a mapping of count and memory, found ${found(raw)}` }
  }
  const unknown = Object.keys(raw).find((key) => !KEYS.includes(key))
  if (unknown !== undefined) return unknownKey('nodes have no key', unknown, KEYS)
  const { count: number = 1, memory } = raw as Record<string, unknown>
  const counts = readEach('count', number, isGrid, (value) => count.read(value))
  if (isMistake(counts)) return counts
  const memories = readEach('memory', memory, isGrid, readMemorySize)
  if (isMistake(memories)) return memories
  return counts.flatMap((each) =>
    memories.map((mb) => settingOf([{ count: each.value as number, memoryMb: mb.value as number }])),
  )
}

const NO_GRID =
  'A list of nodes is one cluster of unlike nodes; only nodes written as one mapping take lists, as a grid.'

function readEach(
  key: string,
  raw: unknown,
  isGrid: boolean,
  read: (value: unknown) => Setting | Mistake,
): readonly Setting[] | Mistake {
  const isList = Array.isArray(raw)
  if (isList && !isGrid) return { problem: 'expected one value, found a list', hint: NO_GRID, path: [key] }
  if (isList && raw.length === 0)
    return { problem: 'expected a value or a list of values, found an empty list', path: [key] }
  const settings: Setting[] = []
  for (const [index, value] of (isList ? raw : [raw]).entries()) {
    const setting = read(value)
    if (isMistake(setting)) return { ...setting, path: isList ? [key, index] : [key] }
    settings.push(setting)
  }
  return settings
}

/** Groups of nodes as they are spelt in labels: `4x16GB`, `2x8GB+1x64GB`. */
function settingOf(groups: readonly NodeGroup[]): Setting {
  const text = groups.map(({ count: number, memoryMb }) => `${number}x${formatMemory(memoryMb)}`).join('+')
  return { value: groups, written: text, canonical: text }
}
