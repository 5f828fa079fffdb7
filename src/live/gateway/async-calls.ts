import type { Adapter } from '../adapter.ts'
import { Fault, faultOf } from '../fault.ts'
import { whole } from '../exchange/whole.ts'
import type { LogLine } from '../log.ts'
import type { AcceptedCall, CallStore, CallOutcome, CallStanding } from '../state/call-store.ts'

/** The pause before a call is tried again, in ms: it doubles each time. */
const FIRST_PAUSE_MS = 1000
const MOST_PAUSE_MS = 60_000

/** Calls whose callers do not wait: they outlive the adapter, and are tried again as often as their app says. */
export class AsyncCalls {
  private readonly adapter: Adapter
  private readonly store: CallStore
  private readonly log: (line: LogLine) => void
  private readonly pauses = new Set<NodeJS.Timeout>()
  private isClosing = false

  constructor(adapter: Adapter, store: CallStore, log: (line: LogLine) => void) {
    this.adapter = adapter
    this.store = store
    this.log = log
  }

  /** Resumes the calls that an earlier adapter had accepted. */
  resume(): number {
    const unfinished = this.store.unfinished()
    for (const accepted of unfinished) this.goOn(accepted)
    return unfinished.length
  }

  /** Accepts a call. Throws a Fault where there are too many. */
  accept(app: string, call: AcceptedCall['call']): void {
    this.store.accept({ app, call })
    this.begin(app, call, 1)
  }

  get(id: string): CallStanding | undefined {
    return this.store.get(id)
  }

  /** Begins no more calls: what is not under way is left to the next adapter. */
  stop(): void {
    this.isClosing = true
    for (const pause of this.pauses) clearTimeout(pause)
  }

  close(): void {
    this.stop()
    this.store.close()
  }

  private goOn({ app, call, attempts, wasRunning }: AcceptedCall): void {
    const deployed = this.adapter.directory.rowOf(app)
    const retries = deployed === undefined ? 0 : this.adapter.apps[deployed]!.retries
    if (wasRunning && attempts > retries) {
      const message = 'the adapter ended while it ran; it may have been executed'
      return this.store.end(call.id, new Fault('interrupted', message))
    }
    if (wasRunning) this.store.putBack(call.id, true)
    this.begin(app, call, attempts + 1)
  }

  /** Tries a call and writes its end. Where that fails, as on a full disk, only this call is affected. */
  private begin(app: string, call: AcceptedCall['call'], attempt: number): void {
    this.attempt(app, call, attempt).catch((error: Error) => {
      this.log({ event: 'asynchronous call not written down', app, id: call.id, why: error.message })
    })
  }

  private async attempt(app: string, call: AcceptedCall['call'], attempt: number): Promise<void> {
    const whom = this.adapter.directory.find(app, call.fn)
    if (whom === undefined) return this.store.end(call.id, new Fault('badRequest', `there is no app ${app} any longer`))
    const { retries, mostAnswerBytes } = this.adapter.apps[whom.app]!
    this.store.begin(call.id)
    const outcome: CallOutcome = await this.adapter
      .invoke(whom.app, whom.fn, call)
      .then((reply) => whole(reply, mostAnswerBytes))
      .catch((error: unknown) => faultOf(error, 'backend'))
    if (outcome instanceof Fault && outcome.kind === 'closing') return this.store.putBack(call.id, false)
    if (!isWorthAnother(outcome) || attempt > retries) return this.store.end(call.id, outcome)
    this.store.putBack(call.id, true)
    if (this.isClosing) return
    const pause = setTimeout(
      () => {
        this.pauses.delete(pause)
        this.begin(app, call, attempt + 1)
      },
      Math.min(MOST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1)),
    )
    this.pauses.add(pause)
  }
}

/** Whether another try may succeed: not where the caller's request was wrong. */
function isWorthAnother(outcome: CallOutcome): boolean {
  if (!(outcome instanceof Fault)) return outcome.status >= 500
  return outcome.kind !== 'badRequest' && outcome.kind !== 'tooLarge'
}
