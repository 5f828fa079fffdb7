import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readMapping } from '../../src/config/mapping-file.ts'
import { mappingJsonSchema } from '../../src/config/mapping-schema.ts'
import { plainCells } from '../../src/trace/cells/unpacked-cells.ts'
import { readTrace } from '../../src/trace/read.ts'
import { START } from '../../src/trace/trace.ts'
import { inFolder } from '../trace/temporary-folder.ts'

const LEAST = 'read: csv\napp: fn\nstart: { from: at, unit: s }\n'

describe('a mapping', () => {
  it('is read from a file, with paths relative to it', async () => {
    const files = {
      'maps/m.yaml': `${LEAST}join: { path: meta.csv, on: { fn: name } }\nmemory: { from: mb, unit: MB }\n`,
    }
    const mapping = await inFolder(files, async (folder) => {
      const read = await readMapping(join(folder, 'maps/m.yaml'), 'trace.mapping')
      return { ...read, join: { ...read.join, path: read.join!.path.slice(folder.length) } }
    })
    expect(mapping).toEqual({
      read: { as: 'csv' },
      app: 'fn',
      start: { from: 'at', unit: 's' },
      join: { path: '/maps/meta.csv', on: { fn: 'name' } },
      memory: { from: 'mb', unit: 'MB' },
    })
  })

  it('may stand on the command line', async () => {
    const text =
      '{ read: { as: csv, delimiter: ";", header: false }, app: 1, start: { from: 2 }, weight: 3, pattern: "(?<x>.)" }'
    expect(await readMapping(text, '--mapping')).toEqual({
      read: { as: 'csv', delimiter: ';', header: false },
      app: 1,
      start: { from: 2 },
      weight: { from: 3 },
      pattern: { match: '(?<x>.)' },
    })
  })

  it.each([
    ['{ read: csv, app: fn }', 'neither start nor end is given'],
    ['{ read: csv, app: fn, start: { from: a }, end: { from: b } }', 'start and end are both given'],
    ['{ read: csv, app: fn, strat: { from: a } }', 'a mapping has no key called "strat". Did you mean "start"?'],
    [
      '{ read: xml, app: fn, start: { from: a } }',
      'expected one of csv, jsonl, json, text, parquet, arrow, oracle-general, found "xml"',
    ],
    [
      '{ read: csv, app: fn, start: { from: a, unit: sec } }',
      'expected one of s, ms, us, ns, min, h, iso, auto, found "sec"',
    ],
    ['{ read: csv, app: fn, start: { from: a, format: "%d/%Q" } }', 'it has "%Q", and there are'],
    ['{ read: csv, app: fn, start: { from: a }, duration: { unit: ms } }', 'one of from and is must be given'],
    ['{ read: csv, app: fn, start: { from: a }, except: [{ from: b }] }', 'one of is and match must be given'],
    ['{ read: csv, app: fn, start: { from: a }, pattern: "(" }', 'expected a regular expression'],
    [
      '{ read: csv, app: fn, start: { from: a }, zone: Mars }',
      'expected a time zone such as Europe/Berlin, found "Mars"',
    ],
    ['{ read: csv, app: fn, start: { from: a }, counts: { layout: cells, bucket: 1m } }', 'layout cells needs value'],
    ['{ read: csv, app: 0, start: { from: a } }', 'expected the name of a column, or its position from 1, found 0'],
  ])('is refused as %s', async (text, message) => {
    await expect(readMapping(text, '--mapping')).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining(message) as string,
    })
  })

  it('has the JSON Schema that is published in docs/mapping.schema.json', () => {
    const published = readFileSync(new URL('../../docs/mapping.schema.json', import.meta.url), 'utf8')
    const made = JSON.parse(JSON.stringify(mappingJsonSchema())) as unknown
    expect(JSON.parse(published), 'npm run docs writes it').toEqual(made)
  })
})

