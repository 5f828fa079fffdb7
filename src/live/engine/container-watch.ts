import { setTimeout as sleep } from 'node:timers/promises'
import type { ContainerEvent, EngineApi } from './engine-api.ts'
import { EngineError } from './engine-api.ts'
import { linesOf } from '../instance/lines-of.ts'

/** How long after the connection was lost, or could not be made, it is tried again, in ms. */
const RECONNECT_MS = 200

/** Reports to a container's owner. */
export interface ContainerListener {
  /** The connection to the engine was lost: what happens to the container is not known. */
  lost(): void
  /** The connection to the engine is back. */
  heard(): void
  happened(event: ContainerEvent): void
}

/**
 * Receives through one connection what happens to all containers of an adapter. By this connection the adapter also knows
 * that the engine is still the same: when it breaks, nothing is known of any container until the engine was
 * asked for it again.
 */
export class ContainerWatch {
  private readonly api: EngineApi
  private readonly label: string
  private readonly listeners = new Map<string, ContainerListener>()
  private readonly over = new AbortController()
  private readonly first = Promise.withResolvers<void>()
  private isHeard = false

  constructor(api: EngineApi, label: string) {
    this.api = api
    this.label = label
    void this.listen()
  }

  /** Whether there is a connection to the engine. */
  get hears(): boolean {
    return this.isHeard
  }

  /** Resolves when the connection was first made. */
  get ready(): Promise<void> {
    return this.first.promise
  }

  /** Reports to a container's owner what happens to it from now on. */
  follow(id: string, listener: ContainerListener): void {
    this.listeners.set(id, listener)
  }

  unfollow(id: string): void {
    this.listeners.delete(id)
  }

  end(): void {
    this.over.abort()
    this.first.resolve()
  }

  private async listen(): Promise<void> {
    const { signal } = this.over
    while (!signal.aborted) {
      try {
        const events = await this.api.events(this.label, signal)
        this.isHeard = true
        this.first.resolve()
        for (const listener of this.listeners.values()) listener.heard()
        for await (const line of linesOf(events)) this.tell(line)
      } catch {
        // It is reported below, like an end.
      }
      const wasHeard = this.isHeard
      this.isHeard = false
      if (wasHeard) for (const listener of this.listeners.values()) listener.lost()
      await sleep(RECONNECT_MS, undefined, { signal }).catch(() => undefined)
    }
  }

  private tell(line: string): void {
    if (line.trim() === '') return
    let event: ContainerEvent
    try {
      event = JSON.parse(line) as ContainerEvent
    } catch {
      throw new EngineError('the engine tells of an event in what is no JSON')
    }
    this.listeners.get(event.Actor?.ID)?.happened(event)
  }
}
