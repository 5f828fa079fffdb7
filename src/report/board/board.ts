import { beatenBy } from '../../metrics/pareto.ts'
import type { CardRun, ResultCard } from '../../metrics/card.ts'

/** A card that was given to a board, or why it was refused. */
export interface BoardEntry {
  /** What the board calls it: the name of its file. */
  readonly name: string
  /** SHA-256 (hex) of the file. */
  readonly sha256: string
  readonly card: ResultCard | null
  /** Why the whole card or one of its runs is not on the board, as a sentence, by the label of the run. */
  readonly refused: readonly { readonly label: string | null; readonly reason: string }[]
}

/** One run on a board. */
export interface BoardRow {
  readonly run: CardRun
  /** Names of the cards that tell it. */
  readonly cards: readonly string[]
  /** By how many others of its part it is beaten in every figure; 0 on the front. */
  readonly beatenBy: number
}

/** Runs that can be compared: on one trace, in one world, judged on the same part, by one version of the model. */
export interface BoardPart {
  readonly trace: ResultCard['trace']
  readonly model: Readonly<Record<string, string>>
  readonly judged: CardRun['judged']
  readonly modelVersion: number | null
  readonly rows: readonly BoardRow[]
}

/** A board: parts, and all that is on none of them. */
export interface Board {
  readonly parts: readonly BoardPart[]
  readonly refused: readonly { readonly name: string; readonly label: string | null; readonly reason: string }[]
}

/** The figures in which runs are compared; in a world with time latency is one of them. */
const OBJECTIVES = ['idle-memory', 'cold-starts', 'app-cold-share-p75', 'drops', 'added-p99'] as const

/** Sets the runs of cards beside each other. A run that several cards tell is one row, unless they tell it otherwise. */
export function boardOf(entries: readonly BoardEntry[]): Board {
  const told = entries.flatMap(({ name, card, refused }) =>
    (card?.runs ?? [])
      .filter(({ label }) => refused.every((each) => each.label !== label))
      .map((run) => ({ name, run, key: partKey(card!, run), card: card! })),
  )
  const parts = Map.groupBy(told, ({ key }) => key)
  const disputed: Board['refused'][number][] = []
  return {
    parts: [...parts.values()].map((runs): BoardPart => {
      const { card, run } = runs[0]!
      return {
        trace: card.trace,
        model: worldOf(run),
        judged: run.judged,
        modelVersion: card.modelVersion,
        rows: ranked(runs, disputed),
      }
    }),
    refused: [
      ...entries.flatMap(({ name, refused }) => refused.map((each) => ({ name, ...each }))),
      ...entries.flatMap(({ name, card }) =>
        (card?.unfinished ?? []).map((label) => ({ name, label, reason: 'The run is not finished.' })),
      ),
      ...disputed,
    ],
  }
}

interface NamedRun {
  readonly name: string
  readonly run: CardRun
}

function ranked(told: readonly NamedRun[], disputed: Board['refused'][number][]): BoardRow[] {
  const rows = [...Map.groupBy(told, ({ run }) => run.digest).values()].flatMap((same) => {
    const claims = new Set(
      same.map(({ run: { ledger, metrics } }) => JSON.stringify([ledger, OBJECTIVES.map((id) => metrics[id])])),
    )
    if (claims.size === 1) return [{ run: same[0]!.run, cards: [...new Set(same.map(({ name }) => name))] }]
    const others = same.map(({ name }) => name).join(', ')
    const reason = `Cards tell other results of the same run: ${others}. pilotlight verify finds out which is right.`
    for (const { name, run } of same) disputed.push({ name, label: run.label, reason })
    return []
  })
  const beaten = beatenBy(rows.map(({ run }) => OBJECTIVES.map((id) => run.metrics[id] ?? null)))
  return rows
    .map((row, index) => ({ ...row, beatenBy: beaten[index]! }))
    .toSorted((a, b) => a.beatenBy - b.beatenBy || figure(a) - figure(b) || (a.run.label < b.run.label ? -1 : 1))
}

function figure({ run }: Pick<BoardRow, 'run'>): number {
  return run.metrics['idle-memory'] ?? Number.POSITIVE_INFINITY
}

/** The options of a world, without the order of eviction, which a policy may bring along. */
function worldOf({ spelt }: CardRun): Readonly<Record<string, string>> {
  const { eviction: _eviction, ...world } = spelt.model
  return world
}

function partKey({ trace, modelVersion }: ResultCard, run: CardRun): string {
  const world = Object.entries(worldOf(run)).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify([trace.digest, modelVersion, world, run.judged?.fromMs, run.judged?.toMs])
}
