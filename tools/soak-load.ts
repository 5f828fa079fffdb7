import { Agent, request } from 'node:http'
import { connect, type Socket } from 'node:net'

/** What calls ask the test programs for: half of them to do what fails. */
const ACTS = ['echo', 'echo', 'sleep', 'echo', 'fail', 'echo', 'exit', 'echo', 'hang', 'echo', 'garbage', 'grow']
/** Calls at once in a burst, of which there is one a minute. */
const BURST = 400
const BURST_MS = 60_000
/** Every so many calls the client hangs up, or sends half a request and no more. */
const HANGS_UP = 37
const STALLS = 211

/** How hard the apps are called. */
export interface Pace {
  /** Calls a second. */
  readonly rate: number
  /** So many calls that only echo follow each call that may fail; they go to these apps. */
  readonly calm: number
  readonly calmApps: readonly string[]
  /** An app is called for so long and left alone for as long, so that its instances come and go. */
  readonly phaseMs: number
}

/** Calls functions that fail in every way, steadily and in bursts, from clients of which some are no better. */
export class Load {
  /** How many calls got which status, or `hung up`, or the code of the error where none came. */
  readonly answers = new Map<string, number>()
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1000 })
  private readonly pending = new Set<Promise<void>>()
  private readonly stalled: Socket[] = []
  private readonly url: string
  private readonly apps: readonly string[]
  private readonly pace: Pace
  private sent = 0

  constructor(url: string, apps: readonly string[], pace: Pace) {
    this.url = url
    this.apps = apps
    this.pace = pace
  }

  /** Calls sent so far. */
  get total(): number {
    return this.sent
  }

  /** Goes on until a time (ms of the epoch); `look` is called between calls. */
  async run(until: number, look: () => void): Promise<void> {
    const begun = Date.now()
    let bursts = 1
    for (let now = begun; now < until; now = Date.now()) {
      const active = this.apps.filter((_, app) => (Math.floor((now - begun) / this.pace.phaseMs) + app) % 2 === 0)
      const called = this.mayFail ? active : active.filter((app) => this.pace.calmApps.includes(app))
      this.send(called[Math.floor(this.sent / (this.pace.calm + 1)) % called.length]!)
      if (now - begun > bursts * BURST_MS) {
        bursts += 1
        const app = this.apps[bursts % this.apps.length]!
        for (let each = 0; each < BURST; each += 1) this.send(app)
      }
      look()
      await new Promise((resolve) => setTimeout(resolve, 1000 / this.pace.rate))
    }
    await Promise.all(this.pending)
  }

  /** Lets go of every connection. */
  close(): void {
    this.agent.destroy()
    for (const socket of this.stalled) socket.destroy()
  }

  /** Whether the next call is one of those that may fail. */
  private get mayFail(): boolean {
    return this.sent % (this.pace.calm + 1) === 0
  }

  private send(app: string): void {
    const turn = Math.floor(this.sent / (this.pace.calm + 1) / this.apps.length)
    const act = this.mayFail ? ACTS[turn % ACTS.length]! : 'echo'
    this.sent += 1
    if (this.sent % STALLS === 0) this.stall(app)
    const call = this.call(app, act, this.sent % HANGS_UP === 0)
    this.pending.add(call)
    void call.finally(() => this.pending.delete(call))
  }

  private call(app: string, act: string, hangsUp: boolean): Promise<void> {
    const { agent } = this
    return new Promise((resolve) => {
      const note = (answer: string): void => {
        this.answers.set(answer, (this.answers.get(answer) ?? 0) + 1)
        resolve()
      }
      const headers = { 'content-type': 'application/json' }
      const signal = AbortSignal.timeout(hangsUp ? 50 : 60_000)
      const options = { method: 'POST', agent, headers, signal }
      const sent = request(`${this.url}/call/${app}`, options, (response) => {
        response.resume()
        response.on('end', () => note(String(response.statusCode)))
        response.on('error', () => note(hangsUp ? 'hung up' : 'cut off'))
      })
      sent.on('error', (error: NodeJS.ErrnoException) => note(hangsUp ? 'hung up' : (error.code ?? error.name)))
      sent.end(JSON.stringify({ act, ms: 100, mb: 400 }))
    })
  }

  /** A client that promises a body and never sends it. */
  private stall(app: string): void {
    const { hostname, port } = new URL(this.url)
    const socket = connect(Number(port), hostname)
    socket.on('error', () => undefined).resume()
    socket.write(`POST /call/${app} HTTP/1.1\r\nhost: ${hostname}\r\ncontent-length: 100\r\n\r\n{`)
    this.stalled.push(socket)
  }
}
