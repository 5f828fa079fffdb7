import { describe, expect, it } from 'vitest'
import { MINUTE } from '../../../src/core/units.ts'
import { readTrace } from '../../../src/trace/read.ts'
import { DIRIGENT, figures, fullDay, hasSamples } from './sample-figures.ts'

const plain = (worth: number): object => ({ worth: worth * MINUTE, clock: false })

// Cold starts @ idle memory of a fixed window of ten minutes, as they stand in docs/policies.md.
describe.skipIf(!hasSamples)('break-even on samples, which lie beside the project and are not part of it', () => {
  it('has these figures on 476 apps of eight hours, without and with the clock', async () => {
    const of = figures(await readTrace([DIRIGENT]), {})
    expect(of('hybrid-histogram')).toEqual([881, 0.479])
    expect(of('break-even', plain(60))).toEqual([746, 0.325])
    expect(of('break-even', plain(120))).toEqual([608, 0.411])
    expect(of('break-even', plain(180))).toEqual([566, 0.464])
    expect(of('break-even')).toEqual([757, 0.313])
  })

  it('has these on 473 rows of a whole day, without the clock', async () => {
    const of = figures(await fullDay(), { memory: 'equal' })
    expect(of('hybrid-histogram')).toEqual([2132, 0.604])
    expect(of('break-even', plain(60))).toEqual([1561, 0.51])
    expect(of('break-even', plain(120))).toEqual([1050, 0.6])
    expect(of('break-even', plain(180))).toEqual([812, 0.671])
  })
})
