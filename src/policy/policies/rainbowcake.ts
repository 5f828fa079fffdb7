import { streamOf } from '../../core/random.ts'
import { DAY, MINUTE, SECOND } from '../../core/units.ts'
import { longerThan, type ParameterValues } from '../parameters.ts'
import { definePolicy, type Policy, type PolicyContext, type Windows } from '../policy.ts'
import { RecentTimes } from './rainbowcake/recent-times.ts'

const parameters = {
  quantile: {
    kind: 'number',
    describe: 'Windows end when the next arrival has come with this probability, were arrivals a Poisson process.',
    default: 0.8,
    min: 0,
    max: 0.999_999,
  },
  recent: {
    kind: 'number',
    describe: 'So many latest arrivals make a rate, of an app, a language and of all.',
    default: 6,
    min: 1,
    max: 1000,
    whole: true,
  },
  forget: { kind: 'duration', describe: 'Older arrivals are forgotten.', default: DAY, min: 1 },
  least: { kind: 'duration', describe: 'Shortest window.', default: MINUTE, min: 0 },
  longest: {
    kind: 'duration',
    isWindow: true,
    describe: 'Longest window of a layer whose loading takes no time, for which no price can be told.',
    default: 10 * MINUTE,
    min: 0,
  },
  weight: {
    kind: 'number',
    describe: 'Weight of loading time against memory, 0 to 1: alpha. A layer stays at most alpha s / ((1 - alpha) MB).',
    default: 0.996,
    min: 0,
    max: 0.999_999,
  },
  prewarm: {
    kind: 'switch',
    describe: 'Whether an app of which nothing is loaded is loaded again at that quantile after an arrival.',
    default: true,
  },
  share: {
    kind: 'switch',
    describe: 'Whether a load may begin from the language or the bare container of another app.',
    default: true,
  },
  languages: {
    kind: 'number',
    describe: 'Language runtimes, which apps have by their names, as traces do not tell them.',
    default: 3,
    min: 1,
    max: 1000,
    whole: true,
  },
  languageMemory: {
    kind: 'number',
    unit: '%',
    describe: 'Part of an app’s memory that a container with its language holds.',
    default: 40,
    min: 0,
    max: 100,
  },
  bareMemory: {
    kind: 'number',
    unit: '%',
    describe: 'Part of an app’s memory that a bare container holds.',
    default: 10,
    min: 0,
    max: 100,
  },
  languageTime: {
    kind: 'number',
    unit: '%',
    describe: 'Part of the loading time that the language takes.',
    default: 30,
    min: 0,
    max: 100,
  },
  bareTime: {
    kind: 'number',
    unit: '%',
    describe: 'Part of the loading time that the bare container takes.',
    default: 30,
    min: 0,
    max: 100,
  },
} as const

type Params = ParameterValues<typeof parameters>

class RainbowCake implements Policy {
  private readonly params: Params
  private readonly coldStartMs: Float64Array
  private readonly memoryMb: Float64Array
  private readonly askAgain: PolicyContext['askAgain']
  /** Per app: its language; where nothing is shared each app is one of its own. */
  private readonly language: Uint32Array
  /** Arrivals of each app, of each language, and of all. */
  private readonly ofApp: RecentTimes
  private readonly ofLanguage: RecentTimes
  private readonly ofAll: RecentTimes
  /** Per app: until when it is kept by its window, and when it is to be loaded again. */
  private readonly keptUntil: Float64Array
  private readonly loadAt: Float64Array

  constructor(params: Params, { apps, appNames, coldStartMs, memoryMb, askAgain }: PolicyContext) {
    this.params = params
    this.coldStartMs = coldStartMs
    this.memoryMb = memoryMb
    this.askAgain = params.prewarm ? askAgain : undefined
    const languages = params.share ? params.languages : apps
    this.language = Uint32Array.from({ length: apps }, (_, app) =>
      params.share ? languageOf(appNames?.at(app) ?? String(app), languages) : app,
    )
    this.ofApp = new RecentTimes(apps, params)
    this.ofLanguage = new RecentTimes(languages, params)
    this.ofAll = new RecentTimes(1, params)
    this.keptUntil = new Float64Array(apps)
    this.loadAt = new Float64Array(apps)
  }

  arrived(app: number, now: number): void {
    this.ofApp.add(app, now)
    this.ofLanguage.add(this.language[app]!, now)
    this.ofAll.add(0, now)
    this.loadAt[app] = now + Math.max(SECOND, this.quantileOf(this.ofApp.meanMs(app, now)))
  }

