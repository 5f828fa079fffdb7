import { Latencies, type LatencyTable } from './latency.ts'

/** The accounts kept per app, in the order of their columns. */
export const ACCOUNTS = [
  'invocations',
  'coldStarts',
  'joined',
  'drops',
  'first',
  'expired',
  'early',
  'evicted',
  'scaleOut',
  'loads',
  'prewarms',
  'prewarmsUnused',
  'evictions',
  'idleMs',
  'busyMs',
  'loadingMs',
  'waits',
  'waitingMs',
] as const
export type Account = (typeof ACCOUNTS)[number]

/**
 * The accounts of what instances cool to when their windows are over; all 0 where nothing is left of them. Cold starts that
 * began from the first and the second stage, how long they took to load, all together, and what of `idleMs` was in stages:
 * each millisecond by the share of memory that the stage holds.
 */
export const STAGE_ACCOUNTS = ['fromStage1', 'fromStage2', 'loadMs1', 'loadMs2', 'cooledMs'] as const
export type StageAccount = (typeof STAGE_ACCOUNTS)[number]

/** The reasons of cold starts; they add up to `coldStarts`. */
export const REASONS = ['first', 'expired', 'early', 'evicted', 'scaleOut'] as const
export type Reason = (typeof REASONS)[number]

/**
 * The accounts of one run: one row per app, one column per account; counts, instance-milliseconds, and in `waitingMs` the
 * milliseconds that invocations waited for room.
 */
export interface Ledger extends Readonly<Record<Account | StageAccount, Float64Array>> {
  readonly apps: number
  /** When accounts begin, in ms; what happened before is in none of them, nor in the timeline and the latencies. */
  readonly accountFromMs: number
  /** Loaded memory over time. */
  readonly timeline: Timeline
  /** Latencies while they are measured, and the distributions once the run is over; null in a world without time. */
  readonly latencies: Latencies
  latency: LatencyTable | null
  /** The memory behind all columns and the timeline, so that workers may fill one ledger together; those of stages are last. */
  readonly buffer: ArrayBufferLike
}

/**
 * Loaded memory over time in equal buckets. Entries are whole numbers of (MB / 64) x ms, whose sums are exact in any
 * order. `area` and `slope` are differences, so that a residence costs the same however long it is; read them with
 * {@link loadedMb}.
 */
export interface Timeline {
  readonly bucketMs: number
  readonly buckets: number
  readonly area: Float64Array
  readonly slope: Float64Array
}

/**
 * An empty ledger; `horizonMs` is the time that its timeline covers, in at most 480 buckets of whole minutes. Accounts
 * begin at `accountFromMs`.
 */
export function createLedger(apps: number, horizonMs: number, buffer?: ArrayBufferLike, accountFromMs = 0): Ledger {
  const { bucketMs, buckets } = bucketsOf(horizonMs)
  const memory = buffer ?? new ArrayBuffer(ledgerBytes(apps, horizonMs))
  const columns = ACCOUNTS.map((account, index) => [account, new Float64Array(memory, index * apps * 8, apps)] as const)
  const after = ACCOUNTS.length * apps * 8
  const area = new Float64Array(memory, after, buckets + 2)
  const slope = new Float64Array(memory, after + (buckets + 2) * 8, buckets + 2)
  const timeline = { bucketMs, buckets, area, slope }
  const afterTimeline = after + 2 * (buckets + 2) * 8
  const stages = STAGE_ACCOUNTS.map(
    (account, index) => [account, new Float64Array(memory, afterTimeline + index * apps * 8, apps)] as const,
  )
  return {
    apps,
    accountFromMs,
    buffer: memory,
    timeline,
    latencies: new Latencies(),
    latency: null,
    ...(Object.fromEntries([...columns, ...stages]) as Record<Account | StageAccount, Float64Array>),
  }
}

/** Sets the accounts of the apps `from` up to, not including, `to` back to nothing. */
export function forgetAccounts(ledger: Ledger, from: number, to: number): void {
  for (const account of ACCOUNTS) ledger[account].fill(0, from, to)
  for (const account of STAGE_ACCOUNTS) ledger[account].fill(0, from, to)
}

/** Bytes of the memory behind a ledger. */
export function ledgerBytes(apps: number, horizonMs: number): number {
  return bytesWithoutStages(apps, horizonMs) + 8 * STAGE_ACCOUNTS.length * apps
}

/** Bytes of the memory behind a ledger up to its columns of stages. */
export function bytesWithoutStages(apps: number, horizonMs: number): number {
  return 8 * (ACCOUNTS.length * apps + 2 * (bucketsOf(horizonMs).buckets + 2))
}

/** The bytes that tell a ledger: without the columns of stages where these are empty, as they are for most policies. */
export function tellingBytes(ledger: Ledger): Uint8Array {
  const { buffer, apps } = ledger
  const isEmpty = STAGE_ACCOUNTS.every((account) => ledger[account].every((cell) => cell === 0))
  return new Uint8Array(buffer, 0, buffer.byteLength - (isEmpty ? 8 * STAGE_ACCOUNTS.length * apps : 0))
}

function bucketsOf(horizonMs: number): Pick<Timeline, 'bucketMs' | 'buckets'> {
  const bucketMs = Math.max(1, Math.ceil(horizonMs / 60_000 / 480)) * 60_000
  return { bucketMs, buckets: Math.max(1, Math.ceil(horizonMs / bucketMs)) }
}

/** The mean MB loaded in each bucket of a timeline; the last bucket's mean is over the part before `horizonMs`. */
export function loadedMb(timeline: Timeline, horizonMs: number): Float64Array {
  const { bucketMs, buckets, area, slope } = timeline
  const mean = new Float64Array(buckets)
  let level = 0
  for (let bucket = 0; bucket < buckets; bucket += 1) {
    const width = Math.min(bucketMs, horizonMs - bucket * bucketMs)
    level += slope[bucket]!
    mean[bucket] = width <= 0 ? 0 : (level * bucketMs + area[bucket]!) / width / 64
  }
  return mean
}
