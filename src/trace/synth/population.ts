import { DAY_MINUTES } from '../../core/units.ts'
import { counted } from '../../core/counted.ts'
import { UserError } from '../../core/user-error.ts'
import { type AppProfile, drawApp, type FunctionProfile } from './app.ts'
import { type SynthArrivals, createAppArrivals } from './app-arrivals.ts'
import { createAppMix } from './app-mix.ts'
import { createWave } from './cycle.ts'
import { checkOptions, demandWhole, type SynthOptions } from './options.ts'
import { MINUTELY, paced } from './rates.ts'

/** All apps of one seed, drawn on demand: nothing of them is kept. */
export interface Population {
  app(place: number): AppProfile
  arrivals(app: AppProfile): SynthArrivals
}

/** The population of a seed, its busy functions bent by `pace` (see {@link paced}). */
export function createPopulation(seed: number, pace = 1): Population {
  const mix = createAppMix()
  const wave = createWave()
  return {
    app(place) {
      const app = drawApp(seed, mix, place)
      if (pace === 1) return app
      const functions = app.functions.map((fn) => (bends(fn) ? { ...fn, perDay: paced(fn.perDay, pace) } : fn))
      return { ...app, functions }
    },
    arrivals: (app) => createAppArrivals(seed, wave, app),
  }
}

/** The population that the options ask for. Throws a {@link UserError} where the wanted total is out of reach. */
export function populationOf({ apps, seed, invocationsPerDay }: SynthOptions): Population {
  const population = createPopulation(seed)
  if (invocationsPerDay === undefined) return population
  return createPopulation(seed, paceFor(population, apps, invocationsPerDay))
}

/** Schedules and functions up to one a minute are not bent. */
function bends({ perDay, beat }: FunctionProfile): boolean {
  return beat === undefined && perDay > MINUTELY
}

/** Most functions that can be asked for. */
const MOST_FUNCTIONS = 10_000_000

/** More would make cells beyond 32 bits. */
const FASTEST_PACE = 1.5

/** The pace at which so many apps make `wanted` invocations a day, found by bisection. */
function paceFor(population: Population, apps: number, wanted: number): number {
  let fixed = 0
  const busy: number[] = []
  for (let place = 0; place < apps; place += 1) {
    for (const fn of population.app(place).functions) {
      if (bends(fn)) busy.push(fn.perDay)
      else fixed += fn.perDay
    }
  }
  const total = (pace: number) => busy.reduce((sum, perDay) => sum + paced(perDay, pace), fixed)
  const least = Math.ceil(total(0))
  const most = Math.floor(total(FASTEST_PACE))
  if (wanted < least || wanted > most) {
    throw new UserError({
      where: 'invocationsPerDay',
      problem: `${counted(apps, 'app makes', 'apps make')} from ${least} to ${most} invocations a day, found ${wanted}`,
      hint: wanted < least ? 'Ask for fewer apps or more invocations.' : 'Ask for more apps or fewer invocations.',
    })
  }
  let slow = 0
  let fast = FASTEST_PACE
  for (let step = 0; step < 50; step += 1) {
    const middle = (slow + fast) / 2
    if (total(middle) < wanted) slow = middle
    else fast = middle
  }
  return fast
}

/**
 * The least number of apps that have at least so many functions with an invocation in the first `days` days. (Functions
 * above one a minute are taken to have one.)
 */
export function appsFor({ functions, days, seed }: { functions: number; days: number; seed: number }): number {
  checkOptions({ apps: 1, days, seed })
  demandWhole('functions', functions, 1, MOST_FUNCTIONS)
  const population = createPopulation(seed)
  const counts = new Uint32Array(days * DAY_MINUTES)
  let seen = 0
  for (let place = 0; ; place += 1) {
    const app = population.app(place)
    const arrivals = population.arrivals(app)
    for (const fn of app.functions) {
      if (!bends(fn)) arrivals.fill(fn, counts)
      if (bends(fn) || counts.some((count) => count > 0)) seen += 1
    }
    if (seen >= functions) return place + 1
  }
}
