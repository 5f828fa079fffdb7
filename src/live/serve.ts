import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { UserError } from '../core/user-error.ts'
import { Adapter, type AdapterParts } from './adapter.ts'
import { isLoopback } from './gateway/admission.ts'
import type { Backend } from './instance/backend.ts'
import { BACKENDS } from './backends/index.ts'
import { type Clock, wallClock } from './fleet/clock.ts'
import { gateway } from './gateway/gateway.ts'
import { type LiveConfig, policyOf, runFolder } from './live-config.ts'
import { lockFolder } from './state/lock.ts'
import { type LogLine, logWatcher } from './log.ts'
import { liveMetrics } from './metrics.ts'
import { readState } from './state/saved-state.ts'
import { resume, stateKeeper } from './state/state-keeper.ts'
import { type Watcher, watchers } from './fleet/watcher.ts'

/** Connections that wait to be accepted; the system may allow fewer. */
const BACKLOG = 16_384

/** An adapter at work. */
export interface Serving {
  /** Where it listens, as `http://127.0.0.1:8700`. */
  readonly url: string
  readonly adapter: Adapter
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
export async function serve(config: LiveConfig, options: ServeOptions): Promise<Serving> {
  refuseOpenAddress(config)
  const folder = runFolder(config)
  const unlock = await lockFolder(folder, config.name)
  const backend = await openBackend(config, folder, options.log).catch(async (error: unknown) => {
    await unlock()
    throw error
  })
  try {
    return await begin(config, backend, unlock, options)
  } catch (error) {
    await backend.close()
    await unlock()
    throw error
  }
}

async function begin(
  config: LiveConfig,
  backend: Backend,
  unlock: () => Promise<void>,
  { log, watcher }: ServeOptions,
): Promise<Serving> {
  const saved = await readState(config.state.file)
  const lastDecisions = new Map<number, { readonly prewarmMs: number; readonly keepAliveMs: number }>()
  const noting: Watcher = {
    decided: (app, _now, prewarmMs, keepAliveMs) => void lastDecisions.set(app, { prewarmMs, keepAliveMs }),
  }
  const metrics = liveMetrics(config.apps)
  const clock = wallClock(Math.min(saved?.originMs ?? Infinity, Date.now()))
  const all = watchers([metrics.watcher, logWatcher(config.apps, log), noting, watcher ?? {}])
  const adapter = new Adapter(partsOf(config, backend, clock, all))
  metrics.observe(adapter)
  const parts = { adapter, config, originMs: clock.originMs, metrics, log }
  resume(saved, parts)
  let isClosing = false
  const isReady = async (): Promise<boolean> => !isClosing && backend.healthy()
  const server = gateway({ config, adapter, metrics, isReady, lastDecisions })
  const url = await listen(server, config, adapter)
  const keeper = stateKeeper(parts)
  log({ event: 'listening', url })
  return {
    url,
    adapter,
    save: keeper.save,
    async close() {
      isClosing = true
      await adapter.drain(config.limits.graceMs)
      await keeper.stop()
      backend.hurry()
      await adapter.close()
      await server.close()
      await backend.close()
      await unlock()
      log({ event: 'closed' })
    },
  }
}

function partsOf(config: LiveConfig, backend: Backend, clock: Clock, watcher: Watcher): AdapterParts {
  const { apps, policy, reuse, whileLoading, budgetMb, limits } = config
  const decides = { policy: policyOf(config), seed: policy.seed, reuse, whileLoading }
  return { apps, ...decides, budgetMb, mostCalls: limits.calls, backend, clock, watcher }
}

async function openBackend(config: LiveConfig, folder: string, log: ServeOptions['log']): Promise<Backend> {
  const { id, socket } = config.backend
  const options = { label: config.name, folder: join(folder, 'instances'), ...(socket === undefined ? {} : { socket }) }
  const backend = await BACKENDS.get(id, 'backend').open(options)
  const count = await backend.removeLeftovers()
  // A socket that a dead adapter's instance left would pass for one that is ready.
  await rm(options.folder, { recursive: true, force: true }).catch((error: NodeJS.ErrnoException) => {
    const problem = `what earlier instances left there cannot be removed (${error.code})`
    throw new UserError({ where: error.path ?? options.folder, problem, hint: 'Remove it, and start again.' })
  })
  if (count > 0) log({ event: 'leftovers removed', count })
  for (const app of config.apps) await backend.check(app)
  return backend
}

function refuseOpenAddress({ listen: { host, token } }: LiveConfig): void {
  if (isLoopback(host) || (token !== undefined && token.length >= 16)) return
  const problem = `the address ${host} is not this machine's alone, and needs a token of at least 16 characters`
  throw new UserError({ where: 'listen.token', problem, hint: 'Set it in the environment: token: $NAME.' })
}

/** Gives the URL at which it listens. */
async function listen(
  server: FastifyInstance,
  { listen: { host, port } }: LiveConfig,
  adapter: Adapter,
): Promise<string> {
  await server.listen({ host, port, backlog: BACKLOG }).catch(async (error: NodeJS.ErrnoException) => {
    await adapter.close()
    throw new UserError({ where: 'listen', problem: `cannot listen at ${host}:${port} (${error.code})` })
  })
  const { port: taken } = server.server.address() as AddressInfo
  return `http://${host.includes(':') ? `[${host}]` : host}:${taken}`
}
