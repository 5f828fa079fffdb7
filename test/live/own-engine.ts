import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EngineApi } from '../../src/live/engine/engine-api.ts'
import { eventually } from './serving.ts'

/** An engine of a test's own, which it may stop, kill and freeze. It leaves the rules and bridges of others alone. */
export class OwnEngine {
  /** Made when it is first needed: of tests that are skipped nothing stays. */
  private made: string | undefined
  private readonly more: readonly string[]
  private daemon: ChildProcess | undefined

  constructor(...more: readonly string[]) {
    this.more = more
  }

  get folder(): string {
    this.made ??= mkdtempSync(join(tmpdir(), 'pl-engine-'))
    return this.made
  }

  get socket(): string {
    return join(this.folder, 'docker.sock')
  }

  get api(): EngineApi {
    return new EngineApi(this.socket)
  }

  async start(socket = this.socket): Promise<void> {
    const at = (name: string): string => join(this.folder, name)
    const paths = ['--data-root', at('data'), '--exec-root', at('exec'), '--pidfile', at('pid')]
    const network = ['--bridge=none', '--iptables=false', '--default-address-pool', 'base=10.211.0.0/16,size=24']
    const rest = ['-H', `unix://${socket}`, '--storage-driver=overlay2', ...network, ...this.more]
    // Of an engine that was killed, whose children nobody may have waited for.
    for (const pid of ['pid', 'exec/containerd/containerd.pid']) rmSync(at(pid), { force: true })
    this.daemon = spawn('dockerd', [...paths, ...rest], { stdio: 'ignore' })
    const api = new EngineApi(socket)
    // One that was killed first ends the containers that it finds, for which it waits ten seconds.
    await eventually(
      () =>
        api.ping(1000).then(
          () => true,
          () => false,
        ),
      60,
    )
    api.end(new Error('it answers'))
  }

  /** Goes on holding its connections, but answers nothing. */
  freeze(): void {
    this.daemon!.kill('SIGSTOP')
  }

  thaw(): void {
    this.daemon!.kill('SIGCONT')
  }

  /** Ends as after a power cut of the daemon alone: containers know nothing of it. */
  async kill(): Promise<void> {
    const ended = once(this.daemon!, 'exit')
    this.daemon!.kill('SIGKILL')
    await ended
  }

  async stop(): Promise<void> {
    const ended = once(this.daemon!, 'exit')
    this.daemon!.kill('SIGTERM')
    await ended
  }

  async remove(): Promise<void> {
    await this.stop()
    this.endStrays()
    // What an engine that was killed had mounted stays so.
    const mounts = readFileSync('/proc/mounts', 'utf8').split('\n')
    const own = mounts.map((line) => line.split(' ')[1] ?? '').filter((path) => path.startsWith(`${this.folder}/`))
    for (const path of own.toReversed()) spawnSync('umount', ['-l', path])
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** Containers whose start was under way when the engine was killed: it knows nothing of them, and their shims stay. */
  private endStrays(): void {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
    const shims = pids.filter((pid) => {
      const command = read(pid, 'cmdline')
      return command.includes('containerd-shim') && command.includes(`${this.folder}/`)
    })
    const strays = pids.filter((pid) => shims.includes(parentOf(pid)))
    for (const pid of [...shims, ...strays]) {
      try {
        process.kill(Number(pid), 'SIGKILL')
      } catch {
        // It has ended.
      }
    }
  }
}

/** A file of a process; empty where it has ended. */
function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1')
  } catch {
    return ''
  }
}

function parentOf(pid: string): string {
  return read(pid, 'stat').split(') ').at(-1)!.split(' ')[1] ?? ''
}
