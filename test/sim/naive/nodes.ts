import type { NaiveCluster } from './scenario.ts'

/** What the nodes must know of an instance. */
interface Placed {
  readonly app: number
  readonly size: number
  /** The node that it is on. */
  node: number
  isIdle: boolean
  /** Counts when it became idle: of two the smaller was idle first. */
  idleSerial: number
}

/** How far a load may go for room. */
export type Reach = 'evicts' | 'spares its own app' | 'evicts nobody'

/** Finds a node for an instance, and says who must go for it; undefined where there is no room. Everything is counted anew. */
export function findRoom(
  cluster: NaiveCluster,
  loaded: readonly Placed[],
  load: { readonly app: number; readonly size: number },
  reach: Reach,
  turn: { next: number },
): { readonly node: number; readonly victims: readonly Placed[] } | undefined {
  const { nodes } = cluster
  const mayGo = (each: Placed): boolean =>
    each.isIdle && (reach === 'evicts' || (reach === 'spares its own app' && each.app !== load.app))
  const free = nodes.map((memory, node) => memory - sizeOf(loaded.filter((each) => each.node === node)))
  const room = nodes.map((_, node) => free[node]! + sizeOf(loaded.filter((each) => each.node === node && mayGo(each))))
  let node = choose(cluster, free, load.size, turn)
  if (node === undefined && reach !== 'evicts nobody') node = choose(cluster, room, load.size, turn)
  if (node === undefined) return undefined
  const first = (a: Placed, b: Placed): number =>
    (cluster.eviction === 'size' ? b.size - a.size : 0) || a.idleSerial - b.idleSerial
  const line = loaded.filter((each) => each.node === node && mayGo(each)).toSorted(first)
  const victims: Placed[] = []
  while (free[node]! + sizeOf(victims) < load.size) victims.push(line.shift()!)
  return { node, victims }
}

function sizeOf(instances: readonly Placed[]): number {
  return instances.reduce((sum, { size }) => sum + size, 0)
}

function choose(
  { placement, nodes }: NaiveCluster,
  room: readonly number[],
  size: number,
  turn: { next: number },
): number | undefined {
  const fits = nodes.map((_, node) => node).filter((node) => room[node]! >= size)
  if (fits.length === 0) return undefined
  if (placement === 'first-fit') return fits[0]
  if (placement === 'least-loaded') return fits.find((node) => fits.every((other) => room[other]! <= room[node]!))
  const node = fits.find((each) => each >= turn.next) ?? fits[0]!
  turn.next = (node + 1) % nodes.length
  return node
}
