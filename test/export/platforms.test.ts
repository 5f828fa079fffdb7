import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaultPlan, type Export, exportPlan } from '../../src/export/export-plan.ts'
import { FIDELITY_KINDS, kindOf } from '../../src/export/fit/fidelity.ts'
import { type NameMap, OWN_NAMES } from '../../src/export/files/deployed-names.ts'
import { PLATFORMS } from '../../src/export/platforms/index.ts'
import { constantFloor, type Floor, levelAt, NO_FLOOR } from '../../src/policy/plan/floor.ts'
import type { AppPlan, Plan } from '../../src/policy/plan/plan.ts'
import { appPlan, DAILY, exported, planOf, textOf, VARIANTS } from './exported.ts'
import { plans } from '../policy/plan/arbitrary-plan.ts'

function spanS({ prewarmMs, keepAliveMs }: Pick<AppPlan, 'prewarmMs' | 'keepAliveMs'>): number {
  return prewarmMs === Number.POSITIVE_INFINITY ? 0 : Math.ceil((prewarmMs + keepAliveMs) / 1000)
}

/** Whether an app's floor is nowhere lower than another one; both only change where one has a step. */
function coversFloor({ floor }: Pick<AppPlan, 'floor'>, wanted: Floor): boolean {
  const minutes = [...floor.steps, ...wanted.steps].flatMap(({ minute }) =>
    Array.from({ length: 7 }, (_, day) => (minute + day * 1440) % 10_080),
  )
  return minutes.every((minute) => levelAt(floor, minute) >= levelAt(wanted, minute))
}

/** Whether it is higher somewhere, by more than rises that come some minutes early, and falls that wait for them. */
function exceedsFloor({ floor }: Pick<AppPlan, 'floor'>, wanted: Floor): boolean {
  const minutes = [...floor.steps, ...wanted.steps].flatMap(({ minute }) =>
    Array.from({ length: 7 }, (_, day) => (minute + day * 1440) % 10_080),
  )
  const highest = (minute: number): number =>
    Math.max(...[-2, -1, 0, 1, 2].map((each) => levelAt(wanted, minute + each)))
  return minutes.some((minute) => levelAt(floor, minute) > highest(minute))
}

function kindsOf(made: Export, app: string): readonly string[] {
  return made.notes.filter((note) => note.app === app).map(({ kind }) => kind)
}

/** Plans that every platform gets, drawn once: each property below holds for all of them. */
const DRAWN: readonly Plan[] = fc.sample(plans, 30)

