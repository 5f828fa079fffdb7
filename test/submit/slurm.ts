import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/** A Slurm of one machine: controller, node and authentication, all from Debian's packages, in a folder of its own. */
export interface Slurm {
  /** Variables with which sbatch, squeue and scontrol find it. */
  readonly environment: NodeJS.ProcessEnv
  /** What a command of Slurm prints. */
  ask(program: string, ...words: string[]): string
  stop(): Promise<void>
}

const PROGRAMS = ['/usr/sbin/slurmctld', '/usr/sbin/slurmd', '/usr/sbin/munged', '/usr/bin/sbatch']

/** Why there can be no Slurm here; undefined where there can. */
export const noSlurm = PROGRAMS.every((program) => existsSync(program))
  ? process.getuid?.() === 0
    ? undefined
    : 'Slurm is started as root'
  : 'slurm-wlm and munge are not installed'

/** Starts Slurm on loopback, and waits until its node takes jobs. */
export async function startSlurm(cpus: number): Promise<Slurm> {
  const folder = mkdtempSync(join(tmpdir(), 'slurm-'))
  chmodSync(folder, 0o755)
  for (const name of ['state', 'spool', 'munge']) mkdirSync(join(folder, name))
  const key = join(folder, 'munge.key')
  writeFileSync(key, crypto.getRandomValues(new Uint8Array(64)), { mode: 0o600 })
  const socket = join(folder, 'munge', 'socket')
  const [controllerPort, nodePort] = [20_000 + (process.pid % 10_000), 30_000 + (process.pid % 10_000)]
  const host = hostname().split('.')[0]!
  const configuration = join(folder, 'slurm.conf')
  writeFileSync(
    configuration,
    [
      'ClusterName=test',
      `SlurmctldHost=${host}(127.0.0.1)`,
      `SlurmctldPort=${controllerPort}`,
      `SlurmdPort=${nodePort}`,
      'SlurmUser=root',
      'SlurmdUser=root',
      'AuthType=auth/munge',
      `AuthInfo=socket=${socket}`,
      'CredType=cred/munge',
      'ProctrackType=proctrack/linuxproc',
      'TaskPlugin=task/none',
      'SelectType=select/cons_tres',
      'SelectTypeParameters=CR_Core',
      'SchedulerType=sched/backfill',
      'MpiDefault=none',
      'ReturnToService=2',
      'SlurmdParameters=config_overrides',
      `StateSaveLocation=${join(folder, 'state')}`,
      `SlurmdSpoolDir=${join(folder, 'spool')}`,
      `SlurmctldPidFile=${join(folder, 'slurmctld.pid')}`,
      `SlurmdPidFile=${join(folder, 'slurmd.pid')}`,
      `SlurmctldLogFile=${join(folder, 'slurmctld.log')}`,
      `SlurmdLogFile=${join(folder, 'slurmd.log')}`,
      'SlurmctldTimeout=30',
      'InactiveLimit=0',
      'MinJobAge=300',
      'KillWait=1',
      `NodeName=${host} NodeAddr=127.0.0.1 CPUs=${cpus} RealMemory=4000 State=UNKNOWN`,
      `PartitionName=all Nodes=${host} Default=YES MaxTime=INFINITE State=UP`,
      '',
    ].join('\n'),
  )
  const environment = { ...process.env, SLURM_CONF: configuration }
  const children: ChildProcess[] = []
  const start = (program: string, ...words: string[]): void => {
    children.push(spawn(program, words, { env: environment, stdio: 'ignore' }))
  }
  const ask = (program: string, ...words: string[]): string =>
    execFileSync(program, words, { env: environment, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  const stop = async (): Promise<void> => {
    const ended = children.map((child) => new Promise((done) => child.once('exit', done)))
    for (const child of children.toReversed()) child.kill('SIGTERM')
    await Promise.race([Promise.all(ended), pause(5000)])
    for (const child of children) child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const munge = ['--key-file', 'socket', 'pid-file', 'log-file', 'seed-file'].map((name) => name.replace('--', ''))
    start(
      '/usr/sbin/munged',
      '--foreground',
      '--force',
      ...munge.map(
        (name) => `--${name}=${name === 'key-file' ? key : join(folder, 'munge', name.replace('-file', ''))}`,
      ),
    )
    await until(() => existsSync(socket), 'munged', join(folder, 'munge', 'log'))
    start('/usr/sbin/slurmctld', '-D', '-f', configuration)
    start('/usr/sbin/slurmd', '-D', '-f', configuration, '-N', host)
    await until(() => ask('sinfo', '-h', '-o', '%t').trim() === 'idle', 'slurmd', join(folder, 'slurmd.log'))
  } catch (error) {
    await stop()
    throw error
  }
  return { environment, ask, stop }
}

async function until(holds: () => boolean, what: string, log: string): Promise<void> {
  for (let round = 0; round < 150; round += 1) {
    try {
      if (holds()) return
    } catch {
      // It does not answer yet.
    }
    await pause(200)
  }
  throw new Error(`${what} does not answer: ${existsSync(log) ? readFileSync(log, 'utf8').slice(-2000) : 'no log'}`)
}
