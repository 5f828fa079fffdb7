import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { RandomStream } from '../../src/core/random.ts'
import { apparentKeepAlive } from '../../src/experiment/apparent-keep-alive.ts'
import { calibrate } from '../../src/experiment/calibrate.ts'
import { TraceBuilder } from '../../src/trace/build/builder.ts'
import type { Mapping } from '../../src/trace/mapping/mapping.ts'
import { readTrace } from '../../src/trace/read.ts'
import { START, type Trace } from '../../src/trace/trace.ts'

const NO_JOIN = { files: [], defects: [] }
const SECOND = 1000

type Call = readonly [startMs: number, durationMs: number, start: keyof typeof START, instance?: string]

function measured(calls: readonly Call[]): Trace {
  const builder = new TraceBuilder({ id: 'x', format: 'test' })
  let end = 0
  for (const [startMs, durationMs, start, instance = ''] of calls) {
    builder.addEvent(builder.functionRow('', 'a', 'f'), startMs, durationMs)
    builder.measure(START[start], instance)
    end = Math.max(end, startMs + durationMs)
  }
  return builder.build(end, NO_JOIN)
}

describe('the apparent keep-alive', () => {
  it('is that of each instance where instances are known', () => {
    const found = apparentKeepAlive(
      measured([
        [0, 10, 'cold', 'i1'],
        [100, 10, 'warm', 'i1'], // 90 survived
        [105, 10, 'cold', 'i2'], // i1 serves again later, so it is not gone
        [400, 10, 'warm', 'i1'], // 290 survived
        [1000, 10, 'cold', 'i3'], // i1 (590) and i2 (885) are gone
      ]),
    )
    expect(found).toMatchObject({
      survived: 2,
      longestSurvivedMs: 290,
      ended: 2,
      shortestEndedMs: 590,
      windowMs: 290,
      mistaken: 0,
    })
  })

  it('is that of the app where they are not, and counts what contradicts it', () => {
    const found = apparentKeepAlive(
      measured([
        [0, 10, 'cold'],
        [110, 0, 'warm'], // 100 survived
        [160, 0, 'cold'], // 50 did not
        [360, 0, 'warm'], // 200 survived
        [1360, 0, 'cold'], // 1000 did not
      ]),
    )
    expect(found).toMatchObject({ survived: 2, ended: 2, windowMs: 200, mistaken: 1 })
  })

  it('is not known of a trace that measured nothing', () => {
    const builder = new TraceBuilder({ id: 'x', format: 'test' })
    builder.addEvent(builder.functionRow('', 'a', 'f'), 0, 1)
    expect(apparentKeepAlive(builder.build(1, NO_JOIN))).toBeUndefined()
  })
})

/** What a platform that keeps its only instance for 300 s would measure; made without the engine. */
function madeBy(keepAliveMs: number): Trace {
  const random = new RandomStream()
  random.begin(1, 2, 3, 4)
  const calls: Call[] = []
  let end = Number.NEGATIVE_INFINITY
  let now = 0
  for (let call = 0; call < 600; call += 1) {
    const start = now - end <= keepAliveMs ? 'warm' : 'cold'
    calls.push([now, 100, start])
    // A cold start takes its second first.
    end = now + 100 + (start === 'cold' ? SECOND : 0)
    now = end + Math.floor(random.uniform() * 600 * SECOND)
  }
  return measured(calls)
}

describe('calibrating', () => {
  it('finds the window that made the measurements, and judges it on what it did not see', () => {
    const { fit, fitted, judged, perApp, overTime } = calibrate(madeBy(300 * SECOND))
    expect(Math.abs(fit.keepAliveMs - 300 * SECOND)).toBeLessThan(10 * SECOND)
    expect(fitted.error).toBeLessThan(0.02)
    expect(judged.error).toBeLessThan(0.05)
    expect(judged.invocations).toBeGreaterThan(200)
    expect(overTime.measured.reduce((sum, count) => sum + count, 0)).toBe(perApp[0]!.measured)
    expect(overTime.simulated.reduce((sum, count) => sum + count, 0)).toBe(perApp[0]!.simulated)
    expect(fitted.measured + judged.measured).toBe(perApp[0]!.measured)
  })

  it('is refused where nothing was measured', () => {
    const builder = new TraceBuilder({ id: 'x', format: 'test' })
    builder.addEvent(builder.functionRow('', 'a', 'f'), 0, 1)
    expect(() => calibrate(builder.build(1, NO_JOIN))).toThrow(
      'the trace does not tell which of its invocations were cold',
    )
  })

  const real = fileURLToPath(new URL('../../../shared/traces/logs/lambda-measured-791.csv.gz', import.meta.url))
  it.skipIf(!existsSync(real))(
    'reads the 28 cold starts that AWS Lambda measured in 28 h (skipped where the file is not at hand)',
    async () => {
      const mapping: Mapping = {
        read: { as: 'csv' },
        app: { is: 'lambda' },
        start: { from: 'start_time', unit: 'ms' },
        duration: { from: 'aws_duration', unit: 'ms' },
        cold: { from: 'is_cold', is: [true] },
        instance: 'exist_id',
      }
      const trace = await readTrace(real, { mapping })
      const { fitted, judged, apparent } = calibrate(trace)
      expect([trace.invocations, fitted.measured + judged.measured]).toEqual([791, 28])
      expect(fitted.error).toBeLessThan(0.3)
      expect(apparent.longestSurvivedMs).toBeLessThan(60 * 60 * SECOND)
    },
  )
})
