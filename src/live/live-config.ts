import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CodeFile } from '../own/code-file.ts'
import type { Policy, PolicyContext, PolicyDefinition } from '../policy/policy.ts'
import type { Tokens } from './gateway/admission.ts'
import type { LiveApp } from './live-app.ts'

/** An adapter as its file describes it, every value checked. */
export interface LiveConfig {
  /** Its name, unique on this machine. Its leftovers, its folder and its lock have it too. */
  readonly name: string
  readonly apps: readonly LiveApp[]
  readonly backend: { readonly id: string; readonly socket?: string }
  readonly policy: {
    readonly definition: PolicyDefinition
    readonly params: Readonly<Record<string, unknown>>
    readonly seed: number
    /** The file of a user's own code, which then runs in a thread of its own; absent for what comes with the adapter. */
    readonly code?: CodeFile
  }
  readonly reuse: 'newest' | 'oldest'
  readonly whileLoading: 'new' | 'join'
  readonly budgetMb: number
  readonly listen: {
    readonly host: string
    readonly port: number
    readonly tokens: Tokens
    /** Certificate and key in PEM, where it speaks TLS. */
    readonly tls?: { readonly cert: string; readonly key: string }
  }
  /** Where sockets and the like are shared with instances; by default in the folder of temporary files. */
  readonly folder?: string
  readonly state: { readonly file: string; readonly everyMs: number }
  readonly limits: LiveLimits
  /** Where traces and metrics of OpenTelemetry are sent, as `http://127.0.0.1:4318`; absent: nowhere. */
  readonly telemetry?: { readonly endpoint: string }
  /** Where every call is written down, one line each; absent: nowhere. */
  readonly accessLog?: string
}

/** Bounds of an adapter. */
interface LiveLimits {
  /** Calls and connections at a time. */
  readonly calls: number
  readonly connections: number
  /** How long calls may go on at the end, in ms. */
  readonly graceMs: number
  /** Calls that wait for room at a time, and for how long (ms). */
  readonly queue: number
  readonly waitMs: number
  /** How long an answer of a policy in a thread of its own is waited for, in ms. */
  readonly policyMs: number
  /** How long a WebSocket may be silent, in ms. */
  readonly silenceMs: number
}

/** Makes the policy of a configuration. */
export function policyOf({ policy }: Pick<LiveConfig, 'policy'>): (context: PolicyContext) => Policy {
  return (context) => policy.definition.create(policy.params as never, context)
}

/** Names a policy with its parameters. It cannot use what another one learnt. */
export function policyName({ policy: { definition, params } }: Pick<LiveConfig, 'policy'>): string {
  return `${definition.id} ${JSON.stringify(params)}`
}

/** The folder of what instances share with the adapter: short, since a socket's path has at most 107 characters. */
export function runFolder({ name, folder }: Pick<LiveConfig, 'name' | 'folder'>): string {
  const short = createHash('sha256').update(name).digest('hex').slice(0, 12)
  return join(folder ?? tmpdir(), `pilotlight-${process.getuid?.() ?? 0}-${short}`)
}
