import { describe, expect, it } from 'vitest'
import { stripColumns, stripRun } from '../../../src/report/page/app-strips.ts'
import { STRIP_STEPS } from '../../../src/report/page/page-contents.ts'

const DAY = 86_400_000
const TIME = { fromMs: 0, toMs: DAY, midnightMs: 0 }

function arrival(at: number, cold: number) {
  return { at, idleMs: -1, invocations: 1, cold, joined: 0, drops: 0, reason: cold > 0 ? ('expired' as const) : null }
}

describe('the strip of an app', () => {
  it('has arrivals, cold starts and loaded stretches in steps of the time that it shows', () => {
    const hour = DAY / 24
    const strip = stripRun(
      {
        key: 'abc',
        label: 'fixed',
        arrivals: [arrival(6 * hour, 1), arrival(6 * hour + 10, 0), arrival(18 * hour, 1)],
        answers: [
          { at: 6 * hour, prewarmMs: 0, keepAliveMs: 3 * hour },
          { at: 18 * hour, prewarmMs: hour, keepAliveMs: hour },
        ],
      },
      TIME,
    )
    const step = STRIP_STEPS / 24
    expect(strip.arrivals).toEqual([6, 18].map((hours) => hours * step))
    expect(strip.cold).toEqual([6, 18].map((hours) => hours * step))
    expect(strip.loaded.slice(-2)).toEqual([19, 20].map((hours) => Math.floor(hours * step)))
    expect(strip.sentence).toMatch(/^2 of 3 cold: 2 expired/)
  })

  it('takes no more of a page than 2 MB, however many apps and runs there are', () => {
    let draw = 1
    const steps = (): number[] =>
      Array.from({ length: STRIP_STEPS / 2 }, (_, at) => {
        draw = (draw * 48_271) % 2_147_483_647
        return 2 * at + (draw & 1)
      })
    const strips = Array.from({ length: 40 }, (_, app) => ({
      ...TIME,
      app: `app ${app}`,
      runs: Array.from({ length: 8 }, (__, run) => ({
        key: `run ${run}`,
        sentence: 'told',
        arrivals: steps(),
        cold: steps(),
        loaded: steps(),
      })),
    }))
    const columns = stripColumns(strips)!
    expect(columns.apps.length).toBeGreaterThan(10)
    expect(columns.apps.length).toBeLessThan(40)
    expect(JSON.stringify(columns).length).toBeLessThan(2_000_000)
  })

  it('is absent where no app is told', () => {
    expect(stripColumns([])).toBeNull()
  })
})
