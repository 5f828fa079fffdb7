import { streamOf } from '../../core/random.ts'
import type { RandomStream } from '../../core/random.ts'
import type { AppMix } from './app-mix.ts'
import { drawSize } from './app-size.ts'
import type { KnownTrigger } from './published-shares.ts'
import { type Cycle, drawCycle, PLATFORM_CYCLE } from './cycle.ts'
import { drawMeanMs } from './duration-rows.ts'
import { dealRates, type FunctionRate, WITHIN_APP } from './function-rates.ts'
import { drawMeanMb } from './memory-rows.ts'
import { hashOf, ownerOf } from './synthetic-names.ts'
import { drawPattern, type Pattern } from './pattern.ts'
import { drawRate, FORTNIGHT_DAYS, SECONDLY } from './rates.ts'

/** An app of the synthetic platform: what stays the same over all days. */
export interface AppProfile {
  /** Names its random streams: its place in the population. */
  readonly key: string
  /** 64 hexadecimal digits, as in the data set. */
  readonly owner: string
  /** 64 hexadecimal digits. */
  readonly name: string
  readonly cycle: Cycle
  readonly pattern: Pattern
  readonly meanMb: number
  readonly functions: readonly FunctionProfile[]
}

/** A function of an app. */
export interface FunctionProfile extends FunctionRate {
  /** Names its random streams. */
  readonly key: string
  /** 64 hexadecimal digits. */
  readonly name: string
  readonly trigger: KnownTrigger
  readonly meanMs: number
}

/** Draws the app at a place in the population. The seed and the place decide everything, not how many apps there are. */
export function drawApp(seed: number, mix: AppMix, place: number): AppProfile {
  const key = `app ${place}`
  const stream = streamOf(seed, key)
  const { triggers, sizeClass, band } = mix.at(stream.uniform())
  const size = drawSize(stream, sizeClass, triggers.length)
  const rate = Math.max(drawRate(stream, band), size / FORTNIGHT_DAYS)
  const pattern = drawPattern(stream, rate)
  const cycle = drawCycle(stream)
  const drafts = Array.from({ length: size }, (_, index) => {
    const functionKey = `${key} function ${index}`
    const own = streamOf(seed, functionKey)
    return { key: functionKey, stream: own, trigger: triggers[index] ?? drawTrigger(own, triggers) }
  })
  const rates = dealRates(drafts, rate, pattern.kind === 'periodic')
  return {
    key,
    owner: ownerOf(seed, place),
    name: hashOf(seed, key),
    cycle: rate > SECONDLY ? PLATFORM_CYCLE : cycle,
    pattern,
    meanMb: drawMeanMb(stream),
    functions: drafts.map((draft, index) => ({
      key: draft.key,
      name: hashOf(seed, draft.key),
      trigger: draft.trigger,
      ...rates[index]!,
      meanMs: drawMeanMs(draft.stream),
    })),
  }
}

/** Draws which of an app's triggers a function beyond the first of each has. */
function drawTrigger(stream: RandomStream, triggers: readonly KnownTrigger[]): KnownTrigger {
  const extras = triggers.map((trigger) => WITHIN_APP[trigger].extra)
  let wanted = stream.uniform() * extras.reduce((sum, extra) => sum + extra, 0)
  return triggers.find((_, index) => (wanted -= extras[index]!) < 0) ?? triggers[0]!
}