describe.each(VARIANTS)('%s', (_, id, settings) => {
  const platform = PLATFORMS.get(id, 'test')
  const names: NameMap = { settings, where: 'names.yaml' }
  const made = (plan: Plan): Export => exportPlan(plan, platform, names)
  let drawn: readonly (readonly [plan: Plan, made: Export])[] = []
  beforeAll(() => {
    drawn = DRAWN.map((plan) => [plan, made(plan)])
  })
  afterAll(() => {
    drawn = []
  })

  it('describes itself in sentences, with settings whose defaults it takes', () => {
    expect(platform.id).toMatch(/^[a-z][a-z-]*$/)
    const { summary, lacks, afterFall } = platform
    for (const text of [summary, lacks, ...(afterFall === undefined ? [] : [afterFall])])
      expect(text).toMatch(/^[A-Z].*\.$/)
    for (const { default: value, pattern } of Object.values(platform.settings)) expect(value).toMatch(pattern)
  })

  it('makes files of safe paths out of any plan, the same ones each time, and keeps every app accounted for', () => {
    for (const [plan, first] of drawn) {
      expect(made(plan)).toEqual(first)
      const paths = first.files.map(({ path }) => path)
      expect(new Set(paths).size).toBe(paths.length)
      for (const path of paths) expect(path).toMatch(/^[\w@+-][\w@.+-]*(\/[\w@+-][\w@.+-]*)*$/)
      const refused = first.refused.map(({ app }) => app)
      const written = Object.values(first.fidelity).reduce((sum, count) => sum + count, 0)
      expect(written + refused.length).toBe(plan.apps.length)
      for (const { app } of plan.apps) expect(kindsOf(first, app).length > 0).toBe(!refused.includes(app))
      expect(first.applied.apps.map(({ app }) => app)).toEqual(plan.apps.map(({ app }) => app))
    }
  })

  it('calls an app exact only if the platform, read back, keeps it as the plan says', () => {
    for (const [plan, { applied, ...rest }] of drawn) {
      for (const [index, app] of plan.apps.entries()) {
        const kinds = kindsOf({ applied, ...rest }, app.app)
        const found = applied.apps[index]!
        if (kindOf(kinds.map((kind) => ({ kind: kind as 'exact' }))) !== 'exact') continue
        const last = found.lastKeepAliveMs ?? found.keepAliveMs
        expect(spanS({ ...found, keepAliveMs: last })).toBe(spanS(app))
        const others = app.evidence.peakInstances > 1 ? spanS(found) : spanS(app)
        expect(others).toBe(spanS(app))
        expect(coversFloor(found, app.floor)).toBe(true)
        expect(exceedsFloor(found, app.floor)).toBe(false)
      }
    }
  })

  it('tells of every app that, read back, is kept otherwise than the plan says', () => {
    for (const [plan, result] of drawn) {
      for (const [index, app] of plan.apps.entries()) {
        const found = result.applied.apps[index]!
        const last = found.lastKeepAliveMs ?? found.keepAliveMs
        const isLonger = last > app.prewarmMs + app.keepAliveMs + 1000
        const isShorter = spanS({ ...found, keepAliveMs: last }) < spanS(app)
        const othersGo = app.evidence.peakInstances > 1 && spanS(found) < spanS(app)
        const loads = app.prewarmMs > 0 && app.prewarmMs < Number.POSITIVE_INFINITY && found.prewarmMs === 0
        const lacksFloor = app.floor.steps.length > 0 && !coversFloor(found, app.floor)
        const isOther = lacksFloor || exceedsFloor(found, app.floor)
        if (result.refused.some((refusal) => refusal.app === app.app)) continue
        if (!isLonger && !isShorter && !othersGo && !loads && !isOther) continue
        expect(kindsOf(result, app.app), JSON.stringify({ app, found })).toEqual(
          expect.arrayContaining([expect.stringMatching(new RegExp(FIDELITY_KINDS.slice(1).join('|')))]),
        )
      }
    }
  })

  it('writes five hundred apps with a README that can be read', () => {
    const [some] = fc.sample(plans, { numRuns: 1, seed: 7 })
    const each = { ...some!.apps[0]!, floor: NO_FLOOR, schedule: constantFloor(1) }
    const apps = Array.from({ length: 500 }, (_, row) => ({
      ...each,
      app: `${'0123456789abcdef'.repeat(4)}/${row}`,
    }))
    const { notes, files } = made({ ...some!, apps })
    expect(new Set(notes.map(({ app }) => app)).size).toBe(500)
    expect(files.find(({ path }) => path === 'README.md')!.text.length).toBeLessThan(20_000)
  })

  it('has no commands for a plan of no apps', () => {
    const [plan] = fc.sample(plans, { numRuns: 1, seed: 5 })
    const { files } = made({ ...plan!, apps: [] })
    expect(files.map(({ path }) => path)).not.toContain('apply.sh')
    expect(files.find(({ path }) => path === 'README.md')!.text).not.toContain('```')
  })

  it('explains in its README every variable that its scripts take from the environment, and names no others', () => {
    const made = exported(id, planOf([appPlan({ floor: DAILY, schedule: DAILY })]), settings)
    const tool = made.files.find(({ path }) => path === 'tool.sh')?.text ?? "ENVIRONMENT=''"
    const [, needed = ''] = /^ENVIRONMENT='(.*)'$/m.exec(tool)!
    const explained = [...textOf(made, 'README.md').matchAll(/^- `([A-Z_]+)`: (the|a|an) \w/gm)]
    expect(explained.map(([, name]) => name)).toEqual(needed.split(' ').filter((name) => name !== ''))
  })

  it('says in its README how the files are applied, and in fidelity.json what was lost', () => {
    const [plan] = fc.sample(plans, { numRuns: 1, seed: 5 })
    const { files, fidelity, notes, refused } = made(plan!)
    const text = (path: string): string => files.find((file) => file.path === path)!.text
    expect(text('README.md')).toContain(platform.title)
    expect(text('README.md')).toMatch(/## Apply\n[^]*```sh\n[^]+\n```/)
    expect(JSON.parse(text('fidelity.json'))).toEqual({ platform: platform.id, fidelity, notes, refused })
  })
})

/** Whether it can be told which state of a source was read: by the day, or by a version and the month. */
function isDated({ at, read }: { readonly at: string; readonly read: string }): boolean {
  if (/^2026-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.test(read)) return true
  return /^2026-(0[1-9]|1[0-2])$/.test(read) && /(@[-\w/]+|sdk\S*|nuclio) \d+\.\d+/.test(at)
}

it.each([
  [{ at: 'kedacore/keda, pkg/scalers/cron_scaler.go', read: '2026' }],
  [{ at: 'kedacore/keda, pkg/scalers/cron_scaler.go', read: '2026-11' }],
  [{ at: '@google-cloud/run 3.3.0', read: '2026' }],
  [{ at: 'docs.openfaas.com', read: '2026-11-40' }],
  [{ at: 'docs.openfaas.com', read: 'November 2026' }],
])('a claim is not dated by %o', (source) => {
  expect(isDated(source)).toBe(false)
})

describe.each(PLATFORMS.all.map((platform) => [platform.id, platform] as const))(
  'what is said of %s',
  (_, platform) => {
    const { sources, assumed, byDefault, sharesRunning, afterFall } = platform
    const claims = [...sources, ...assumed]

    it('has a source with the date on which it was read, or is called assumed', () => {
      for (const { says, at, read } of sources) {
        for (const text of [says, at]) expect(text).toMatch(/^\S.*[^.]$/)
        expect(isDated({ at, read }), `${says}: ${at} (read ${read})`).toBe(true)
      }
      for (const { says } of assumed) expect(says).toMatch(/^\S.*[^.]$/)
    })

    it('covers all that an export relies on: keys, defaults, schedules that fall and requests at a time', () => {
      const servesOwn = byDefault.concurrency !== undefined || sharesRunning === true
      const topics = new Set([
        'keys',
        'default',
        ...(afterFall === undefined || platform.id === 'pilotlight' ? [] : ['schedule']),
        ...(servesOwn ? ['requests'] : []),
      ])
      expect(new Set(claims.map(({ about }) => about))).toEqual(topics)
    })

    it('is called assumed in its texts only where that is listed, and in the README of each export', () => {
      const isAssumed = [platform.lacks, byDefault.from, afterFall].some((text) => text?.includes('assumed'))
      expect(isAssumed && assumed.length === 0).toBe(false)
      const readme = textOf(exportPlan(planOf([appPlan()]), platform, OWN_NAMES), 'README.md')
      for (const { says, at, read } of sources) expect(readme).toContain(`- ${says}: ${at} (read ${read})\n`)
      for (const { says } of assumed) expect(readme).toContain(`- Assumed, since no source was found: ${says}\n`)
    })
  },
)

describe('an app that is kept for two minutes', () => {
  const app: AppPlan = {
    app: 'shop',
    memoryMb: 128,
    concurrency: 1,
    functions: [],
    prewarmMs: 0,
    keepAliveMs: 120_000,
    floor: NO_FLOOR,
    schedule: NO_FLOOR,
    evidence: { idleTimes: 9, days: 1, shortestMs: 120_000, longestMs: 120_000, peakInstances: 1, meanMs: 0 },
  }
  const plan: Plan = { schema: 1, policy: { id: 'fixed', params: {} }, timeZone: 'UTC', startMinute: 0, apps: [app] }

  it.each(
    // Vertex AI takes no window below five minutes.
    PLATFORMS.all
      .filter(({ id, schedule }) => schedule === undefined && id !== 'vertex-ai')
      .map((platform) => [platform.id, platform] as const),
  )('is kept so by %s, whose windows include that', (_, platform) => {
    const { fidelity, applied } = exportPlan(plan, platform, OWN_NAMES)
    expect(fidelity).toMatchObject({ exact: 1 })
    const [found] = applied.apps
    expect(found!.lastKeepAliveMs ?? found!.keepAliveMs).toBe(120_000)
  })

  it.each(
    PLATFORMS.all.filter(({ schedule }) => schedule !== undefined).map((platform) => [platform.id, platform] as const),
  )('is left to %s, which has no windows', (_, platform) => {
    const { fidelity, applied } = exportPlan(plan, platform, OWN_NAMES)
    expect(fidelity).toMatchObject({ schedule: 1 })
    expect(applied.apps[0]!.keepAliveMs).toBe(platform.byDefault.keepAliveMs)
  })
})

it.each(PLATFORMS.all.map((platform) => [platform.id, platform] as const))(
  'an app whose instances serve several at a time is written otherwise for %s, or its README says so',
  (_, platform) => {
    const text = (concurrency: number): string => {
      const { files } = exportPlan(planOf([appPlan({ concurrency })]), platform, OWN_NAMES)
      return files.map((file) => `${file.path}\n${file.text}`).join('\n')
    }
    const own = platform.id === 'pilotlight' ? /"?concurrency"?: 8/ : /\b8\b|concurren|one invocation at a time/
    expect(text(8) !== text(1) || platform.sharesRunning === true).toBe(true)
    expect(text(8)).toMatch(own)
  },
)

describe.each(VARIANTS)('how many requests an instance of %s serves at a time', (_, id, settings) => {
  const platform = PLATFORMS.get(id, 'test')
  const names: NameMap = { settings, where: 'names.yaml' }

  /** How the reader of an export hears of it. */
  function toldBy({ files, notes, applied: { apps } }: Export, wanted: number): string {
    if (platform.sharesRunning === true) return 'running instances share'
    const [{ concurrency }] = apps as [AppPlan]
    if (concurrency !== wanted) {
      const note = notes.find((each) => each.wanted.endsWith('at a time'))
      const number = concurrency === 1 ? 'one invocation' : `${concurrency} invocations`
      return note?.kind === 'clamped' && note.written === `${number} at a time` ? 'a note' : 'nobody'
    }
    const said = files.filter(({ path }) => path !== 'fidelity.json').map(({ text }) => text)
    return wanted === 1 || new RegExp(`\\b${wanted}\\b`).test(said.join('\n')) ? 'files' : 'nobody'
  }

  it.each([1, 8, 5000])('is simulated as the files say, or a note or the README: %i wanted', (wanted) => {
    const made = exportPlan(planOf([appPlan({ concurrency: wanted })]), platform, names)
    expect(toldBy(made, wanted)).not.toBe('nobody')
  })

  it('is by default a number of the platform, or that of the model', () => {
    const [one, other] = [2, 8].map((concurrency) => {
      return defaultPlan(planOf([appPlan({ concurrency })]), platform, settings).apps[0]!.concurrency
    })
    expect(one === other || (one === 2 && other === 8)).toBe(true)
  })
})

function serviceOf(name: string, containerConcurrency?: number) {
  const spec = containerConcurrency === undefined ? {} : { containerConcurrency }
  return { apiVersion: 'serving.knative.dev/v1', kind: 'Service', metadata: { name }, spec: { template: { spec } } }
}

function targetsOf({ apps }: Plan) {
  return apps.map(({ concurrency, autoscaler }) => [concurrency, autoscaler?.target])
}

describe("Knative's defaults", () => {
  it.each(['knative', 'kserve', 'openshift-serverless'])(
    'are pods of %s without a limit, of which 70 requests are aimed at',
    (id) => {
      const [app] = defaultPlan(planOf([appPlan({ concurrency: 3 })]), PLATFORMS.get(id, 'test')).apps
      expect(app).toMatchObject({ concurrency: Number.POSITIVE_INFINITY, autoscaler: { target: 70 } })
    },
  )

  it('hold for a service that the listing has without a limit, beside one that has one', () => {
    const listing = {
      text: JSON.stringify([serviceOf('shop'), serviceOf('mailer', 5), serviceOf('zero', 0)]),
      where: 'now.json',
    }
    const plan = planOf(['shop', 'mailer', 'zero'].map((app) => appPlan({ app, concurrency: 2 })))
    const made = exportPlan(plan, PLATFORMS.get('knative', 'test'), OWN_NAMES, { listing })
    const whole = [Number.POSITIVE_INFINITY, 70]
    expect(targetsOf(made.asItIs!.plan)).toEqual([whole, [5, 3.5], whole])
    expect(targetsOf(made.applied)).toEqual([
      [2, 2],
      [2, 2],
      [2, 2],
    ])
  })
})
