import type { Described } from '../../core/registry.ts'
import { type Command, JSON_FLAG, type Values } from '../arguments/command.ts'
import { print, printJson } from '../terminal/output.ts'

interface List {
  readonly all: readonly Described[]
}
type Lists = Readonly<Record<string, () => Promise<List>>>

/** The ids of a list, for the completion of words and flags that take one. */
export function idsOf(kind: string): Values {
  return async () => (await LISTS[kind]!()).all.map(({ id }) => id)
}

/** The lists of everything that plugs in. */
export const LISTS: Lists = {
  policies: async () => {
    const { policies, POLICY_FILES } = await import('../../policy/policies/index.ts')
    return { all: [...policies.all, ...POLICY_FILES] }
  },
  datasets: async () => ({ all: (await import('../../trace/catalogue/archives.ts')).ARCHIVES.all }),
  formats: async () => (await import('../../trace/formats/index.ts')).formats,
  metrics: async () => (await import('../../metrics/index.ts')).METRICS,
  evictions: async () => (await import('../../sim/evictions/index.ts')).evictions,
  placements: async () => (await import('../../sim/placements/index.ts')).placements,
  backends: async () => (await import('../../live/backends/index.ts')).BACKENDS,
  contracts: async () => (await import('../../live/contracts/index.ts')).CONTRACTS,
  presets: async () => (await import('../../config/presets/index.ts')).presets,
  prices: async () => (await import('../../metrics/prices/providers/index.ts')).PRICES,
  platforms: async () => (await import('../../export/platforms/index.ts')).PLATFORMS,
  charts: async () => (await import('../../report/charts/index.ts')).CHARTS,
  renderers: async () => (await import('../../report/renderers/index.ts')).RENDERERS,
}

export const listCommand: Command = {
  usage: 'list <kind>',
  summary: `Lists what there is: ${Object.keys(LISTS).join(', ')}.`,
  words: { kind: 'What to list; see above.' },
  completes: { kind: async () => Object.keys(LISTS) },
  flags: { json: JSON_FLAG },
  example: ['list policies', 'prints every policy with its parameters'],
  async run(args) {
    const { registry } = await import('../../core/registry.ts')
    const kinds = registry(
      'list',
      Object.entries(LISTS).map(([id, load]) => ({ id, summary: '', load })),
    )
    const list = await kinds.get(args.needed('kind'), 'pilotlight list').load()
    if (args.on('json'))
      printJson({ schema: 1, kind: args.needed('kind'), entries: list.all.map((entry) => plain(entry)) })
    else print(await linesOf(list))
  },
}

/** What an entry says of itself, without its functions. */
function plain(entry: Described): unknown {
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => typeof value !== 'function'))
}

async function linesOf({ all }: List): Promise<string> {
  const { parameterLines } = await import('../arguments/parameter-lines.ts')
  const width = Math.max(...all.map(({ id }) => id.length))
  return all
    .flatMap((entry) => [`${entry.id.padEnd(width)}  ${entry.summary}`, ...parameterLines(entry, width + 2)])
    .join('\n')
}
