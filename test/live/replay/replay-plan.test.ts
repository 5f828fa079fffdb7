import { describe, expect, it } from 'vitest'
import { planReplay, type ReplayPlan } from '../../../src/live/replay/replay-plan.ts'
import type { Trace } from '../../../src/trace/trace.ts'
import { appOf } from '../deployed.ts'
import { TraceBuilder } from '../../../src/trace/build/builder.ts'

const PLAN: ReplayPlan = {
  trace: '',
  where: '',
  apps: 2,
  most: 100,
  fromMs: 1000,
  forMs: 10_000,
  speed: 10,
  lateMs: 100,
  out: '',
}
const template = appOf('process', 'fn', 'fdk', { memoryMb: 64 })

/** Apps a to e with 1 to 5 executions of 500 ms, the first at 1 s and then one a second. */
function trace(): Trace {
  const builder = new TraceBuilder({ id: 'planned', format: 'events' })
  'abcde'.split('').forEach((app, index) => {
    for (let nth = 0; nth <= index; nth += 1) {
      builder.addEvent(builder.functionRow('', app, nth % 2 === 0 ? 'f' : 'g'), 1000 * (nth + 1), 500)
    }
    builder.addMemory('', app, 100 * (index + 1), 1)
  })
  return builder.build(60_000, { files: [], defects: [] })
}

describe('a replay', () => {
  it('takes apps evenly from the most to the least invoked, and their arrivals so many times faster', () => {
    const { apps, arrivals } = planReplay(trace(), PLAN, template, 1)
    // Of e, d, c, b, a it takes the first and the third: e and c.
    expect(apps.map(({ memoryMb }) => memoryMb)).toEqual([64 + 500, 64 + 300])
    expect(apps.map(({ functions }) => functions)).toEqual([
      ['f0', 'f1'],
      ['f0', 'f1'],
    ])
    expect(apps.map(({ env }) => env['HOLD_MB'])).toEqual(['500', '300'])
    expect(arrivals.filter(({ app }) => app === 1)).toEqual([
      { atMs: 0, app: 1, fn: 0, durationMs: 50 },
      { atMs: 100, app: 1, fn: 1, durationMs: 50 },
      { atMs: 200, app: 1, fn: 0, durationMs: 50 },
    ])
    expect(arrivals).toHaveLength(8)
    expect(arrivals.map(({ atMs }) => atMs)).toEqual([0, 0, 100, 100, 200, 200, 300, 400])
  })

  it('sends only what lies in the stretch, of apps that are not invoked too often', () => {
    const few = planReplay(trace(), { ...PLAN, apps: 9, most: 3, fromMs: 2000, forMs: 2000 }, template, 1)
    expect(few.arrivals.map(({ atMs }) => atMs)).toEqual([0, 0, 0, 0, 100, 100, 100])
    expect(planReplay(trace(), { ...PLAN, fromMs: 50_000 }, template, 1).arrivals).toEqual([])
  })

  it('names apps by what they are, whatever their names in the trace', () => {
    const names = planReplay(trace(), PLAN, template, 1).apps.map(({ name }) => name)
    expect(names.every((name) => /^a[0-9a-f]{10}$/.test(name))).toBe(true)
    expect(new Set(names).size).toBe(2)
    expect(planReplay(trace(), PLAN, template, 2).apps.map(({ name }) => name)).toEqual(names)
  })
})
