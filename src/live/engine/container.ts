import { setTimeout as sleep } from 'node:timers/promises'
import type { Exit, Sandbox } from '../instance/backend.ts'
import { MOST_OUTPUT } from '../live-limits.ts'
import type { ContainerListener, ContainerWatch } from './container-watch.ts'
import { type ContainerEvent, EngineApi, EngineError, type InspectedContainer } from './engine-api.ts'
import { unframed, withoutCache } from './engine-words.ts'
import { linesOf } from '../instance/lines-of.ts'

const MB = 1024 * 1024
/** How long after it did not answer about a container the engine is asked again, in ms. */
const ASK_AGAIN_MS = 200
/** Lines of its output that are looked at for the last characters. */
const LAST_LINES = 50

/** What identifies a container. */
interface Identity {
  /** When its program started. Another time means another program, even in the same container. */
  readonly startedAt: string
  readonly address: string | undefined
}

/** One container. While there is no connection to the engine, it is `unknown`: it may no longer be what it was. */
export class Container implements Sandbox, ContainerListener {
  readonly id: string
  readonly exited: Promise<Exit>
  /** Set once it runs. */
  address?: { readonly host: string; readonly port: number }
  caller?: string
  isPaused = false
  isUnknown = false
  private readonly fullId: string
  private readonly api: EngineApi
  private readonly watch: ContainerWatch
  private readonly removal: (graceMs: number) => Promise<void>
  private readonly end = Promise.withResolvers<Exit>()
  private identity: Identity | undefined
  private hasEnded = false
  /** Set while it is unknown; resolved when it is known again, or has ended. */
  private knowing: PromiseWithResolvers<void> | undefined
  /** Counts losses of the engine: an answer from before a loss does not count after it. */
  private losses = 0
  private readonly readers = new AbortController()

  /** `removal` ends and removes it with the engine; it may be called again. */
  constructor(api: EngineApi, watch: ContainerWatch, id: string, removal: (graceMs: number) => Promise<void>) {
    this.api = api
    this.watch = watch
    this.fullId = id
    this.id = id.slice(0, 12)
    this.removal = removal
    this.exited = this.end.promise
    watch.follow(id, this)
  }

  /** Notes its identity, once it was started. */
  began(inspected: InspectedContainer, port: number | undefined): void {
    const address = addressOf(inspected)
    this.identity = { startedAt: inspected.State.StartedAt, address }
    if (address !== undefined) {
      this.caller = address
      if (port !== undefined) this.address = { host: address, port }
    }
    if (!inspected.State.Running) this.ended(exitOf(inspected))
    else if (!this.watch.hears) this.lost()
  }

  lost(): void {
    if (this.hasEnded) return
    this.losses += 1
    this.isUnknown = true
    this.knowing ??= Promise.withResolvers<void>()
  }

  heard(): void {
    if (this.isUnknown) void this.confirm()
  }

  happened({ Action }: ContainerEvent): void {
    if (Action === 'pause') this.isPaused = true
    else if (Action === 'unpause') this.isPaused = false
    else if (Action === 'die') void this.died()
    else if (Action === 'destroy') this.ended({ how: 'it was removed', outOfMemory: false })
  }

  /** Resolves when it is known again, or has ended. */
  known(): Promise<void> {
    return this.knowing?.promise ?? Promise.resolve()
  }

  async pause(): Promise<void> {
    await this.api.pause(this.fullId)
    this.isPaused = true
  }

  async resume(): Promise<void> {
    await this.api.unpause(this.fullId).catch((error: unknown) => {
      // Somebody else resumed it meanwhile.
      if (!(error instanceof EngineError) || error.status !== 409) throw error
    })
    this.isPaused = false
  }

  async stop(graceMs: number): Promise<void> {
    await this.removal(graceMs)
    this.ended({ how: 'it was removed', outOfMemory: false })
  }

  async memoryMb(): Promise<number> {
    const memory = await this.api.memory(this.fullId).catch(() => undefined)
    return memory === undefined ? Number.NaN : withoutCache(memory) / MB
  }

  async output(): Promise<string> {
    const bytes = await this.api.printed(this.fullId, LAST_LINES).catch(() => Buffer.alloc(0))
    let text = ''
    for await (const part of unframed(one(bytes))) text += Buffer.from(part).toString('utf8')
    return text.slice(-MOST_OUTPUT)
  }

  /** Gives every line that its program prints to `onLine`, until it has ended or was released. */
  async print(onLine: (line: string) => void): Promise<void> {
    let sinceMs = 0
    while (!this.readers.signal.aborted) {
      try {
        const prints = await this.api.prints(this.fullId, sinceMs / 1000, this.readers.signal)
        for await (const line of linesOf(unframed(prints))) {
          sinceMs = Date.now()
          onLine(line)
        }
        if (!this.isUnknown) return
      } catch (error) {
        if (error instanceof EngineError && error.status === 404) return
      }
      await this.known()
      if (this.hasEnded) return
      await sleep(ASK_AGAIN_MS)
    }
  }

  private async confirm(): Promise<void> {
    const { losses } = this
    while (losses === this.losses && !this.hasEnded) {
      try {
        const inspected = await this.api.inspect(this.fullId)
        if (losses === this.losses) this.judge(inspected)
        return
      } catch (error) {
        if (error instanceof EngineError && error.status === 404) {
          return this.ended({ how: 'it was removed while the engine was away', outOfMemory: false })
        }
        await sleep(ASK_AGAIN_MS)
      }
    }
  }

  /** The engine answers about it again: it is either the same, at the same address, or no longer ours. */
  private judge(inspected: InspectedContainer): void {
    const { identity } = this
    // The caller that starts it gets the error.
    const isStarting = identity === undefined
    const isSame = inspected.State.Running && inspected.State.StartedAt === identity?.startedAt
    if (!isStarting && !(isSame && addressOf(inspected) === identity.address)) return this.ended(exitOf(inspected))
    this.isPaused = inspected.State.Paused
    this.isUnknown = false
    this.knowing?.resolve()
    this.knowing = undefined
  }

  private async died(): Promise<void> {
    const inspected = await this.api.inspect(this.fullId).catch(() => undefined)
    this.ended(inspected === undefined ? { how: 'it was removed', outOfMemory: false } : exitOf(inspected))
  }

  private ended(exit: Exit): void {
    if (this.hasEnded) return
    this.hasEnded = true
    this.isUnknown = false
    this.watch.unfollow(this.fullId)
    this.end.resolve(exit)
    this.knowing?.resolve()
    // What it printed last is still on its way.
    setTimeout(() => this.readers.abort(), 1000).unref()
  }
}

async function* one(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes
}

function addressOf({ NetworkSettings }: InspectedContainer): string | undefined {
  const found = Object.values(NetworkSettings.Networks ?? {}).find(({ IPAddress }) => IPAddress !== '')
  return found?.IPAddress
}

function exitOf({ State }: InspectedContainer): Exit {
  if (State.OOMKilled) return { how: 'out of memory', outOfMemory: true }
  if (State.Running) return { how: 'it was started again by somebody else', outOfMemory: false }
  return { how: `exit code ${State.ExitCode}`, outOfMemory: false }
}
