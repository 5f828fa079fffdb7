import { describe, expect, it } from 'vitest'
import { readMapping } from '../../../src/config/mapping-file.ts'
import { writtenMemory, writtenSpan } from '../../../src/trace/mapping/written.ts'
import { join } from 'node:path'
import { readTrace } from '../../../src/trace/read.ts'
import { inFolder } from '../temporary-folder.ts'

describe('a span of time that says its own unit', () => {
  it.each([
    ['120ms', 120],
    ['120 ms', 120],
    ['1.5s', 1500],
    ['1,5 s', 1500],
    ['95µs', 0.095],
    ['95us', 0.095],
    ['350ns', 0.00035],
    ['1m2.5s', 62_500],
    ['1h2m3s', 3_723_000],
    ['2 min', 120_000],
    ['3 Seconds', 3000],
    ['0', 0],
    ['0:00:01.2', 1200],
    ['00:01:02', 62_000],
    ['1 days 00:00:00.5', 86_400_500],
    ['1.00:00:00.5', 86_400_500],
    ['PT1.2S', 1200],
    ['PT1H2M', 3_720_000],
    ['P1DT1S', 86_401_000],
  ])('%s is %d ms', (text, ms) => {
    expect(writtenSpan(text)).toBeCloseTo(ms, 9)
  })

  it.each(['', '120', '-5ms', '5 parsecs', '12:30', 'PT', 'P', '1s later', '2026-03-01', '1..5s', 'ms'])(
    '%j is none',
    (text) => {
      expect(writtenSpan(text)).toBeUndefined()
    },
  )
})

describe('a size that says its own unit', () => {
  it.each([
    ['128MB', 128],
    ['128 MiB', 128],
    ['128Mi', 128],
    ['1.5GB', 1536],
    ['512k', 0.5],
    ['1048576 bytes', 1],
    ['1048576B', 1],
  ])('%s is %d MB', (text, mb) => {
    expect(writtenMemory(text)).toBe(mb)
  })

  it.each(['', '128', 'MB', '-1MB', '1 XB'])('%j is none', (text) => {
    expect(writtenMemory(text)).toBeUndefined()
  })
})

describe('a mapping with unit: written', () => {
  const MAPPING =
    '{ read: csv, app: fn, start: { from: at }, duration: { from: took, unit: written }, memory: { from: mem, unit: written } }'

  it('reads each text in its own unit, and refuses one without', async () => {
    const mapping = await readMapping(MAPPING, '--mapping')
    const read = (took: string) =>
      inFolder(
        { 'x.csv': `fn,at,took,mem\nf,2026-03-01T08:00:00Z,1.5s,128Mi\nf,2026-03-01T08:01:00Z,${took},1GB\n` },
        (folder) => readTrace(join(folder, 'x.csv'), { mapping }),
      )
    const { apps, arrivals } = await read('20ms')
    expect(arrivals.kind === 'events' && [...arrivals.durationMs]).toEqual([1500, 20])
    expect(apps.memoryMb?.[0]).toBe((128 + 1024) / 2)
    await expect(read('20')).rejects.toThrow(
      'x.csv:3: duration must be a time with its unit, such as 120ms, found "20"',
    )
  })

  it('cannot be a constant, a difference or have a decimal comma of its own', async () => {
    await expect(readMapping(MAPPING.replace('from: took,', 'from: took, to: mem,'), '--mapping')).rejects.toThrow(
      'unit: written is for texts that say their own unit, and cannot go with to',
    )
  })
})
