import { UserError } from '../core/user-error.ts'
import type { FloorAnswer, Policy, PolicyDefinition, Windows } from '../policy/policy.ts'
import { POLICY_METHODS, type PolicyCall, type PolicyMethod, wrapPolicy } from '../policy/wrap-policy.ts'
import { type OwnCode, ownCall, thrownBy } from './own-calls.ts'
import { demandBuiltIns } from './own-code.ts'
import { callNumber, enter, leave, openWatch, type Watch } from './watch.ts'

const SECOND = 1000
/** So often may floors be asked within a second of the trace: all apps at once, and again. */
const MOST_FLOORS = 2_000_000

/**
 * A user's own policy from a file, for a run over apps of these names: what it throws becomes a UserError that names the
 * place in the file, the method and the app. What it answers is checked by the engine.
 */
export function guardedPolicy(
  definition: PolicyDefinition,
  file: string,
  names: { at(app: number): string },
  watch: Watch = openWatch(),
): PolicyDefinition {
  const own = { file, names, watch }
  const call = ownCall('policy', own)
  return {
    ...definition,
    create(params, context) {
      const policy = call('create', () => definition.create(params, context))
      demandBuiltIns(file)
      for (const method of ['arrived', 'decide'] as const) {
        if (typeof policy?.[method] === 'function') continue
        throw new UserError({ where: file, problem: `create() must give an object with the method ${method}()` })
      }
      for (const method of [...POLICY_METHODS, 'arrivedAlike'] as const) {
        if (policy[method] === undefined || typeof policy[method] === 'function') continue
        const found = typeof policy[method]
        throw new UserError({ where: file, problem: `create() gave ${method} as ${found}, and it must be a method` })
      }
      const says: unknown = policy.neverLearns
      if (says !== undefined && says !== true) {
        const problem = `create() gave neverLearns as ${String(says)}, and it must be true or left out`
        throw new UserError({ where: file, problem })
      }
      return telling(policy, own)
    },
  }
}

/** What is put in front of a method that fills an object: the policy fills one of its own, which nobody else ever holds. */
const FILLED: Readonly<Partial<Record<PolicyMethod, (call: PolicyCall) => PolicyCall>>> = {
  decide: (call) => (app, now, out) => {
    const own: Windows = { prewarmMs: Number.NaN, keepAliveMs: Number.NaN }
    const returned = call(app, now, own, undefined)
    const windows = out as Windows
    windows.prewarmMs = own.prewarmMs
    windows.keepAliveMs = own.keepAliveMs
    return returned
  },
  floor: (call) => (app, now, out) => {
    const own: FloorAnswer = { instances: Number.NaN, untilMs: Number.NaN }
    const returned = call(app, now, own, undefined)
    const answer = out as FloorAnswer
    answer.instances = own.instances
    answer.untilMs = own.untilMs
    return returned
  },
  cool: (call) => (app, now, out) => {
    const stays = out as Float64Array
    const own = new Float64Array(stays.length).fill(Number.NaN)
    const returned = call(app, now, own, undefined)
    for (let stage = 0; stage < stays.length; stage += 1) stays[stage] = own[stage] ?? Number.NaN
    return returned
  },
}

/**
 * The policy, whose every method tells that it is called and what it threw, and which says of itself what the original says:
 * check-policy looks whether that is true. Called at every arrival: makes no closures.
 */
function telling(policy: Policy, own: OwnCode): Policy {
  const standing = standstill(own.file)
  let calls = 0
  const tell = (method: PolicyMethod | 'arrivedAlike', call: PolicyCall): PolicyCall => {
    const isOfAnApp = method !== 'saveAll' && method !== 'loadAll'
    const number = callNumber('policy', method)
    return (a, b, c, d) => {
      if (method === 'floor') standing(b as number)
      enter(own.watch, number, isOfAnApp ? (a as number) : -1)
      let answer: unknown
      try {
        answer = call(a, b, c, d)
      } catch (error) {
        throw thrownBy(own, method, error, isOfAnApp ? (a as number) : -1)
      } finally {
        leave(own.watch)
      }
      calls += 1
      // Looking takes a millisecond. After a power of two of calls, so that a loop that no more ends is ended early.
      if ((calls & (calls - 1)) === 0) demandBuiltIns(own.file)
      return answer
    }
  }
  const told = wrapPolicy(policy, (method, given) => tell(method, FILLED[method]?.(given) ?? given))
  const { neverLearns } = policy
  const alike = policy.arrivedAlike?.bind(policy) as PolicyCall | undefined
  return {
    ...told,
    ...(neverLearns === undefined ? {} : { neverLearns }),
    ...(alike === undefined ? {} : { arrivedAlike: tell('arrivedAlike', alike) as Policy['arrivedAlike'] & {} }),
  }
}

/** Refuses a floor that is asked so often within a second of the trace that its end would never come. */
function standstill(file: string): (now: number) => void {
  let since = Number.NEGATIVE_INFINITY
  let calls = 0
  return (now) => {
    if (now < since || now >= since + SECOND) {
      since = now
      calls = 0
    }
    calls += 1
    if (calls <= MOST_FLOORS) return
    const problem = `floor() was asked ${MOST_FLOORS} times from ${since} ms to ${now} ms`
    throw new UserError({
      where: file,
      problem,
      hint: 'Set untilMs to when the floor changes, a minute later or more.',
    })
  }
}
