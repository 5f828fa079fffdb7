import { UserError } from '../../core/user-error.ts'
import type { Policy, PolicyDefinition } from '../../policy/policy.ts'
import { POLICY_METHODS, wrapPolicy } from '../../policy/wrap-policy.ts'
import { enter, leave, openWatch, type Watch } from './watch.ts'
import { stackPlace } from './stack-place.ts'

const SECOND = 1000
/** So often may floors be asked within a second of the trace: all apps at once, and again. */
const MOST_FLOORS = 2_000_000

/** Tells what a user's policy threw: where in its file, in which of its methods, at which app. */
type Tell = (error: unknown, method: string, app?: number) => UserError

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
  const tell: Tell = (error, method, app) => {
    const about = app === undefined ? '' : ` for the app ${names.at(app)}`
    const problem = `${method}()${about} threw ${messageOf(error)}`
    return new UserError({ where: stackPlace(file, error), problem })
  }
  return {
    ...definition,
    create(params, context) {
      let policy: Policy
      enter(watch, 'create')
      try {
        policy = definition.create(params, context)
      } catch (error) {
        if (error instanceof UserError) throw error
        throw tell(error, 'create')
      } finally {
        leave(watch)
      }
      for (const method of ['arrived', 'decide'] as const) {
        if (typeof policy?.[method] === 'function') continue
        throw new UserError({ where: file, problem: `create() must give an object with the method ${method}()` })
      }
      for (const method of POLICY_METHODS) {
        if (policy[method] === undefined || typeof policy[method] === 'function') continue
        const found = typeof policy[method]
        throw new UserError({ where: file, problem: `create() gave ${method} as ${found}, and it must be a method` })
      }
      return telling(policy, tell, file, watch)
    },
  }
}

/** The policy, whose every method tells what it threw. */
function telling(policy: Policy, tell: Tell, file: string, watch: Watch): Policy {
  const standing = standstill(file)
  return wrapPolicy(policy, (method, call) => {
    const isOfAnApp = method !== 'saveAll' && method !== 'loadAll'
    return (a, b, c, d) => {
      if (method === 'floor') standing(b as number)
      enter(watch, method, isOfAnApp ? (a as number) : -1)
      try {
        return call(a, b, c, d)
      } catch (error) {
        throw tell(error, method, isOfAnApp ? (a as number) : undefined)
      } finally {
        leave(watch)
      }
    }
  })
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

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return `${JSON.stringify(error) ?? String(error)}`
  return `${error.name}: ${error.message.replace(/\.$/, '')}`
}
