import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Policy, PolicyContext, PolicyDefinition } from '../policy/policy.ts'
import type { LiveApp } from './live-app.ts'

/** An adapter as its file describes it, every value checked. */
export interface LiveConfig {
  /** Names it among those of this machine: its leftovers, its folder, its lock. */
  readonly name: string
  readonly apps: readonly LiveApp[]
  readonly backend: { readonly id: string; readonly socket?: string }
  readonly policy: {
    readonly definition: PolicyDefinition
    readonly params: Readonly<Record<string, unknown>>
    readonly seed: number
  }
  readonly reuse: 'newest' | 'oldest'
  readonly whileLoading: 'new' | 'join'
  readonly budgetMb: number
  readonly listen: { readonly host: string; readonly port: number; readonly token?: string }
  readonly state: { readonly file: string; readonly everyMs: number }
  readonly limits: { readonly calls: number; readonly connections: number; readonly graceMs: number }
}

/** Makes the policy of a configuration. */
export function policyOf({ policy }: Pick<LiveConfig, 'policy'>): (context: PolicyContext) => Policy {
  return (context) => policy.definition.create(policy.params as never, context)
}

/** Names a policy with its parameters: what another one learnt is of no use to it. */
export function policyName({ policy: { definition, params } }: Pick<LiveConfig, 'policy'>): string {
  return `${definition.id} ${JSON.stringify(params)}`
}

/** The folder of what instances share with the adapter: short, since a socket's path has at most 107 characters. */
export function runFolder({ name }: Pick<LiveConfig, 'name'>): string {
  const short = createHash('sha256').update(name).digest('hex').slice(0, 12)
  return join(tmpdir(), `pilotlight-${process.getuid?.() ?? 0}-${short}`)
}

/** The rows of functions: those of app `a` begin at entry `a`. */
export function firstFunctions(apps: readonly LiveApp[]): readonly number[] {
  let next = 0
  return apps.map(({ functions }) => {
    next += functions.length
    return next - functions.length
  })
}
