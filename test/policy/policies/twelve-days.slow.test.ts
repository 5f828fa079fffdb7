import { describe, expect, it } from 'vitest'
import { MINUTE } from '../../../src/core/units.ts'
import { readTrace } from '../../../src/trace/read.ts'
import { figures, hasSamples, TWELVE_DAYS } from './sample-figures.ts'

// Cold starts @ idle memory of a fixed window of ten minutes, as they stand in docs/policies.md.
describe.skipIf(!hasSamples)(
  'break-even on twelve days of 704 functions, a sample that lies beside the project',
  () => {
    it('has these figures without the clock', async () => {
      const of = figures(await readTrace([TWELVE_DAYS]), { unit: 'function', memory: 'equal' })
      const plain = (worth: number): readonly [number, number] =>
        of('break-even', { worth: worth * MINUTE, clock: false })
      expect(of('hybrid-histogram')).toEqual([12_422, 0.502])
      expect(plain(60)).toEqual([12_739, 0.352])
      expect(plain(120)).toEqual([7009, 0.416])
      expect(plain(180)).toEqual([5006, 0.453])
      expect(plain(240)).toEqual([3823, 0.492])
    })
  },
)
