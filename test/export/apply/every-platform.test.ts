import { describe, expect, it } from 'vitest'
import { type Maxima, merged } from '../../../src/export/apply/merged-document.ts'
import type { Export } from '../../../src/export/export-plan.ts'
import type { Data } from '../../../src/export/files/export-file.ts'
import { PLATFORMS } from '../../../src/export/platforms/index.ts'
import { constantFloor, NO_FLOOR } from '../../../src/policy/plan/floor.ts'
import { CLOUDS } from '../clouds/index.ts'
import { appPlan, DAILY, exported, planOf, textOf, VARIANTS, WEEKLY } from '../exported.ts'

/** Things of an operator's own, which no export names. */
const OWN = { image: 'shop:7', secrets: ['key'], metadata: { labels: { team: 'checkout' } }, spec: { paused: false } }
const APPS = [
  appPlan({ floor: DAILY, schedule: DAILY }),
  appPlan({ keepAliveMs: 120_000 }),
  appPlan({ keepAliveMs: 400_000, floor: constantFloor(2), schedule: constantFloor(2), concurrency: 8 }),
  appPlan({ keepAliveMs: 3_600_000, floor: WEEKLY, schedule: WEEKLY, concurrency: Number.POSITIVE_INFINITY }),
  appPlan({ floor: NO_FLOOR, schedule: NO_FLOOR }),
]

/** What an export sets, by the objects that it names for apply.sh; none where all is done by hand. */
function patchesOf(made: Export): ReadonlyMap<string, Data> {
  if (!made.files.some(({ path }) => path === 'changes.txt')) return new Map()
  const lines = textOf(made, 'changes.txt').trim().split('\n')
  return new Map(
    lines.map((line) => {
      const [object = '', patch = ''] = line.split(' ')
      return [object, JSON.parse(textOf(made, patch)) as Data]
    }),
  )
}

/** But for maxima, which are never lowered. */
function lasting(object: Data, maxima: Maxima): unknown {
  return JSON.parse(JSON.stringify(object, (key, value: unknown) => (key in maxima ? undefined : value)))
}

it('there is a cloud to try the scripts of every platform in that has any', () => {
  const scripted = VARIANTS.filter(([, id, settings]) =>
    exported(id, planOf([APPS[0]!]), settings).files.some(({ path }) => path === 'apply.sh'),
  ).map(([, id]) => id)
  expect([...new Set(CLOUDS.map(({ platform }) => platform))].toSorted()).toEqual([...new Set(scripted)].toSorted())
})

describe.each(VARIANTS)('exports to %s, merged into an operator’s objects,', (_, id, settings) => {
  const exports = APPS.map((app) => patchesOf(exported(id, planOf([app]), settings)))
  const own = OWN as unknown as Data
  const { maxima = {} } = PLATFORMS.get(id, 'test')

  it('name the same objects, set nothing more a second time, leave what is not theirs, and leave nothing of an earlier one', () => {
    for (const first of exports) {
      for (const patch of first.values()) {
        const once = merged(own, patch, maxima)
        expect(merged(once, patch, maxima)).toEqual(once)
        expect(once).toMatchObject(OWN)
      }
      for (const last of exports) {
        expect([...last.keys()]).toEqual([...first.keys()])
        for (const [object, patch] of last) {
          const both = merged(merged(own, first.get(object)!, maxima), patch, maxima)
          expect(lasting(both, maxima), object).toEqual(lasting(merged(own, patch, maxima), maxima))
        }
      }
    }
  })
})
