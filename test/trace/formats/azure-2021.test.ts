import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { formats } from '../../../src/trace/formats/index.ts'
import type { Trace } from '../../../src/trace/trace.ts'
import { inFolder } from '../temporary-folder.ts'

const HEADER = 'app,func,end_timestamp,duration'
const azure2021 = formats.get('azure-2021', 'test')

function read(...rows: readonly string[]): Promise<Trace> {
  return inFolder({ 'x.txt': rows.join('\n') }, (folder) => azure2021.read(join(folder, 'x.txt')))
}

function countOf(trace: Trace, id: string): number | undefined {
  return trace.join.defects.find((defect) => defect.id === id)?.count
}

describe('the Azure 2021 data set', () => {
  it('starts an execution at its end less its duration, in whole milliseconds, in any order of rows', async () => {
    const trace = await read(HEADER, 'a,f,12.0004,2.0011', 'b,f,1,0.25', 'a,g,3.5,1', 'a,f,0.5,0')
    expect(trace.arrivals).toEqual({
      kind: 'events',
      firstEvent: Float64Array.of(0, 3, 4),
      startMs: Float64Array.of(500, 2500, 9999, 750),
      durationMs: Float64Array.of(0, 1000, 2001, 250),
      fn: Uint32Array.of(0, 1, 0, 2),
    })
    expect(trace).toMatchObject({ id: 'x', horizonMs: 12_000, invocations: 4, offers: ['duration', 'arrivalTime'] })
    expect(countOf(trace, 'duration-zero')).toBe(1)
  })

  it('has a function of one name in two apps as two functions', async () => {
    const trace = await read(HEADER, 'a,f,1,1', 'b,f,2,1')
    expect([trace.apps.count, trace.functions.count]).toEqual([2, 2])
  })

  it('keeps only the part inside the trace of an execution that began before it, and nothing of one that ended before', async () => {
    const trace = await read(HEADER, 'a,f,0.4,1.5', 'a,f,-0.2,1', 'a,f,2,1')
    expect(trace.arrivals).toMatchObject({ startMs: Float64Array.of(0, 1000), durationMs: Float64Array.of(400, 1000) })
    expect(countOf(trace, 'started-before-zero')).toBe(1)
    expect(countOf(trace, 'ended-before-zero')).toBe(1)
  })

  it.each([
    [[HEADER, 'a,f,1'], 'x.txt:2: 4 fields were expected, as in the header, found 3.'],
    [[HEADER, '', 'a,f,one,1'], 'x.txt:3:3: end_timestamp must be a time in seconds, found "one".'],
    [[HEADER, 'a,f,1,-0.5'], 'x.txt:2:4: duration must be a number of seconds from 0, found "-0.5".'],
    [[HEADER, 'a,f,1,1e300'], 'x.txt:2:4: duration must be'],
    [[HEADER, ',f,1,1'], 'x.txt:2:1: app must be a name, found "".'],
    [[HEADER], 'x.txt: rows of invocations were expected, and there are none'],
    [[HEADER, 'a,f,-2,1'], 'x.txt: every invocation ended before time 0'],
    [['app,func,end_timestamp'], 'x.txt:1: the header must have a column "duration"'],
  ])('refuses %j', async (rows, message) => {
    await expect(read(...rows)).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining(message) as string,
    })
  })
})