describe('reading by a mapping', () => {
  it('joins a second table, leaves rows out, and knows what was measured', async () => {
    const files = {
      'calls.tsv': [
        'who\twhen\tms\tok\tcold\tpod',
        'f1\t100\t20\tyes\tTrue\tp1',
        'f2\t101.5\t30\tyes\tFalse\tp2',
        'f1\t103\t1\tprobe\tFalse\tp1',
      ].join('\n'),
      'meta.csv': 'name,app,mb\nf1,shop,256\n',
      'm.yaml': [
        'read: { as: csv, delimiter: "\\t" }',
        'join: { path: meta.csv, on: { who: name } }',
        'except: [{ from: ok, is: [probe], rows: probes }]',
        'app: { from: app, otherwise: unknown }',
        'function: who',
        'start: { from: when, unit: s }',
        'duration: { from: ms, unit: ms }',
        'memory: { from: mb, unit: MB }',
        'cold: { from: cold, is: [True] }',
        'instance: pod',
        'origin: first',
      ].join('\n'),
    }
    const trace = await inFolder(files, async (folder) =>
      readTrace(join(folder, 'calls.tsv'), { mapping: await readMapping(join(folder, 'm.yaml'), 'test') }),
    )
    expect([trace.apps.name.at(0), trace.apps.name.at(1), trace.invocations]).toEqual(['shop', 'unknown', 2])
    expect(trace.arrivals).toMatchObject({
      startMs: Float64Array.of(0, 1500),
      durationMs: Float64Array.of(20, 30),
      measured: { start: Uint8Array.of(START.cold, START.warm), instance: Uint32Array.of(1, 1) },
    })
    expect([...trace.apps.memoryMb]).toEqual([256, 256])
    const counted = Object.fromEntries(
      trace.join.defects.filter(({ count }) => count > 0).map(({ id, count }) => [id, count]),
    )
    expect(counted).toEqual({ 'left-out-probes': 1, 'join-missing': 1, 'memory-missing': 1 })
  })

  it('reads rows of buckets by position, a file per day', async () => {
    const mapping =
      '{ read: { as: csv, header: false }, app: "{1}/{2}", function: 3, counts: { layout: rows, bucket: 12h, first: 5 } }'
    const trace = await inFolder(
      { 'd1.csv': 'o,a,f,http,3,0\n', 'd2.csv': 'o,a,f,http,0,4\no,a,g,http,1,1\n' },
      async (folder) =>
        readTrace([join(folder, 'd1.csv'), join(folder, 'd2.csv')], { mapping: await readMapping(mapping, 'test') }),
    )
    expect(trace).toMatchObject({ invocations: 9, horizonMs: 48 * 3_600_000 })
    expect(plainCells(trace)).toMatchObject({ minute: Uint32Array.of(0, 3, 2, 3), count: Uint32Array.of(3, 4, 1, 1) })
  })

  it('reads cells of counts, and closes a gap of whole days', async () => {
    const mapping =
      '{ read: csv, app: fn, start: { from: t, unit: s }, counts: { layout: cells, bucket: 1h, value: n } }'
    const cells = await inFolder({ 'x.csv': 't,fn,n\n7200,a,5\n3600,a,1\n' }, async (folder) =>
      readTrace(join(folder, 'x.csv'), { mapping: await readMapping(mapping, 'test') }),
    )
    expect(plainCells(cells)).toMatchObject({ minute: Uint32Array.of(1, 2), count: Uint32Array.of(1, 5) })
    const wide =
      '{ read: csv, app: "{column}", start: { from: t, unit: h }, counts: { layout: columns, bucket: 1h, gaps: close } }'
    const closed = await inFolder({ 'x.csv': 't,a\n0,1\n50,2\n51,3\n' }, async (folder) =>
      readTrace(join(folder, 'x.csv'), { mapping: await readMapping(wide, 'test') }),
    )
    expect(plainCells(closed)).toMatchObject({ minute: Uint32Array.of(0, 2, 3) })
    const counted = Object.fromEntries(
      closed.join.defects.filter(({ count }) => count > 0).map(({ id, count }) => [id, count]),
    )
    expect(counted).toEqual({ 'gap-closed': 2, 'bucket-missing': 1 })
  })
})
