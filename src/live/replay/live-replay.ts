import { Agent, request } from 'node:http'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LiveConfig } from '../live-config.ts'
import { type Recording, recorder, type Sends } from './recording.ts'
import type { PlannedReplay, ReplayPlan } from './replay-plan.ts'
import { type ServeOptions, serve } from '../serve.ts'

/** How long before the first arrival the clock of the replay begins, in ms. */
const LEAD_MS = 100

/**
 * Serves the planned apps and sends the planned arrivals to them through the gateway: each at its time, whether or not
 * earlier ones were answered. Ends when the stretch is over and all were answered; a signal ends it earlier. Gives what
 * happened until then.
 */
export async function replay(
  config: LiveConfig,
  planned: PlannedReplay,
  plan: Pick<ReplayPlan, 'speed' | 'forMs' | 'lateMs'>,
  options: ServeOptions & { readonly signal?: AbortSignal },
): Promise<Recording> {
  const recording = recorder(config)
  const serving = await serve(config, { ...options, watcher: recording.watcher })
  const { originMs, sinceMs } = serving.adapter
  try {
    const beginMs = serving.adapter.now() + LEAD_MS
    const sends = await sendAll(serving.url, config, planned, plan, options.signal)
    const endMs = serving.adapter.now()
    await serving.close()
    const arrivals = planned.arrivals.map(({ app, atMs, durationMs }) => ({ app, atMs, durationMs }))
    return recording.take({ originMs, sinceMs }, endMs, sends, { beginMs, arrivals })
  } catch (error) {
    await serving.close()
    throw error
  }
}

async function sendAll(
  url: string,
  { apps }: LiveConfig,
  { arrivals }: PlannedReplay,
  { speed, forMs, lateMs: boundMs }: Pick<ReplayPlan, 'speed' | 'forMs' | 'lateMs'>,
  signal: AbortSignal | undefined,
): Promise<Sends> {
  const agent = new Agent({ keepAlive: true })
  const begun = performance.now() + LEAD_MS
  const lateMs: number[] = []
  const answers: Promise<boolean>[] = []
  let notSent = 0
  for (const { atMs, app, fn, durationMs } of arrivals) {
    const wait = begun + atMs - performance.now()
    if (wait > 0) await rest(wait, signal)
    if (signal?.aborted) break
    const late = performance.now() - begun - atMs
    if (late > boundMs) {
      notSent += 1
      continue
    }
    lateMs.push(late)
    const { name, functions } = apps[app]!
    answers.push(send(agent, `${url}/call/${name}/${functions[fn]}`, JSON.stringify({ ms: durationMs })))
  }
  await rest(Math.max(0, begun + forMs / speed - performance.now()), signal)
  const failed = (await Promise.all(answers)).filter((isAnswered) => !isAnswered).length
  agent.destroy()
  return { speed, planned: arrivals.length, sent: lateMs.length, notSent, boundMs, lateMs, failed }
}

/** Waits so long, or until the signal. */
async function rest(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined)
}

/** Whether the call was answered with 200. */
function send(agent: Agent, url: string, body: string): Promise<boolean> {
  return new Promise((resolve) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
    const call = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume().on('close', () => resolve(response.statusCode === 200))
    })
    call.on('error', () => resolve(false)).end(body)
  })
}
