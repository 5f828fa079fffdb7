import { describe, expect, it } from 'vitest'
import { measuredNote } from '../../src/experiment/trace-record.ts'
import { TraceBuilder } from '../../src/trace/build/builder.ts'
import { START, type Trace } from '../../src/trace/trace.ts'

/** One app on one instance: cold at 0, warm after 90 s, cold again after 900 s. */
function traceOf(isMeasured: boolean): Trace {
  const builder = new TraceBuilder({ id: 'x', format: 'test' })
  const row = builder.functionRow('', 'a', 'f')
  for (const [startMs, start] of [
    [0, 'cold'],
    [100_000, 'warm'],
    [1_010_000, 'cold'],
  ] as const) {
    builder.addEvent(row, startMs, 10_000)
    if (isMeasured) builder.measure(START[start], '')
  }
  return builder.build(1_020_000, { files: [], defects: [] })
}

describe('the note on measured starts', () => {
  it('tells how many were cold, and which idle times were survived', () => {
    expect(measuredNote(traceOf(true))).toBe(
      'measured on the platform: 2 of 3 invocations were cold (66.67 %); 1 idle time was survived, the longest of 1 min 30 s, and 1 was not, the shortest of 15 min; a window of 1 min 30 s tells the two apart with 0 mistakes; pilotlight calibrate finds the window that fits best',
    )
  })

  it('is left out where the trace tells nothing of the platform', () => {
    expect(measuredNote(traceOf(false))).toBeUndefined()
  })
})
