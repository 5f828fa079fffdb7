import type { AppState, Instance } from './state.ts'

/** Puts an instance that became idle among its app's idle ones, with a window that begins anew or goes on. */
export function chainIdle(app: AppState, instance: Instance, renews: boolean): void {
  if (renews || instance.keptSince < 0) {
    instance.keptSince = instance.since
    appendIdle(app, instance)
  } else insertIdle(app, instance)
}

/** Appends an instance to its app's idle ones, which stand in the order in which they became idle. */
function appendIdle(app: AppState, instance: Instance): void {
  const newest = app.newestIdle
  instance.previous = newest
  instance.next = null
  if (newest === null) app.oldestIdle = instance
  else newest.next = instance
  app.newestIdle = instance
}

/** Puts an instance whose window began long ago among its app's idle ones, behind those whose windows began earlier. */
function insertIdle(app: AppState, instance: Instance): void {
  let before = app.newestIdle
  while (before !== null && before.keptSince > instance.keptSince) before = before.previous
  if (before === app.newestIdle) return appendIdle(app, instance)
  const after = before === null ? app.oldestIdle! : before.next!
  instance.previous = before
  instance.next = after
  after.previous = instance
  if (before === null) app.oldestIdle = instance
  else before.next = instance
}

/** Takes an instance out of its app's idle ones. */
export function removeIdle(app: AppState, instance: Instance): void {
  const { previous, next } = instance
  if (previous === null) app.oldestIdle = next
  else previous.next = next
  if (next === null) app.newestIdle = previous
  else next.previous = previous
}

/** The two chains of instances with room that an app has. */
export type RoomChain = 'busyWithRoom' | 'loadingWithRoom'

/** Puts an instance in front of a chain. */
export function chain(app: AppState, which: RoomChain, instance: Instance): void {
  const second = app[which]
  instance.previous = null
  instance.next = second
  if (second !== null) second.previous = instance
  app[which] = instance
}

/** Takes an instance out of a chain. */
export function unchain(app: AppState, which: RoomChain, instance: Instance): void {
  const { previous, next } = instance
  if (previous === null) app[which] = next
  else previous.next = next
  if (next !== null) next.previous = previous
}

/** An arrival joins the load of an instance, in whose chain it stays while it has room. */
export function joinLoad(app: AppState, loading: Instance, concurrency: number): void {
  if (loading.taken === 0) app.prewarming -= 1
  loading.taken += 1
  if (loading.taken === concurrency) unchain(app, 'loadingWithRoom', loading)
  loading.isUnused = false
}
