import { MINUTE } from '../../../src/core/units.ts'
import { blockFeatures } from '../../../src/policy/demand/block-features.ts'
import { type CostClasses, costClasses, type Example, wayFor } from '../../../src/policy/demand/cost-classes.ts'
import { oneStepForecasters } from '../../../src/policy/demand/forecasters.ts'
import type { PolicyDefinition } from '../../../src/policy/policy.ts'

/** What the naive version may be told; the last in ms. */
export interface NaiveFemux {
  readonly window: number
  readonly block: number
  readonly classes: number
  readonly sample: number
  readonly learn: number
}

function whole(concurrency: number): number {
  return Math.ceil(concurrency - 1e-9)
}

/**
 * FeMux for apps of equal memory whose executions take no time: from the times of all arrivals and the columns of all minutes,
 * with every forecast of every minute. The forecasters, the features of a block and the making of classes are the policy's:
 * each is judged by tests of its own. `chosen` hears which forecaster each block of each app was given.
 */
export function naiveFemux(options: NaiveFemux, chosen: (way: string) => void): PolicyDefinition {
  const { window, block, sample, learn } = options
  const forecasters = oneStepForecasters(window)
  const names = Object.keys(forecasters)
  return {
    id: 'naive-femux',
    summary: 'FeMux from all minutes.',
    parameters: {},
    scope: 'fleet',
    needs: [],
    create: (_params, { apps, askAgain }) => {
      const arrivals: number[][] = Array.from({ length: apps }, () => [])
      const done = Array.from({ length: apps }, () => -1)
      const wayOf: string[] = Array.from({ length: apps }, () => 'keep10')
      const examples: Example[] = []
      let classes: CostClasses | null = null
      let learnt = 0
      const counts = Array.from({ length: apps }, () => new Map<number, number>())
      const countIn = (app: number, minute: number): number => counts[app]!.get(minute) ?? 0
      /** Mean concurrency of the minutes from one to another; an execution counts as one ms. */
      const column = (app: number, from: number, to: number): Float64Array =>
        Float64Array.from({ length: to - from }, (_, at) => countIn(app, from + at) / MINUTE)
      const wantedBy = (app: number, way: string, minute: number): number =>
        whole(forecasters[way]!(column(app, minute - window, minute), 0, window))

      const endOfBlock = (app: number, minute: number, now: number): void => {
        const before = Math.floor(arrivals[app]![0]! / MINUTE / block) * block
        const begin = minute - block
        if ((begin / block) % sample === 0 && begin > before) {
          const costs = names.map((way) => {
            let sum = 0
            for (let each = begin; each < minute; each += 1) {
              const [calls, wanted] = [countIn(app, each), wantedBy(app, way, each)]
              const missing = Math.min(calls, Math.max(0, whole(calls / MINUTE) - wanted))
              sum += missing * 0.808 + (Math.max(0, wanted - calls / MINUTE) * 60 * (170 / 1024)) / 99.69
            }
            return sum
          })
          examples.push({ features: blockFeatures(column(app, begin - block, begin)), costs })
        }
        if (Math.floor(now / learn) > learnt && examples.length > 0) {
          learnt = Math.floor(now / learn)
          classes = costClasses(examples, options.classes)
        }
        if (classes !== null) wayOf[app] = names[wayFor(classes, blockFeatures(column(app, begin, minute)))]!
        chosen(wayOf[app]!)
      }

      /** All blocks that are over. */
      const catchUp = (app: number, now: number): void => {
        const last = Math.floor(Math.floor(now / MINUTE) / block)
        for (let each = done[app]!; each < last; each += 1) endOfBlock(app, (each + 1) * block, now)
        done[app] = last
      }
      const isQuiet = (app: number, now: number): boolean =>
        arrivals[app]!.every((at) => Math.floor(at / MINUTE) < Math.floor(now / MINUTE) - window)
      return {
        arrived(app, now) {
          if (arrivals[app]!.length === 0) done[app] = Math.floor(Math.floor(now / MINUTE) / block)
          catchUp(app, now)
          arrivals[app]!.push(now)
          counts[app]!.set(Math.floor(now / MINUTE), 1 + countIn(app, Math.floor(now / MINUTE)))
          askAgain!(app, (Math.floor(now / MINUTE) + 1) * MINUTE)
        },
        floor(app, now, out) {
          out.instances = 0
          out.untilMs = Number.POSITIVE_INFINITY
          if (arrivals[app]!.length === 0) return
          catchUp(app, now)
          out.instances = wantedBy(app, wayOf[app]!, Math.floor(now / MINUTE))
          if (!isQuiet(app, now)) out.untilMs = (Math.floor(now / MINUTE) + 1) * MINUTE
        },
        decide(_app, now, out) {
          out.prewarmMs = 0
          out.keepAliveMs = (Math.floor(now / MINUTE) + 1) * MINUTE - now
        },
      }
    },
  }
}
