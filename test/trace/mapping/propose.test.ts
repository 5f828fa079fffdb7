import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { lookAt } from '../../../src/trace/mapping/look.ts'
import type { Mapping } from '../../../src/trace/mapping/mapping.ts'
import { previewRows } from '../../../src/trace/mapping/preview.ts'
import { propose } from '../../../src/trace/mapping/propose.ts'
import { readTrace } from '../../../src/trace/read.ts'
import { inFolder } from '../temporary-folder.ts'

async function proposed(content: string, use?: (path: string, mapping: Mapping) => Promise<unknown>) {
  return inFolder({ 'x.log': content }, async (folder) => {
    const path = join(folder, 'x.log')
    const proposal = propose(await lookAt(path))
    return { proposal, used: 'mapping' in proposal ? await use?.(path, proposal.mapping) : undefined }
  })
}

describe('a proposed mapping', () => {
  it('finds columns by their names and units by their endings', async () => {
    const { proposal } = await proposed(
      'fn;start_ts;dur_ms;mem_mb;cold;pod\nf;1714564800000;20;128;True;p1\nf;1714564801000;21;128;False;p1\n',
    )
    expect(proposal).toEqual({
      mapping: {
        read: { as: 'csv', delimiter: ';', header: true },
        app: 'fn',
        start: { from: 'start_ts', unit: 'ms' },
        duration: { from: 'dur_ms', unit: 'ms', none: ['-'], otherwise: 0 },
        memory: { from: 'mem_mb', unit: 'MB' },
        cold: { from: 'cold', is: [true, '1'] },
        instance: 'pod',
      },
      guesses: [],
    })
  })

  it('says what it guessed', async () => {
    const { proposal } = await proposed('app_name,arrival_time,execution_time\na,0,1\nb,12,62\n')
    expect(proposal).toMatchObject({
      mapping: {
        app: 'app_name',
        start: { from: 'arrival_time', unit: 's' },
        duration: { from: 'execution_time', unit: 's' },
      },
      guesses: [
        'arrival_time is taken to be in s: its name does not say',
        'execution_time is taken to be in s: its name does not say',
      ],
    })
  })

  it('takes no duration for the start, whatever its name ends in', async () => {
    const { proposal } = await proposed(
      'service,handler,took_ms,began\nshop,search,120,2026-01-05T08:00:00Z\nshop,search,80,2026-01-05T08:00:03Z\n',
    )
    expect(proposal).toMatchObject({
      mapping: {
        app: 'service',
        function: 'handler',
        start: { from: 'began', unit: 'iso' },
        duration: { from: 'took_ms', unit: 'ms' },
      },
      guesses: [],
    })
  })

  it('parts rows by what makes the most columns of them, whatever commas their texts have', async () => {
    const rows = [1, 2].map((second) => `2024-05-01T12:00:0${second}Z\tshop\t5\tgood, fast and warm`)
    const { proposal } = await proposed(`at\tservice\ttook_ms\tnote, of all, there is\n${rows.join('\n')}\n`)
    expect(proposal).toMatchObject({ mapping: { read: { delimiter: '\t' }, app: 'service', start: { from: 'at' } } })
  })

  it('looks into JSON', async () => {
    const lines = [1, 2].map((second) =>
      JSON.stringify({ at: `2024-05-01T12:00:0${second}Z`, call: { function: 'f', elapsedMs: 5 } }),
    )
    const { proposal } = await proposed(`${lines.join('\n')}\n`)
    expect(proposal).toMatchObject({
      mapping: {
        read: { as: 'jsonl' },
        app: 'call.function',
        start: { from: 'at', unit: 'iso' },
        duration: { from: 'call.elapsedMs', unit: 'ms' },
      },
      guesses: [],
    })
  })

  it('reads lines of keys and values, and shows rows as it would read them', async () => {
    const content = [
      '2024-05-01T12:00:00.100Z level=info fn=resize took_ms=120 cold=true',
      '2024-05-01T12:00:05.100Z level=info fn="resize" took_ms=20 cold=false',
      '',
    ].join('\n')
    const { used } = await proposed(content, (path, mapping) => previewRows(path, mapping, 5))
    expect(used).toEqual([
      { name: 'resize:resize', startMs: Date.UTC(2024, 4, 1, 12) + 100, durationMs: 120, isCold: true },
      { name: 'resize:resize', startMs: Date.UTC(2024, 4, 1, 12) + 5100, durationMs: 20, isCold: false },
    ])
  })

  it('is not made where nothing is a time', async () => {
    const { proposal } = await proposed('app,colour\na,red\nb,blue\n')
    expect(proposal).toEqual({ lacks: ['a time'], columns: ['app', 'colour'] })
  })
})

describe('what no format recognises', () => {
  it.each([
    [
      'app,function,start,duration_ms\na,f,1,2\n',
      'It is a table (UTF-8, 4 columns parted by ",") with the header "app", "function", "start", "duration_ms" and begins with:',
    ],
    [
      'app,function,start,duration_ms\na,f,1,2\n',
      'The nearest format is events, and it lacks start_ms. To see how it could be read: pilotlight init',
    ],
    ['app;func;x\na;f;1\n', 'columns parted by ";"'],
    ['{"a": 1, "b": 2}\n{"a": 3, "b": 4}\n', 'It is JSON (UTF-8, one value a line) with "a", "b"'],
    ['\u001b[31mhello\u001b[0m\n', String.raw`"\u001b[31mhello\u001b[0m"`],
    ['a\u0000b', 'It is binary. A trace is text'],
  ])('%j is told what it seems to be', async (content, message) => {
    const reading = inFolder({ 'x.dat': content }, (folder) => readTrace(join(folder, 'x.dat')))
    await expect(reading).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining(message) as string,
    })
  })
})

describe('a table with quotes', () => {
  it('may end without a line break, and inside a quoted cell it is refused', async () => {
    const mapping: Mapping = { read: { as: 'csv' }, app: 'a', start: { from: 't', unit: 'ms' } }
    const read = (content: string) =>
      inFolder({ 'x.csv': content }, (folder) => readTrace(join(folder, 'x.csv'), { mapping }))
    expect((await read('a,t\n"x\ny",1')).invocations).toBe(1)
    expect((await read('a,t\n"x\ny","1"')).apps.name.at(0)).toBe('x\ny')
    await expect(read('a,t\n"x\ny,1')).rejects.toThrow('the file ends before its closing quote')
    await expect(read('a,t\n"x"y,1\n')).rejects.toThrow('a delimiter or the end of the line was expected')
  })
})
