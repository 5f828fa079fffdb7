import { describe, expect, it } from 'vitest'
import { type Export, exportPlan } from '../../../src/export/export-plan.ts'
import { PLATFORMS } from '../../../src/export/platforms/index.ts'
import { constantFloor, levelAt } from '../../../src/policy/plan/floor.ts'
import { UserError } from '../../../src/core/user-error.ts'
import type { AppPlan } from '../../../src/policy/plan/plan.ts'
import type { Cloud } from '../clouds/cloud.ts'
import { CLOUDS } from '../clouds/index.ts'
import { appPlan, DAILY, planOf, textOf } from '../exported.ts'

type Listed = Pick<Cloud, 'platform' | 'settings'>

const PLAN = planOf([
  appPlan({ floor: DAILY, schedule: DAILY, concurrency: 8 }),
  appPlan({ app: 'mailer', keepAliveMs: 400_000, floor: constantFloor(2), schedule: constantFloor(2) }),
])

function beside({ platform, settings = {} }: Listed, text: string): Export {
  const names = { settings, where: 'names.yaml' }
  return exportPlan(PLAN, PLATFORMS.get(platform, 'test'), names, { listing: { text, where: 'present.json' } })
}

/** Values that nobody expects. */
const ODD: readonly unknown[] = [null, '', -1, 1e99, [], {}, 'x', true, 'NaN', [null], '-5s', '(*', 3.7]

type Place = readonly string[]

/** Every key of every object and list in a value. */
function placesOf(value: unknown): Place[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, each]) => [[key], ...placesOf(each).map((place) => [key, ...place])])
}

/** A list with another value at a place. */
function changedAt(list: readonly unknown[], place: Place, odd: unknown): readonly unknown[] {
  const copy = structuredClone(list) as unknown[]
  const inner = place.slice(0, -1).reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], copy)
  ;(inner as Record<string, unknown>)[place.at(-1)!] = odd
  return copy
}

function isNumbered({ floor, ...app }: AppPlan): boolean {
  const numbers = [...Object.values(app), ...floor.steps.map(({ instances }) => instances)]
  return numbers.every((value) => typeof value !== 'number' || value >= 0) && app.concurrency > 0
}

describe.each(CLOUDS.map((listed) => [`${listed.platform} ${JSON.stringify(listed.settings ?? {})}`, listed] as const))(
  'what the commands of %s print',
  (_, listed) => {
    // Commands print some lines a document, or one.
    const text = listed.listing.map((document, index) => JSON.stringify(document, null, index === 0 ? 2 : 0)).join('\n')
    const made = beside(listed, text)

    it('is simulated as it is', () => {
      const [shop] = made.asItIs!.plan.apps
      const { keepAliveS, lastS = keepAliveS, ...levels } = listed.asItIs
      const { keepAliveMs, lastKeepAliveMs = keepAliveMs, floor } = shop!
      const found = { keepAliveMs, lastKeepAliveMs, at10: levelAt(floor, 600), at3: levelAt(floor, 180) }
      expect(found).toEqual({ keepAliveMs: keepAliveS * 1000, lastKeepAliveMs: lastS * 1000, ...levels })
    })

    it('is shown beside the export, and kept for the way back', () => {
      const { files, asItIs } = made
      const saved = files.filter(({ path }) => path.startsWith('before/'))
      expect(asItIs!.found).toBeGreaterThan(0)
      expect(saved).toHaveLength(asItIs!.found)
      const diff = textOf(made, 'diff.txt')
      for (const { text } of saved) {
        const { object, file, patch } = JSON.parse(text) as { object: string; file: string; patch: unknown }
        expect(diff).toMatch(new RegExp(`^${object}(:| )`, 'm'))
        expect(patch).toEqual(JSON.parse(textOf(made, file)))
      }
      expect(diff.match(/: not in the listing$/gm) ?? []).toHaveLength(asItIs!.wanted - asItIs!.found)
      // What is not the export's stays out of sight.
      expect(diff).not.toMatch(/image|secret/i)
    })

    it('is sound, or refused in words, whatever stands at any place of it', () => {
      const found = placesOf(listed.listing).map((place, index) => {
        const odd = changedAt(listed.listing, place, ODD[index % ODD.length])
        try {
          const { applied, asItIs } = beside(listed, odd.map((document) => JSON.stringify(document)).join('\n'))
          return [applied, asItIs!.plan].every(({ apps }) => apps.every((app) => isNumbered(app)))
        } catch (error) {
          return error instanceof UserError && !/undefined|null \(|object null/.test(error.message)
        }
      })
      expect(found.filter((isRight) => !isRight)).toEqual([])
      expect(found.length).toBeGreaterThan(5)
    })

    it('is read whatever it says of other things, and refused where it says nothing of the platform', () => {
      expect(beside(listed, `${text}\n[]\n`).asItIs!.plan).toEqual(made.asItIs!.plan)
      for (const other of ['{"kind": "Secret"}', '"shop"', '[["shop"]]', 'shop: 7']) {
        expect(() => beside(listed, other)).toThrow(/^present\.json: expected a listing of objects of .+, found none/)
      }
      expect(beside(listed, '[]').asItIs).toMatchObject({ found: 0 })
    })
  },
)

describe('every platform', () => {
  it('has a listing here, or says in words why it has none', () => {
    const wordless = PLATFORMS.all.filter(({ present }) => typeof present !== 'string')
    expect([...new Set(CLOUDS.map(({ platform }) => platform))].toSorted()).toEqual(
      wordless.map(({ id }) => id).toSorted(),
    )
  })

  it.each(PLATFORMS.all.filter(({ present }) => typeof present === 'string').map(({ id }) => id))(
    'refuses a listing in words where it has none: %s',
    (id) => {
      const { present, title } = PLATFORMS.get(id, 'test')
      expect(present).toMatch(/^\S.{20,}\.$/)
      expect(() => beside({ platform: id }, '[]')).toThrow(`--present cannot be used with ${title}: ${String(present)}`)
    },
  )

  it.each(PLATFORMS.all.map(({ id }) => id))('says how to go back: %s', (id) => {
    const made = exportPlan(PLAN, PLATFORMS.get(id, 'test'), { settings: {}, where: 'names.yaml' })
    expect(textOf(made, 'README.md')).toMatch(/^## Go back\n\n\S/m)
  })
})

it.each([
  ['alibaba-fc', 'eu-central-1'],
  ['google-cloud-run', 'europe-west9'],
  ['vertex-ai', 'europe-west9'],
])('of another region than that of the settings, which says so, is refused: %s', (platform, region) => {
  const { listing } = CLOUDS.find((cloud) => cloud.platform === platform)!
  const text = listing.map((document) => JSON.stringify(document)).join('\n')
  expect(() => beside({ platform, settings: { region } }, text)).toThrow(
    /^present.json: expected a listing of objects of .*, found none/,
  )
})
