import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CLAIMS, type Runs } from '../../../src/study/paper/paper-claims.ts'
import type { PaperStudy } from '../../../src/study/paper/paper-study.ts'
import type { RunSummary } from '../../../src/metrics/comparison.ts'
import { pilotlight } from '../pilotlight.ts'
import { type Study, study } from '../study.ts'

const HOUR = 3_600_000

/** A run of which only these are known: idle memory, cold-start share of the 75th-percentile app, always cold apps. */
function run(label: string, idleMbS: number, p75: number, alwaysCold = 0, alwaysColdRepeated = 0): RunSummary {
  return {
    label,
    params: { range: 4 * HOUR },
    totals: { idleMbS, coldStarts: 100 * p75 },
    reasons: { first: 200 },
    perApp: { coldShare: { p75 }, alwaysCold, alwaysColdRepeated },
    metrics: { 'always-cold': alwaysCold },
    charts: { coldShareQuantiles: [p75] },
  } as unknown as RunSummary
}

function runs(all: readonly RunSummary[], horizonMs = 336 * HOUR): Runs {
  return { horizonMs, all, of: (label) => all.find((each) => each.label === label)! }
}

const fixed = ['5m', '10m', '20m', '30m', '45m', '60m', '90m', '120m'].map((window, at) =>
  run(`fixed(keepAlive=${window})`, 100 + 20 * at, 0.8 - 0.1 * at),
)
const hybrids = (idle: number, p75: number) =>
  ['1h', '2h', '3h', '4h'].map((range) => run(`hybrid-histogram(range=${range})`, idle, p75))
const judged = (figure: string, all: readonly RunSummary[], horizonMs?: number) =>
  CLAIMS.filter((claim) => claim.figure === figure).map((claim) => claim.measure(runs(all, horizonMs)))

/** The claims of figure 18 on runs without and with a forecast, by their always cold apps, and those without the once invoked. */
const foretold = (off: readonly number[], on: readonly number[], horizonMs?: number) =>
  judged(
    'figure-18',
    [
      run('hybrid-histogram(arima=off)', 1, 0.5, off[0], off[1]),
      run('hybrid-histogram(arima=on)', 1, 0.5, on[0], on[1]),
    ],
    horizonMs,
  )

describe('the claims of the paper', () => {
  it('of figure 14 are about the digits, the order of the windows, and who stays cold without unloading', () => {
    const all = [...fixed, run('no-unload', 999, 0.01, 3, 0)]
    // 10 minutes: 70 % where 50.3 % is told; an hour: 30 % where 25 % is told.
    expect(judged('figure-14', all).map(({ holds }) => holds)).toEqual([false, true, true, true])
    const other = [...fixed.slice(0, -1), run('fixed(keepAlive=120m)', 240, 0.9), run('no-unload', 999, 0.01, 3, 1)]
    expect(judged('figure-14', other).map(({ holds }) => holds)).toEqual([false, true, false, false])
  })

  it('of figure 15 read fixed windows between those that were run off the line between them', () => {
    // At 150 MB·s, halfway between 140 (0.6) and 160 (0.5), a fixed window has 0.55; for 0.2 it needs 220.
    expect(judged('figure-15', [...fixed, ...hybrids(150, 0.2)])).toEqual([
      { text: '2.75 × (55.00 % against 20.00 %)', holds: true },
      { text: '1.467 ×', holds: true },
      { text: '4 of 4 do', holds: true },
    ])
    expect(judged('figure-15', [...fixed, ...hybrids(150, 0.6)]).map(({ holds }) => holds)).toEqual([
      false,
      false,
      false,
    ])
    // Beyond the longest window nothing can be read off.
    expect(judged('figure-15', [...fixed, ...hybrids(999, 0.05)]).map(({ holds }) => holds)).toEqual([null, true, null])
  })

  it('of figure 18 are about the apps that are always cold', () => {
    expect(foretold([21, 14], [10, 3])).toEqual([
      { text: 'from 10.50 % to 5.00 %', holds: true },
      { text: 'from 7.00 % to 1.50 %', holds: true },
    ])
    expect(foretold([20, 14], [18, 13]).map(({ holds }) => holds)).toEqual([false, false])
    expect(foretold([0, 0], [0, 0]).map(({ holds }) => holds)).toEqual([null, null])
  })

  it('of figure 18 cannot be told by a trace in which no forecast can help', () => {
    // Forecast from four idle times, three of them of 4 hours, and of use for a fourth such.
    const [always, repeated] = foretold([20, 14], [20, 14], 8 * HOUR)
    expect(always).toEqual({
      text: 'from 10.00 % to 10.00 %; no forecast can help before an app had 4 idle times of 4 h or more, which is 16 h, and the trace lasts 8 h',
      holds: null,
    })
    expect(repeated!.holds).toBe(null)
    expect(foretold([20, 14], [20, 14], 16 * HOUR).map(({ holds }) => holds)).toEqual([false, false])
  })
})

