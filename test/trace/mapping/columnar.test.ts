import { join } from 'node:path'
import { zstdCompressSync, gzipSync } from 'node:zlib'
import { CompressionType, setCompressionCodec, tableFromArrays, tableToIPC, timestamp, utf8 } from '@uwdata/flechette'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { describe, expect, it } from 'vitest'
import { UserError } from '../../../src/core/user-error.ts'
import { RandomStream } from '../../../src/core/random.ts'
import { lookAt } from '../../../src/trace/mapping/file-sample.ts'
import { lz4Frame } from '../../../src/trace/mapping/lz4-frame.ts'
import type { Mapping } from '../../../src/trace/mapping/mapping.ts'
import { propose } from '../../../src/trace/mapping/propose.ts'
import { readTrace } from '../../../src/trace/read.ts'
import { inFolder } from '../temporary-folder.ts'

const BEGIN = Date.UTC(2026, 4, 1)
const calls = Array.from({ length: 500 }, (_, index) => ({
  service: `shop-${index % 7}`,
  fn: index % 3 === 0 ? 'checkout' : 'käse',
  at: BEGIN + index * 61_007,
  took: (index * 37) % 900,
  mb: index % 11 === 0 ? null : 128 * (1 + (index % 2)),
  cold: index % 50 === 0,
}))
type Call = (typeof calls)[number]
const column = <K extends keyof Call>(key: K): Call[K][] => calls.map((call) => call[key])

const csv = [
  'service,fn,at,took,mb,cold',
  ...calls.map((call) => Object.values({ ...call, at: new Date(call.at).toISOString(), mb: call.mb ?? '' }).join(',')),
].join('\n')

const mapping = (as: 'csv' | 'parquet' | 'arrow'): Mapping => ({
  read: { as },
  app: 'service',
  function: 'fn',
  start: { from: 'at' },
  duration: { from: 'took', unit: 'ms' },
  memory: { from: 'mb', unit: 'MB' },
  cold: { from: 'cold', is: [true] },
})

function parquet(options: object = {}): Uint8Array {
  const bytes = parquetWriteBuffer({
    columnData: [
      { name: 'service', data: column('service'), type: 'STRING' },
      { name: 'fn', data: column('fn'), type: 'STRING' },
      { name: 'at', data: column('at').map((ms) => new Date(ms)), type: 'TIMESTAMP' },
      { name: 'took', data: column('took'), type: 'INT32' },
      { name: 'mb', data: column('mb'), type: 'DOUBLE', nullable: true },
      { name: 'cold', data: column('cold'), type: 'BOOLEAN' },
    ],
    rowGroupSize: 120,
    ...options,
  })
  return new Uint8Array(bytes)
}

const table = tableFromArrays(
  {
    service: column('service'),
    fn: column('fn'),
    at: column('at').map((ms) => BigInt(ms)),
    took: column('took'),
    mb: column('mb'),
    cold: column('cold'),
  },
  { types: { at: timestamp(1), service: utf8() }, maxBatchRows: 150 },
)

