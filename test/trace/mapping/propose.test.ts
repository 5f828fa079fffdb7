import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { lookAt } from '../../../src/trace/mapping/file-sample.ts'
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

  it.each([
    {
      what: 'a duration of nginx, which is called like a time',
      content: 'request_time,uri,msec\n0.120,/a,1772438400.123\n1.220,/b,1772438460.123\n',
      rows: [
        { name: '/a:/a', startMs: Date.UTC(2026, 2, 2, 8) + 123, durationMs: 120 },
        { name: '/b:/b', startMs: Date.UTC(2026, 2, 2, 8, 1) + 123, durationMs: 1220 },
      ],
    },
    {
      what: 'German dates and numbers with a comma',
      content: 'Dienst;Funktion;Zeitpunkt;Dauer\ns;f;13.03.2026 08:00:00;120,5\ns;g;13.03.2026 08:04:00;300\n',
      rows: [
        { name: 's:f', startMs: Date.UTC(2026, 2, 13, 8), durationMs: 121 },
        { name: 's:g', startMs: Date.UTC(2026, 2, 13, 8, 4), durationMs: 300 },
      ],
    },
    {
      what: 'American dates, with sizes beside them that are no times',
      content: 'When,Lambda,Memory Size (MB)\n03/13/2026 08:00:00 AM,f,256\n03/13/2026 01:04:00 PM,f,256\n',
      rows: [
        { name: 'f:f', startMs: Date.UTC(2026, 2, 13, 8), durationMs: 0 },
        { name: 'f:f', startMs: Date.UTC(2026, 2, 13, 13, 4), durationMs: 0 },
      ],
    },
    {
      what: 'nested times in JSON, of which the second ends',
      content: [1, 2]
        .map((s) => `{"t":{"started":"2026-03-02T08:00:00Z","ended":"2026-03-02T09:00:0${s}+01:00"},"fn":"f"}\n`)
        .join(''),
      rows: [
        { name: 'f:f', startMs: Date.UTC(2026, 2, 2, 8), durationMs: 1000 },
        { name: 'f:f', startMs: Date.UTC(2026, 2, 2, 8), durationMs: 2000 },
      ],
    },
    {
      what: 'starts and ends as numbers since 1970',
      content: 'fn,ts_end,ts_start\nf,1772438400523,1772438400123\nf,1772438460623,1772438460123\n',
      rows: [
        { name: 'f:f', startMs: 1772438400123, durationMs: 400 },
        { name: 'f:f', startMs: 1772438460123, durationMs: 500 },
      ],
    },
    {
      what: 'durations below one, which are in s',
      content: '{"at":1772438400,"fn":"f","elapsed":0.4}\n{"at":1772438410,"fn":"f","elapsed":0.25}\n',
      rows: [
        { name: 'f:f', startMs: 1772438400000, durationMs: 400 },
        { name: 'f:f', startMs: 1772438410000, durationMs: 250 },
      ],
    },
    {
      what: 'a day beside its time, fields named in a comment, and commas within a field',
      content:
        '#Version: 1.0\n#Fields: date time cs-uri-stem agent time-taken\n2026-03-02\t08:00:00\t/a\tx,y\t0.5\n2026-03-02\t08:00:05\t/b\tx,y\t1.5\n',
      rows: [
        { name: '/a:/a', startMs: Date.UTC(2026, 2, 2, 8), durationMs: 500 },
        { name: '/b:/b', startMs: Date.UTC(2026, 2, 2, 8, 0, 5), durationMs: 1500 },
      ],
    },
  ])('reads $what', async ({ content, rows }) => {
    const { proposal, used } = await proposed(content, (path, mapping) => previewRows(path, mapping, 5))
    expect(proposal).toHaveProperty('mapping')
    expect(used).toMatchObject(rows)
  })

  it('does not take the end for the start, whatever its name ends in', async () => {
    const { proposal } = await proposed('fn,end_time\nf,2026-03-02T08:00:00Z\ng,2026-03-02T08:01:00Z\n')
    expect(proposal).toMatchObject({ mapping: { end: { from: 'end_time', unit: 'iso' } } })
    expect(proposal).not.toHaveProperty('mapping.start')
  })

  it('says which of two readings of a date it takes', async () => {
    const { proposal } = await proposed('fn,when\nf,03/02/2026 08:00\ng,03/02/2026 08:01\n')
    expect(proposal).toMatchObject({
      guesses: expect.arrayContaining([
        'when is taken to be %m/%d/%Y %H:%M: %d/%m/%Y %H:%M would fit as well',
        'when is taken to be in UTC: zone: Europe/Berlin would say another one',
      ]) as unknown,
    })
  })

  it('parts rows by what makes the most columns of them, whatever commas their texts have', async () => {
    const rows = [1, 2].map((second) => `2024-05-01T12:00:0${second}Z\tshop\t5\tgood, fast, warm`)
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
    expect((await proposed('id,took,count\na,1,5\nb,2,6\n')).proposal).toHaveProperty('lacks', ['a time'])
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
    ['@duration,@timestamps\n5,2026-03-01\n', 'The nearest format is lambda-report, and it lacks @timestamp. To see'],
    [
      'time_worker,funcName,podID,cost\n1,2,3,4\n',
      'The nearest format is huawei-2025, and it lacks totalCost_worker. To see',
    ],
    [
      'day,time,funcName,requestID,totalCost_cold_start\n0,0.1,332,5d99,0.4\n',
      'It is the table of cold starts of huawei-2025, which is read beside the other tables: name those as well.',
    ],
    ['time,colour\n5,red\n', 'begins with:\n  "time,colour"\n  "5,red"\nTo see'],
    [`${'a long name, '.repeat(9)}\n`, `"${'a long name, '.repeat(9)}"`],
    ['app;func;x\na;f;1\n', 'columns parted by ";"'],
    ['{"a": 1, "b": 2}\n{"a": 3, "b": 4}\n', 'It is JSON (UTF-8, one value per line) with "a", "b"'],
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

/** Durations in ms of a table with the columns a, t and others, as a mapping has them. */
function durations(duration: Mapping['duration'], content: string) {
  const mapping: Mapping = {
    read: { as: 'csv', delimiter: ';' },
    app: 'a',
    start: { from: 't', unit: 'auto' },
    ...(duration === undefined ? {} : { duration }),
  }
  return inFolder({ 'x.csv': content }, async (folder) => {
    const { arrivals } = await readTrace(join(folder, 'x.csv'), { mapping })
    return arrivals.kind === 'events' ? [...arrivals.durationMs] : []
  })
}

describe('an amount', () => {
  const DATES = 'a;t;u\nx;2026-03-02T08:00:00Z;2026-03-02T08:00:00.250Z\nx;2026-03-02T08:00:01Z;2026-03-02T08:01:01Z\n'

  it('is the time between two dates, in any unit', async () => {
    expect(await durations({ from: 't', to: 'u', unit: 'ms' }, DATES)).toEqual([250, 60_000])
    expect(await durations({ from: 't', to: 'u', unit: 's' }, DATES)).toEqual([250, 60_000])
    expect(await durations({ from: 't', to: 'u', unit: 'us' }, DATES)).toEqual([250, 60_000])
    await expect(durations({ from: 'u', to: 't', unit: 'ms' }, DATES)).rejects.toThrow(
      'duration must be a number of ms from 0, found "2026-03-02T08:00:00.250Z" to "2026-03-02T08:00:00Z"',
    )
    await expect(durations({ from: 't', to: 'a', unit: 'ms' }, DATES)).rejects.toThrow('to "x"')
  })

  it('has a comma before its decimals where the mapping says so, and only there', async () => {
    const content = 'a;t;d\nx;2026-03-02T08:00:00Z;1,5\nx;2026-03-02T08:00:01Z;2\n'
    expect(await durations({ from: 'd', decimal: ',', unit: 's' }, content)).toEqual([1500, 2000])
    await expect(durations({ from: 'd', unit: 's' }, content)).rejects.toThrow(
      'duration must be a number of s from 0, found "1,5"',
    )
    await expect(durations({ from: 'd', decimal: ',', unit: 's' }, content.replace('1,5', '1.000,5'))).rejects.toThrow(
      '1.000,5',
    )
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
