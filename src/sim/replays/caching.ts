import type { ArrivalBlock } from '../../trace/arrivals/arrival-block.ts'
import { CachingWorld } from './caching-world.ts'
import type { ReplayInTime } from './replay.ts'

/** All apps together on a cluster where nothing is unloaded but for memory, so that no policy need be asked. */
export const caching: ReplayInTime = {
  id: 'caching',
  summary: 'A cluster in which a policy that never unloads makes a cache of memory.',
  order: 'time',
  suits: ({ model, definition, policy, ledger, loadTime, concurrencyOf }) =>
    definition.neverUnloads === true &&
    policy.whenBusy === undefined &&
    model.kind === 'cluster' &&
    model.concurrency === 1 &&
    model.reuse === 'newest' &&
    model.renew &&
    model.warmAtStart === 'none' &&
    ledger.accountFromMs === 0 &&
    ledger.marks.length === 0 &&
    loadTime === undefined &&
    concurrencyOf === undefined,
  open({ trace, model, seed, ledger }) {
    if (model.kind !== 'cluster') throw new Error('only a cluster is a cache')
    const world = new CachingWorld(trace, model, seed, ledger)
    return {
      put: (block) => replayBlock(world, block),
      close() {
        advance(world, model.horizon === 'cut' ? trace.horizonMs : Number.MAX_VALUE)
        world.close()
      },
    }
  },
}

/** The hot loop: a function of its own, so that V8 compiles it whole and not in the middle of running it. */
function replayBlock(world: CachingWorld, { length, app, timeMs, fn, count, durationMs }: ArrivalBlock): void {
  const { timers } = world
  for (let row = 0; row < length; row += 1) {
    const now = timeMs[row]!
    if (timers.nextTime <= now || !world.overflow.isEmpty) advance(world, now)
    world.arrive(app[row]!, now, fn[row]!, count[row]!, durationMs[row]!)
  }
}

/** Lets everything happen that comes before an arrival at `now`. */
function advance(world: CachingWorld, now: number): void {
  const { overflow, timers } = world
  for (;;) {
    if (!overflow.isEmpty) {
      // An invocation that waits for room is dropped after all else that happens at the time of its limit.
      const { limitAt } = overflow
      if (limitAt < now && limitAt < timers.nextTime) {
        world.dropFirst(limitAt)
        continue
      }
    }
    if (timers.nextTime > now) return
    world.happen()
  }
}