describe('pilotlight study paper', () => {
  let here: Study
  beforeAll(() => {
    here = study()
  })
  afterAll(() => here.remove())

  it('runs every figure on a trace, tells each claim, and writes table and pictures', async () => {
    const words = ['study', 'paper', '--trace', 'trace.csv', '--out', 'out', '--json', '--quiet']
    const { code, stdout, stderr } = await pilotlight(here.folder, ...words)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const { claims, figures } = JSON.parse(stdout) as PaperStudy & { figures: Record<string, unknown[]> }
    expect(claims.map(({ says }) => says)).toEqual(CLAIMS.map(({ says }) => says))
    expect(Object.keys(figures)).toEqual(['figure-14', 'figure-15', 'figure-16', 'figure-17', 'figure-18'])
    const page = readFileSync(join(here.folder, 'out/study.md'), 'utf8')
    for (const { says } of claims) expect(page).toContain(says)
    for (const figure of Object.keys(figures)) expect(existsSync(join(here.folder, 'out', `${figure}.svg`))).toBe(true)
  })

  it('knows no other study', async () => {
    const { code, stderr } = await pilotlight(here.folder, 'study', 'papers', '--trace', 'trace.csv')
    expect(code).toBe(2)
    expect(stderr).toContain('no study called "papers". Did you mean "paper"?')
  })
})

describe('pilotlight trace --report', () => {
  // Four apps over 2 hours: a regular timer, an irregular one of http, one invoked once, and one of two functions.
  const EVENTS = `app,function,start_ms,duration_ms,memory_mb,trigger
timer,t,0,500,100,timer
timer,t,60000,500,100,timer
timer,t,120000,500,100,timer
web,w,0,2000,200,http
web,w,1000,2000,200,http
web,w,7199000,1000,200,http
once,o,5,90000,300,queue
two,a,10,0,400,http
two,b,20,0,400,queue
`
  interface Row {
    readonly what: string
    readonly here: number | null
  }

  it('puts the same figures of a trace beside the published ones', async () => {
    const here = study()
    try {
      here.write('four.csv', EVENTS)
      const { stdout } = await pilotlight(here.folder, 'trace', 'four.csv', '--report', '--json', '--quiet')
      const { characterisation } = JSON.parse(stdout) as { characterisation: readonly Row[] }
      const figure = (what: string): number | null => characterisation.find((row) => row.what === what)!.here
      expect(figure('apps with 1')).toBe(75)
      expect(figure('apps with 2')).toBe(25)
      expect(figure('functions by http')).toBe(40)
      expect(figure('apps with queue')).toBe(50)
      expect(figure('invocations by timer')).toBeCloseTo(100 / 3)
      // 2 hours: the one invoked once and the one invoked twice are at most hourly.
      expect(figure('apps invoked at most once an hour')).toBe(50)
      // Of the two apps with three invocations one is a clock. The other has gaps of 1 s and 7,198 s: a CV of 0.9997.
      expect(figure('apps: 0')).toBe(50)
      expect(figure('apps: at most 1')).toBe(100)
      expect(figure('apps with timers alone: 0')).toBe(100)
      expect(figure('apps without timers: 0')).toBe(0)
      // Means of 0.5, 1.667, 90, 0 and 0 s.
      expect(figure('functions below 1 s')).toBe(60)
      expect(figure('functions below 60 s')).toBe(80)
      expect(figure('of apps, percentile 50')).toBe(250)
      const { stdout: text } = await pilotlight(here.folder, 'trace', 'four.csv', '--report', '--quiet')
      expect(text).toMatch(/apps with 1 +54\.00 +75\.00 +%/)
    } finally {
      here.remove()
    }
  })

  it('says nothing of what a trace does not tell', async () => {
    const here = study()
    try {
      const { stdout } = await pilotlight(here.folder, 'trace', 'trace.csv', '--report', '--quiet')
      expect(stdout).not.toContain('triggers')
      expect(stdout).not.toContain('apps with timers alone')
    } finally {
      here.remove()
    }
  })
})
