import { largest } from '../../core/largest.ts'
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LiveConfig } from '../../live/live-config.ts'
import { Fault } from '../../live/fault.ts'
import { serve, type Serving } from '../../live/serve.ts'
import type { Arguments } from '../arguments/command.ts'
import { say } from '../terminal/output.ts'

/** How one app did. Times are ms. */
interface CheckedApp {
  readonly app: string
  readonly ok: boolean
  /** The status of its answer, where it gave one. */
  readonly status: number | null
  /** From the order to start it until it was ready. */
  readonly startMs: number | null
  readonly answerMs: number | null
  /** Memory that it used after the call, and may use, in MB. */
  readonly usedMb: number | null
  readonly memoryMb: number
  /** Why it failed, in one word and in a sentence, and what its program printed last. */
  readonly error: string | null
  readonly message: string | null
  readonly printed: string
}

/** What `live check` found. */
export interface CheckedFile {
  readonly schema: 1
  readonly name: string
  readonly apps: readonly CheckedApp[]
}

/** Starts each app of a live file once, one after the other, and calls it. What answers is well, whatever it answers. */
export async function checkFile(config: LiveConfig, args: Arguments): Promise<CheckedFile> {
  const folder = await mkdtemp(join(tmpdir(), 'pilotlight-check-'))
  // No user made these calls: they are neither in the access log nor in the telemetry.
  const { accessLog: _log, telemetry: _telemetry, ...rest } = config
  const own = {
    name: `${config.name}-check`,
    listen: { host: '127.0.0.1', port: 0, tokens: {} },
    state: { file: join(folder, 'state.json'), everyMs: config.state.everyMs },
  }
  const apps: CheckedApp[] = []
  try {
    for (const app of config.apps) {
      if (!args.on('quiet')) say(`${app.name}: ${app.image ?? app.command.join(' ')}`)
      let printed = ''
      // An instance that failed is gone, and what it printed with it.
      const watcher = { failed: (_app: number, _fault: Fault, output: string) => void (printed = output) }
      const serving = await serve({ ...rest, ...own, apps: [app] }, { log: () => undefined, watcher })
      const found = await checked(serving).finally(() => serving.close())
      apps.push({ ...found, printed: found.ok ? '' : printed })
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  return { schema: 1, name: config.name, apps }
}

async function checked({ adapter }: Serving): Promise<Omit<CheckedApp, 'printed'>> {
  const [app] = adapter.apps
  const { name, functions, contract, memoryMb } = app!
  const method = contract === 'http' ? 'GET' : 'POST'
  const headers = contract === 'http' ? [] : ['content-type', 'application/json']
  const body = Buffer.from(contract === 'http' ? '' : '{}')
  const begun = performance.now()
  let startMs: number | null = null
  const watch = setInterval(() => {
    const took = adapter.instances[0]?.instance
    if (took !== undefined && took.took.readyMs > 0) {
      startMs = Math.round(took.took.waitMs + took.took.createMs + took.took.readyMs)
    }
  }, 1)
  const call = { id: randomUUID(), fn: functions[0]!, method, path: '/', headers, body }
  const outcome = await adapter.invoke(0, 0, call).catch((error: unknown) => error as Fault)
  clearInterval(watch)
  const instance = adapter.instances[0]?.instance
  const used = (await instance?.memoryMb()) ?? Number.NaN
  const isFault = outcome instanceof Fault
  if (!isFault && !Buffer.isBuffer(outcome.body) && 'stream' in outcome.body) outcome.body.stream.destroy()
  return {
    app: name,
    ok: !isFault,
    status: isFault ? null : outcome.status,
    startMs,
    answerMs: isFault ? null : Math.round(performance.now() - begun - (startMs ?? 0)),
    usedMb: Number.isNaN(used) ? null : Math.round(used),
    memoryMb,
    error: isFault ? outcome.kind : null,
    message: isFault ? outcome.message : null,
  }
}

/** One line per app, and what its program printed where it failed. */
export function checkText({ apps }: CheckedFile): string {
  const width = largest(apps.map(({ app }) => app.length))
  return apps
    .flatMap(({ app, ok, status, startMs, answerMs, usedMb, memoryMb, message, printed }) => {
      const head = `${ok ? 'ok    ' : 'failed'}  ${app.padEnd(width)}`
      if (!ok)
        return [
          `${head}  ${message}`,
          ...printed
            .trimEnd()
            .split('\n')
            .filter(Boolean)
            .map((line) => `        ${line}`),
        ]
      const memory = usedMb === null ? '' : `, ${usedMb} of ${memoryMb} MB`
      return [`${head}  status ${status}, started in ${startMs ?? '?'} ms, answered in ${answerMs} ms${memory}`]
    })
    .join('\n')
}
