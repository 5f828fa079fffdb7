import { UserError } from '../../core/user-error.ts'
import type { Policy, PolicyDefinition } from '../../policy/policy.ts'
import { stackPlace } from './stack-place.ts'

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
      try {
        policy = definition.create(params, context)
      } catch (error) {
        if (error instanceof UserError) throw error
        throw tell(error, 'create')
      }
      for (const method of ['arrived', 'decide'] as const) {
        if (typeof policy?.[method] === 'function') continue
        throw new UserError({ where: file, problem: `create() must give an object with the method ${method}()` })
      }
      return telling(policy, tell)
    },
  }
}

function telling(policy: Policy, tell: Tell): Policy {
  const guard: Policy = {
    arrived(app, now, idleMs, fn) {
      try {
        policy.arrived(app, now, idleMs, fn)
      } catch (error) {
        throw tell(error, 'arrived', app)
      }
    },
    decide(app, now, out) {
      try {
        policy.decide(app, now, out)
      } catch (error) {
        throw tell(error, 'decide', app)
      }
    },
  }
  if (policy.finished !== undefined) {
    guard.finished = (app, now, fn) => {
      try {
        policy.finished!(app, now, fn)
      } catch (error) {
        throw tell(error, 'finished', app)
      }
    }
  }
  Object.assign(guard, tellingByClock(policy, tell))
  if (policy.save !== undefined) guard.save = (app) => policy.save!(app)
  if (policy.load !== undefined) guard.load = (app, state) => policy.load!(app, state)
  return guard
}

/** The methods of a policy that holds instances by the clock, where it has them. */
function tellingByClock(policy: Policy, tell: Tell): Pick<Policy, 'floor' | 'lastKeepAliveMs'> {
  const guard: Pick<Policy, 'floor' | 'lastKeepAliveMs'> = {}
  if (policy.floor !== undefined) {
    guard.floor = (app, now, out) => {
      try {
        policy.floor!(app, now, out)
      } catch (error) {
        throw tell(error, 'floor', app)
      }
    }
  }
  if (policy.lastKeepAliveMs !== undefined) {
    guard.lastKeepAliveMs = (app, now) => {
      try {
        return policy.lastKeepAliveMs!(app, now)
      } catch (error) {
        throw tell(error, 'lastKeepAliveMs', app)
      }
    }
  }
  return guard
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return `${JSON.stringify(error) ?? String(error)}`
  return `${error.name}: ${error.message.replace(/\.$/, '')}`
}
