import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { delimiter, join, resolve } from 'node:path'
import { UserError } from '../../core/user-error.ts'
import type { Backend, BackendDefinition, BackendOptions, Exit, Ground, Needs, Sandbox } from '../instance/backend.ts'
import { faultOf } from '../fault.ts'
import type { LiveApp } from '../live-app.ts'
import { linesOf } from '../instance/lines-of.ts'
import { ProcessTree, treeMb } from '../instance/process-tree.ts'
import { scriptOf } from '../instance/script-of.ts'
import { Tail } from '../instance/tail.ts'
import { CLEAR_TRIES, HURRIED_MS } from '../live-limits.ts'

const LOOPBACK = '127.0.0.1'
/** Bytes of a socket's path at most (unix(7)), and the longest that one has after the folder of instances. */
const MOST_SOCKET_PATH = 107
const LONGEST_SOCKET = '/izzzzz/lsnr.sock.tmp'
/** The variable that marks every process started here. */
const LABEL = 'PILOTLIGHT_LIVE'
/** How often the memory of a process is compared with what it may have, in ms. */
const WATCH_MS = 250
/** After so many of these looks, the processes that each has started are looked up again. */
const TREE_LOOKS = 8

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
  /** The groups of those that run, by the number of the program that leads each; with the MB that each may have. */
  private readonly running = new Map<number, { readonly memoryMb: number; readonly exceeded: () => void }>()
  private watching: NodeJS.Timeout | undefined
  private readonly processes = new ProcessTree()
  private tree: Awaited<ReturnType<ProcessTree['look']>> = new Map()
  private looks = 0
  /** Ports of instances that are not gone: two on one port would answer each other's calls. */
  private readonly ports = new Set<number>()

  constructor(options: BackendOptions) {
    this.options = options
  }

  async engine(): Promise<string> {
    return 'this machine'
  }

  async removeLeftovers(): Promise<number> {
    const mark = `${LABEL}=${this.options.label}`
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    let left = 0
    // One after the other: a machine may have more processes than this one may have files open.
    for (const pid of pids) {
      if (!(await isMarked(pid, mark))) continue
      kill(Number(pid), 'SIGKILL')
      left += 1
    }
    return left
  }

  async check({ name, command, folder }: LiveApp, needs: Needs): Promise<void> {
    const [program] = command
    const where = `apps.${name}`
    if (program === undefined) throw new UserError({ where, problem: 'the backend "process" needs a command' })
    if (needs.folder !== undefined) demandShortPath(this.options.folder)
    const isFolder = await stat(folder).then(
      (status) => status.isDirectory(),
      () => false,
    )
    if (!isFolder) throw new UserError({ where, problem: `there is no folder ${folder} to start the command in` })
    if (!(await isProgram(program, folder))) {
      const problem = `there is no program ${JSON.stringify(program)}`
      throw new UserError({ where, problem, hint: 'Is it on the PATH?' })
    }
    const scripts = scriptOf(command)
    if (scripts.length === 0 || scripts.some((script) => existsSync(resolve(folder, script)))) return
    const problem = `there is no script ${JSON.stringify(scripts[0])} in ${folder}`
    throw new UserError({ where, problem, hint: 'Paths are relative to the app\'s "folder".' })
  }

  async prepare({ port, callback, folder }: Parameters<Backend['prepare']>[0], name: string): Promise<Ground> {
    const shared = join(this.options.folder, name)
    if (folder !== undefined) await mkdir(shared, { recursive: true, mode: 0o700 })
    return {
      ...(port ? { port: await this.freePort() } : {}),
      ...(callback ? { callbackHost: LOOPBACK } : {}),
      ...(folder === undefined ? {} : { folder: { outside: shared, inside: shared } }),
    }
  }

  async start(app: LiveApp, env: Readonly<Record<string, string>>, ground: Ground): Promise<Sandbox> {
    const own = { PATH: process.env['PATH'], ...app.env, ...env, [LABEL]: this.options.label }
    const child = await spawned(app, own).catch(async (error: unknown) => {
      this.ports.delete(ground.port ?? 0)
      await clear(ground)
      throw faultOf(error, 'backend')
    })
    const program = new Program(child, app.memoryMb, ground)
    const { pid } = program
    this.running.set(pid, { memoryMb: app.memoryMb, exceeded: () => program.exceed() })
    this.watching ??= setInterval(() => void this.watch(), WATCH_MS).unref()
    this.ending.add(program.exited)
    void program.exited.finally(() => {
      this.ending.delete(program.exited)
      this.running.delete(pid)
      this.ports.delete(ground.port ?? 0)
    })
    return program
  }

  async healthy(): Promise<boolean> {
    return true
  }

  hurry(): void {
    setTimeout(() => {
      for (const pid of this.running.keys()) kill(-pid, 'SIGKILL')
    }, HURRIED_MS).unref()
  }

  async close(): Promise<void> {
    await Promise.all(this.ending)
    clearInterval(this.watching)
    // Processes that left their program's group; not those of another adapter of the name.
    if (this.watching !== undefined) await this.removeLeftovers()
  }

  /** Ends each program that has more memory than it may, with all that it started. */
  private async watch(): Promise<void> {
    if (this.running.size === 0) return
    // The parents of processes change seldom, and are expensive to find.
    // Where they cannot be found, for example because too many files are open, the known ones are used.
    if (this.looks % TREE_LOOKS === 0) this.tree = await this.processes.look().catch(() => this.tree)
    this.looks += 1
    for (const [pid, { memoryMb, exceeded }] of this.running) {
      if (treeMb(pid, this.tree) > memoryMb) exceeded()
    }
  }

  /** A port that nothing listens on now, and that no instance has. Where another program takes it first, the start fails. */
  private async freePort(): Promise<number> {
    for (;;) {
      const server = createServer().listen(0, LOOPBACK)
      await once(server, 'listening')
      const { port } = server.address() as AddressInfo
      await new Promise((resolve) => server.close(resolve))
      if (this.ports.has(port)) continue
      this.ports.add(port)
      return port
    }
  }
}

