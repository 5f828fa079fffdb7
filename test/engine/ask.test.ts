import { describe, expect, it } from 'vitest'
import { askFloor, askKeepIdle, askLastKeepAlive, askWindows, BadAnswer } from '../../src/engine/ask.ts'
import type { Policy, Windows } from '../../src/policy/policy.ts'

function policyThat(methods: Partial<Record<keyof Policy, unknown>>): Policy {
  return { arrived() {}, decide() {}, ...methods } as Policy
}

/** What is said of the answer to a question about app 3 at 70 ms; undefined where it is taken. */
function complaint(ask: () => unknown): string | undefined {
  try {
    ask()
  } catch (error) {
    if (error instanceof BadAnswer && error.app === 3 && error.now === 70) return error.message
    throw error
  }
  return undefined
}

const NO_TIMES: readonly unknown[] = [-1, Number.NaN, undefined, null, '5', '', true, {}, [5]]

describe('an answer', () => {
  it.each(NO_TIMES)('is refused where a window is %j', (value) => {
    for (const field of ['prewarmMs', 'keepAliveMs'] as const) {
      const decide = (_app: number, _now: number, out: Windows): void =>
        void Object.assign(out, { prewarmMs: 1, keepAliveMs: 1, [field]: value })
      const said = complaint(() => askWindows(policyThat({ decide }), 3, 70, { prewarmMs: 2, keepAliveMs: 2 }))
      expect(said).toMatch(new RegExp(`^decide\\(\\) must set ${field} to a number of ms from 0 to Infinity, found .*`))
      expect(said).toMatch(/, at 70 ms$/)
    }
  })

  it.each(NO_TIMES)('is refused where the time that an instance stays is %j', (value) => {
    expect(complaint(() => askLastKeepAlive(policyThat({ lastKeepAliveMs: () => value }), 3, 70))).toMatch(/^lastKeep/)
    expect(complaint(() => askKeepIdle(policyThat({ keepIdleMs: () => value }), 3, 70, 1))).toMatch(/^keepIdleMs/)
  })

  it.each([
    [{ instances: 1.5, untilMs: 80 }],
    [{ instances: -1, untilMs: 80 }],
    [{ instances: 1_000_001, untilMs: 80 }],
    [{ instances: Number.POSITIVE_INFINITY, untilMs: 80 }],
    [{ instances: '1', untilMs: 80 }],
    [{ untilMs: 80 }],
    [{ instances: 1 }],
    [{ instances: 1, untilMs: 70 }],
    [{ instances: 1, untilMs: '80' }],
  ])('is refused where a floor is %j', (answer) => {
    const floor = (_app: number, _now: number, out: object): void => void Object.assign(out, answer)
    expect(complaint(() => askFloor(policyThat({ floor }), 3, 70, { instances: 7, untilMs: 99 }))).toMatch(/^floor\(\)/)
  })

  it('is refused where it left something out that another question had set', () => {
    const out = { prewarmMs: 0, keepAliveMs: 0 }
    const forgetful = policyThat({
      decide(app: number, _now: number, windows: Windows): void {
        windows.prewarmMs = 0
        if (app === 0) windows.keepAliveMs = 5
      },
    })
    askWindows(forgetful, 0, 70, out)
    expect(complaint(() => askWindows(forgetful, 3, 70, out))).toBe(
      'decide() must set keepAliveMs to a number of ms from 0 to Infinity, found NaN, or it was not set, at 70 ms',
    )
  })

  it.each([
    [Promise.resolve(), 'a promise: it must not be async'],
    [{ prewarmMs: 0, keepAliveMs: 1 }, 'of type object'],
    [7, '7'],
  ])('is refused where it was returned instead of filled in: %o', (returned, found) => {
    const decide = (_app: number, _now: number, out: Windows): unknown => {
      Object.assign(out, { prewarmMs: 0, keepAliveMs: 1 })
      return returned
    }
    expect(complaint(() => askWindows(policyThat({ decide }), 3, 70, { prewarmMs: 0, keepAliveMs: 0 }))).toBe(
      `decide() must fill the object that it is given and return nothing, found ${found}, at 70 ms`,
    )
  })

  it('is taken from 0 to Infinity', () => {
    for (const ms of [0, 0.5, Number.POSITIVE_INFINITY]) {
      const decide = (_app: number, _now: number, out: Windows): void =>
        void Object.assign(out, { prewarmMs: ms, keepAliveMs: ms })
      expect(complaint(() => askWindows(policyThat({ decide }), 3, 70, { prewarmMs: 0, keepAliveMs: 0 }))).toBe(
        undefined,
      )
      expect(askKeepIdle(policyThat({ keepIdleMs: () => ms }), 3, 70, 1)).toBe(ms)
    }
  })
})
