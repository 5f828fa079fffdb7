import {
  type FloorAnswer,
  type HearsRuns,
  type IdleRuns,
  type Policy,
  WHEN_BUSY,
  type WhenBusy,
  type Windows,
} from '../policy/policy.ts'

/** More instances of an app than this are a mistake. */
const MOST_INSTANCES = 1_000_000

/** An answer that means nothing: which, of which app, and when. A driver that knows the names says so to the user. */
export class BadAnswer extends Error {
  override readonly name = 'BadAnswer'
  readonly app: number
  /** When the policy was asked, in ms; NaN where that does not matter. */
  readonly now: number

  constructor(app: number, now: number, problem: string) {
    super(Number.isNaN(now) ? problem : `${problem}, at ${now} ms`)
    this.app = app
    this.now = now
  }
}

/**
 * Asks the policy for the windows of an app that went idle, or that asked to be asked. `out` is set anew, so that no answer
 * comes from another question. Throws {@link BadAnswer}.
 */
export function askWindows(policy: Policy, app: number, now: number, out: Windows): void {
  out.prewarmMs = Number.NaN
  out.keepAliveMs = Number.NaN
  const returned: unknown = policy.decide(app, now, out)
  const { prewarmMs, keepAliveMs } = out
  if (isTime(prewarmMs) && isTime(keepAliveMs) && returned === undefined) return
  if (returned !== undefined) throw wronglyReturned(app, now, 'decide', returned)
  const [field, found] = isTime(prewarmMs) ? ['keepAliveMs', keepAliveMs] : ['prewarmMs', prewarmMs]
  throw new BadAnswer(app, now, `decide() must set ${field} to ${A_TIME}, found ${spelt(found)}`)
}

/** Asks a policy that has floors for that of an app; `out` is set anew. Throws {@link BadAnswer}. */
export function askFloor(policy: Policy, app: number, now: number, out: FloorAnswer): void {
  out.instances = Number.NaN
  out.untilMs = Number.NaN
  const returned: unknown = policy.floor!(app, now, out)
  if (returned !== undefined) throw wronglyReturned(app, now, 'floor', returned)
  const { instances, untilMs } = out
  if (!(Number.isInteger(instances) && instances >= 0 && instances <= MOST_INSTANCES)) {
    const expected = `a whole number of instances from 0 to ${MOST_INSTANCES}`
    throw new BadAnswer(app, now, `floor() must set instances to ${expected}, found ${spelt(instances)}`)
  }
  if (isTime(untilMs) && untilMs > now) return
  throw new BadAnswer(app, now, `floor() must set untilMs to a time later than ${now} ms, found ${spelt(untilMs)}`)
}

/** The same up to `endMs`, from which on there is no floor. */
export function askFloorBefore(endMs: number, policy: Policy, app: number, now: number, out: FloorAnswer): void {
  if (now >= endMs) {
    out.instances = 0
    out.untilMs = Number.POSITIVE_INFINITY
    return
  }
  askFloor(policy, app, now, out)
  if (out.untilMs > endMs) out.untilMs = endMs
}

/** The one of the apps that a policy wants to be asked of at `at`, not before `now`. Throws {@link BadAnswer}. */
export function askingApp<T>(apps: readonly T[], app: number, at: number, now: number): T {
  const found = Number.isInteger(app) ? apps[app] : undefined
  if (found === undefined) {
    throw new BadAnswer(app, now, `askAgain() must name an app from 0 to ${apps.length - 1}, found ${app}`)
  }
  if (typeof at === 'number' && at >= now && at >= 0) return found
  throw new BadAnswer(app, now, `askAgain() must name a time that has not passed, in ms, found ${at}`)
}

/** Tells of equal idle times, of a policy that hears of several at once; gives how many it heard. Throws {@link BadAnswer}. */
export function tellAlike(policy: Policy, app: number, now: number, idleMs: number, times: number): number {
  const heard = policy.arrivedAlike!(app, now, idleMs, times)
  if (Number.isInteger(heard) && heard >= 1 && heard <= times) return heard
  throw new BadAnswer(app, now, `arrivedAlike() must give a whole number from 1 to ${times}, found ${spelt(heard)}`)
}

