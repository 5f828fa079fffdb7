import { counted } from '../../core/counted.ts'
import { largest } from '../../core/largest.ts'
import { readFile, rm } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { UserError } from '../../core/user-error.ts'
import type { LiveFile } from '../../config/live-file.ts'
import { type Validation, validateRecording } from '../../validation/live-validation.ts'
import { writeRecording } from '../../live/replay/recording.ts'
import { recordingOf } from '../../live/replay/recording-schema.ts'
import { type PlannedReplay, planReplay, type ReplayPlan } from '../../live/replay/replay-plan.ts'
import { replay } from '../../live/replay/live-replay.ts'
import type { Arguments } from '../arguments/command.ts'
import { say } from '../terminal/output.ts'
import { beginProgress } from '../terminal/progress.ts'
import { readShowing } from '../trace/read-showing.ts'

/** The exit code of a replay that was interrupted, as shells have it for SIGINT. */
const INTERRUPTED = 130

/** What `live replay` prints. */
export interface Replayed {
  readonly schema: 1
  readonly files: readonly string[]
  readonly apps: number
  readonly planned: number
  readonly sent: number
  readonly notSent: number
  readonly failed: number
}

/** Replays the trace that a live file names, and writes what happened. */
export async function replayFile(config: LiveFile, args: Arguments): Promise<Replayed> {
  const plan = planIn(config)
  const [template, second] = config.apps
  if (template === undefined || second !== undefined) {
    const problem = `expected one app, of which all apps of the trace are made, found ${config.apps.length}`
    throw new UserError({ where: 'apps', problem })
  }
  if (!existsSync(plan.trace)) throw new UserError({ where: plan.where, problem: `there is no trace at ${plan.trace}` })
  const trace = await readShowing([plan.trace], { format: plan.format }, args.on('quiet'))
  const planned = planReplay(trace, plan, template, config.policy.seed)
  const most = largest(
    planned.apps.map(({ memoryMb }) => memoryMb),
    0,
  )
  if (planned.arrivals.length === 0)
    throw new UserError({ where: plan.where, problem: 'the stretch has no arrivals to send' })
  if (most > config.budgetMb) {
    throw new UserError({ where: 'memory', problem: `an instance of ${most} MB has no room in ${config.budgetMb} MB` })
  }
  const file = `${plan.out}.state.json`
  await rm(file, { force: true })
  const own = { name: `${config.name}-replay`, apps: planned.apps, listen: { host: '127.0.0.1', port: 0, tokens: {} } }
  // As the simulator has it, which is to be compared: a call that finds no room is dropped.
  const limits = { ...config.limits, queue: 0, waitMs: 0 }
  const replayed = { ...config, ...own, limits, state: { file, everyMs: config.state.everyMs } }
  const failures: string[] = []
  const { signal, end } = await watched(planned, plan, args.on('quiet'))
  const recording = await replay(replayed, planned, plan, {
    log: ({ event, app, why }) => void (event === 'call failed' && failures.push(`${app}: ${why}`)),
    signal,
  }).finally(end)
  for (const failure of failures.slice(0, 5)) say(`failed: ${failure}`)
  await rm(file, { force: true })
  const files = await writeRecording(recording, plan.out)
  const { sent, notSent, failed } = recording.sends
  return { schema: 1, files, apps: planned.apps.length, planned: planned.arrivals.length, sent, notSent, failed }
}

/** Shows how far a replay is, and turns the first interruption into a signal; the second ends the process at once. */
async function watched(
  { apps, arrivals }: PlannedReplay,
  { forMs, speed }: ReplayPlan,
  quiet: boolean,
): Promise<{ readonly signal: AbortSignal; end(): void }> {
  const progress = await beginProgress(
    `replaying ${counted(arrivals.length, 'arrival')} of ${counted(apps.length, 'app')}`,
    undefined,
    quiet,
  )
  const begun = performance.now()
  const timer = setInterval(() => progress.at(Math.min(performance.now() - begun, forMs / speed), forMs / speed), 200)
  const stopped = new AbortController()
  const stop = (): void => {
    say('interrupted: what happened until now is written')
    stopped.abort()
    process.exitCode = INTERRUPTED
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  const end = (): void => {
    clearInterval(timer)
    progress.end()
    process.off('SIGINT', stop)
    process.off('SIGTERM', stop)
  }
  return { signal: stopped.signal, end }
}

/** Compares what a replay recorded with what the simulator predicts of it. */
export async function validateFile(config: LiveFile): Promise<Validation> {
  const path = `${planIn(config).out}.json`
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const problem = error.code === 'ENOENT' ? 'there is no recording' : `cannot be read (${error.code})`
    throw new UserError({ where: path, problem, hint: 'Make it first: pilotlight live replay <live.yaml>.' })
  })
  const recording = recordingOf(text, path)
  const { id } = config.policy.definition
  if (recording.policy.id === id) return validateRecording(recording, config.policy.definition)
  throw new UserError({
    where: path,
    problem: `it was recorded under the policy ${recording.policy.id}, and the file has ${id}`,
    hint: 'Replay again.',
  })
}

function planIn({ replay: plan, name }: LiveFile): ReplayPlan {
  if (plan !== undefined) return plan
  const hint = 'docs/live.md shows one.'
  throw new UserError({ where: name, problem: 'the live file has no part "replay", which names the trace', hint })
}
