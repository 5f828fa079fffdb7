import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { SECOND } from '../core/units.ts'
import { UserError } from '../core/user-error.ts'
import { accessLog, demandAccessLog } from './access-log.ts'
import { Adapter, type AdapterParts } from './adapter.ts'
import { ApartPolicy } from './apart/apart-policy.ts'
import { BACKENDS } from './backends/index.ts'
import { needsOf } from './contracts/index.ts'
import { type Clock, wallClock } from './fleet/clock.ts'
import { Directory } from './fleet/app-rows.ts'
import { type ContextData, contextData, namesOf } from './fleet/policy-context.ts'
import { type Watcher, watchers } from './fleet/watcher.ts'
import { isLoopback } from './gateway/admission.ts'
import { AsyncCalls } from './gateway/async-calls.ts'
import { Gateway } from './gateway/gateway.ts'
import type { Backend } from './instance/backend.ts'
import { type LiveConfig, policyOf, runFolder } from './live-config.ts'
import { type LogLine, logWatcher } from './log.ts'
import { FunctionLogs } from './logs.ts'
import { liveMetrics } from './metrics.ts'
import { type Reload, reloader } from './reload.ts'
import { connectionsFor, mostOpenFiles } from './open-files.ts'
import { CallStore } from './state/call-store.ts'
import { lockName, ownFolder } from './state/lock.ts'
import { readState } from './state/saved-state.ts'
import { telemetry } from './telemetry.ts'
import { type Keeper, resume, stateKeeper } from './state/state-keeper.ts'

/** Connections that wait to be accepted; the system may allow fewer. */
const BACKLOG = 16_384
/** The adapter ends at the latest so many ms after the grace of its calls, whatever the engine does. */
const END_MS = 9_500

/** An adapter at work. */
export interface Serving {
  /** Where it listens, as `http://127.0.0.1:8700`. */
  readonly url: string
  readonly adapter: Adapter
  /** Saves the state now. Never rejects: a save that fails is logged and counted. */
  save(): Promise<void>
  /**
   * Reads the configuration again and takes over its apps. Those that did not change stay warm. Throws a UserError for
   * an error in it, or a change that cannot be taken over. Then nothing has changed.
   */
  readonly reload: Reload
  /** Lets calls under way end, saves, ends all instances. Resolves within the grace and ten seconds more. */
  close(): Promise<void>
}

export interface ServeOptions {
  /** Gets the lines of the log. */
  readonly log: (line: LogLine) => void
  readonly watcher?: Watcher
  /** Reads the configuration again, for {@link Serving.reload}; absent where it cannot be. */
  readonly reread?: () => Promise<LiveConfig>
  /** How many apps may be added or changed by {@link Serving.reload}; by default none. */
  readonly spare?: number
}

/**
 * Serves a configuration: takes the lock of its name, removes what a dead adapter of that name left, restores its
 * state, and listens. Throws a UserError for a configuration that cannot be served.
 */
export async function serve(config: LiveConfig, options: ServeOptions): Promise<Serving> {
  refuseOpenAddress(config)
  const folder = runFolder(config)
  const backend = await openBackend(config, folder)
  /** Releases what was taken, the last one first. */
  const ends: (() => Promise<void>)[] = []
  const end = async (): Promise<void> => {
    for (const each of ends.splice(0).toReversed()) await each()
  }
  try {
    ends.push(await lockName(config.name, await backend.engine()))
    ends.push(await ownFolder(folder))
    await prepare(config, backend, folder, options.log)
    return await begin(config, backend, { end, ends }, options)
  } catch (error) {
    await backend.close()
    await end()
    throw error
  }
}

