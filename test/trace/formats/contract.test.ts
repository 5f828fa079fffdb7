import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { TraceBuilder } from '../../../src/trace/build/builder.ts'
import { writeCompiled } from '../../../src/trace/compiled/compiled-file.ts'
import { formats } from '../../../src/trace/formats/index.ts'
import { readTrace } from '../../../src/trace/read.ts'
import { TRACE_FACTS, type Trace } from '../../../src/trace/trace.ts'
import { plainCells } from '../../../src/trace/cells/unpacked-cells.ts'
import { withGaps } from '../../../src/trace/arrivals/packed-gaps.ts'
import { traceParts } from '../../../src/trace/trace-parts.ts'
import { PRESET_EXAMPLES } from '../mapping/preset-examples.ts'
import { inFolder } from '../temporary-folder.ts'

/** A small source of each format: its own example, or one of these. */
const examples: Record<string, string | Uint8Array> = {
  ...Object.fromEntries(formats.all.flatMap(({ id, example }) => (example === undefined ? [] : [[id, example]]))),
  'azure-2019': 'HashOwner,HashApp,HashFunction,Trigger,1,2\no,a,f,http,0,3\no,b,g,timer,1,1\n',
  'azure-2021': 'app,func,end_timestamp,duration\na,f,5,1\nb,g,3.25,0.125\n',
  events: 'app,function,start_ms,duration_ms,trigger\na,f,5,10,http\nb,g,0,2,timer\n',
  ...Object.fromEntries(PRESET_EXAMPLES.map(({ preset, content }) => [preset, content])),
}

beforeAll(async () => {
  const builder = new TraceBuilder({ id: 'example', format: 'events' })
  builder.addEvent(builder.functionRow('', 'a', 'f'), 3, 4)
  await inFolder({}, async (folder) => {
    await writeCompiled(builder.build(7, { files: [], defects: [] }), join(folder, 'x'))
    examples['compiled'] = await readFile(join(folder, 'x'))
  })
})

const readExample = (id: string, change = (content: string | Uint8Array) => content): Promise<Trace> =>
  inFolder({ example: change(examples[id]!) }, (folder) => readTrace(join(folder, 'example')))

describe.each(formats.all.map((format) => [format.id, format] as const))('the format %s', (id, format) => {
  it('says what it is, where it comes from and what it looks for', () => {
    for (const text of [format.summary, format.source, format.looksFor]) expect(text.length).toBeGreaterThan(20)
    expect(format.summary).toMatch(/\.$/)
    expect(id).toMatch(/^[a-z0-9-]+$/)
  })

  it('has a stated rule for every defect it knows, each under an id of its own', () => {
    const ids = format.defects.map((defect) => defect.id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(format.defects.filter(({ found, rule }) => found === '' || !rule.endsWith('.'))).toEqual([])
  })

  it('recognises its own example by its content, and no other format does', async () => {
    const recognised = await inFolder({ example: examples[id]! }, (folder) =>
      Promise.all(formats.all.map((other) => other.recognises(join(folder, 'example')))),
    )
    expect(formats.ids.filter((_, index) => recognised[index])).toEqual([id])
  })

  it('gives tables and columns that fit together', async () => {
    const trace = await readExample(id)
    const { apps, functions, arrivals, offers, invocations, horizonMs } = trace
    expect([apps.memoryMb, apps.coldStartMs].map(({ length }) => length)).toEqual([apps.count, apps.count])
    expect([apps.firstFunction.length, apps.firstFunction.at(-1)]).toEqual([apps.count + 1, functions.count])
    expect([functions.app, functions.trigger, functions.durationMs].map(({ length }) => length)).toEqual(
      Array.from({ length: 3 }, () => functions.count),
    )
    const first = arrivals.kind === 'counts' ? arrivals.firstCell : arrivals.firstEvent
    const rows = arrivals.kind === 'counts' ? plainCells(trace).count : arrivals.startMs
    expect([first[0], first.at(-1)]).toEqual([0, rows.length])
    expect(offers.filter((fact) => !TRACE_FACTS.includes(fact))).toEqual([])
    expect(invocations).toBeGreaterThan(0)
    expect(horizonMs).toBeGreaterThan(0)
  })

  it('has a line in the join report for each of its defects, those that were not found included', async () => {
    const { join: report } = await readExample(id)
    expect(report.defects.map((defect) => defect.id)).toEqual(format.defects.map((defect) => defect.id))
    expect(report.defects.map(({ count }) => count).filter((count) => !Number.isInteger(count))).toEqual([])
  })

  it('is compiled to the same trace', async () => {
    const trace = await readExample(id)
    const again = await inFolder({}, async (folder) => {
      await writeCompiled(trace, join(folder, 'again.trace'))
      return readTrace(join(folder, 'again.trace'))
    })
    expect(traceParts(again)).toEqual(traceParts(withGaps(trace)))
  })

  it('tells how much of the file it has read, up to the end', async () => {
    const heard: (readonly [number, number])[] = []
    await inFolder({ example: examples[id]! }, (folder) =>
      readTrace(join(folder, 'example'), { format: id, onProgress: (done, total) => heard.push([done, total]) }),
    )
    const size = examples[id]!.length
    expect(heard.at(-1)).toEqual([size, size])
  })

  it('refuses a file of another kind with one clear sentence', async () => {
    for (const content of ['', 'hello\n', '"', Uint8Array.of(0, 255, 0, 254, 10)]) {
      await inFolder({ example: content }, async (folder) => {
        const reading = readTrace(join(folder, 'example'), { format: id })
        await expect(reading).rejects.toMatchObject({
          name: 'UserError',
          message: expect.stringContaining('example') as string,
        })
      })
    }
  })
})

describe.each(['azure-2019', 'azure-2021', 'events'])('the text format %s', (id) => {
  it('reads the same trace from permuted rows, CRLF, a byte-order mark, gzip and a last line without its end', async () => {
    const { digest } = await readExample(id)
    const changed = [
      (text: string) => text.replaceAll('\n', '\r\n'),
      (text: string) => `\ufeff${text}`,
      (text: string) => text.trimEnd(),
      (text: string) => gzipSync(text),
      (text: string) => {
        const [header, ...rows] = text.trimEnd().split('\n')
        return [header, ...rows.toReversed()].join('\n')
      },
      (text: string) => text.replaceAll(/[^,\n]+/g, '"$&"'),
    ].map((change) => readExample(id, (content) => change(content as string)))
    expect((await Promise.all(changed)).map((trace) => trace.digest)).toEqual(changed.map(() => digest))
  })

  it('refuses a gzip that is cut short', async () => {
    const cut = readExample(id, (content) => gzipSync(content).subarray(0, 70))
    await expect(cut).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining('cut short') as string,
    })
  })
})
