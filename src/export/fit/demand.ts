import type { NamedApp } from '../platform.ts'
import type { FidelityNote } from './fidelity.ts'

/** Whether an app is called over HTTP. Where the trace does not tell its triggers, this is assumed. */
export function isHttp({ functions }: Pick<NamedApp, 'functions'>): boolean {
  return functions.length === 0 || functions.some(({ trigger }) => trigger === 'http' || trigger === 'unknown')
}

/** Invocations that an instance serves at a time, where a platform takes a number up to `most`; undefined: without limit. */
export function concurrencyOf({ concurrency }: Pick<NamedApp, 'concurrency'>, most: number): number | undefined {
  return Number.isFinite(concurrency) ? Math.min(most, Math.max(1, Math.floor(concurrency))) : undefined
}

/**
 * The note on an app whose instances serve another number of invocations at a time on the platform than in the model. Where
 * executions take no time, there is no note.
 */
export function servedNote(app: NamedApp, knob: string, serves: number): FidelityNote[] {
  if (app.concurrency === serves || !Number.isFinite(app.concurrency)) return []
  return [{ app: app.app, knob, kind: 'clamped', wanted: atATime(app.concurrency), written: atATime(serves) }]
}

function atATime(concurrency: number): string {
  return concurrency === 1 ? 'one invocation at a time' : `${concurrency} invocations at a time`
}

/** What to know where the concurrency of instances is a setting of the app that the export does not write. */
export function servedBefore(apps: readonly NamedApp[]): string[] {
  const several = [...new Set(apps.map(({ concurrency }) => concurrency))].filter(
    (each) => each > 1 && Number.isFinite(each),
  )
  if (several.length === 0) return []
  const numbers = several.toSorted((a, b) => a - b).join(', ')
  return [
    `Instances serve ${numbers} invocations at a time in the simulation. The files do not set this: make sure that your apps do.`,
  ]
}

/** What to know where the export sets the concurrency of instances, `most` at most: it may be less than before. */
export function limitBefore(apps: readonly NamedApp[], knob: string, most: number): string[] {
  const limits = new Set(apps.map((app) => concurrencyOf(app, most)))
  const numbers = [...limits].flatMap((limit) => limit ?? []).toSorted((a, b) => a - b)
  return [
    ...(numbers.length === 0
      ? []
      : [
          `${knob} is set to ${numbers.join(', ')}, the concurrency of the simulated model. Where yours is higher, simulate with your number first: with a lower one, more instances are started for the same load.`,
        ]),
    ...(limits.has(undefined)
      ? [`${knob} is removed, since executions take no time in the simulated model. Set it again if you need it.`]
      : []),
  ]
}
