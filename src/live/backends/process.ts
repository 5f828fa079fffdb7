import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { delimiter, join } from 'node:path'
import { UserError } from '../../core/user-error.ts'
import type { Backend, BackendDefinition, BackendOptions, Exit, Ground, Sandbox } from '../instance/backend.ts'
import { faultOf } from '../fault.ts'
import type { LiveApp } from '../live-app.ts'
import { Tail } from '../instance/tail.ts'

const LOOPBACK = '127.0.0.1'
/** The variable that marks every process started here. */
const LABEL = 'PILOTLIGHT_LIVE'
/** How often the memory of a process is compared with what it may have, in ms. */
const WATCH_MS = 250

/** Plain processes of this machine: no isolation, but the same life as a container. */
export const processes: BackendDefinition = {
  id: 'process',
  summary: 'Processes of this machine, where there is no container engine. They are not isolated.',
  async open(options) {
    if (!existsSync('/proc/self/environ')) {
      throw new UserError({ where: 'backend', problem: 'the backend "process" needs /proc, which only Linux has' })
    }
    return new Processes(options)
  },
}

class Processes implements Backend {
  private readonly options: BackendOptions
  private readonly ending = new Set<Promise<unknown>>()

  constructor(options: BackendOptions) {
    this.options = options
  }

  async removeLeftovers(): Promise<number> {
    const mark = `${LABEL}=${this.options.label}`
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    const marked = await Promise.all(pids.map(async (pid) => ((await isMarked(pid, mark)) ? [Number(pid)] : [])))
    const left = marked.flat()
    for (const pid of left) kill(pid, 'SIGKILL')
    return left.length
  }

  async check({ name, command, folder }: LiveApp): Promise<void> {
    const [program] = command
    const where = `apps.${name}`
    if (program === undefined) throw new UserError({ where, problem: 'the backend "process" needs a command' })
    const isFolder = await stat(folder).then(
      (status) => status.isDirectory(),
      () => false,
    )
    if (!isFolder) throw new UserError({ where, problem: `there is no folder ${folder} to start the command in` })
    if (await isProgram(program, folder)) return
    throw new UserError({
      where,
      problem: `there is no program ${JSON.stringify(program)}`,
      hint: 'Is it on the PATH?',
    })
  }

  async prepare({ port, callback, folder }: Parameters<Backend['prepare']>[0], name: string): Promise<Ground> {
    const shared = join(this.options.folder, name)
    if (folder !== undefined) await mkdir(shared, { recursive: true, mode: 0o700 })
    return {
      ...(port ? { port: await freePort() } : {}),
      ...(callback ? { callbackHost: LOOPBACK } : {}),
      ...(folder === undefined ? {} : { folder: { outside: shared, inside: shared } }),
    }
  }

  async start(app: LiveApp, env: Readonly<Record<string, string>>, ground: Ground): Promise<Sandbox> {
    const own = { PATH: process.env['PATH'], ...app.env, ...env, [LABEL]: this.options.label }
    const child = await spawned(app, own).catch(async (error: unknown) => {
      await clear(ground)
      throw faultOf(error, 'backend')
    })
    const sandbox = sandboxOf(child, app.memoryMb, ground)
    this.ending.add(sandbox.exited)
    void sandbox.exited.finally(() => this.ending.delete(sandbox.exited))
    return sandbox
  }

  async healthy(): Promise<boolean> {
    return true
  }

  hurry(): void {}

  async close(): Promise<void> {
    await Promise.all(this.ending)
    // What left the group of the program that started it.
    await this.removeLeftovers()
  }
}

/** Rejects where it cannot be started. */
async function spawned({ command, folder }: LiveApp, env: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const [program, ...words] = command
  // A group of its own, so that what the program starts ends with it.
  const child = spawn(program!, words, { cwd: folder, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  await once(child, 'spawn')
  return child
}

function sandboxOf(child: ChildProcess, memoryMb: number, ground: Ground): Sandbox {
  const { port } = ground
  const pid = child.pid!
  const output = new Tail()
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding('utf8').on('data', (text: string) => output.add(text))
  }
  let outOfMemory = false
  const watch = setInterval(async () => {
    if (!((await residentMb(pid)) > memoryMb)) return
    outOfMemory = true
    kill(-pid, 'SIGKILL')
  }, WATCH_MS).unref()
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => {
      clearInterval(watch)
      // What it had started goes too.
      kill(-pid, 'SIGKILL')
      const how = signal === null ? `exit code ${code}` : `signal ${signal}`
      resolve({ how: outOfMemory ? `more than ${memoryMb} MB of memory` : how, outOfMemory })
    })
  })
  return {
    id: String(pid),
    ...(port === undefined ? {} : { address: { host: LOOPBACK, port } }),
    exited,
    pause: async () => kill(-pid, 'SIGSTOP'),
    resume: async () => kill(-pid, 'SIGCONT'),
    async stop(graceMs) {
      if (child.exitCode === null && child.signalCode === null) {
        if (graceMs > 0) {
          kill(-pid, 'SIGTERM')
          kill(-pid, 'SIGCONT')
          await within(graceMs, exited)
        }
        if (child.exitCode === null && child.signalCode === null) kill(-pid, 'SIGKILL')
        await exited
      }
      // What left the program's group may hold the other ends for ever.
      child.stdout!.destroy()
      child.stderr!.destroy()
      await clear(ground)
    },
    memoryMb: () => residentMb(pid),
    output: async () => output.text,
  }
}

async function clear({ folder }: Ground): Promise<void> {
  if (folder !== undefined) await rm(folder.outside, { recursive: true, force: true })
}

/** Memory of a process that is in RAM, in MB (proc(5), status); NaN when it is gone. */
async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) / 1024
}

async function isMarked(pid: string, mark: string): Promise<boolean> {
  const environ = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '')
  return environ.split('\0').includes(mark)
}

async function isProgram(program: string, folder: string): Promise<boolean> {
  if (program.includes('/')) return existsSync(join(program.startsWith('/') ? '/' : folder, program))
  return (process.env['PATH'] ?? '').split(delimiter).some((place) => existsSync(join(place, program)))
}

/** Signals a process, or a group by its negative number; what is gone already needs no signal. */
function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // ESRCH: it has ended.
  }
}

/** A port that nothing listens on now. Another program may take it meanwhile: then the start fails and is told. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, LOOPBACK, resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function within(ms: number, promise: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise((resolve) => (timer = setTimeout(resolve, ms)))
  await Promise.race([promise, over])
  clearTimeout(timer)
}