  decide(app: number, now: number, out: Windows): void {
    const isToLoad = now === this.loadAt[app]
    const keptUntil = this.keptUntil[app]!
    out.prewarmMs = 0
    if (isToLoad && now <= keptUntil) {
      // Something of it is loaded: nothing changes.
      out.keepAliveMs = keptUntil - now
      return
    }
    const { languageTime, bareTime } = this.params
    const share = 1 - (languageTime + bareTime) / 100
    out.keepAliveMs = this.windowOf(this.ofApp.meanMs(app, now), share * this.coldStartMs[app]!, this.memoryMb[app]!)
    this.keptUntil[app] = now + out.keepAliveMs
    if (this.loadAt[app]! > now) this.askAgain?.(app, this.loadAt[app]!)
  }

  cool(app: number, now: number, out: Float64Array): void {
    const { languageTime, bareTime, languageMemory, bareMemory } = this.params
    const [loadMs, mb] = [this.coldStartMs[app]! / 100, this.memoryMb[app]! / 100]
    out[0] = this.windowOf(this.ofLanguage.meanMs(this.language[app]!, now), languageTime * loadMs, languageMemory * mb)
    out[1] = this.windowOf(this.ofAll.meanMs(0, now), bareTime * loadMs, bareMemory * mb)
  }

  kindOf(app: number, stage: number): number {
    if (!this.params.share) return app
    return stage === 0 ? this.language[app]! : 0
  }

  /** How long something stays that is asked for every `meanMs`, takes so long to load and so much memory. */
  private windowOf(meanMs: number, loadMs: number, mb: number): number {
    const { least, longest, weight } = this.params
    const priced = Math.ceil((weight * loadMs) / ((1 - weight) * mb * SECOND)) * SECOND
    const most = Math.max(least, loadMs > 0 ? priced : longest)
    // Nothing is known of what was asked for at one moment only.
    return meanMs > 0 ? Math.min(most, Math.max(least, this.quantileOf(meanMs))) : most
  }

  private quantileOf(meanMs: number): number {
    return Math.ceil((-Math.log(1 - this.params.quantile) * meanMs) / SECOND) * SECOND
  }

  save(app: number): unknown {
    const times = this.ofApp.save(app)
    return times.length === 0 ? undefined : { times, keptUntil: this.keptUntil[app], loadAt: this.loadAt[app] }
  }

  load(app: number, state: unknown): void {
    const { times, keptUntil, loadAt } = state as { times: number[]; keptUntil: number; loadAt: number }
    this.ofApp.load(app, times)
    this.keptUntil[app] = keptUntil
    this.loadAt[app] = loadAt
  }

  saveAll(): unknown {
    // Where nothing is shared, rows are apps.
    const languages = Array.from({ length: this.ofLanguage.rows }, (_, row) => this.ofLanguage.save(row))
    return { languages, all: this.ofAll.save(0) }
  }

  loadAll(state: unknown): void {
    const { languages, all } = state as { languages: number[][]; all: number[] }
    if (languages.length === this.ofLanguage.rows) {
      for (const [row, times] of languages.entries()) this.ofLanguage.load(row, times)
    }
    this.ofAll.load(0, all)
  }
}

/** The same for an app of that name, whatever else is in the trace and whatever the seed. */
function languageOf(name: string, languages: number): number {
  return Math.floor(streamOf(0, `language ${name}`).uniform() * languages)
}

/** Containers cool from the app to its language and to nothing but the container, and others start from there. */
export const rainbowcake = definePolicy({
  id: 'rainbowcake',
  summary: 'Cools instances to their language and then to bare containers, from which other apps load faster.',
  paper:
    'Yu et al., "RainbowCake: mitigating cold-starts in serverless with layer-wise container caching and sharing", ASPLOS 2024, and its public code',
  departures: [
    'You state which share of an app’s memory and loading time its layers have. Languages are drawn from the names of the apps. Traces tell neither.',
    'The unit is the app.',
    'The windows of both layers are set when an instance begins to cool.',
    'A window is at least `least`, also where its price is lower.',
    'An app is loaded ahead only where nothing of it is loaded. That is what the paper says; its code does otherwise.',
    'Which node a load goes to does not depend on layers.',
  ],
  parameters,
  scope: 'fleet',
  needs: [],
  contradiction: (params) => {
    const { languageTime, bareTime } = params
    if (languageTime + bareTime > 100) {
      return {
        name: 'languageTime',
        problem: `it and bareTime are at most 100 % together, found ${languageTime + bareTime} %`,
      }
    }
    return longerThan(params, 'least', 'longest')
  },
  world: ({ languageMemory, bareMemory, languageTime, bareTime }) => ({
    stages: [
      { memoryShare: languageMemory / 100, savedShare: (languageTime + bareTime) / 100 },
      { memoryShare: bareMemory / 100, savedShare: bareTime / 100 },
    ],
  }),
  create: (params, context) => new RainbowCake(params, context),
})