/** Whether a policy hears of idle times at once that need not be equal. */
export function hearsRuns(policy: Policy): policy is Policy & HearsRuns {
  return (policy as Partial<HearsRuns>).arrivedInRuns !== undefined
}

/** The same as {@link tellAlike} of such a policy. */
export function tellRuns(policy: HearsRuns, app: number, now: number, runs: IdleRuns, most: number): number {
  const heard = policy.arrivedInRuns(app, now, runs, most)
  if (Number.isInteger(heard) && heard >= 1 && heard <= most) return heard
  throw new BadAnswer(app, now, `arrivedInRuns() must give a whole number from 1 to ${most}, found ${spelt(heard)}`)
}

/** Asks how long the last instance of an app stays, of a policy that says so, in ms. Throws {@link BadAnswer}. */
export function askLastKeepAlive(policy: Policy, app: number, now: number): number {
  const answer = policy.lastKeepAliveMs!(app, now)
  if (isTime(answer)) return answer
  throw new BadAnswer(app, now, `lastKeepAliveMs() must give ${A_TIME}, found ${spelt(answer)}`)
}

/** Asks how long an instance stays while others are in use, of a policy that says so, in ms. Throws {@link BadAnswer}. */
export function askKeepIdle(policy: Policy, app: number, now: number, inUse: number): number {
  const answer = policy.keepIdleMs!(app, now, inUse)
  if (isTime(answer)) return answer
  throw new BadAnswer(app, now, `keepIdleMs() must give ${A_TIME}, found ${spelt(answer)}`)
}

/** Asks what becomes of an arrival that finds no instance with room, of a policy that says so. Throws {@link BadAnswer}. */
export function askWhenBusy(
  policy: Policy,
  app: number,
  now: number,
  instances: number,
  outstanding: number,
): WhenBusy {
  const answer = policy.whenBusy!(app, now, instances, outstanding)
  if (WHEN_BUSY.includes(answer)) return answer
  const expected = WHEN_BUSY.map((each) => JSON.stringify(each)).join(', ')
  throw new BadAnswer(app, now, `whenBusy() must give one of ${expected}, found ${spelt(answer)}`)
}

/** Asks how long an instance stays in each stage that it cools to; `out` is set anew. Throws {@link BadAnswer}. */
export function askCool(policy: Policy, app: number, now: number, out: Float64Array): void {
  out.fill(Number.NaN)
  const returned: unknown = policy.cool!(app, now, out)
  if (returned !== undefined) throw wronglyReturned(app, now, 'cool', returned)
  const stage = out.findIndex((ms) => !isTime(ms))
  if (stage >= 0)
    throw new BadAnswer(app, now, `cool() must set out[${stage}] to ${A_TIME}, found ${spelt(out[stage])}`)
}

/** Asks of which kind an app is in a stage, of a policy that says so. Throws {@link BadAnswer}. */
export function askKind(policy: Policy, app: number, stage: number): number {
  const kind = policy.kindOf!(app, stage)
  if (Number.isSafeInteger(kind) && kind >= 0) return kind
  throw new BadAnswer(app, Number.NaN, `kindOf() must give a whole number of at least 0, found ${spelt(kind)}`)
}

const A_TIME = 'a number of ms from 0 to Infinity'

function isTime(value: unknown): boolean {
  return typeof value === 'number' && value >= 0
}

function wronglyReturned(app: number, now: number, method: string, returned: unknown): BadAnswer {
  const hint = returned instanceof Promise ? 'a promise: it must not be async' : spelt(returned)
  return new BadAnswer(app, now, `${method}() must fill the object that it is given and return nothing, found ${hint}`)
}

/** A value as a message shows it; what was not set is NaN, because it was set to that before the question. */
function spelt(value: unknown): string {
  if (typeof value === 'number') return Number.isNaN(value) ? 'NaN, or it was not set' : String(value)
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 40))
  return value === null || value === undefined || typeof value === 'boolean' ? String(value) : `of type ${typeof value}`
}
