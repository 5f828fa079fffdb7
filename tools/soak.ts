// Serves functions that fail in every way for half an hour, under a load that is no better, and judges what is left:
// instances, calls, sockets, files, timers, memory and accounts. Exits 1 where anything is.
//   node --expose-gc tools/soak.ts [minutes] [process | docker]
// The engine of `docker` is named by PILOTLIGHT_DOCKER_SOCKET; it may be stopped and started meanwhile.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SECOND } from '../src/core/units.ts'
import { BACKENDS } from '../src/live/backends/index.ts'
import type { LiveConfig } from '../src/live/live-config.ts'
import type { Visit } from '../src/live/fleet/watcher.ts'
import { checkLedger } from '../src/metrics/check-ledger.ts'
import { defaultsOf } from '../src/policy/parameters.ts'
import { policies } from '../src/policy/policies/index.ts'
import { serve } from '../src/live/serve.ts'
import { appOf, PROGRAMS_BY_CONTRACT } from '../test/live/deployed.ts'
import { importImage, SOCKET } from '../test/live/engine-image.ts'
import { Load, type Pace } from './soak-load.ts'

const [minutes = '30', backend = 'process'] = process.argv.slice(2)
/** How often memory is looked at, and how much more of it the last third may show than the second. */
const LOOK_MS = 10_000
const GROWTH = 1.03
const MB = 1024 * 1024
/** Containers take seconds to be replaced: at the pace of processes nearly all calls would be refused. */
const PACE: Omit<Pace, 'calmApps'> =
  backend === 'docker' ? { rate: 30, calm: 39, phaseMs: 60 * SECOND } : { rate: 20, calm: 0, phaseMs: 6 * SECOND }
/** The memory of all instances, how many calls are taken at a time, and how those wait for which there is no instance. */
const ROOM =
  backend === 'docker'
    ? ({ budgetMb: 1600, calls: 500, queue: 400, waitMs: 10 * SECOND, whileLoading: 'join' } as const)
    : ({ budgetMb: 1600, calls: 100, queue: 200, waitMs: 2 * SECOND, whileLoading: 'new' } as const)

if (backend === 'docker') await importImage(SOCKET!)
const folder = mkdtempSync(join(tmpdir(), 'pl-soak-'))
const more = { timeoutMs: SECOND, startTimeoutMs: 20 * SECOND, pauseAfterMs: 500, memoryMb: 160 }
const config: LiveConfig = {
  name: `soak-${process.pid}`,
  apps: [
    ...PROGRAMS_BY_CONTRACT.map(([contract, program]) => {
      const concurrency = contract === 'http' ? 20 : 1
      return appOf(backend, contract, program, { ...more, concurrency, name: program })
    }),
    appOf(backend, 'http', 'http-server', { ...more, name: 'late', env: { NEVER_READY: '1' }, startTimeoutMs: SECOND }),
    appOf(backend, 'http', 'http-server', { ...more, name: 'dead', env: { EXIT_AT_START: '1' } }),
  ],
  backend: { id: backend, ...(SOCKET === undefined ? {} : { socket: SOCKET }) },
  policy: learning(),
  reuse: 'newest',
  whileLoading: ROOM.whileLoading,
  budgetMb: ROOM.budgetMb,
  listen: { host: '127.0.0.1', port: 0, tokens: {} },
  state: { file: join(folder, 'state.json'), everyMs: SECOND },
  limits: {
    calls: ROOM.calls,
    connections: 1000,
    graceMs: 5 * SECOND,
    queue: ROOM.queue,
    waitMs: ROOM.waitMs,
    silenceMs: 60 * SECOND,
    policyMs: 100,
  },
}