async function begin(
  config: LiveConfig,
  backend: Backend,
  { end, ends }: { readonly end: () => Promise<void>; readonly ends: (() => Promise<void>)[] },
  { log, watcher, spare = 0, reread = async () => config }: ServeOptions,
): Promise<Serving> {
  const saved = await readState(config.state.file)
  const directory = new Directory(config.apps, spare)
  const lastDecisions = new Map<number, { readonly prewarmMs: number; readonly keepAliveMs: number }>()
  const noting: Watcher = {
    decided: (app, _now, prewarmMs, keepAliveMs) => void lastDecisions.set(app, { prewarmMs, keepAliveMs }),
  }
  const metrics = liveMetrics(directory.apps)
  const logs = new FunctionLogs()
  const clock = wallClock(Math.min(saved?.originMs ?? Infinity, Date.now()))
  const { originMs } = clock
  const access = config.accessLog === undefined ? undefined : accessLog(config.accessLog, directory.apps, originMs, log)
  const sinks = [
    ...(access === undefined ? [] : [access]),
    ...(config.telemetry === undefined
      ? []
      : [telemetry({ ...config.telemetry, name: config.name, apps: directory.apps, metrics, originMs, log })]),
  ]
  const own = [metrics.watcher, logWatcher(directory.apps, log), noting, ...sinks.map((sink) => sink.watcher)]
  const all = watchers([...own, watcher ?? {}])
  const apart = await apartPolicy(config, directory, clock, all)
  if (apart !== undefined) ends.push(() => apart.close())
  const adapter = new Adapter(partsOf({ config, directory, apart, backend, clock, watcher: all, logs }))
  metrics.observe(adapter)
  const parts = { adapter, config, originMs, metrics, log }
  resume(saved, parts)
  let asyncs: AsyncCalls | undefined
  const asyncCalls = (): AsyncCalls => {
    asyncs ??= new AsyncCalls(adapter, new CallStore(callsFile(config), Date.now), log)
    return asyncs
  }
  const secure = (tls: NonNullable<LiveConfig['listen']['tls']>): void => gateway.secure(tls)
  const reload = reloader({
    config,
    adapter,
    backend,
    logs,
    log,
    secure,
    async reread() {
      access?.reopen()
      return reread()
    },
  })
  const gateway: Gateway = new Gateway({
    reload,
    config,
    adapter,
    metrics,
    mostConnections: connectionsOf(config, log),
    logs,
    asyncCalls,
    isReady: () => backend.healthy(),
    lastDecisions,
    apart,
  })
  const url = await listen(gateway, config, adapter, log)
  const unfinished = existsSync(callsFile(config)) ? asyncCalls().resume() : 0
  if (unfinished > 0) log({ event: 'asynchronous calls resumed', count: unfinished })
  const keeper = stateKeeper(parts)
  log({ event: 'listening', url })
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => ending({ config, adapter, gateway, keeper, backend, asyncs, sinks, end, log })
  return {
    url,
    adapter,
    save: keeper.save,
    close: () => (closing ??= close()),
    reload,
  }
}

/** Ends an adapter: within the grace of its calls and ten seconds more, whatever the engine does. */
async function ending(parts: {
  readonly config: LiveConfig
  readonly adapter: Adapter
  readonly gateway: Gateway
  readonly keeper: Keeper
  readonly backend: Backend
  readonly asyncs: AsyncCalls | undefined
  /** Who still has something to write or send at the end. */
  readonly sinks: readonly { close(): Promise<void> }[]
  readonly end: () => Promise<void>
  readonly log: ServeOptions['log']
}): Promise<void> {
  const { adapter, gateway, backend, log } = parts
  const { graceMs } = parts.config.limits
  const until = performance.now() + graceMs
  parts.asyncs?.stop()
  await Promise.all([adapter.drain(graceMs), gateway.drain(graceMs)])
  // The last answers may have begun only now.
  await gateway.drain(until - performance.now())
  await parts.keeper.stop()
  backend.hurry()
  const over = async (): Promise<boolean> => {
    await adapter.close()
    await gateway.close()
    await backend.close()
    await Promise.all(parts.sinks.map((sink) => sink.close()))
    return true
  }
  const isOver = await Promise.race([over(), sleep(END_MS, false, { ref: false })])
  if (!isOver) log({ event: 'not all was ended', why: 'the engine does not answer' })
  parts.asyncs?.close()
  await parts.end()
  log({ event: 'closed' })
}

/** The file of asynchronous calls lies beside that of the state. */
function callsFile({ state: { file } }: LiveConfig): string {
  return `${file.replace(/(\.state)?\.json$/, '')}.calls.sqlite`
}

/** A user's own policy runs in a thread of its own, the others in this one, where an answer takes less time. */
async function apartPolicy(
  { policy: { code, params, seed }, limits }: LiveConfig,
  directory: Directory,
  clock: Clock,
  watcher: Watcher,
): Promise<ApartPolicy | undefined> {
  if (code === undefined) return undefined
  const context = (): ContextData => contextData(directory, seed)
  const { originMs, now } = clock
  const names = namesOf(directory)
  return ApartPolicy.open({ code, params, context, originMs, now, names, answerMs: limits.policyMs, watcher })
}

