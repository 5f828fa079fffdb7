import type { NamedApp } from '../platform.ts'
import type { FidelityNote } from './fidelity.ts'

/** Whether something calls an app over HTTP, as far as its trace says; where that says nothing, it is taken to be so. */
export function isHttp({ functions }: Pick<NamedApp, 'functions'>): boolean {
  return functions.length === 0 || functions.some(({ trigger }) => trigger === 'http' || trigger === 'unknown')
}

/** Invocations that an instance serves at a time, where a platform takes a number up to `most`; undefined: without limit. */
export function concurrencyOf({ concurrency }: Pick<NamedApp, 'concurrency'>, most: number): number | undefined {
  return Number.isFinite(concurrency) ? Math.min(most, Math.max(1, Math.floor(concurrency))) : undefined
}

/**
 * The note on a platform that cannot be told how many invocations an instance serves at a time, where it is not one. In a
 * world in which executions take no time the question does not arise.
 */
export function unsaidConcurrency(app: NamedApp): FidelityNote[] {
  if (app.concurrency === 1 || !Number.isFinite(app.concurrency)) return []
  const wanted = `${app.concurrency} invocations at a time`
  return [{ app: app.app, knob: 'concurrency', kind: 'clamped', wanted, written: 'one invocation at a time' }]
}
