import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { LiveApp } from '../src/live/live-app.ts'
import { serve } from '../src/live/serve.ts'
import { quantiles } from '../src/metrics/quantile.ts'
import { defaultsOf } from '../src/policy/parameters.ts'
import { policies } from '../src/policy/policies/index.ts'
import { show } from './figure.ts'

// What the gateway adds to a warm call: calls at a steady rate from a process of its own, in turn through the gateway, directly
// to a process of the same program, and to that through a proxy that passes bytes and reads none, which is the least that a
// gateway in Node can take. node bench/live.ts [calls a second] [seconds] [seconds of load]

const RATE = Number(process.argv[2] ?? 200)
const SECONDS = Number(process.argv[3] ?? 10)
const LOAD_SECONDS = process.argv[4] ?? '3'
const beside = (name: string): string => fileURLToPath(new URL(`live/${name}`, import.meta.url))
const BURNER = fileURLToPath(new URL('../experiments/live/burner.mjs', import.meta.url))

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
const proxied = await freePort()
const direct = spawn(process.execPath, [BURNER], { env: { PORT: String(port) }, stdio: 'inherit' })
const proxy = spawn(process.execPath, [beside('proxy.ts'), String(proxied), String(port)], { stdio: 'inherit' })
const ways = [`${serving.url}/call/burner`, `http://127.0.0.1:${port}/`, `http://127.0.0.1:${proxied}/`] as const
await sleep(1000)

const took = JSON.parse(await measured('steady.ts', [String(RATE), String(SECONDS), ...ways])) as readonly number[][]
/** Answers a second with 100 connections, each way in turn: the middle one of three. */
const rates: number[][] = ways.map(() => [])
for (let round = 0; round < 3; round += 1) {
  for (const [way, url] of ways.entries())
    rates[way]!.push(Number(await measured('load.ts', [url, '100', LOAD_SECONDS])))
}
await serving.close()
direct.kill()
proxy.kill()
rmSync(folder, { recursive: true })

const [through, plainly, passed] = took.map((each) => quantilesOf(Float64Array.from(each)))
const [middle, tail] = through!
const [plainMiddle, plainTail] = plainly!
const [passedMiddle, passedTail] = passed!
const [decision, slowDecision] = quantilesOf(Float64Array.from(decisions))
const rate = `${RATE} warm calls/s each way`
const plain = (value: number) => ({ plain: { name: 'directly', value } })
show({ name: `${rate}, through the gateway, p50`, value: middle, unit: 'ms', ...plain(plainMiddle) })
show({ name: `${rate}, through the gateway, p99`, value: tail, unit: 'ms', ...plain(plainTail) })
const proxyAdds = (value: number) => ({ plain: { name: 'a bare proxy adds', value } })
const adds = { value: middle - plainMiddle, unit: 'ms', atMost: 0.3 }
show({ name: 'the gateway adds, p50', ...adds, ...proxyAdds(passedMiddle - plainMiddle) })
const addsAtTail = { value: tail - plainTail, unit: 'ms', atMost: 5 }
show({ name: 'the gateway adds, p99', ...addsAtTail, ...proxyAdds(passedTail - plainTail) })
show({ name: 'engine and policy for an arrival, p50', value: decision * 1000, unit: 'µs', atMost: 20 })
show({ name: 'engine and policy for an arrival, p99', value: slowDecision * 1000, unit: 'µs' })

const [gatewayRate, directRate, proxyRate] = rates.map((each) => each.toSorted((a, b) => a - b)[1]!)
const share = gatewayRate! / directRate!
show({ name: '100 connections, calls/s', value: gatewayRate!, unit: '1/s', ...plain(directRate!) })
show({ name: '100 connections, through a bare proxy', value: proxyRate!, unit: '1/s', ...plain(directRate!) })
show({ name: '100 connections, share of the direct rate', value: share, unit: '', atLeast: 1 / 3 })

/** What a process of its own prints, which has nothing else to do. */
async function measured(program: string, args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [beside(program), ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part))
  await once(child, 'close')
  return text
}

function quantilesOf(values: Float64Array): readonly [number, number] {
  const [middle = 0, tail = 0] = quantiles(values, [0.5, 0.99])
  return [middle, tail]
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}