function partsOf(parts: {
  readonly config: LiveConfig
  readonly directory: Directory
  readonly apart: ApartPolicy | undefined
  readonly backend: Backend
  readonly clock: Clock
  readonly watcher: Watcher
  readonly logs: FunctionLogs
}): AdapterParts {
  const { config, directory, apart, logs, ...others } = parts
  const { policy, reuse, whileLoading, budgetMb, limits } = config
  return {
    ...others,
    directory,
    policy: apart === undefined ? policyOf(config) : ({ askAgain }) => apart.policy(askAgain),
    seed: policy.seed,
    reuse,
    whileLoading,
    budgetMb,
    mostCalls: limits.calls,
    mostWaiting: limits.queue,
    waitMs: limits.waitMs,
    onLine: (app, instance, line) => logs.add(directory.apps[app]!.name, instance, line),
  }
}

function openBackend({ name, backend: { id, socket } }: LiveConfig, folder: string): Promise<Backend> {
  const options = { label: name, folder: join(folder, 'instances'), ...(socket === undefined ? {} : { socket }) }
  return BACKENDS.get(id, 'backend').open(options)
}

/** Removes what an earlier adapter left, and checks that every app can be started. */
async function prepare(config: LiveConfig, backend: Backend, folder: string, log: ServeOptions['log']): Promise<void> {
  const count = await backend.removeLeftovers()
  // A socket of a dead adapter's instance would look like one that is ready.
  await rm(join(folder, 'instances'), { recursive: true, force: true }).catch((error: NodeJS.ErrnoException) => {
    const problem = `what earlier instances left there cannot be removed (${error.code})`
    throw new UserError({ where: error.path ?? folder, problem, hint: 'Remove it, and start again.' })
  })
  if (count > 0) log({ event: 'leftovers removed', count })
  for (const app of config.apps) await backend.check(app, needsOf(app))
  if (config.accessLog !== undefined) await demandAccessLog(config.accessLog)
}

function refuseOpenAddress({ listen: { host, tokens } }: LiveConfig): void {
  if (isLoopback(host)) return
  for (const purpose of ['calls', 'admin', 'metrics'] as const) {
    const token = tokens[purpose]
    if (token !== undefined && token.length >= 16) continue
    const problem = `the address ${host} can be reached from other machines, so it needs a token of at least 16 characters for ${purpose}`
    throw new UserError({ where: 'listen.token', problem, hint: 'Set it in the environment: token: $NAME.' })
  }
}

/** Connections of clients at a time: those of the limits, or as many as this process may open files for. */
function connectionsOf({ apps, budgetMb, limits: { connections } }: LiveConfig, log: ServeOptions['log']): number {
  const openFiles = mostOpenFiles()
  const mostInstances = Math.floor(budgetMb / Math.min(...apps.map(({ memoryMb }) => memoryMb)))
  const enough = connectionsFor(openFiles, mostInstances)
  if (enough >= connections) return connections
  log({ event: 'fewer connections', connections: enough, wanted: connections, openFiles })
  return enough
}

/** Passes on an event at most once a second. */
function seldom<T>(hear: (what: T) => void): (what: T) => void {
  let last = Number.NEGATIVE_INFINITY
  return (what) => {
    if (performance.now() - last < SECOND) return
    last = performance.now()
    hear(what)
  }
}

/** Gives the URL at which it listens. */
async function listen(
  { server }: Gateway,
  { listen: { host, port, tls } }: LiveConfig,
  adapter: Adapter,
  log: ServeOptions['log'],
): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port, backlog: BACKLOG }, () => {
      server.off('error', reject)
      // A connection that cannot be accepted does not end the others.
      server.on(
        'error',
        seldom(({ code }: NodeJS.ErrnoException) => log({ event: 'not accepted', why: code ?? '' })),
      )
      resolve()
    })
  }).catch(async (error: NodeJS.ErrnoException) => {
    await adapter.close()
    throw new UserError({ where: 'listen', problem: `cannot listen at ${host}:${port} (${error.code})` })
  })
  const { port: taken } = server.address() as AddressInfo
  return `${tls === undefined ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${taken}`
}
