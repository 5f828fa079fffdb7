import { describe, expect, it } from 'vitest'
import { formats } from '../../../src/trace/formats/index.ts'
import { readTrace } from '../../../src/trace/read.ts'
import { inFolder } from '../temporary-folder.ts'

const EVENTS = 'app,function,start_ms,duration_ms\ncaf\xe9,f,0,1\ncaf\xe8,f,5,1\nbar,f,9,1\n'
const LOG = 'tenant,fn,start,duration\ncaf\xe9,f,0,1\nbar,f,900000,1\n'
const MAPPING = { read: { as: 'csv' }, app: 'tenant', start: { from: 'start', unit: 'ms' } } as const

describe('names in another encoding', () => {
  it('are warned of, for two apps have become one', async () => {
    const trace = await inFolder({ 'x.csv': Buffer.from(EVENTS, 'latin1') }, (file) => readTrace(`${file}/x.csv`))
    expect(trace.apps.count).toBe(2)
    expect(trace.join.defects.at(-1)).toMatchObject({
      id: 'letters-lost',
      count: 1,
      warns: true,
      examples: ['caf\uFFFD:f'],
    })
  })

  it('are warned of in a file that a mapping reads', async () => {
    const trace = await inFolder({ 'x.csv': Buffer.from(LOG, 'latin1') }, (file) =>
      readTrace(`${file}/x.csv`, { mapping: MAPPING }),
    )
    expect(trace.join.defects.at(-1)).toMatchObject({ id: 'letters-lost', count: 1 })
  })

  it('leave no word where all names are UTF-8', async () => {
    const trace = await inFolder({ 'x.csv': EVENTS }, (file) => readTrace(`${file}/x.csv`))
    expect(trace.join.defects.map(({ id }) => id)).toEqual(
      formats.all.find(({ id }) => id === 'events')!.defects.map(({ id }) => id),
    )
    expect(trace.apps.count).toBe(3)
  })
})
