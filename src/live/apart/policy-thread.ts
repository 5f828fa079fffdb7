import { type MessagePort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { type Complaint, UserError } from '../../core/user-error.ts'
import { askFloor, askKeepIdle, askLastKeepAlive, askWindows, BadAnswer } from '../../engine/ask.ts'
import type { CodeFile } from '../../own/code-file.ts'
import { policyInFile } from '../../own/own-code.ts'
import { guardedPolicy } from '../../own/guarded-policy.ts'
import type { Watch } from '../../own/watch.ts'
import type { Policy } from '../../policy/policy.ts'
import { POLICY_METHODS } from '../../policy/wrap-policy.ts'
import { type ContextData, wholeContext } from '../fleet/policy-context.ts'
import {
  ANSWER,
  ANSWERED,
  type ApartCall,
  ARGUMENTS,
  beyond,
  CALLS,
  CALLS_DONE,
  FAILED,
  type ThreadReport,
  type Mailbox,
  METHOD,
  OUTCOME,
  callSlot,
  type ThreadMessage,
  CALLS_WRITTEN,
} from './mailbox.ts'

/** What the thread is given. */
export interface PolicyTask {
  readonly code: CodeFile
  readonly params: Readonly<Record<string, unknown>>
  readonly context: ContextData
  readonly originMs: number
  /** The apps' names by their rows. */
  readonly names: string[]
  readonly mailbox: Mailbox
  readonly watch: Watch
  readonly port: MessagePort
}

const { code, params, context, originMs, names, mailbox, watch, port } = workerData as PolicyTask
const { counts, places } = mailbox

function post(heard: ThreadReport): void {
  port.postMessage(heard)
}

/** Makes the policy; undefined where it cannot be made, which was reported. */
async function made(): Promise<Policy | undefined> {
  const named = { at: (app: number): string => names[app] ?? '' }
  try {
    const definition = guardedPolicy(await policyInFile(code), code.file, named, watch)
    const askAgain = (app: number, at: number): void => post({ asks: app, at })
    return definition.create(params as never, wholeContext(context, named, originMs, askAgain))
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    post({ complaint: error.complaint })
    return undefined
  }
}

const windows = { prewarmMs: 0, keepAliveMs: 0 }
const floor = { instances: 0, untilMs: 0 }

function answer(place: number, first: number, second = 0): void {
  places[place + ANSWER] = first
  places[place + ANSWER + 1] = second
}

/** Every call. Answers are checked here, before they become numbers. */
function callsOf(
  policy: Policy,
): Readonly<Record<ApartCall, (place: number, app: number, b: number, c: number) => void>> {
  return {
    take: () => take(policy),
    arrived: (place, app, now, idleMs) => policy.arrived(app, now, idleMs, places[place + ARGUMENTS + 3]!),
    decide(place, app, now) {
      askWindows(policy, app, now, windows)
      answer(place, windows.prewarmMs, windows.keepAliveMs)
    },
    floor(place, app, now) {
      askFloor(policy, app, now, floor)
      answer(place, floor.instances, floor.untilMs)
    },
    lastKeepAliveMs: (place, app, now) => answer(place, askLastKeepAlive(policy, app, now)),
    finished: (_place, app, now, fn) => policy.finished!(app, now, fn),
    rose: (_place, app, now, inUse) => policy.rose!(app, now, inUse),
    keepIdleMs: (place, app, now, inUse) => answer(place, askKeepIdle(policy, app, now, inUse)),
    save: (_place, app) => post({ learnt: app, state: policy.save!(app) }),
    saveAll: () => post({ learnt: null, state: policy.saveAll!() }),
  }
}

/** Takes the message that was posted before its call. */
function take(policy: Policy): void {
  const { message } = receiveMessageOnPort(port) as { readonly message: ThreadMessage }
  if ('name' in message) names[message.app] = message.name
  else if (message.load === null) policy.loadAll?.(message.state)
  else policy.load?.(message.load, message.state)
}

/** Serves calls in the order in which they were written, until the thread is ended. Nothing else happens in it. */
function serve(policy: Policy): never {
  const calls = callsOf(policy)
  for (let call = 1; ; call = (call + 1) | 0) {
    for (
      let written = Atomics.load(counts, CALLS_WRITTEN);
      beyond(written, call) < 0;
      written = Atomics.load(counts, CALLS_WRITTEN)
    ) {
      Atomics.wait(counts, CALLS_WRITTEN, written)
    }
    const place = callSlot(call)
    const name = CALLS[places[place + METHOD]!]!
    const app = places[place + ARGUMENTS]!
    try {
      calls[name](place, app, places[place + ARGUMENTS + 1]!, places[place + ARGUMENTS + 2]!)
      places[place + OUTCOME] = ANSWERED
    } catch (error) {
      post({ failed: call, app: name === 'take' || name === 'saveAll' ? null : app, why: told(error) })
      places[place + OUTCOME] = FAILED
    }
    Atomics.store(counts, CALLS_DONE, call)
    Atomics.notify(counts, CALLS_DONE)
  }
}

/** Reports an error with the file that it comes from. */
function told(error: unknown): Complaint {
  if (error instanceof UserError) return error.complaint
  return { where: code.file, problem: error instanceof BadAnswer ? error.message : String(error) }
}

const policy = await made()
if (policy !== undefined) {
  post({ methods: POLICY_METHODS.filter((method) => policy[method] !== undefined) })
  serve(policy)
}
