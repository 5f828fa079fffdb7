import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nameApps, OWN_NAMES, readNames, validName } from '../../../src/export/files/deployed-names.ts'
import { PLATFORMS } from '../../../src/export/platforms/index.ts'
import { NO_FLOOR } from '../../../src/policy/plan/floor.ts'
import { appPlan, DAILY, exported, planOf, textOf } from '../exported.ts'

const FN = PLATFORMS.get('fn', 'test')
const PLAN = planOf([appPlan({ app: 'shop' }), appPlan({ app: 'mailer' })])

function named(yaml: string, id = 'fn'): string[] {
  return nameApps(PLAN, PLATFORMS.get(id, 'test'), readNames(yaml, 'names.yaml')).apps.map(({ name }) => name)
}

describe('names made from those of a trace', () => {
  it('are taken by every platform, one for each app', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ minLength: 1, maxLength: 120, unit: 'binary' })), (apps) => {
        const plan = planOf(apps.map((app) => appPlan({ app })))
        for (const platform of PLATFORMS.all) {
          expect(nameApps(plan, platform, OWN_NAMES).apps).toHaveLength(apps.length)
        }
      }),
      { numRuns: 50 },
    )
  })

  it('are those of the trace where that is possible, and let hashes be recognised', () => {
    expect(validName('shop')).toBe('shop')
    expect(validName('Shop Floor')).toMatch(/^shop-floor-[0-9a-f]{8}$/)
    expect(validName(`${'a1'.repeat(32)}/${'b2'.repeat(32)}`)).toMatch(/^(a1){15}a-[0-9a-f]{8}$/)
    expect(validName(`7c${'0'.repeat(62)}`)).toMatch(/^app-7c0+-[0-9a-f]{8}$/)
    expect(validName('§')).toMatch(/^app-[0-9a-f]{8}$/)
  })
})

describe('a mapping file', () => {
  it('gives apps their deployed names, and leaves out those without one', () => {
    expect(named('apps: { shop: front, mailer: back }')).toEqual(['front', 'back'])
    expect(named('apps: { shop: front, mailer: ~ }')).toEqual(['front'])
  })

  it('may give settings alone', () => {
    expect(named('settings: { app: store }')).toEqual(['shop', 'mailer'])
    const made = exported('fn', PLAN, { app: 'store' })
    expect(textOf(made, 'tool.sh')).toContain('fn update function store "$1"')
    expect(textOf(made, 'changes.txt')).toBe('shop functions/shop.json -\nmailer functions/mailer.json -\n')
  })

  it.each([
    [
      'an app that it lacks',
      'apps: { shopp: a, mailer: b }',
      'names.yaml: apps: no name for the app shop. It has shopp. Add the app, or leave it out of the export with "shop: ~".',
    ],
    [
      'a name that the platform does not take',
      'apps: { shop: "front end", mailer: b }',
      'names.yaml: apps: shop: Fn Project takes at most 255 letters, digits, "-" and "_" as a name, found "front end".',
    ],
    [
      'two apps of one name',
      'apps: { shop: a, mailer: a }',
      'names.yaml: apps: the apps shop and mailer both have the name a.',
    ],
    ['a list for a mapping', '- shop', 'names.yaml: expected a mapping, found ["shop"].'],
    ['a number for a name', 'apps: { shop: 7 }', 'names.yaml: apps: shop: expected a name or ~, found 7.'],
    ['a key that is none', 'names: {}', 'names.yaml: expected "apps" and "settings", found "names".'],
    [
      'a setting that is none',
      'settings: { ap: x }',
      'names.yaml: settings: Fn Project has no setting called ap. Did you mean "app"?',
    ],
    [
      'a setting that is wrong',
      'settings: { app: "a b" }',
      'names.yaml: settings: app: expected ^[a-zA-Z0-9_-]{1,64}$, found "a b". The Fn app that has the functions.',
    ],
    ['no value for a setting', 'settings: { app: ~ }', 'names.yaml: settings: app: expected a text, found null.'],
    ['a list for a setting', 'settings: { app: [a] }', 'names.yaml: settings: app: expected a text, found ["a"].'],
    ['what is no YAML', 'apps: {', 'names.yaml: not valid YAML: '],
    ['an app twice', 'apps: {a: b, c: d, a: e}', 'not valid YAML: Map keys must be unique at line 1, column 20'],
    ['an alias', 'apps: {a: &b c, d: *b}', 'names.yaml: not valid YAML: Alias resolution is disabled.'],
  ])('is refused with %s', (_, yaml, message) => {
    expect(() => named(yaml)).toThrow(message)
  })
})