/** Throws a UserError where a socket in a folder of an instance in this folder would have too long a path. */
function demandShortPath(folder: string): void {
  const room = MOST_SOCKET_PATH - LONGEST_SOCKET.length
  if (Buffer.byteLength(folder) <= room) return
  const problem = `the sockets of instances go to ${folder}, whose path may have at most ${room} bytes and has ${Buffer.byteLength(folder)}`
  throw new UserError({ where: 'folder', problem, hint: 'Name a folder with a short path, or a short TMPDIR.' })
}

/** Rejects where it cannot be started. */
async function spawned({ command, folder }: LiveApp, env: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const [program, ...words] = command
  // A group of its own, so that what the program starts ends with it.
  const child = spawn(program!, words, { cwd: folder, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  await once(child, 'spawn')
  return child
}

/** A program of this machine, with everything that it started. */
class Program implements Sandbox {
  readonly id: string
  readonly pid: number
  readonly address?: { readonly host: string; readonly port: number }
  readonly exited: Promise<Exit>
  readonly isUnknown = false
  isPaused = false
  private readonly child: ChildProcess
  private readonly ground: Ground
  private readonly tail = new Tail()
  private outOfMemory = false

  constructor(child: ChildProcess, memoryMb: number, ground: Ground) {
    this.child = child
    this.ground = ground
    this.pid = child.pid!
    this.id = String(this.pid)
    if (ground.port !== undefined) this.address = { host: LOOPBACK, port: ground.port }
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.on('data', (text: Buffer) => this.tail.add(text.toString('utf8')))
    }
    this.exited = new Promise<Exit>((resolve) => {
      child.once('exit', (code, signal) => {
        // What it had started goes too.
        kill(-this.pid, 'SIGKILL')
        const { outOfMemory } = this
        const how = signal === null ? `exit code ${code}` : `signal ${signal}`
        resolve({ how: outOfMemory ? `more than ${memoryMb} MB of memory` : how, outOfMemory })
      })
    })
  }

  /** It has more memory than it may. */
  exceed(): void {
    this.outOfMemory = true
    kill(-this.pid, 'SIGKILL')
  }

  async known(): Promise<void> {}

  async pause(): Promise<void> {
    kill(-this.pid, 'SIGSTOP')
    this.isPaused = true
  }

  async resume(): Promise<void> {
    kill(-this.pid, 'SIGCONT')
    this.isPaused = false
  }

  async stop(graceMs: number): Promise<void> {
    if (this.runs) {
      if (graceMs > 0) {
        kill(-this.pid, 'SIGTERM')
        kill(-this.pid, 'SIGCONT')
        await within(graceMs, this.exited)
      }
      if (this.runs) kill(-this.pid, 'SIGKILL')
      await this.exited
    }
    // A process that left the program's group may hold the other ends for ever.
    this.child.stdout!.destroy()
    this.child.stderr!.destroy()
    await clear(this.ground)
  }

  async memoryMb(): Promise<number> {
    return treeMb(this.pid, await new ProcessTree().look().catch(() => new Map()))
  }

  async output(): Promise<string> {
    return this.tail.text
  }

  async print(onLine: (line: string) => void): Promise<void> {
    const { stdout, stderr } = this.child
    await Promise.all(
      [stdout!, stderr!].map(async (stream) => {
        try {
          for await (const line of linesOf(stream)) onLine(line)
        } catch {
          // It was let go of.
        }
      }),
    )
  }

  private get runs(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null
  }
}

async function clear({ folder }: Ground): Promise<void> {
  if (folder !== undefined) await rm(folder.outside, { recursive: true, force: true, maxRetries: CLEAR_TRIES })
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

async function within(ms: number, promise: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise((resolve) => (timer = setTimeout(resolve, ms)))
  await Promise.race([promise, over])
  clearTimeout(timer)
}
