import type { Comparison, RunSummary } from '../../metrics/comparison.ts'
import type { Marked } from './run-style.ts'

/** Nodes of one kind, as a cluster's model has them. */
interface Nodes {
  readonly count: number
  readonly memoryMb: number
}

/** One run of a line: its cluster's memory and what became of its invocations. */
interface CapacityPoint {
  readonly run: string
  readonly memoryMb: number
  /** Invocations that were cold or dropped, in percent of all. */
  readonly missed: number
  readonly coldStarts: number
  readonly drops: number
}

/** The runs that differ in nothing but their nodes, by growing memory. */
export interface CapacityLine {
  readonly name: string
  /** What its colour and dash are chosen by: its world is all of it but the memory of the nodes. */
  readonly mark: Omit<Marked, 'label'>
  readonly points: readonly CapacityPoint[]
}

/** Memory of all nodes together in MB; undefined for a run without nodes. */
function clusterMemory({ model }: RunSummary): number | undefined {
  const nodes = nodesOf(model)
  return nodes.length === 0 ? undefined : nodes.reduce((sum, { count, memoryMb }) => sum + count * memoryMb, 0)
}

function nodesOf(model: RunSummary['model']): readonly Nodes[] {
  return Array.isArray(model['nodes']) ? (model['nodes'] as readonly Nodes[]) : []
}

/** Whether there are runs with different memory of their nodes. */
export function differsInMemory({ runs }: Comparison): boolean {
  const sizes = runs.map((run) => clusterMemory(run)).filter((memoryMb) => memoryMb !== undefined)
  return new Set(sizes).size > 1
}

/**
 * The runs in clusters as lines. A line is one policy and one eviction order under one set of options; where two of its
 * runs have the same memory in other numbers of nodes, it is as many lines as there are such numbers.
 */
export function capacityLines({ runs }: Comparison): CapacityLine[] {
  const clusters = runs.filter((run) => clusterMemory(run) !== undefined && run.totals.invocations > 0)
  const lines = grouped(clusters, withoutNodes).flatMap((line) => {
    const isTwofold = new Set(line.map((run) => clusterMemory(run))).size < line.length
    return isTwofold ? grouped(line, nodeCounts) : [line]
  })
  const names = namesOf(lines)
  return lines.map((line, index) => ({
    name: names[index]!,
    mark: markOf(line[0]!),
    points: line.map((run) => pointOf(run)).toSorted((a, b) => a.memoryMb - b.memoryMb),
  }))
}

function pointOf(run: RunSummary): CapacityPoint {
  const { label, totals } = run
  const { invocations, coldStarts, drops } = totals
  const missed = (100 * (coldStarts + drops)) / invocations
  return { run: label, memoryMb: clusterMemory(run)!, missed, coldStarts, drops }
}

function grouped(runs: readonly RunSummary[], keyOf: (run: RunSummary) => string): RunSummary[][] {
  return [...Map.groupBy(runs, keyOf).values()]
}

function markOf({ policy, params, model, seed }: RunSummary): Omit<Marked, 'label'> {
  const counts = nodesOf(model).map(({ count }) => count)
  const world = JSON.stringify([{ ...model, nodes: counts }])
  return { policy, variant: JSON.stringify([params, seed]), world }
}

function withoutNodes({ policy, params, model, seed }: RunSummary): string {
  return JSON.stringify([policy, params, { ...model, nodes: null }, seed])
}

function nodeCounts({ model }: RunSummary): string {
  return JSON.stringify(nodesOf(model).map(({ count }) => count))
}

/** What the labels of a line's runs have in common; the first of them where that is nothing or names two lines. */
function namesOf(lines: readonly (readonly RunSummary[])[]): string[] {
  const common = lines.map((line) => commonWords(line.map(({ label }) => label)))
  return lines.map((line, index) => {
    const name = common[index]!
    return name !== '' && common.indexOf(name) === common.lastIndexOf(name) ? name : line[0]!.label
  })
}

function commonWords([first = '', ...others]: readonly string[]): string {
  const lists = others.map((label) => wordsOf(label))
  return wordsOf(first)
    .filter((word) => lists.every((words) => words.includes(word)))
    .join(' ')
}

/** A label's words; what stands in round brackets is not parted. */
function wordsOf(label: string): string[] {
  return label.match(/(?:\([^)]*\)|[^\s(])+|\(/g) ?? []
}
