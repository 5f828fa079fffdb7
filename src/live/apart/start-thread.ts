import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads'
import { UserError } from '../../core/user-error.ts'
import type { CodeFile } from '../../own/code-file.ts'
import { openWatch } from '../../own/watch.ts'
import { underWatch } from '../../own/watchdog.ts'
import type { PolicyMethod } from '../../policy/wrap-policy.ts'
import type { ContextData } from '../fleet/policy-context.ts'
import { type ThreadReport, type Mailbox, openMailbox, type Said, type ThreadMessage } from './mailbox.ts'
import type { PolicyTask } from './policy-thread.ts'

/** What a thread needs. */
export interface ThreadParts {
  readonly code: CodeFile
  readonly params: Readonly<Record<string, unknown>>
  readonly context: ContextData
  readonly originMs: number
  readonly names: { at(app: number): string }
  /** A call that takes longer ends the thread, in ms. */
  readonly longestMs: number
  /** What its data may hold, in MB. */
  readonly mostHeapMb: number
  /** Gets the reports of the policy, from the time on when it is made. */
  readonly onHeard: (heard: Said) => void
}

/** A thread with the policy of a user's own file. */
export interface PolicyThread {
  readonly mailbox: Mailbox
  /** The methods that the policy has. */
  readonly methods: readonly PolicyMethod[]
  /** Posts a message. The call `take` must be written afterwards. */
  tell(told: ThreadMessage): void
  /** Takes the reports that were posted until now. */
  hear(): void
  /** Rejects with a UserError that says why it ended, or was ended; never resolves. */
  readonly ended: Promise<never>
  end(): Promise<void>
}

/** The longest time that a file may take to load, in ms. */
const LOADING_MS = 20_000

/** Starts one. Rejects with a UserError where the policy cannot be made. */
export async function startThread(parts: ThreadParts): Promise<PolicyThread> {
  const { code, params, context, originMs, names, longestMs, mostHeapMb, onHeard } = parts
  const mailbox = openMailbox()
  const watch = openWatch()
  const { port1: port, port2 } = new MessageChannel()
  const named = Array.from({ length: context.apps }, (_, app) => names.at(app))
  const task: PolicyTask = { code, params, context, originMs, names: named, mailbox, watch, port: port2 }
  // This file runs from source in tests and as built JavaScript elsewhere; the thread's is its neighbour in both.
  const name = import.meta.url.endsWith('.ts') ? './policy-thread.ts' : './policy-thread.js'
  const worker = new Worker(new URL(name, import.meta.url), {
    workerData: task,
    transferList: [port2],
    resourceLimits: { maxOldGenerationSizeMb: mostHeapMb },
  })
  const { promise: methods, resolve, reject } = Promise.withResolvers<readonly PolicyMethod[]>()
  const receive = (heard: ThreadReport): void => {
    if ('methods' in heard) resolve(heard.methods)
    else if ('complaint' in heard) reject(new UserError(heard.complaint))
    else onHeard(heard)
  }
  port.on('message', receive)
  const hear = (): void => {
    for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) {
      receive(next.message as ThreadReport)
    }
  }
  const end = async (): Promise<void> => {
    port.close()
    await worker.terminate()
  }
  const life = (signal: AbortSignal): Promise<never> =>
    new Promise((_, reject) => {
      worker.once('error', reject)
      worker.once('exit', (exitCode) => {
        // Its last report explains its end.
        hear()
        reject(new Error(`exit code ${exitCode}`))
      })
      signal.addEventListener('abort', () => reject(new Error('it was stopped')))
    })
  const ended = underWatch(life, { watch, files: { policy: code.file }, names, longestMs }).finally(end)
  ended.catch(() => undefined)
  try {
    const made = await Promise.race([methods, ended, late(code.file)])
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    return { mailbox, methods: made, tell: (told) => port.postMessage(told), hear, ended, end }
  } catch (error) {
    await end()
    throw error
  }
}

async function late(file: string): Promise<never> {
  await new Promise((resolve) => setTimeout(resolve, LOADING_MS).unref())
  throw new UserError({ where: file, problem: `the policy was not made within ${LOADING_MS / 1000} s` })
}
