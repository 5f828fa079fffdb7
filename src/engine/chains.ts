import type { AppStates } from './apps.ts'
import { type InstanceTable, NONE } from './instances.ts'

/** Appends an instance to its app's idle ones, which stand in the order in which they became idle. */
export function appendIdle(apps: AppStates, instances: InstanceTable, app: number, instance: number): void {
  const newest = apps.newestIdle[app]!
  instances.previous[instance] = newest
  instances.next[instance] = NONE
  if (newest === NONE) apps.oldestIdle[app] = instance
  else instances.next[newest] = instance
  apps.newestIdle[app] = instance
}

/** Takes an instance out of its app's idle ones. */
export function removeIdle(apps: AppStates, instances: InstanceTable, app: number, instance: number): void {
  const previous = instances.previous[instance]!
  const next = instances.next[instance]!
  if (previous === NONE) apps.oldestIdle[app] = next
  else instances.next[previous] = next
  if (next === NONE) apps.newestIdle[app] = previous
  else instances.previous[next] = previous
}

/** Puts an instance in front of the chain whose first instance per app is `first`. */
export function chain(first: Int32Array, instances: InstanceTable, app: number, instance: number): void {
  const second = first[app]!
  instances.previous[instance] = NONE
  instances.next[instance] = second
  if (second !== NONE) instances.previous[second] = instance
  first[app] = instance
}

/** Takes an instance out of the chain whose first instance per app is `first`. */
export function unchain(first: Int32Array, instances: InstanceTable, app: number, instance: number): void {
  const previous = instances.previous[instance]!
  const next = instances.next[instance]!
  if (previous === NONE) first[app] = next
  else instances.next[previous] = next
  if (next !== NONE) instances.previous[next] = previous
}
