/** An app as it is deployed: what is loaded, kept and charged as one. Plain values, every one checked before. */
export interface LiveApp {
  readonly name: string
  /** Its name in a trace, which plans use; absent where it is the same as its own name. */
  readonly traceName?: string
  /** What invocations may name; at least one. */
  readonly functions: readonly string[]
  /** Id of a contract. */
  readonly contract: string
  /** The image of its containers. A backend without images ignores it. */
  readonly image?: string
  /** Replaces the image's entry point, where it is given. */
  readonly entrypoint?: readonly string[]
  /** Processors that a container may use at most, as 0.5; absent: all. */
  readonly cpus?: number
  /** User, or user and group, that a container runs as; absent where the image says. */
  readonly user?: string
  /** Program and arguments; may be empty where the image has its own. */
  readonly command: readonly string[]
  /** Where the program starts, for backends without images. */
  readonly folder: string
  /** Variables of its environment besides those of the contract. Only PATH is inherited. */
  readonly env: Readonly<Record<string, string>>
  /** What an instance may use and is charged for, in MB. */
  readonly memoryMb: number
  /** Invocations that one instance serves at a time. */
  readonly concurrency: number
  /** How long an execution may take, and a start until it is ready, in ms. */
  readonly timeoutMs: number
  readonly startTimeoutMs: number
  /** How long a stopped instance has between SIGTERM and its end; 0: it is killed at once. */
  readonly stopGraceMs: number
  /** How long an event stream or a WebSocket may last, in ms. */
  readonly streamMs: number
  /** Bytes of the body of a request, and of an answer, at most. */
  readonly mostRequestBytes: number
  readonly mostAnswerBytes: number
  /** Names what is deployed: it changes when anything of the app changes. */
  readonly revision: string
  /** How often an asynchronous call that failed is tried again. */
  readonly retries: number
  /** Names of hosts whose requests all go to it. */
  readonly hosts: readonly string[]
  /** Idle instances are paused after so many ms; Infinity: never. */
  readonly pauseAfterMs: number
  /** The entry point of its code, for contracts that name one (lambda). */
  readonly handler?: string
  /** The code that the contract sends to an instance, and its entry point; only for contracts that do (openwhisk). */
  readonly code?: { readonly text: string; readonly binary: boolean; readonly main: string }
}

/** The name by which a plan knows an app. */
export function planName({ name, traceName }: Pick<LiveApp, 'name' | 'traceName'>): string {
  return traceName ?? name
}
