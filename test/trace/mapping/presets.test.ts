import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { formats } from '../../../src/trace/formats/index.ts'
import { PRESETS } from '../../../src/trace/mapping/presets/index.ts'
import { readTrace } from '../../../src/trace/read.ts'
import { plainCells } from '../../../src/trace/cells/unpacked-cells.ts'
import { START, type Trace } from '../../../src/trace/trace.ts'
import { inFolder } from '../temporary-folder.ts'
import { PRESET_EXAMPLES, type PresetExample } from './preset-examples.ts'

const read = ({ content }: PresetExample): Promise<Trace> =>
  inFolder({ example: content }, (folder) => readTrace(join(folder, 'example')))

/** What an example says of a trace. */
function saidOf(trace: Trace, example: PresetExample): Omit<PresetExample, 'content' | 'name'> {
  const { apps, arrivals } = trace
  const counted = trace.join.defects.filter(({ id, count }) => count > 0 && id !== 'time-epoch')
  const defects = Object.fromEntries(counted.map(({ id, count }) => [id, count]))
  const isAsked = (key: keyof PresetExample): boolean => example[key] !== undefined
  const events = arrivals.kind === 'events' ? arrivals : undefined
  const starts = [...(events?.measured?.start ?? [])]
  let instances = 0
  for (let app = 0; app < apps.count; app += 1) {
    const own = events?.measured?.instance.slice(events.firstEvent[app], events.firstEvent[app + 1]) ?? []
    instances += new Set([...own].filter((instance) => instance > 0)).size
  }
  const all = {
    startMs: [...(events?.startMs ?? [])],
    durationMs: [...(events?.durationMs ?? [])],
    cells:
      arrivals.kind === 'counts'
        ? Array.from(plainCells(trace).minute, (bucket, cell) => [bucket, plainCells(trace).count[cell]!] as const)
        : [],
    bucketMs: arrivals.kind === 'counts' ? arrivals.bucketMs : 0,
    cold: starts.filter((start) => start === START.cold).length,
    warm: starts.filter((start) => start === START.warm).length,
    instances,
    memoryMb: [...apps.memoryMb],
    loadingMs: [...apps.coldStartMs],
    startsAt: trace.startsAtMs === undefined ? '' : new Date(trace.startsAtMs).toISOString(),
  }
  const asked = Object.entries(all).filter(([key]) => isAsked(key as keyof PresetExample))
  return {
    preset: trace.format,
    apps: Array.from({ length: apps.count }, (_, app) => apps.name.at(app)),
    invocations: trace.invocations,
    horizonMs: trace.horizonMs,
    ...Object.fromEntries(asked),
    ...(example.defects === undefined && counted.length === 0 ? {} : { defects }),
  }
}

describe.each(PRESETS.map((preset) => [preset.id, preset] as const))('the preset %s', (id) => {
  const examples = PRESET_EXAMPLES.filter(({ preset }) => preset === id)

  it('has a small file of its exact shape', () => {
    expect(examples.length).toBeGreaterThan(0)
  })

  it.each(examples.map((example) => [example.name, example] as const))('reads %s', async (_, example) => {
    const { content: __, name: ___, ...expected } = example
    expect(saidOf(await read(example), example)).toEqual(expected)
  })

  it('recognises its files by their content, and no other format does', async () => {
    for (const { content, name } of examples) {
      const recognised = await inFolder({ example: content }, (folder) =>
        Promise.all(formats.all.map((format) => format.recognises(join(folder, 'example')))),
      )
      expect([name, formats.ids.filter((_, index) => recognised[index])]).toEqual([name, [id]])
    }
  })
})

describe('presets', () => {
  it('read several files of a folder as one trace, and count files of another kind', async () => {
    const text = PRESET_EXAMPLES.find(({ preset }) => preset === 'lambda-report')!.content
    const trace = await inFolder({ 'a.log': text, 'b.log': text, 'notes.md': '# Notes\n' }, (folder) =>
      readTrace(folder),
    )
    expect([trace.format, trace.invocations, trace.apps.count]).toEqual(['lambda-report', 4, 2])
    expect(trace.join.files.map(({ path }) => path)).toEqual(['a.log', 'b.log'])
    expect(trace.join.defects.find(({ id }) => id === 'file-unknown')!.count).toBe(1)
  })

  it('join the requests of Huawei with their cold starts', async () => {
    const files = {
      'requests.csv': [
        'time_worker,requestID,funcName,podID,userID,totalCost_worker',
        '5,r1,1,pool22-300-128-01,2,0.5',
        '6,r2,1,pool22-300-128-01,2,0.5',
      ].join('\n'),
      'cold.csv': ['day,time,requestID,totalCost_cold_start', '0,4.9,r1,0.911', '0,9,r9,3'].join('\n'),
    }
    const trace = await inFolder(files, (folder) =>
      readTrace([join(folder, 'requests.csv'), join(folder, 'cold.csv')], { format: 'huawei-2025' }),
    )
    expect(trace.arrivals).toMatchObject({ measured: { start: Uint8Array.of(START.cold, START.warm) } })
    expect([...trace.apps.coldStartMs]).toEqual([911])
    expect(trace.join.defects.find(({ id }) => id === 'join-missing')!.count).toBe(1)
  })

  it('warn of an export that has exactly as many rows as its limit', async () => {
    const rows = Array.from({ length: 100 }, (_, index) => `2024-05-01 12:00:0${index % 10}.000,5.0`)
    const content = ['@timestamp,@duration', ...rows].join('\n')
    const trace = await inFolder({ 'x.csv': content }, (folder) => readTrace(join(folder, 'x.csv')))
    expect(trace.join.defects.find(({ id }) => id === 'rows-at-limit')).toMatchObject({ count: 1, warns: true })
  })

  it.each([
    ['REPORT RequestId: 8f\tDuration: 5 ms\tBilled Duration: 5 ms', 'its REPORT lines have no time'],
    ['{"httpRequest": {"latency": "0.1s"}}', 'its requests have no time'],
  ])('refuse %j, which nobody can place in time', async (content, message) => {
    const reading = inFolder({ 'x.log': content }, (folder) => readTrace(join(folder, 'x.log')))
    await expect(reading).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining(message) as string,
    })
  })
})

it('A log whose rows are all left out says by which rules', async () => {
  const redirect =
    'http 2024-05-01T12:00:03.000000Z app/web/50dc 192.0.2.1:2818 - -1 -1 -1 301 - 34 366 "GET http://shop.example.com:80/ HTTP/1.1" "curl/8" - - - "Root=1" "-" "-" 0 2024-05-01T12:00:03.000000Z "redirect" "-" "-" "-" "-" "-" "-"\n'
  const reading = inFolder({ 'alb.log': redirect + redirect }, (folder) => readTrace(join(folder, 'alb.log')))
  await expect(reading).rejects.toThrow(
    /alb\.log: none of its rows is an invocation: 2 requests that no target answered were left out\. .*docs\/traces\.md/,
  )
})
