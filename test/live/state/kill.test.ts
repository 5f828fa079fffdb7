import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readLiveFile } from '../../../src/config/live-file.ts'
import { runFolder } from '../../../src/live/live-config.ts'
import type { SavedState } from '../../../src/live/state/saved-state.ts'
import { finished, MAIN, pilotlightApart } from '../../cli/pilotlight.ts'
import { appOf, PLACES } from '../deployed.ts'
import { importImage, SOCKET } from '../engine-image.ts'
import { eventually } from '../serving.ts'

let folder: string
let adapters: ChildProcess[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pl-kill-'))
  adapters = []
})
afterEach(() => {
  for (const adapter of adapters) adapter.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

interface Run {
  readonly adapter: ChildProcess
  readonly url: string
  readonly log: () => string
}

/** Starts the command in a process of its own and waits until it listens. */
async function start(file: string): Promise<Run> {
  const adapter = spawn(process.execPath, [MAIN, 'live', 'serve', file, '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  adapters.push(adapter)
  let log = ''
  adapter.stderr.setEncoding('utf8').on('data', (text: string) => (log += text))
  let printed = ''
  adapter.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text))
  await eventually(() => {
    if (adapter.exitCode !== null) throw new Error(log)
    return printed.trim().endsWith('}')
  })
  return { adapter, url: (JSON.parse(printed) as { url: string }).url, log: () => log }
}

async function kill(adapter: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const ended = once(adapter, 'exit') as Promise<[number | null]>
  adapter.kill(signal)
  const [code] = await ended
  return code
}

function liveFile(backend: string): string {
  const { command, image } = appOf(backend, 'fn', 'fdk')
  const file = join(folder, 'live.yaml')
  writeFileSync(
    file,
    `name: killed-${backend}-${process.pid}
backend: ${backend}
${SOCKET === undefined ? '' : `socket: ${SOCKET}`}
listen: { port: 0 }
policy: { policy: hybrid-histogram, range: 10m, binWidth: 100ms, cv: 1000 }
memory: 1GB
state: { file: state.json, every: 100ms }
apps:
  web:
    contract: fn
    command: ${JSON.stringify(command)}
    ${image === undefined ? '' : `image: ${image}`}
    memory: 200MB
`,
  )
  return file
}

const pidOf = async (url: string): Promise<unknown> => {
  const response = await fetch(`${url}/call/web`, { method: 'POST', body: '{}' })
  return ((await response.json()) as { pid: number }).pid
}

/** The state as it was last saved. */
function state(): SavedState {
  return JSON.parse(readFileSync(join(folder, 'state.json'), 'utf8')) as SavedState
}

/** Whether a process is gone, or only waits for somebody to hear of its end. */
function hasEnded(pid: number): boolean {
  try {
    return / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return true
  }
}

describe.each(PLACES)('an adapter on the backend $name', ({ id, isSkipped }) => {
  it.skipIf(isSkipped)(
    'that is killed leaves instances, which the next removes, and a state, from which the next goes on',
    async () => {
      if (id === 'docker') await importImage(SOCKET!)
      const file = liveFile(id)
      const first = await start(file)
      const pid = Number(await pidOf(first.url))
      await new Promise((resolve) => setTimeout(resolve, 250))
      await pidOf(first.url)
      await eventually(() => state().apps['web']?.learnt !== undefined)
      expect(await kill(first.adapter, 'SIGKILL')).toBeNull()
      const saved = state()
      expect(saved.apps['web']!.learnt).toMatchObject({ outOfBounds: 0 })

      const second = await start(file)
      expect(second.log()).toContain('"event":"leftovers removed","count":1')
      expect(second.log()).toContain('"event":"resumed","apps":1,"learnt":true')
      expect(id === 'docker' || hasEnded(pid)).toBe(true)
      await pidOf(second.url)
      await eventually(() => {
        const { learnt } = state().apps['web']! as { learnt: { counts: [number, number][] } }
        // The second idle period spans the restart: its start was saved, and both adapters' periods are learnt.
        return learnt.counts.reduce((sum, [, count]) => sum + count, 0) === 2
      })
      expect(state().originMs).toBe(saved.originMs)
      expect(await kill(second.adapter, 'SIGTERM')).toBe(0)
      expect(second.log()).toContain('"event":"closed"')
    },
    60_000,
  )
})

describe('an adapter that is told to end', () => {
  it('before it listens ends the instances that it has started by then', async () => {
    const policy = `export default {
      id: 'ending', summary: 'x', parameters: {}, scope: 'app', needs: [],
      create() {
        return {
          arrived() {},
          decide(_app, _now, out) { out.prewarmMs = 0; out.keepAliveMs = 60000 },
          floor(_app, _now, out) { out.instances = 1; out.untilMs = Infinity },
        }
      },
    }`
    writeFileSync(join(folder, 'ending.mjs'), policy)
    const file = liveFile('process')
    // The instance of the floor is started at once, and tells the adapter to end.
    const command = JSON.stringify(['/bin/sh', '-c', 'kill -TERM $PPID; exec sleep 60'])
    const text = readFileSync(file, 'utf8')
      .replace(/policy: .*/, 'policy: { policy: ./ending.mjs }')
      .replace(/command: .*/, () => `command: ${command}`)
    writeFileSync(file, text)
    const { code, stderr } = await finished(folder, process.execPath, [MAIN, 'live', 'serve', file])
    expect(code).toBe(0)
    expect(stderr).toContain('"event":"closed"')
    const next = await start(file)
    expect(next.log()).not.toContain('leftovers removed')
    await once(next.adapter, 'exit')
  })
})

describe('two adapters of one name', () => {
  it('are refused, so that neither removes the instances of the other', async () => {
    const file = liveFile('process')
    const first = await start(file)
    await expect(start(file)).rejects.toThrow('is running (process')
    expect(Number(await pidOf(first.url))).toBeGreaterThan(0)
    expect(await kill(first.adapter, 'SIGINT')).toBe(0)
  })
})

describe('a folder of what instances shared with a dead adapter', () => {
  it('that cannot be removed is told with its path (skipped where no tmpfs can be mounted)', async (context) => {
    const file = liveFile('process')
    const config = await readLiveFile(file)
    const left = join(runFolder(config), 'instances/left')
    mkdirSync(left, { recursive: true, mode: 0o700 })
    chmodSync(runFolder(config), 0o700)
    try {
      execFileSync('mount', ['-t', 'tmpfs', 'none', left], { stdio: 'ignore' })
    } catch {
      rmSync(runFolder(config), { recursive: true })
      return context.skip('no tmpfs can be mounted here')
    }
    try {
      const { code, stderr } = await pilotlightApart(folder, 'live', 'serve', file)
      expect([code, stderr]).toEqual([2, expect.stringMatching(/instances\/left: what earlier .* removed \(EBUSY\)/)])
    } finally {
      execFileSync('umount', [left])
    }
    const next = await start(file)
    expect(await kill(next.adapter, 'SIGTERM')).toBe(0)
    expect(existsSync(runFolder(config))).toBe(false)
  })
})
