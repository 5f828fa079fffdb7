// Serves functions that fail in every way under a steady load, and says at the end what is left: instances, sockets and
// memory. By default 30 minutes on processes: node tools/soak.ts [minutes] [backend] [socket] [image]
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { BACKENDS } from '../src/live/backends/index.ts'
import type { LiveApp } from '../src/live/live-app.ts'
import { serve } from '../src/live/serve.ts'
import { checkLedger } from '../src/metrics/check-ledger.ts'
import { policies } from '../src/policy/policies/index.ts'

const [minutes = '30', backend = 'process', socket, image] = process.argv.slice(2)
const PROGRAMS = fileURLToPath(new URL('../test/live/programs/', import.meta.url))
/** Calls a second, and how often what is used is looked at. */
const RATE = 20
const LOOK_MS = 10_000
const ACTS = ['echo', 'echo', 'echo', 'echo', 'sleep', 'fail', 'exit', 'hang', 'garbage', 'grow']

const folder = mkdtempSync(join(tmpdir(), 'pl-soak-'))
const name = `soak-${process.pid}`
const place = { id: backend, ...(socket === undefined ? {} : { socket }) }
const app = (program: string, contract: string): LiveApp => ({
  name: program,
  functions: ['f'],
  contract,
  ...(image === undefined ? {} : { image }),
  command:
    image === undefined
      ? [process.execPath, join(PROGRAMS, `${program}.mjs`)]
      : ['/usr/local/bin/node', `/app/programs/${program}.mjs`],
  folder,
  env: {},
  memoryMb: 160,
  concurrency: 1,
  timeoutMs: 1000,
  startTimeoutMs: 20_000,
  stopGraceMs: 0,
  pauseAfterMs: 500,
})
const apps = [app('http-server', 'http'), app('fdk', 'fn')]
const definition = policies.get('fixed', 'soak')
const serving = await serve(
  {
    name,
    apps,
    backend: place,
    policy: { definition, params: { keepAlive: 2000 }, seed: 1 },
    reuse: 'newest',
    whileLoading: 'new',
    budgetMb: 1600,
    listen: { host: '127.0.0.1', port: 0 },
    state: { file: join(folder, 'state.json'), everyMs: 1000 },
    limits: { calls: 100, connections: 500, graceMs: 5000 },
  },
  { log: () => undefined },
)

const counts = new Map<string, number>()
const note = (what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1)
const end = Date.now() + Number(minutes) * 60_000
const heaps: number[] = []
const pending = new Set<Promise<void>>()
let looked = 0
for (let index = 0; Date.now() < end; index += 1) {
  const { name: called } = apps[index % apps.length]!
  const act = ACTS[Math.floor(index / apps.length) % ACTS.length]!
  const call = calling(`${serving.url}/call/${called}`, { act, ms: 100, mb: 200 }, index % 37 === 0)
  pending.add(call)
  void call.finally(() => pending.delete(call))
  await new Promise((resolve) => setTimeout(resolve, 1000 / RATE))
  if (Date.now() - looked < LOOK_MS) continue
  looked = Date.now()
  globalThis.gc?.()
  heaps.push(process.memoryUsage().rss / 1024 / 1024)
}
await Promise.all(pending)
await serving.close()

const again = await BACKENDS.get(backend, 'soak').open({ label: name, folder: join(folder, 'instances'), ...place })
const left = await again.removeLeftovers()
await again.close()
const sockets = existsSync('/proc/self/fd') ? readdirSync('/proc/self/fd').length : Number.NaN
rmSync(folder, { recursive: true, force: true })
const third = Math.max(1, Math.floor(heaps.length / 3))
const mean = (values: readonly number[]): number => values.reduce((sum, mb) => sum + mb, 0) / Math.max(1, values.length)
console.log(
  JSON.stringify(
    {
      minutes: Number(minutes),
      backend,
      answers: Object.fromEntries([...counts].toSorted()),
      instancesLeft: left,
      callsLeft: serving.adapter.underWay,
      openFilesAtEnd: sockets,
      openAtEnd: process.getActiveResourcesInfo(),
      violations: checkLedger(serving.adapter.ledger),
      // Of the adapter's process, in the second and the last third of the time: the first warms up.
      residentMb: [Math.round(mean(heaps.slice(third, 2 * third))), Math.round(mean(heaps.slice(-third)))],
    },
    null,
    2,
  ),
)
process.exitCode = left === 0 && serving.adapter.underWay === 0 ? 0 : 1

/** Sends one call, and notes its status; some clients hang up. */
async function calling(url: string, body: unknown, hangsUp: boolean): Promise<void> {
  const signal = AbortSignal.timeout(hangsUp ? 50 : 60_000)
  try {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body), signal })
    await response.arrayBuffer()
    note(String(response.status))
  } catch {
    note(hangsUp ? 'hung up' : 'no answer')
  }
}
