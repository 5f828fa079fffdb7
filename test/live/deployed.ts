import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Backend } from '../../src/live/instance/backend.ts'
import { BACKENDS } from '../../src/live/backends/index.ts'
import type { LiveApp } from '../../src/live/live-app.ts'
import { IMAGE, SKIPPED, SOCKET } from './engine-image.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const PROGRAMS = join(ROOT, 'test/live/programs')
const FRAMEWORK = 'node_modules/@google-cloud/functions-framework/build/src/main.js'

/** The backends of the suite that runs: containers take long, and so have their own (npm run test:slow). */
export const PLACES = BACKENDS.ids
  .filter((id) => (id === 'docker') === (process.env['PILOTLIGHT_SLOW'] !== undefined))
  .map((id) => {
    const isSkipped = id === 'docker' && SOCKET === undefined
    return { id, name: isSkipped ? `${id} ${SKIPPED}` : id, isSkipped }
  })

/** The command of each test program, for a machine that has it in `programs` with packages in `root`. */
function commands(node: string, root: string, programs: string): Readonly<Record<string, readonly string[]>> {
  return {
    'http-server': [node, join(programs, 'http-server.mjs')],
    framework: [
      node,
      join(root, FRAMEWORK),
      '--target=behave',
      `--source=${join(programs, 'functions-framework.mjs')}`,
    ],
    fdk: [node, join(programs, 'fdk.mjs')],
    'action-proxy': [node, join(programs, 'action-proxy.mjs')],
    'lambda-runtime': [node, join(programs, 'lambda-runtime.mjs')],
  }
}

/** A test program with the contract that it keeps. */
export const PROGRAMS_BY_CONTRACT: readonly (readonly [contract: string, program: string])[] = [
  ['http', 'http-server'],
  ['http', 'framework'],
  ['fn', 'fdk'],
  ['openwhisk', 'action-proxy'],
  ['lambda', 'lambda-runtime'],
]

/** What a live file says of an app where nothing is said. */
const BOUNDS = {
  streamMs: 60 * 60_000,
  mostRequestBytes: 6 * 1024 * 1024,
  mostAnswerBytes: 6 * 1024 * 1024,
  revision: 'r1',
  hosts: [],
  retries: 0,
} satisfies Partial<LiveApp>

/** An app that runs a test program on a backend. */
export function appOf(backend: string, contract: string, program: string, more: Partial<LiveApp> = {}): LiveApp {
  const isImage = backend === 'docker'
  const table = isImage
    ? commands('/usr/local/bin/node', '/app', '/app/programs')
    : commands(process.execPath, ROOT, PROGRAMS)
  return {
    name: 'tested',
    functions: ['f'],
    contract,
    ...(isImage ? { image: IMAGE } : {}),
    command: table[program]!,
    folder: ROOT,
    env: {},
    memoryMb: 256,
    concurrency: 1,
    timeoutMs: 5000,
    startTimeoutMs: 20_000,
    stopGraceMs: 0,
    pauseAfterMs: Number.POSITIVE_INFINITY,
    ...BOUNDS,
    code: { text: 'async function main(value) { return behave(value) }', binary: false, main: 'main' },
    ...more,
  }
}

let labels = 0

/** Opens a backend under a label of its own with a folder of its own, uses it, and takes all away again. */
export async function withBackend<T>(
  id: string,
  use: (backend: Backend, label: string, folder: string) => Promise<T>,
): Promise<T> {
  labels += 1
  const label = `test-${process.pid}-${labels}`
  const folder = mkdtempSync(join(tmpdir(), 'pl-live-'))
  const socket = SOCKET === undefined ? {} : { socket: SOCKET }
  const backend = await BACKENDS.get(id, 'test').open({ label, folder, ...socket })
  try {
    return await use(backend, label, folder)
  } finally {
    await backend.removeLeftovers()
    await backend.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
