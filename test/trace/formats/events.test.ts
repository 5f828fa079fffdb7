import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { formats } from '../../../src/trace/formats/index.ts'
import { TRIGGERS, type Trace } from '../../../src/trace/trace.ts'
import { inFolder } from '../temporary-folder.ts'

const HEADER = 'app,function,start_ms,duration_ms'
const FULL = `${HEADER},memory_mb,cold_start_ms,trigger`
const events = formats.get('events', 'test')

function read(...rows: readonly string[]): Promise<Trace> {
  return inFolder({ 'x.csv': rows.join('\n') }, (folder) => events.read(join(folder, 'x.csv')))
}

function found(trace: Trace): Record<string, number> {
  const lines = trace.join.defects.filter(({ count }) => count > 0)
  return Object.fromEntries(lines.map(({ id, count }) => [id, count]))
}

describe('a trace of your own events', () => {
  it('is one row per invocation, in any order, and ends with the last finish', async () => {
    const trace = await read(HEADER, 'b,f,70,5', 'a,g,10,100', 'a,f,0,3')
    expect(trace.arrivals).toEqual({
      kind: 'events',
      firstEvent: Float64Array.of(0, 2, 3),
      startMs: Float64Array.of(0, 10, 70),
      durationMs: Float64Array.of(3, 100, 5),
      fn: Uint32Array.of(0, 1, 2),
    })
    expect(trace).toMatchObject({ horizonMs: 110, offers: ['duration', 'arrivalTime'] })
    expect(found(trace)).toEqual({})
  })

  it('takes columns in any order, and counts those it does not know', async () => {
    const trace = await read('region,duration_ms,start_ms,function,app', 'eu,3,4,f,a')
    expect(trace.digest).toBe((await read(HEADER, 'a,f,4,3')).digest)
    expect(found(trace)).toEqual({ 'column-unknown': 1 })
  })

  it('may give memory, cold starts and triggers, in some rows only', async () => {
    const trace = await read(
      FULL,
      'a,f,0,1,100,300,http',
      'a,f,1,1,200,,timer',
      'a,g,2,1,,401,others',
      'b,f,3,1,150,,',
      'c,f,4,1,,,',
    )
    expect([...trace.apps.memoryMb]).toEqual([150, 150, 150])
    expect([...trace.apps.coldStartMs]).toEqual([351, 351, 351])
    const triggers = Array.from(trace.functions.trigger, (index) => TRIGGERS[index])
    expect(triggers).toEqual(['timer', 'others', 'unknown', 'unknown'])
    expect(trace.offers).toEqual(['memory', 'duration', 'trigger', 'coldStart', 'arrivalTime'])
    expect(found(trace)).toEqual({
      'memory-varies': 1,
      'memory-missing': 1,
      'cold-start-varies': 1,
      'cold-start-missing': 2,
      'trigger-changed': 1,
    })
  })

  it('gives apps without a loading time the median of those with one, and takes no warm start for one', async () => {
    const trace = await read(
      `${HEADER},cold_start_ms`,
      'a,f,0,1,200',
      'b,f,1,1,400',
      'c,f,2,1,0',
      'd,f,3,1,9000',
      'd,f,4,1,0',
      'e,f,5,1,',
    )
    expect([...trace.apps.coldStartMs]).toEqual([200, 400, 400, 9000, 400])
    expect(found(trace)).toEqual({ 'cold-start-zero': 2, 'cold-start-missing': 2 })
  })

  it('counts dates in ms from the first arrival and keeps the date', async () => {
    const trace = await read(HEADER, 'a,f,1592422574081,5', 'a,f,1592422634081,7')
    expect(trace).toMatchObject({ horizonMs: 60_007, startsAtMs: 1_592_422_574_081 })
    expect(trace.arrivals).toMatchObject({ startMs: Float64Array.of(0, 60_000) })
    expect(trace.digest).toBe((await read(HEADER, 'a,f,0,5', 'a,f,60000,7')).digest)
    expect(found(trace)).toEqual({ 'time-epoch': 2 })
  })

  it('counts dates from the midnight before the first arrival where that is asked for', async () => {
    // 2020-06-17 19:36:14.081 UTC
    const rows = { 'x.csv': [HEADER, 'a,f,1592422574081,5'].join('\n') }
    const trace = await inFolder(rows, (folder) => events.read(join(folder, 'x.csv'), { origin: 'midnight' }))
    const startMs = ((19 * 60 + 36) * 60 + 14) * 1000 + 81
    expect(trace.arrivals).toMatchObject({ startMs: Float64Array.of(startMs) })
    expect(trace).toMatchObject({ horizonMs: startMs + 5, startsAtMs: Date.UTC(2020, 5, 17) })
  })

  it('takes seconds since 1970 for milliseconds only where that is said', async () => {
    const rows = { 'x.csv': [HEADER, 'a,f,1592422574,5'].join('\n') }
    const trace = await inFolder(rows, (folder) => events.read(join(folder, 'x.csv'), { origin: 'zero' }))
    expect(trace).toMatchObject({ horizonMs: 1_592_422_579 })
    expect(trace.startsAtMs).toBeUndefined()
  })

  it('warns of a trace that is over before any window ends, and of durations in whole seconds', async () => {
    const rows = Array.from({ length: 20 }, (_, index) => `a,f,${index * 5},1000`)
    const trace = await read(HEADER, ...rows)
    expect(found(trace)).toEqual({ 'span-short': 1, 'duration-whole-seconds': 1 })
    expect(trace.join.defects.filter(({ warns }) => warns).map(({ id }) => id)).toEqual([
      'span-short',
      'duration-whole-seconds',
    ])
  })

  it('rounds times to whole milliseconds and keeps executions of 0 ms', async () => {
    const trace = await read(HEADER, 'a,f,1.6,0', 'a,f,1e3,2.4')
    expect(trace.arrivals).toMatchObject({ startMs: Float64Array.of(2, 1000), durationMs: Float64Array.of(0, 2) })
    expect(found(trace)).toEqual({ 'time-rounded': 2, 'duration-zero': 1 })
  })

  it.each([
    [[HEADER, 'a,f,-1,1'], 'x.csv:2:3: start_ms must be a number of ms from 0, found "-1".'],
    [[HEADER, 'a,f,0,'], 'x.csv:2:4: duration_ms must be a number of ms from 0, found "".'],
    [[HEADER, 'a,f,0,Infinity'], 'x.csv:2:4: duration_ms must be'],
    [[HEADER, 'a,f,9007199254740993,1'], 'x.csv: start_ms must be a number of ms up to'],
    [
      [HEADER, 'a,f,1592422574081080,1'],
      'x.csv: start_ms begins with 1592422574081080, which as microseconds since 1970 is 2020-06-17T19:36:14.081Z, and as milliseconds no date of our time',
    ],
    [
      [HEADER, 'a,f,1592422574,1'],
      'which as seconds since 1970 is 2020-06-17T19:36:14.000Z, and as milliseconds 18 d 10 h after the trace began',
    ],
    [[HEADER, 'a,,0,1'], 'x.csv:2:2: function must be a name, found "".'],
    [[FULL, 'a,f,0,1,0,,'], 'x.csv:2:5: memory_mb must be a number of MB above 0, found "0".'],
    [[FULL, 'a,f,0,1,,-1,'], 'x.csv:2:6: cold_start_ms must be a number of ms from 0, found "-1".'],
    [[FULL, 'a,f,0,1,,,cron'], 'x.csv:2:7: trigger must be one of unknown, http, timer'],
    [[`${HEADER},app`, 'a,f,0,1,a'], 'x.csv:1:5: the column "app" stands in the header twice'],
    [[HEADER], 'x.csv: rows of invocations were expected, and there are none'],
  ])('refuses %j', async (rows, message) => {
    await expect(read(...rows)).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining(message) as string,
    })
  })
})
