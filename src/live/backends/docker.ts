import { randomUUID } from 'node:crypto'
import { chmod, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import Docker, { type Container, type ContainerCreateOptions, type NetworkInspectInfo } from 'dockerode'
import { UserError } from '../../core/user-error.ts'
import type { Backend, BackendDefinition, BackendOptions, Exit, Ground, Needs, Sandbox } from '../instance/backend.ts'
import { Fault, faultOf } from '../fault.ts'
import { ENGINE_TIMEOUT_MS, MOST_OUTPUT } from '../limits.ts'
import type { LiveApp } from '../live-app.ts'
import { containerOptions, LABEL } from '../instance/container-options.ts'
import { gatewayOf, isImageName, unframed, withoutCache } from '../instance/engine-words.ts'
import { orAborted } from '../instance/or-aborted.ts'

const DEFAULT_SOCKET = '/var/run/docker.sock'
/** The port that programs listen on inside, as Cloud Run, functions-framework and OpenWhisk have it. */
const PORT = 8080
const MB = 1024 * 1024
/** How long after a failed removal the next is tried, and how long at the end, in ms. */
const RETRY_MS = 500
const HURRIED_MS = 10_000
/** How often the removal of what an earlier adapter left is tried. */
const LEFTOVER_TRIES = 10
/** An engine that does not answer a ping in so many ms is not healthy. */
const PING_MS = 2000

/** Containers of any Docker Engine API: Docker, and podman's service. The adapter must run on the engine's machine. */
export const docker: BackendDefinition = {
  id: 'docker',
  summary: 'Containers of any Docker Engine API socket: Docker, and podman’s service.',
  async open(options) {
    const socketPath = options.socket ?? DEFAULT_SOCKET
    const engine = new Docker({ socketPath, timeout: ENGINE_TIMEOUT_MS })
    await engine.ping().catch((error: Error) => {
      const hint = 'Is the engine running, and may this user talk to it?'
      throw new UserError({ where: 'socket', problem: `no engine answers at ${socketPath} (${error.message})`, hint })
    })
    return new Containers(engine, new Docker({ socketPath }), options)
  },
}

/** What the engine answers with when it refuses, and what breaks before it answers. */
type EngineError = Error & { readonly statusCode?: number }

class Containers implements Backend {
  private readonly engine: Docker
  /** For requests that are answered only when a container ends. */
  private readonly patient: Docker
  private readonly options: BackendOptions
  /** Removals that have not succeeded yet. */
  private readonly removals = new Set<Promise<unknown>>()
  private hurriedSince = Number.POSITIVE_INFINITY
  /** Aborts what an engine that hangs has not answered by the end. */
  private readonly over = new AbortController()

  constructor(engine: Docker, patient: Docker, options: BackendOptions) {
    this.engine = engine
    this.patient = patient
    this.options = options
  }

  async removeLeftovers(): Promise<number> {
    const filters = { label: [`${LABEL}=${this.options.label}`] }
    const left = await this.engine.listContainers({ all: true, filters })
    const isGone = await Promise.all(left.map(({ Id }) => this.track(this.removed(Id, LEFTOVER_TRIES))))
    const stuck = left.find((_, index) => !isGone[index])
    if (stuck === undefined) return left.length
    const problem = `the engine does not remove the container ${stuck.Id.slice(0, 12)} of an earlier adapter`
    throw new UserError({ where: 'name', problem, hint: 'Remove it with "docker rm -f", and start again.' })
  }

  async check({ name, image }: LiveApp): Promise<void> {
    const where = `apps.${name}`
    if (image === undefined) throw new UserError({ where, problem: 'the backend "docker" needs an image' })
    // It becomes part of a path of the engine's API.
    if (!isImageName(image)) {
      throw new UserError({ where, problem: `expected the name of an image, found ${JSON.stringify(image)}` })
    }
    await this.engine
      .getImage(image)
      .inspect()
      .catch(({ message }: Error) => {
        const hint = 'Pull, build or import it first; nothing is pulled here.'
        throw new UserError({ where, problem: `the engine has no image ${image} (${message})`, hint })
      })
  }

  async prepare({ port, callback, folder }: Needs, name: string): Promise<Ground> {
    const outside = join(this.options.folder, name)
    if (folder !== undefined) {
      await mkdir(outside, { recursive: true, mode: 0o700 })
      // The program may run as any user of its image; the folder above is the adapter's alone.
      await chmod(outside, 0o777)
    }
    return {
      ...(port ? { port: PORT } : {}),
      ...(callback ? { callbackHost: await this.bridgeAddress() } : {}),
      ...(folder === undefined ? {} : { folder: { outside, inside: folder } }),
    }
  }

  async start(app: LiveApp, env: Readonly<Record<string, string>>, ground: Ground): Promise<Sandbox> {
    const options = containerOptions(app, env, ground, this.options.label)
    const name = `pilotlight-${randomUUID()}`
    try {
      const container = await this.answered(this.engine.createContainer({ ...options, name })).catch(
        (error: EngineError) => {
          // Without an answer nobody knows whether it was made, or still will be.
          if (error.statusCode === undefined) void this.track(this.removeStray(name))
          throw error
        },
      )
      try {
        await this.answered(container.start())
        return await this.sandboxOf(container, options, ground)
      } catch (error) {
        void this.remove(container.id)
        throw error
      }
    } catch (error) {
      await clear(ground)
      throw faultOf(error, 'backend')
    }
  }

  async healthy(): Promise<boolean> {
    return orAborted(this.engine.ping(), AbortSignal.timeout(PING_MS)).then(
      () => true,
      () => false,
    )
  }

  hurry(): void {
    if (this.hurriedSince < Infinity) return
    this.hurriedSince = performance.now()
    setTimeout(() => this.over.abort(new Fault('closing', 'the adapter ends')), HURRIED_MS).unref()
  }

  async close(): Promise<void> {
    this.hurry()
    await Promise.all(this.removals)
  }

  private async sandboxOf(container: Container, options: ContainerCreateOptions, ground: Ground): Promise<Sandbox> {
    const { id } = container
    const hasNetwork = options.HostConfig?.NetworkMode !== 'none'
    const networks = hasNetwork
      ? Object.values((await this.answered(container.inspect())).NetworkSettings.Networks)
      : []
    const waiting = new AbortController()
    const exited = this.exitOf(id, waiting.signal)
    const ip = networks.find(({ IPAddress }) => IPAddress !== '')?.IPAddress ?? ''
    return {
      id: id.slice(0, 12),
      ...(ground.port === undefined || ip === '' ? {} : { address: { host: ip, port: ground.port } }),
      ...(ip === '' ? {} : { caller: ip }),
      exited,
      pause: () => container.pause() as Promise<void>,
      resume: () => container.unpause() as Promise<void>,
      stop: async (graceMs) => {
        if (graceMs > 0) await this.askToEnd(id, graceMs)
        await this.remove(id)
        await clear(ground)
        // An engine that hangs never tells of an end.
        await orAborted(exited, AbortSignal.timeout(PING_MS)).catch(() => waiting.abort())
      },
      memoryMb: () => usedMb(container),
      output: () => lastOutput(container),
    }
  }

  /** Sends SIGTERM, and waits until its time is over. */
  private async askToEnd(id: string, graceMs: number): Promise<void> {
    const abortSignal = AbortSignal.timeout(graceMs + ENGINE_TIMEOUT_MS)
    const order = { t: Math.ceil(graceMs / 1000), abortSignal }
    await this.patient
      .getContainer(id)
      .stop(order)
      .catch(() => undefined)
  }

  private async exitOf(id: string, abortSignal: AbortSignal): Promise<Exit> {
    try {
      const { StatusCode } = (await this.patient.getContainer(id).wait({ abortSignal })) as { StatusCode: number }
      const outOfMemory = await this.engine
        .getContainer(id)
        .inspect()
        .then(({ State }) => State.OOMKilled)
        .catch(() => false)
      return { how: outOfMemory ? 'out of memory' : `exit code ${StatusCode}`, outOfMemory }
    } catch (error) {
      // The engine went away, or the container was removed before it could be waited for.
      return { how: `the engine says: ${(error as Error).message}`, outOfMemory: false }
    }
  }

  /** What the engine answers, unless the adapter ends before. */
  private answered<T>(request: Promise<T>): Promise<T> {
    return orAborted(request, this.over.signal)
  }

  /** Removes a container, and goes on trying until it is gone, should the engine be away. */
  private async remove(id: string): Promise<void> {
    await this.track(this.removed(id, Number.POSITIVE_INFINITY))
  }

  private track<T>(removal: Promise<T>): Promise<T> {
    const tracked: Promise<T> = removal.finally(() => this.removals.delete(tracked))
    this.removals.add(tracked)
    return tracked
  }

  /** Removes a container that may be there, or may come yet. */
  private async removeStray(name: string): Promise<void> {
    for (let waited = 0; waited < ENGINE_TIMEOUT_MS && this.hurriedSince === Infinity; waited += RETRY_MS) {
      const found = await this.engine
        .getContainer(name)
        .inspect()
        .catch(() => undefined)
      if (found !== undefined) return this.remove(found.Id)
      await sleep(RETRY_MS)
    }
  }

  /** Whether it is gone, after so many tries at most. */
  private async removed(id: string, tries: number): Promise<boolean> {
    for (let tried = 0; tried < tries; tried += 1) {
      const gone = await this.answered(this.engine.getContainer(id).remove({ force: true, v: true }))
        .then(() => true)
        // 404: it is gone. 409: another removal is under way.
        .catch(({ statusCode }: EngineError) => statusCode === 404)
      if (gone) return true
      // What cannot be removed now is found by its label at the next start.
      if (performance.now() - this.hurriedSince > HURRIED_MS) return false
      if (this.hurriedSince < Infinity && !(await this.healthy())) return false
      await sleep(RETRY_MS)
    }
    return false
  }

  /** This machine's address on the default bridge, which containers reach it by. */
  private async bridgeAddress(): Promise<string> {
    const bridge = (await this.answered(this.engine.getNetwork('bridge').inspect())) as NetworkInspectInfo
    const address = gatewayOf(bridge.IPAM?.Config ?? [])
    if (address !== undefined) return address
    throw new Fault('backend', 'the engine has no default bridge, by which containers could call the adapter')
  }
}

async function clear({ folder }: Ground): Promise<void> {
  if (folder !== undefined) await rm(folder.outside, { recursive: true, force: true })
}

/** Memory that a container uses, in MB; NaN when it is gone. */
async function usedMb(container: Container): Promise<number> {
  const read = container.stats({ stream: false, 'one-shot': true } as { stream: false })
  const { memory_stats: memory } = await read.catch(() => ({ memory_stats: undefined }))
  return memory?.usage === undefined ? Number.NaN : withoutCache(memory) / MB
}

async function lastOutput(container: Container): Promise<string> {
  const bytes = await container.logs({ stdout: true, stderr: true, tail: 50 }).catch(() => Buffer.alloc(0))
  return unframed(bytes).slice(-MOST_OUTPUT)
}
