import { randomBytes } from 'node:crypto'
import { chmod, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { UserError } from '../../core/user-error.ts'
import { Container } from '../engine/container.ts'
import { ContainerNetwork } from '../engine/container-network.ts'
import { containerOptions, ADAPTER_LABEL, type ContainerPlace } from '../engine/container-options.ts'
import { ContainerWatch } from '../engine/container-watch.ts'
import { EngineApi, EngineError } from '../engine/engine-api.ts'
import { isImageName } from '../engine/engine-words.ts'
import { Fault, faultOf } from '../fault.ts'
import type { Backend, BackendDefinition, BackendOptions, Ground, Needs, Sandbox } from '../instance/backend.ts'
import { orAborted } from '../instance/or-aborted.ts'
import { CLEAR_TRIES, ENGINE_TIMEOUT_MS, HURRIED_MS } from '../live-limits.ts'
import type { LiveApp } from '../live-app.ts'

const DEFAULT_SOCKET = '/var/run/docker.sock'
/** The port that programs listen on inside, as Cloud Run, functions-framework and OpenWhisk have it. */
const PORT = 8080
/** How long after a failed removal the next is tried, in ms. */
const RETRY_MS = 500
/** How often the removal of what an earlier adapter left is tried. */
const LEFTOVER_TRIES = 10
/** An engine that does not answer a ping in so many ms is not healthy. */
const PING_MS = 2000
/** Characters of an app's name in the name of a container, at most. */
const MOST_NAME = 40

/** Containers of any Docker Engine API: Docker, and podman's service. The adapter must run on the engine's machine. */
export const docker: BackendDefinition = {
  id: 'docker',
  summary: 'Containers of any Docker Engine API socket: Docker, and podman’s service.',
  async open(options) {
    const socketPath = options.socket ?? DEFAULT_SOCKET
    const api = new EngineApi(socketPath)
    await api.ping(ENGINE_TIMEOUT_MS).catch((error: Error) => {
      api.end(error)
      const hint = 'Is the engine running, and may this user talk to it?'
      throw new UserError({ where: 'socket', problem: `no engine answers at ${socketPath} (${error.message})`, hint })
    })
    return new Containers(api, options)
  },
}

class Containers implements Backend {
  private readonly api: EngineApi
  private readonly watch: ContainerWatch
  private readonly options: BackendOptions
  private network: Promise<ContainerNetwork> | undefined
  /** Removals that have not succeeded yet. */
  private readonly removals = new Set<Promise<unknown>>()
  private hurriedSince = Number.POSITIVE_INFINITY
  private hurrying: NodeJS.Timeout | undefined

  constructor(api: EngineApi, options: BackendOptions) {
    this.api = api
    this.options = options
    this.watch = new ContainerWatch(api, this.label)
  }

  private get label(): string {
    return `${ADAPTER_LABEL}=${this.options.label}`
  }

  engine(): Promise<string> {
    return this.api.identity()
  }

  async removeLeftovers(): Promise<number> {
    const left = await this.api.containers(this.label)
    const isGone = await Promise.all(left.map(({ Id }) => this.track(this.removed(Id, LEFTOVER_TRIES))))
    const stuck = left.find((_, index) => !isGone[index])
    if (stuck !== undefined) {
      const problem = `the engine does not remove the container ${stuck.Id.slice(0, 12)} of an earlier adapter`
      throw new UserError({ where: 'name', problem, hint: 'Remove it with "docker rm -f", and start again.' })
    }
    this.network = undefined
    for (const { Id } of await this.api.networks(this.label)) await this.api.removeNetwork(Id).catch(() => undefined)
    return left.length
  }

  async check({ name, image }: LiveApp): Promise<void> {
    const where = `apps.${name}`
    if (image === undefined) throw new UserError({ where, problem: 'the backend "docker" needs an image' })
    // It becomes part of a path of the engine's API.
    if (!isImageName(image)) {
      throw new UserError({ where, problem: `expected the name of an image, found ${JSON.stringify(image)}` })
    }
    await this.api.image(image).catch(({ message }: Error) => {
      const hint = 'Pull, build or import it first; nothing is pulled here.'
      throw new UserError({ where, problem: `the engine has no image ${image} (${message})`, hint })
    })
  }

  async prepare({ port, callback, folder }: Needs, name: string): Promise<Ground> {
    const outside = join(this.options.folder, name)
    if (folder !== undefined) {
      await mkdir(outside, { recursive: true, mode: 0o700 })
      // The program may run as any user of its image. Only the adapter has access to the folder above.
      await chmod(outside, 0o777)
    }
    return {
      ...(port ? { port: PORT } : {}),
      ...(callback ? { callbackHost: (await this.networked()).gateway } : {}),
      ...(folder === undefined ? {} : { folder: { outside, inside: folder } }),
    }
  }

  async start(app: LiveApp, env: Readonly<Record<string, string>>, ground: Ground): Promise<Sandbox> {
    const name = `pilotlight-${app.name.slice(0, MOST_NAME)}-${randomBytes(6).toString('hex')}`
    let place: ContainerPlace | undefined
    try {
      // Without the stream of events, the end of the container would not be noticed.
      await orAborted(this.watch.ready, AbortSignal.timeout(ENGINE_TIMEOUT_MS))
      place = await this.placeFor(ground)
      const id = await this.api
        .create(name, containerOptions(app, env, ground, this.options.label, place))
        .catch((error: unknown) => {
          // Without an answer it is not known whether it was made, or still will be.
          if (!(error instanceof EngineError) || error.status === undefined) void this.track(this.removeStray(name))
          throw error
        })
      const container = new Container(this.api, this.watch, id, (graceMs) => this.end(id, graceMs, ground, place))
      try {
        await this.api.start(id)
        container.began(await this.api.inspect(id), ground.port)
        return container
      } catch (error) {
        void container.stop(0)
        throw error
      }
    } catch (error) {
      await clear(ground)
      throw this.hinted(error, ground)
    }
  }

  async healthy(): Promise<boolean> {
    return this.api.ping(PING_MS).then(
      () => true,
      () => false,
    )
  }

  hurry(): void {
    if (this.hurriedSince < Infinity) return
    this.hurriedSince = performance.now()
    // What the engine has not answered by then is left to the next start.
    this.hurrying = setTimeout(() => this.api.end(new Fault('closing', 'the adapter ends')), HURRIED_MS)
  }

  async close(): Promise<void> {
    this.hurry()
    await Promise.all(this.removals)
    this.watch.end()
    const network = await this.network?.catch(() => undefined)
    if (network !== undefined) await this.api.removeNetwork(network.name).catch(() => undefined)
    clearTimeout(this.hurrying)
    this.api.end(new Fault('closing', 'the adapter has ended'))
  }

  /** The network of this adapter, made when it is first needed. */
  private networked(): Promise<ContainerNetwork> {
    this.network ??= ContainerNetwork.make(this.api, this.options.label).catch((error: unknown) => {
      this.network = undefined
      throw error
    })
    return this.network
  }

  private async placeFor({ port, callbackHost }: Ground): Promise<ContainerPlace | undefined> {
    if (port === undefined && callbackHost === undefined) return undefined
    const network = await this.networked()
    return { network: network.name, address: network.take() }
  }

  /** Ends a container and takes away all of it. */
  private async end(id: string, graceMs: number, ground: Ground, place: ContainerPlace | undefined): Promise<void> {
    if (graceMs > 0) await this.api.stop(id, graceMs).catch(() => undefined)
    const isGone = await this.track(this.removed(id, Number.POSITIVE_INFINITY))
    if (isGone && place !== undefined) (await this.network)?.give(place.address)
    await clear(ground)
  }

  private track<T>(removal: Promise<T>): Promise<T> {
    const tracked: Promise<T> = removal.finally(() => this.removals.delete(tracked))
    this.removals.add(tracked)
    return tracked
  }

  /** Removes a container that may be there, or may come yet. */
  private async removeStray(name: string): Promise<void> {
    for (let waited = 0; waited < ENGINE_TIMEOUT_MS && this.hurriedSince === Infinity; waited += RETRY_MS) {
      const found = await this.api.inspect(name).catch(() => undefined)
      if (found !== undefined) return void (await this.removed(found.Id, Number.POSITIVE_INFINITY))
      await sleep(RETRY_MS)
    }
  }

  /** Whether it is gone, after so many tries at most. */
  private async removed(id: string, tries: number): Promise<boolean> {
    for (let tried = 0; tried < tries; tried += 1) {
      const gone = await this.api.remove(id).then(
        () => true,
        // 404: it is gone. 409: another removal is under way.
        (error: unknown) => error instanceof EngineError && error.status === 404,
      )
      if (gone) return true
      // What cannot be removed now is found by its label at the next start.
      if (performance.now() - this.hurriedSince > HURRIED_MS) return false
      if (this.hurriedSince < Infinity && !(await this.healthy())) return false
      await sleep(RETRY_MS)
    }
    return false
  }

  private hinted(error: unknown, { folder }: Ground): Fault {
    const fault = faultOf(error, 'backend')
    if (folder === undefined || !fault.message.includes('bind source path does not exist')) return fault
    const why = 'where the adapter has a private temporary folder, set "folder" to one that both see'
    return new Fault('backend', `the engine does not see the folder ${folder.outside}: ${why}`)
  }
}

async function clear({ folder }: Ground): Promise<void> {
  if (folder !== undefined) await rm(folder.outside, { recursive: true, force: true, maxRetries: CLEAR_TRIES })
}
