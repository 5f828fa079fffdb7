import type { Language } from '../../language/language.ts'
import { loadedStretches, sentenceOf, type ToldRun } from '../explanation/explanation.ts'
import { type AppStrip, STRIP_STEPS, type StripColumns, type StripRun } from './page-contents.ts'
import { countBytes, Packing } from './packed-columns.ts'

/** What one run did to an app, and the key by which the page knows the run. */
export type KeyedRun = Omit<ToldRun, 'idleMbS'> & { readonly key: string }

/** The time that a strip shows, in ms since the trace began; see {@link AppStrip}. */
export type StripTime = Pick<AppStrip, 'fromMs' | 'toMs' | 'midnightMs'>

/** One run's line of a strip, in steps of its time: finer ones could not be seen, so it is short however often the app was invoked. */
export function stripRun(run: KeyedRun, { fromMs, toMs, midnightMs }: StripTime, language?: Language): StripRun {
  const step = (ms: number): number =>
    Math.max(0, Math.min(STRIP_STEPS, Math.floor((STRIP_STEPS * (ms - fromMs)) / (toMs - fromMs))))
  return {
    key: run.key,
    sentence: sentenceOf(run, { horizonMs: toMs - fromMs, midnightMs }, language),
    arrivals: distinct(run.arrivals.map(({ at }) => step(at))),
    cold: distinct(run.arrivals.filter(({ cold }) => cold > 0).map(({ at }) => step(at))),
    loaded: joined(loadedStretches(run, toMs).map(({ from, to }) => [step(from), step(to)] as const)),
  }
}

/** Steps without those that are there already; they come in order. */
function distinct(steps: readonly number[]): number[] {
  return steps.filter((step, index) => index === 0 || step !== steps[index - 1])
}

/** Stretches as one list of beginnings and ends; those that touch are one, and none is shorter than a step. */
function joined(stretches: readonly (readonly [number, number])[]): number[] {
  const ends: number[] = []
  for (const [from, to] of stretches) {
    const end = Math.max(to, from + 1)
    if (ends.length > 0 && from <= ends.at(-1)!) ends[ends.length - 1] = Math.max(ends.at(-1)!, end)
    else ends.push(from, end)
  }
  return ends
}

/** What all strips of a page take at most before they are compressed, in bytes; 2 MB of the page at the worst. */
const MOST_BYTES = 1_500_000

/** Strips as columns of one packed text: as many, from the first on, as there is room for. */
export function stripColumns(strips: readonly AppStrip[]): StripColumns | null {
  const [first] = strips
  if (first === undefined) return null
  const packing = new Packing()
  const apps: StripColumns['apps'][number][] = []
  for (const { app, runs } of strips) {
    const told = runs.map(({ key, sentence, ...steps }) => {
      const columns = [steps.arrivals, steps.cold, steps.loaded].map((each) => packing.add(countBytes(gaps(each))))
      return { key, sentence, columns }
    })
    if (packing.size > MOST_BYTES) break
    apps.push({ app, runs: told })
  }
  const { fromMs, toMs, midnightMs } = first
  return { packed: packing.packed(), fromMs, toMs, midnightMs, apps }
}

/** A rising list as its first number and what each is more than the one before. */
function gaps(steps: readonly number[]): number[] {
  return steps.map((step, index) => step - (index === 0 ? 0 : steps[index - 1]!))
}
