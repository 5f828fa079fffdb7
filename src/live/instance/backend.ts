import type { Described } from '../../core/registry.ts'
import type { LiveApp } from '../live-app.ts'

/** What a contract needs of an instance before it starts. */
export interface Needs {
  /** The program listens on a TCP port. */
  readonly port: boolean
  /** The program calls the adapter, and so must reach it. */
  readonly callback: boolean
  /** A folder that adapter and program share; where a container sees it. */
  readonly folder?: string
}

/** What a backend prepared for one instance; parts that it does not need are absent. */
export interface Ground {
  /** The port on which the program has to listen, as it sees it. */
  readonly port?: number
  /** The address of this machine on which the program can reach the adapter, to listen on. */
  readonly callbackHost?: string
  /** The shared folder as the adapter sees it, and as the program does. */
  readonly folder?: { readonly outside: string; readonly inside: string }
}

/** How the main program of an instance ended. */
export interface Exit {
  /** In words, for logs and callers: `exit code 3`, `killed for memory`. */
  readonly how: string
  readonly outOfMemory: boolean
}

/** One running process or container. Its owner calls one method at a time; `stop` may come at any time. */
export interface Sandbox {
  /** Its number or id with the backend. */
  readonly id: string
  /** Where its port is reached; absent where none was needed. */
  readonly address?: { readonly host: string; readonly port: number }
  /** The address from which its program calls the adapter; undefined where that is this machine's own. */
  readonly caller?: string
  /** Whether it is paused, by the adapter or by hand. */
  readonly isPaused: boolean
  /** Whether it may no longer be what it was, at its address. Then no call may be sent to it. */
  readonly isUnknown: boolean
  /** Resolves when it is known, or has ended. */
  known(): Promise<void>
  /** Settles once, when its program ended or it was removed, for any reason. Never rejects. */
  readonly exited: Promise<Exit>
  pause(): Promise<void>
  resume(): Promise<void>
  /** Ends it and removes everything of it; resolves when it no longer holds memory. May be called again. */
  stop(graceMs: number): Promise<void>
  /** Memory in use now, in MB; NaN when it is gone. */
  memoryMb(): Promise<number>
  /** The last of what its program printed. */
  output(): Promise<string>
  /** Gives every line that its program prints to `onLine`; resolves when nothing more can come. Called once. */
  print(onLine: (line: string) => void): Promise<void>
}

/** What a backend needs to be opened. */
export interface BackendOptions {
  /** Marks everything that is made, so that what a dead adapter left is found again. */
  readonly label: string
  /** A folder of the adapter's own, for what instances share with it. */
  readonly folder: string
  /** Path of the socket of a Docker Engine API; for backends that talk to one. */
  readonly socket?: string
}

/** Something that runs instances of apps. */
export interface Backend {
  /** Names the machine or engine that runs its instances: two adapters of one name must not share it. */
  engine(): Promise<string>
  /** Ends and removes what an earlier adapter of this label left; gives how many there were. */
  removeLeftovers(): Promise<number>
  /** Throws a UserError for an app that it could never start; `needs` are those of its contract. */
  check(app: LiveApp, needs: Needs): Promise<void>
  prepare(needs: Needs, name: string): Promise<Ground>
  /** Starts an instance on its ground with this environment. */
  start(app: LiveApp, env: Readonly<Record<string, string>>, ground: Ground): Promise<Sandbox>
  /** Whether it could start something now. */
  healthy(): Promise<boolean>
  /** The adapter is about to end: what is not gone after eight seconds is killed, or left to the next start. */
  hurry(): void
  /** Waits until nothing is left of what was started and stopped, and releases all resources. */
  close(): Promise<void>
}

/** A backend as it is listed. */
export interface BackendDefinition extends Described {
  /** Opens it. Throws a UserError where the machine does not have what it needs. */
  open(options: BackendOptions): Promise<Backend>
}
