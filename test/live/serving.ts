import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LiveApp } from '../../src/live/live-app.ts'
import type { LiveConfig } from '../../src/live/live-config.ts'
import type { LogLine } from '../../src/live/log.ts'
import { type ServeOptions, type Serving, serve } from '../../src/live/serve.ts'
import { defaultsOf } from '../../src/policy/parameters.ts'
import { policies } from '../../src/policy/policies/index.ts'
import { SOCKET } from './engine-image.ts'

/** An adapter of a test, and everything that it said. */
export interface Served extends Serving {
  readonly config: LiveConfig
  readonly lines: LogLine[]
  /** Calls a function: the status, the answer as JSON or text, and the headers. */
  call(app: string, request?: unknown, more?: RequestInit): Promise<Answer>
  get(path: string): Promise<Answer>
}

interface Answer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
  readonly text: string
  readonly headers: Headers
}

let names = 0

/** Bounds under which nobody waits for room; tests of waiting have their own. */
export const LIMITS: LiveConfig['limits'] = {
  calls: 20_000,
  connections: 20_000,
  graceMs: 5000,
  queue: 0,
  waitMs: 0,
  silenceMs: 60_000,
  policyMs: 100,
}

/** A configuration of apps on a backend with a windows policy of ten minutes; its state is in `folder`. */
export function configOf(
  backend: string,
  apps: readonly LiveApp[],
  folder: string,
  more: Partial<LiveConfig> = {},
): LiveConfig {
  names += 1
  const definition = policies.get('fixed', 'test')
  return {
    name: `test-${process.pid}-${names}`,
    apps,
    backend: { id: backend, ...(SOCKET === undefined ? {} : { socket: SOCKET }) },
    policy: { definition, params: defaultsOf(definition.parameters), seed: 1 },
    reuse: 'newest',
    whileLoading: 'new',
    budgetMb: 4096,
    listen: { host: '127.0.0.1', port: 0, tokens: {} },
    state: { file: join(folder, 'state.json'), everyMs: 60_000 },
    limits: LIMITS,
    ...more,
  }
}

/** Serves a configuration; whoever starts it closes it. */
export async function serving(config: LiveConfig, options: Partial<ServeOptions> = {}): Promise<Served> {
  const lines: LogLine[] = []
  const started = await serve(config, { log: (line) => lines.push(line), ...options })
  const ask = async (path: string, init: RequestInit = {}): Promise<Answer> => {
    const response = await fetch(`${started.url}${path}`, init)
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json') ?? false
    const body = isJson ? (JSON.parse(text) as Record<string, unknown>) : {}
    return { status: response.status, body, text, headers: response.headers }
  }
  return {
    ...started,
    config,
    lines,
    call: (app, request = {}, more = {}) =>
      ask(`/call/${app}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(request),
        ...more,
      }),
    get: (path) => ask(path),
  }
}

/** Serves apps on a backend, uses that, and closes it again. */
export async function withServing<T>(
  backend: string,
  apps: readonly LiveApp[],
  more: Partial<LiveConfig>,
  use: (served: Served) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'pl-serve-'))
  try {
    const served = await serving(configOf(backend, apps, folder, more))
    try {
      return await use(served)
    } finally {
      await served.close()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Waits until something holds, for at most ten seconds, or as many as are given. */
export async function eventually(holds: () => boolean | Promise<boolean>, seconds = 10): Promise<void> {
  for (let attempt = 0; attempt < seconds * 50; attempt += 1) {
    if (await holds()) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error('it never came to be')
}
