import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { LiveApp } from '../src/live/live-app.ts'
import { serve } from '../src/live/serve.ts'
import { quantiles } from '../src/metrics/quantile.ts'
import { defaultsOf } from '../src/policy/parameters.ts'
import { policies } from '../src/policy/policies/index.ts'
import { show } from './figure.ts'

// What the gateway adds to a warm call: calls at a steady rate, every other one directly to a process of the same
// program, so that both see the same moments of the machine. node bench/live.ts [calls a second] [seconds]

const RATE = Number(process.argv[2] ?? 200)
const SECONDS = Number(process.argv[3] ?? 10)
const LOAD = fileURLToPath(new URL('live-load.ts', import.meta.url))
const BURNER = fileURLToPath(new URL('../experiments/live/burner.mjs', import.meta.url))
const agent = new Agent({ keepAlive: true })

const folder = mkdtempSync(join(tmpdir(), 'pl-bench-'))
const app: LiveApp = {
  name: 'burner',
  functions: ['burner'],
  contract: 'http',
  command: [process.execPath, BURNER],
  folder,
  env: {},
  memoryMb: 256,
  concurrency: 100,
  timeoutMs: 10_000,
  startTimeoutMs: 10_000,
  stopGraceMs: 0,
  pauseAfterMs: Number.POSITIVE_INFINITY,
  streamMs: 10_000,
  mostRequestBytes: 1_000_000,
  mostAnswerBytes: 1_000_000,
  revision: 'bench',
  hosts: [],
  retries: 0,
}
const decisions: number[] = []
const definition = policies.get('hybrid-histogram', 'bench')
const serving = await serve(
  {
    name: `bench-${process.pid}`,
    apps: [app],
    backend: { id: 'process' },
    policy: { definition, params: defaultsOf(definition.parameters), seed: 1 },
    reuse: 'newest',
    whileLoading: 'join',
    budgetMb: 1024,
    listen: { host: '127.0.0.1', port: 0, tokens: {} },
    state: { file: join(folder, 'state.json'), everyMs: 10_000 },
    limits: {
      calls: 1000,
      connections: 1000,
      graceMs: 1000,
      queue: 1000,
      waitMs: 10_000,
      silenceMs: 10_000,
      policyMs: 100,
    },
  },
  { log: () => undefined, watcher: { visited: ({ decidedMs }) => void decisions.push(decidedMs) } },
)
const port = await freePort()
const direct = spawn(process.execPath, [BURNER], { env: { PORT: String(port) }, stdio: 'inherit' })
const ways = [`${serving.url}/call/burner`, `http://127.0.0.1:${port}/`] as const
await sleep(1000)
for (let round = 0; round < 400; round += 1) await Promise.all(ways.map((url) => timed(url)))
decisions.length = 0

const took: [Promise<number>[], Promise<number>[]] = [[], []]
const begun = performance.now()
for (let index = 0; index < 2 * RATE * SECONDS; index += 1) {
  const wait = begun + (index * 1000) / (2 * RATE) - performance.now()
  if (wait > 0) await sleep(wait)
  took[index % 2]!.push(timed(ways[index % 2]!))
}
const [through, beside] = await Promise.all(took.map(async (all) => Float64Array.from(await Promise.all(all))))
/** Answers a second with 100 connections, directly and through the gateway, in turn: the middle one of three. */
const rates: [number[], number[]] = [[], []]
for (let round = 0; round < 3; round += 1) {
  for (const [way, url] of ways.entries()) rates[way]!.push(await rateOf(url))
}
await serving.close()
direct.kill()
agent.destroy()
rmSync(folder, { recursive: true })

const [middle, tail] = quantilesOf(through!)
const [plainMiddle, plainTail] = quantilesOf(beside!)
const [decision, slowDecision] = quantilesOf(Float64Array.from(decisions))
const rate = `${RATE} warm calls/s each way`
const plain = (value: number) => ({ plain: { name: 'directly', value } })
show({ name: `${rate}, through the gateway, p50`, value: middle, unit: 'ms', ...plain(plainMiddle) })
show({ name: `${rate}, through the gateway, p99`, value: tail, unit: 'ms', ...plain(plainTail) })
show({ name: 'the gateway adds, p50', value: middle - plainMiddle, unit: 'ms', atMost: 0.3 })
show({ name: 'the gateway adds, p99', value: tail - plainTail, unit: 'ms', atMost: 5 })
show({ name: 'engine and policy for an arrival, p50', value: decision * 1000, unit: 'µs', atMost: 20 })
show({ name: 'engine and policy for an arrival, p99', value: slowDecision * 1000, unit: 'µs' })

const [gatewayRate, directRate] = rates.map((each) => each.toSorted((a, b) => a - b)[1]!)
show({
  name: '100 connections, calls/s',
  value: gatewayRate!,
  unit: '1/s',
  plain: { name: 'directly', value: directRate! },
})
show({ name: '100 connections, share of the direct rate', value: gatewayRate! / directRate!, unit: '', atLeast: 0.33 })

/** Measured by a process of its own, which has nothing else to do. */
async function rateOf(url: string): Promise<number> {
  const load = spawn(process.execPath, [LOAD, url, '100', '3'], { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  load.stdout.setEncoding('utf8').on('data', (part: string) => (text += part))
  await once(load, 'close')
  return Number(text)
}

function quantilesOf(values: Float64Array): readonly [number, number] {
  const [middle = 0, tail = 0] = quantiles(values, [0.5, 0.99])
  return [middle, tail]
}

/** Milliseconds from sending a call to the end of its answer. */
function timed(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const from = performance.now()
    const call = request(url, { method: 'POST', agent, headers: { 'content-length': 2 } }, (response) => {
      response.resume().on('end', () => resolve(performance.now() - from))
    })
    call.on('error', reject).end('{}')
  })
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}
