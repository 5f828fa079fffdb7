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
  it('is one row an invocation, in any order, and ends with the last finish', async () => {
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
    expect([...trace.apps.coldStartMs]).toEqual([351, Number.NaN, Number.NaN])
    const triggers = Array.from(trace.functions.trigger, (index) => TRIGGERS[index])
    expect(triggers).toEqual(['timer', 'others', 'unknown', 'unknown'])
    expect(trace.offers).toEqual(['memory', 'duration', 'trigger', 'coldStart', 'arrivalTime'])
    expect(found(trace)).toEqual({ 'memory-varies': 1, 'memory-missing': 1, 'trigger-changed': 1 })
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
    [[HEADER, 'a,f,9007199254740993,1'], 'x.csv:2:3: start_ms must be'],
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
