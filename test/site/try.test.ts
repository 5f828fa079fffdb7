import { describe, expect, it } from 'vitest'
import { UserError } from '../../src/core/user-error.ts'
import { breakEvenPoint, fixedPoint } from '../../tools/site/browser/points.ts'
import { roundTicks } from '../../tools/site/browser/round-ticks.ts'
import { traceOfCsv } from '../../tools/site/browser/trace-of-csv.ts'

const MINUTE = 60_000

/** A row of counts with two invocations in a minute of thirty. */
const row = (fn: string, at: number): string =>
  `o,a,${fn},http,${Array.from({ length: 30 }, (_, minute) => (minute === at ? 2 : 0)).join()}`

describe('the page that simulates', () => {
  it('reads single events, whose first is time 0, and charges their memory', () => {
    // Idle for 5 and 25 minutes, then to the end of the trace; with a window of 10 the last is cold and 20 are idle.
    const trace = traceOfCsv(
      'app,start_ms,memory_mb\na,1000,1024\na,301000,1024\na,1801000,1024\nb,2401000,1\n',
      'log.csv',
    )
    expect([trace.apps.count, trace.invocations, trace.horizonMs]).toEqual([2, 4, 2_400_001])
    const point = fixedPoint(trace, 10 * MINUTE)
    expect(point).toMatchObject({ label: 'fixed 10 min', coldStarts: 3 })
    expect(point.idleGbS).toBeCloseTo((5 + 10 + 10) * 60, 2)
    expect(breakEvenPoint(trace).coldStarts).toBeGreaterThan(0)
  })

  it('reads names with commas and quotes in them', () => {
    const trace = traceOfCsv('app,start_ms\n"a, ""b""",0\n"a, ""b""",1000\nc,"5"\n,7\n', 'log.csv')
    expect(Array.from({ length: 3 }, (_, app) => trace.apps.name.at(app))).toEqual(['', 'a, "b"', 'c'])
    expect(trace.invocations).toBe(4)
  })

  it('reads counts per minute as Azure has them, and adds up the functions of an app', () => {
    const header = `HashOwner,HashApp,HashFunction,Trigger,${Array.from({ length: 30 }, (_, at) => at + 1).join()}`
    const trace = traceOfCsv(`${header}\n${row('f', 0)}\n${row('g', 20)}\n`, 'd01.csv')
    expect([trace.apps.count, trace.invocations, trace.horizonMs]).toEqual([1, 4, 30 * MINUTE])
    expect(fixedPoint(trace, 10 * MINUTE).coldStarts).toBe(2)
    expect(fixedPoint(trace, 20 * MINUTE).coldStarts).toBe(1)
  })

  it.each([
    [36_600, 5, [0, 10_000, 20_000, 30_000, 40_000]],
    [5.34e6, 3, [0, 2e6, 4e6, 6e6]],
    [2.4, 5, [0, 0.5, 1, 1.5, 2, 2.5]],
    [1000, 4, [0, 250, 500, 750, 1000]],
    [1e-9, 1, [0, 1e-9]],
  ])('has axes with round values up to %d in %i steps', (most, steps, ticks) => {
    expect(roundTicks(most, steps).map((tick) => Number(tick.toPrecision(6)))).toEqual(ticks)
  })

  it.each([
    ['', 'expected a header with app and start_ms'],
    ['app,start_ms\n', 'there is a header and no row'],
    ['app,start_ms\na,soon\n', 'x.csv:2: expected a number from 0 to 1000000000000000, found "soon"'],
    ['app,start_ms\na,-1\n', 'found "-1"'],
    ['app,start_ms\na,1e300\n', 'found "1e300"'],
    ['app,start_ms\n"a,b",\n', 'found ""'],
  ])('refuses %j in a sentence', (text, said) => {
    expect(() => traceOfCsv(text, 'x.csv')).toThrow(UserError)
    expect(() => traceOfCsv(text, 'x.csv')).toThrow(said)
  })
})
