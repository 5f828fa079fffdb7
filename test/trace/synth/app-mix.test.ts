import { expect, it } from 'vitest'
import { BAND_SHARES, createAppMix } from '../../../src/trace/synth/app-mix.ts'
import { FUNCTIONS_PER_APP, TRIGGER_SETS, TRIGGER_SHARES } from '../../../src/trace/synth/published-shares.ts'

const mix = createAppMix()

function shareOf(has: (kind: (typeof mix.kinds)[number]) => boolean): number {
  return mix.kinds.reduce((sum, kind, index) => sum + (has(kind) ? mix.share[index]! : 0), 0)
}

it.each(TRIGGER_SETS)(
  'The joint distribution has the published part of apps with only $triggers',
  ({ triggers, share }) => {
    expect(shareOf((kind) => kind.triggers.join() === triggers.join())).toBeCloseTo(share, 7)
  },
)

it.each(Object.entries(TRIGGER_SHARES))(
  'The joint distribution has the published part of apps with %s',
  (trigger, { apps }) => {
    expect(shareOf((kind) => kind.triggers.some((own) => own === trigger))).toBeCloseTo(apps, 7)
  },
)

it('The joint distribution has the published classes of size and bands of rates', () => {
  for (const [index, { share }] of FUNCTIONS_PER_APP.entries()) {
    expect(shareOf(({ sizeClass }) => sizeClass === index)).toBeCloseTo(share, 7)
  }
  for (const [index, share] of BAND_SHARES.entries())
    expect(shareOf(({ band }) => band === index)).toBeCloseTo(share, 7)
})

it('No app is to have more triggers than functions', () => {
  expect(mix.kinds.every(({ triggers, sizeClass }) => triggers.length <= FUNCTIONS_PER_APP[sizeClass]!.to)).toBe(true)
})

it('No trigger set that the source does not list is commoner than its rarest listed one', () => {
  const listed = new Set(TRIGGER_SETS.map(({ triggers }) => triggers.join()))
  const others = new Set(mix.kinds.map(({ triggers }) => triggers.join()).filter((set) => !listed.has(set)))
  for (const set of others) expect(shareOf(({ triggers }) => triggers.join() === set)).toBeLessThan(0.0084)
})

it('A quantile finds its kind', () => {
  expect(mix.at(0)).toBe(mix.kinds[0])
  expect(mix.at(mix.share[0]! * 1.000001)).toBe(mix.kinds[1])
  expect(mix.at(1 - 2 ** -32)).toBe(mix.kinds.at(-1))
})