describe('files of columns', () => {
  setCompressionCodec(CompressionType.ZSTD, { encode: (bytes) => zstdCompressSync(bytes), decode: (bytes) => bytes })
  const files = {
    'x.csv': csv,
    'snappy.parquet': parquet(),
    'gzip.parquet': parquet({ codec: 'GZIP', compressors: { GZIP: (bytes: Uint8Array) => gzipSync(bytes) } }),
    'zstd.parquet': parquet({ codec: 'ZSTD', compressors: { ZSTD: (bytes: Uint8Array) => zstdCompressSync(bytes) } }),
    'x.arrow': tableToIPC(table, { format: 'file' })!,
    'zstd.feather': tableToIPC(table, { format: 'file', codec: CompressionType.ZSTD })!,
  }

  it('are the trace that the same table as CSV is', async () => {
    await inFolder(files, async (folder) => {
      const digestOf = async (name: string, as: 'csv' | 'parquet' | 'arrow') =>
        (await readTrace(join(folder, name), { mapping: mapping(as) })).digest
      const expected = await digestOf('x.csv', 'csv')
      for (const name of ['snappy.parquet', 'gzip.parquet', 'zstd.parquet'])
        expect(await digestOf(name, 'parquet'), name).toBe(expected)
      for (const name of ['x.arrow', 'zstd.feather']) expect(await digestOf(name, 'arrow'), name).toBe(expected)
    })
  })

  it('are proposed a mapping for by their columns, which reads them', async () => {
    await inFolder(files, async (folder) => {
      for (const name of ['snappy.parquet', 'x.arrow']) {
        const proposal = propose(await lookAt(join(folder, name)))
        expect(proposal).toMatchObject({
          mapping: { app: 'service', function: 'fn', start: { from: 'at', unit: 'iso' } },
        })
        const trace = await readTrace(join(folder, name), { mapping: (proposal as { mapping: Mapping }).mapping })
        expect(trace.invocations).toBe(500)
      }
      await expect(readTrace(join(folder, 'x.arrow'))).rejects.toThrow(/an Arrow file with "service", "fn"/)
    })
  })

  it('name a column that is not there, and what is near', async () => {
    await inFolder(files, async (folder) => {
      const wrong = { ...mapping('parquet'), app: 'servise' }
      await expect(readTrace(join(folder, 'snappy.parquet'), { mapping: wrong })).rejects.toThrow(
        /Did you mean "service"/,
      )
      const optional = { ...mapping('parquet'), instance: 'pod?' }
      expect((await readTrace(join(folder, 'snappy.parquet'), { mapping: optional })).invocations).toBe(500)
    })
  })

  it('are refused with their name where they are damaged', async () => {
    const random = new RandomStream()
    random.begin(7, 1, 1, 1)
    const below = (limit: number): number => Math.floor(random.uniform() * limit)
    let refused = 0
    for (let turn = 0; turn < 60; turn += 1) {
      const as = turn % 2 === 0 ? 'parquet' : 'arrow'
      const bytes = Uint8Array.from(as === 'parquet' ? files['gzip.parquet'] : files['x.arrow'])
      const cut = turn % 5 === 0 ? bytes.subarray(0, below(bytes.length)) : bytes
      for (let change = 0; change < 3; change += 1) cut[8 + below(Math.max(1, cut.length - 8))] = below(256)
      await inFolder({ 'damaged.bin': cut }, async (folder) => {
        try {
          await readTrace(join(folder, 'damaged.bin'), { mapping: mapping(as) })
        } catch (error) {
          if (!(error instanceof UserError)) throw error
          if (!error.message.includes('damaged.bin')) throw error
          refused += 1
        }
      })
    }
    expect(refused).toBeGreaterThan(12)
  })
})

describe('a frame of LZ4', () => {
  // By hand: 3 letters and a match of 9 from 3 back, then 5 letters; version 1, no checksums.
  const block = [0x35, 0x61, 0x62, 0x63, 3, 0, 0x50, 0x76, 0x77, 0x78, 0x79, 0x7a]
  const frame = Uint8Array.from([4, 0x22, 0x4d, 0x18, 0x40, 0x40, 0, block.length, 0, 0, 0, ...block, 0, 0, 0, 0])

  it('is unpacked, a match that overlaps itself included', () => {
    expect(Buffer.from(lz4Frame(frame, 17)).toString()).toBe('abcabcabcabcvwxyz')
  })

  it('is refused where it points outside, ends early or has another length', () => {
    expect(() => lz4Frame(frame, 18)).toThrow(/17 bytes where 18/)
    expect(() => lz4Frame(frame, 5)).toThrow(/LZ4/)
    expect(() => lz4Frame(frame.subarray(0, 14), 17)).toThrow(/LZ4/)
    const outside = frame.slice()
    outside[15] = 9
    expect(() => lz4Frame(outside, 17)).toThrow(/points outside/)
  })
})
