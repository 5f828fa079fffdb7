import { counted } from '../core/counted.ts'
import { UserError } from '../core/user-error.ts'
import type { Adapter } from './adapter.ts'
import { needsOf } from './contracts/index.ts'
import type { Backend } from './instance/backend.ts'
import type { LiveApp } from './live-app.ts'
import { type LiveConfig, policyName } from './live-config.ts'
import type { LogLine } from './log.ts'
import type { FunctionLogs } from './logs.ts'

type Certificate = NonNullable<LiveConfig['listen']['tls']>

/** Parts of a live file that only a restart can change, each as one text to compare. */
const FIXED: Readonly<Record<string, (config: LiveConfig) => string>> = {
  name: ({ name }) => name,
  backend: ({ backend }) => JSON.stringify(backend),
  policy: (config) => `${policyName(config)} ${config.policy.seed} ${config.policy.code?.sha256}`,
  reuse: ({ reuse }) => reuse,
  whileLoading: ({ whileLoading }) => whileLoading,
  memory: ({ budgetMb }) => String(budgetMb),
  listen: ({ listen }) => JSON.stringify({ ...listen, tls: listen.tls !== undefined }),
  folder: ({ folder }) => folder ?? '',
  state: ({ state }) => JSON.stringify(state),
  limits: ({ limits }) => JSON.stringify(limits),
  telemetry: ({ telemetry }) => JSON.stringify(telemetry ?? null),
  accessLog: ({ accessLog }) => accessLog ?? '',
}

/** Throws a UserError where more than the apps and the certificate changed. */
function demandReloadable(before: LiveConfig, after: LiveConfig): void {
  for (const [key, textOf] of Object.entries(FIXED)) {
    if (textOf(before) === textOf(after)) continue
    const problem = 'only apps and the certificate can be changed while the adapter runs'
    throw new UserError({ where: key, problem, hint: 'Nothing was changed. Restart the adapter for this.' })
  }
}

/** What changed when a configuration was read again: names of apps. */
interface Reloaded {
  readonly added: readonly string[]
  readonly changed: readonly string[]
  readonly removed: readonly string[]
  /** Present where connections are now secured with another certificate. */
  readonly certificate?: readonly ['new']
}

/** Reads the configuration again, and takes over its apps and its certificate. */
export type Reload = () => Promise<Reloaded>

/** What is changed by a reload. */
interface Reloadable {
  readonly config: LiveConfig
  readonly adapter: Adapter
  readonly backend: Backend
  readonly logs: FunctionLogs
  readonly log: (line: LogLine) => void
  /** Has new connections secured with another certificate. */
  readonly secure: (certificate: Certificate) => void
  readonly reread: () => Promise<LiveConfig>
}

/** Makes what takes over the apps of another configuration; apps that did not change stay warm. One at a time. */
export function reloader({ config, adapter, backend, logs, log, secure, reread }: Reloadable): Reload {
  let { tls } = config.listen
  const reload = async (): Promise<Reloaded> => {
    const next = await reread()
    demandReloadable(config, next)
    const { added, changed, removed } = changesOf(adapter, next.apps)
    const fresh = [...added, ...changed]
    if (!adapter.directory.has(fresh.length)) {
      const problem = `${counted(fresh.length, 'app was', 'apps were')} added or changed, which is more than this adapter has room for`
      throw new UserError({ where: 'apps', problem, hint: 'Restart the adapter.' })
    }
    for (const app of fresh) await backend.check(app, needsOf(app))
    for (const { name } of removed) {
      adapter.remove(name)
      logs.forget(name)
    }
    for (const app of fresh) adapter.enter(app)
    const isRenewed = next.listen.tls !== undefined && JSON.stringify(next.listen.tls) !== JSON.stringify(tls)
    if (isRenewed) secure((tls = next.listen.tls!))
    const names = {
      added: namesOf(added),
      changed: namesOf(changed),
      removed: namesOf(removed),
      ...(isRenewed && RENEWED),
    }
    const told = Object.entries(names).map(([what, apps]) => [what, apps.join(', ')])
    log({ event: 'reloaded', ...Object.fromEntries(told) })
    return names
  }
  let latest: Promise<unknown> = Promise.resolve()
  const afterwards = async (earlier: Promise<unknown>): Promise<Reloaded> => {
    await earlier
    return reload()
  }
  return () => {
    const mine = afterwards(latest)
    latest = mine.catch(() => undefined)
    return mine
  }
}

const RENEWED = { certificate: ['new'] } as const

function namesOf(apps: readonly LiveApp[]): readonly string[] {
  return apps.map(({ name }) => name)
}

function changesOf({ directory }: Adapter, next: readonly LiveApp[]) {
  const here = new Map(directory.present.map(([, app]) => [app.name, app]))
  const names = new Set(next.map(({ name }) => name))
  return {
    added: next.filter(({ name }) => !here.has(name)),
    changed: next.filter(({ name, revision }) => here.has(name) && here.get(name)!.revision !== revision),
    removed: [...here.values()].filter(({ name }) => !names.has(name)),
  }
}
