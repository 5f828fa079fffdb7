import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { AddressInfo } from 'node:net'
import { UserError } from '../core/user-error.ts'
import { Adapter } from './adapter.ts'
import { isLoopback } from './admission.ts'
import type { Backend } from './backend.ts'
import { BACKENDS } from './backends/index.ts'
import { wallClock } from './clock.ts'
import { gateway } from './gateway.ts'
import { type LiveConfig, policyName, policyOf, runFolder } from './live-config.ts'
import { lockFolder } from './lock.ts'
import type { LogLine } from './log.ts'
import { logWatcher } from './log.ts'
import { liveMetrics, type LiveMetrics } from './metrics.ts'
import { readState, type SavedApp, type SavedState, writeState } from './saved-state.ts'
import { type Watcher, watchers } from './watcher.ts'

/** Connections that wait to be accepted; the system may allow fewer. */
const BACKLOG = 16_384

/** An adapter at work. */
export interface Serving {
  /** Where it listens, as `http://127.0.0.1:8700`. */
  readonly url: string
  readonly adapter: Adapter
  readonly originMs: number
  /** Saves the state now. Never rejects: a save that fails is told to the log and the metrics. */
  save(): Promise<void>
  /** Lets calls under way end, saves, ends all instances. Resolves when nothing is left. */
  close(): Promise<void>
}

export interface ServeOptions {
  /** Hears one line of the log after the other. */
  readonly log: (line: LogLine) => void
  readonly watcher?: Watcher
}

/**
 * Serves a configuration: takes the lock of its name, removes what a dead adapter of that name left, goes on from its
 * state, and listens. Throws a UserError for what cannot be served.
 */
export async function serve(config: LiveConfig, { log, watcher }: ServeOptions): Promise<Serving> {
  refuseOpenAddress(config)
  const folder = runFolder(config)
  const unlock = await lockFolder(folder, config.name)
  const backend = await openBackend(config, folder, log).catch(async (error: unknown) => {
    await unlock()
    throw error
  })
  try {
    const saved = await readState(config.state.file)
    const decisions = new Map<number, { readonly prewarmMs: number; readonly keepAliveMs: number }>()
    const metrics = liveMetrics(config.apps)
    const clock = wallClock(saved?.originMs ?? Date.now())
    const adapter = new Adapter({
      apps: config.apps,
      policy: policyOf(config),
      seed: config.policy.seed,
      reuse: config.reuse,
      whileLoading: config.whileLoading,
      budgetMb: config.budgetMb,
      mostCalls: config.limits.calls,
      backend,
      clock,
      watcher: watchers([
        metrics.watcher,
        logWatcher(config.apps, log),
        { decided: (app, _now, prewarmMs, keepAliveMs) => void decisions.set(app, { prewarmMs, keepAliveMs }) },
        watcher ?? {},
      ]),
    })
    metrics.observe(adapter)
    resume(adapter, config, saved, log)
    const keeper = stateKeeper(adapter, config, clock.originMs, metrics, log)
    let isClosing = false
    const isReady = async (): Promise<boolean> => !isClosing && backend.healthy()
    const server = gateway({ config, adapter, metrics, isReady, lastDecisions: decisions })
    await listen(server, config, adapter)
    const { port } = server.server.address() as AddressInfo
    const { host } = config.listen
    const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`
    log({ event: 'listening', url })
    return {
      url,
      adapter,
      originMs: clock.originMs,
      save: keeper.save,
      async close() {
        isClosing = true
        await adapter.drain(config.limits.graceMs)
        await keeper.stop()
        await adapter.close()
        await server.close()
        await backend.close()
        await unlock()
        log({ event: 'closed' })
      },
    }
  } catch (error) {
    await backend.close()
    await unlock()
    throw error
  }
}

async function openBackend(config: LiveConfig, folder: string, log: ServeOptions['log']): Promise<Backend> {
  const { id, socket } = config.backend
  const options = { label: config.name, folder: join(folder, 'instances'), ...(socket === undefined ? {} : { socket }) }
  const backend = await BACKENDS.get(id, 'backend').open(options)
  const count = await backend.removeLeftovers()
  // A socket that a dead adapter's instance left would pass for one that is ready.
  await rm(options.folder, { recursive: true, force: true })
  if (count > 0) log({ event: 'leftovers removed', count })
  for (const app of config.apps) await backend.check(app)
  return backend
}

function refuseOpenAddress({ listen: { host, token } }: LiveConfig): void {
  if (isLoopback(host) || (token !== undefined && token.length >= 16)) return
  const problem = `the address ${host} is not this machine's alone, and needs a token of at least 16 characters`
  throw new UserError({ where: 'listen.token', problem, hint: 'Set it in the environment: token: $NAME.' })
}

async function listen(server: ReturnType<typeof gateway>, { listen: { host, port } }: LiveConfig, adapter: Adapter) {
  await server.listen({ host, port, backlog: BACKLOG }).catch(async (error: NodeJS.ErrnoException) => {
    await adapter.close()
    throw new UserError({ where: 'listen', problem: `cannot listen at ${host}:${port} (${error.code})` })
  })
}

function resume(adapter: Adapter, config: LiveConfig, saved: SavedState | undefined, log: ServeOptions['log']): void {
  if (saved === undefined) return
  const isSame = saved.policy === policyName(config)
  config.apps.forEach(({ name }, app) => {
    const was = saved.apps[name]
    if (was !== undefined) adapter.resume(app, isSame ? was : { ...was, learnt: undefined })
  })
  log({ event: 'resumed', apps: Object.keys(saved.apps).length, learnt: isSame })
}

interface Keeper {
  readonly save: () => Promise<void>
  /** Saves a last time. */
  readonly stop: () => Promise<void>
}

/** Saves the state again and again, one save at a time, off the path of calls. */
function stateKeeper(
  adapter: Adapter,
  config: LiveConfig,
  originMs: number,
  metrics: LiveMetrics,
  log: ServeOptions['log'],
): Keeper {
  const write = async (): Promise<void> => {
    try {
      await writeState(config.state.file, stateOf(adapter, config, originMs))
      metrics.saved(true)
    } catch (error) {
      metrics.saved(false)
      log({ event: 'state not saved', file: config.state.file, why: (error as Error).message })
    }
  }
  let latest: Promise<void> = Promise.resolve()
  const save = (): Promise<void> => (latest = latest.then(write))
  const timer = setInterval(() => void save(), config.state.everyMs)
  return {
    save,
    stop: () => {
      clearInterval(timer)
      return save()
    },
  }
}

function stateOf(adapter: Adapter, config: LiveConfig, originMs: number): SavedState {
  const apps: Record<string, SavedApp> = {}
  config.apps.forEach(({ name }, app) => {
    const saved = adapter.save(app)
    if (saved !== undefined) apps[name] = saved
  })
  return { schema: 1, originMs, policy: policyName(config), apps }
}