// The first child process makes Node open what it keeps for the next ones.
await once(spawn('true', { stdio: ['ignore', 'pipe', 'pipe'] }), 'close')
const before = footprint()
/** How many calls ended how, as the adapter sees it. */
const visits = new Map<string, number>()
const visited = ({ fault, status }: Visit): void => {
  const ended = fault?.kind ?? String(status)
  visits.set(ended, (visits.get(ended) ?? 0) + 1)
}
const serving = await serve(config, { log: () => undefined, watcher: { visited } })
const load = new Load(
  serving.url,
  config.apps.map(({ name }) => name),
  { ...PACE, calmApps: config.apps.filter((app) => app.concurrency > 1).map(({ name }) => name) },
)
const memory: { readonly residentMb: number; readonly heapMb: number }[] = []
let looked = Date.now()
await load.run(Date.now() + Number(minutes) * 60 * SECOND, () => {
  if (Date.now() - looked < LOOK_MS) return
  looked = Date.now()
  globalThis.gc?.()
  const { rss, heapUsed, external } = process.memoryUsage()
  memory.push({ residentMb: rss / MB, heapMb: (heapUsed + external) / MB })
  if (memory.length % 6 === 0)
    console.error(
      `${memory.length / 6} min, ${load.total} calls, ${load.answers.get('200') ?? 0} answered with 200, MB: ${Object.values(memory.at(-1)!).map((mb) => mb.toFixed(1))}`,
    )
})
await serving.close()
load.close()
await settled()
const after = footprint()
const instancesLeft = await leftovers()
rmSync(folder, { recursive: true })

const third = Math.max(1, Math.floor(memory.length / 3))
/** In the second and the last third of the time: the first warms up. */
const thirds = (of: 'residentMb' | 'heapMb') =>
  [memory.slice(third, 2 * third), memory.slice(-third)].map((looks) => mean(looks.map((look) => look[of])))
const [residentMb, heapMb] = [thirds('residentMb'), thirds('heapMb')]
const isFlat = ([before, after]: readonly number[]): boolean => after! <= before! * GROWTH
const { ledger } = serving.adapter
const invocations = ledger.invocations.reduce((sum, count) => sum + count, 0)
const unanswered = [...load.answers].filter(([answer]) => !/^(\d+|hung up)$/.test(answer))
/** What must hold at the end. */
const verdicts: Readonly<Record<string, boolean>> = {
  'no instance is left': instancesLeft === 0 && serving.adapter.instances.length === 0,
  'no call is left': serving.adapter.underWay === 0,
  'every call was answered': unanswered.length === 0,
  'every call that was taken is in the accounts': invocations === total(visits) - (visits.get('tooMany') ?? 0),
  'the accounts add up': checkLedger(ledger).length === 0,
  'no socket is left': after.sockets <= before.sockets,
  'no file is left open': after.files <= before.files,
  'no timer is left': after.timers <= before.timers,
  'memory is flat': isFlat(residentMb) && isFlat(heapMb),
}
console.log(
  JSON.stringify(
    {
      minutes: Number(minutes),
      backend,
      answers: Object.fromEntries([...load.answers].toSorted()),
      visits: Object.fromEntries([...visits].toSorted()),
      before,
      after,
      residentMb,
      heapMb,
      verdicts,
    },
    null,
    2,
  ),
)
process.exitCode = Object.values(verdicts).every(Boolean) ? 0 : 1

/** A policy that learns, with windows of seconds, so that instances are pre-warmed as well. */
function learning(): LiveConfig['policy'] {
  const definition = policies.get('hybrid-histogram', 'soak')
  return { definition, params: { ...defaultsOf(definition.parameters), range: 30 * SECOND, binWidth: SECOND }, seed: 1 }
}

/** What of the system this process holds, but for what Node's event loop has of its own. */
function footprint(): { readonly sockets: number; readonly files: number; readonly timers: number } {
  const open = readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)]
    } catch {
      return []
    }
  })
  const sockets = open.filter((path) => path.startsWith('socket:')).length
  const timers = process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
  const own = open.filter((path) => path.startsWith('anon_inode:')).length
  return { sockets, files: open.length - sockets - own, timers }
}

/** Gives closed connections and short timers the time to be gone. */
async function settled(): Promise<void> {
  for (let tries = 0; tries < 50; tries += 1) {
    const { sockets, files, timers } = footprint()
    if (sockets <= before.sockets && files <= before.files && timers <= before.timers) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** Instances that a next adapter of the name would find. */
async function leftovers(): Promise<number> {
  const again = await BACKENDS.get(backend, 'soak').open({
    label: config.name,
    folder: join(folder, 'instances'),
    ...config.backend,
  })
  const left = await again.removeLeftovers()
  await again.close()
  return left
}

function total(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0)
}

function mean(values: readonly number[]): number {
  return Math.round((values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)) * 10) / 10
}