describe('an export', () => {
  it.each(['Europe/Berln', '+02:00', ''])('is refused for the time zone "%s", which does not exist', (zone) => {
    expect(() => exported('fn', planOf([appPlan()], zone))).toThrow(
      `the time zone: there is no time zone called "${zone}".`,
    )
  })

  it.each([
    ['aws-lambda', 'expected at most 200 scheduled actions, found 240'],
    ['alibaba-fc', 'expected at most 100 scheduled actions, found 240'],
    ['fission', 'expected at most 32 windows of provisioned concurrency, found 121'],
  ])(
    'to %s lists an app that takes more of a schedule than the platform does, and writes the others',
    (id, problem) => {
      const steps = Array.from({ length: 240 }, (_, each) => ({ minute: each * 6, instances: each % 2 }))
      const floor = { cycle: 'day', steps } as const
      const made = exported(
        id,
        planOf([appPlan({ floor, schedule: floor }), appPlan({ app: 'mailer', floor: DAILY, schedule: DAILY })]),
      )
      expect(made.refused).toEqual([{ app: 'shop', problem }])
      expect(new Set(made.notes.map(({ app }) => app))).toEqual(new Set(['mailer']))
      expect(textOf(made, 'changes.txt')).toMatch(/^\S*mailer \S+ \S+\n$/)
      expect(textOf(made, 'README.md')).toContain(`- "shop": ${problem}`)
      expect(made.applied.apps[0]).toMatchObject({ floor: NO_FLOOR })
    },
  )

  it('says beforehand where more functions are provisioned than a region has', () => {
    const schedule = { cycle: 'day', steps: [{ minute: 0, instances: 1 }] } as const
    const apps = Array.from({ length: 501 }, (_, each) => appPlan({ app: `f${each}`, schedule }))
    const quota = '501 functions ask for it, and a region takes 500 targets: have that quota raised first.'
    expect(textOf(exported('aws-lambda', planOf(apps)), 'README.md')).toContain(quota)
    expect(textOf(exported('aws-lambda', planOf(apps.slice(1))), 'README.md')).not.toContain('quota raised')
  })

  it.each([
    ['fission', '3d-render'],
    ['openfaas', '3d-render'],
    ['fn', 'sendEmail'],
    ['aws-lambda', 'sendEmail'],
    ['tencent-scf', 'sendEmail'],
  ])('to %s takes the good name %s as it is', (id, app) => {
    expect(nameApps(planOf([appPlan({ app })]), PLATFORMS.get(id, 'test'), OWN_NAMES).apps[0]!.name).toBe(app)
  })

  it('to Container Apps keeps names below 32 characters and without "--"', () => {
    const platform = PLATFORMS.get('azure-container-apps', 'test')
    const made = nameApps(planOf([appPlan({ app: 'a'.repeat(40) }), appPlan({ app: 'a--b' })]), platform, OWN_NAMES)
    for (const { name } of made.apps) expect(name).toMatch(/^(?!.*--).{1,31}$/)
    const names = { apps: { shop: 'a--b' }, settings: {}, where: 'names.yaml' }
    expect(() => nameApps(planOf([appPlan()]), platform, names)).toThrow('without "--"')
  })

  it.each(['15', '99', '+8', '8.25', '1\n2'])('is refused for clocks that are %j hours ahead of UTC', (clock) => {
    const of = (id: string) => () => exported(id, planOf([appPlan()]), { clock })
    expect(of('tencent-scf')).toThrow('names.yaml: settings: clock: expected ')
  })

  it('leaves what is left out as the platform keeps it', () => {
    const names = { apps: { shop: 'shop', mailer: null }, settings: {}, where: 'names.yaml' }
    expect(nameApps(PLAN, FN, names).apps.map(({ app }) => app)).toEqual(['shop'])
  })
})
