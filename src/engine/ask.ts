import type { FloorAnswer, Policy, Windows } from '../policy/policy.ts'

/** An answer that means nothing; a driver that knows the policy's and app's names says so to the user. */
export class BadAnswer extends Error {
  override readonly name = 'BadAnswer'
  readonly app: number

  constructor(app: number, problem: string) {
    super(problem)
    this.app = app
  }
}

/** Asks the policy for the windows of an app that went idle. Throws {@link BadAnswer}. */
export function askWindows(policy: Policy, app: number, now: number, windows: Windows): void {
  policy.decide(app, now, windows)
  const { prewarmMs, keepAliveMs } = windows
  if (prewarmMs >= 0 && keepAliveMs >= 0) return
  const found = `prewarmMs = ${prewarmMs}, keepAliveMs = ${keepAliveMs}`
  throw new BadAnswer(app, `both windows must be numbers of ms from 0 to Infinity, found ${found}`)
}

/** More instances of an app than this are a mistake. */
const MOST_INSTANCES = 1_000_000

/** Asks the policy for an app's floor; from `endMs` on there is none. Throws {@link BadAnswer}. */
export function askFloor(policy: Policy, app: number, now: number, answer: FloorAnswer, endMs: number): void {
  answer.instances = 0
  answer.untilMs = Number.POSITIVE_INFINITY
  if (now >= endMs) return
  policy.floor!(app, now, answer)
  const { instances, untilMs } = answer
  if (!(Number.isInteger(instances) && instances >= 0 && instances <= MOST_INSTANCES)) {
    throw new BadAnswer(
      app,
      `a floor must be a whole number of instances from 0 to ${MOST_INSTANCES}, found ${instances}`,
    )
  }
  if (!(untilMs > now))
    throw new BadAnswer(app, `a floor must hold until later than ${now} ms, found untilMs = ${untilMs}`)
  answer.untilMs = Math.min(untilMs, endMs)
}
