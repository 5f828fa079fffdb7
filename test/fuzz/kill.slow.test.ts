import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { isUnfinished } from '../../src/files/unfinished.ts'
import { openStore } from '../../src/store/store.ts'
import { MAIN, pilotlight } from '../cli/pilotlight.ts'
import { type Study, study } from '../cli/study.ts'
import { type MixedSource, mixedSource } from './mixed-source.ts'

const KILLS = Number(process.env['PILOTLIGHT_KILLS'] ?? 1000)
/** No kill is begun later than this, however many there were. */
const LIMIT_MS = Number(process.env['PILOTLIGHT_KILL_MS'] ?? 1_500_000)
/** Killed processes at a time; the commands that follow them take turns in this one. */
const LANES = 2

/** A command to be killed, and what it leaves. */
interface Killed {
  readonly words: readonly string[]
  readonly output: string
  /** It writes over nothing that is whole. */
  readonly isOnce?: true
}

const COMMANDS: readonly Killed[] = [
  { words: ['run', 'study.yaml', '--store', 'run.sqlite', '--fresh', '--jobs', '1'], output: 'run.sqlite' },
  { words: ['run', 'study.yaml', '--store', 'two.sqlite', '--fresh', '--jobs', '2'], output: 'two.sqlite' },
  { words: ['import', 'trace.csv', '--out', 'x.trace'], output: 'x.trace' },
  { words: ['merge', 'whole.sqlite', '--out', 'merged.sqlite'], output: 'merged.sqlite' },
  { words: ['report', 'whole.sqlite', '--format', 'csv,md,text,json', '--out', 'report'], output: 'report' },
  { words: ['export', 'study.yaml', '--run', 'none', '--to', 'knative', '--out', 'knative'], output: 'knative' },
  { words: ['data', 'whole.sqlite', '--out', 'data'], output: 'data' },
  { words: ['synth', '--apps', '40', '--days', '1', '--out', 'synth'], output: 'synth', isOnce: true },
  { words: ['board', 'card/card.json', '--out', 'board'], output: 'board' },
  {
    words: ['submit', 'study.yaml', '--to', 'slurm', '--out', 'job', '--files-only', '--command', 'pilotlight'],
    output: 'job',
  },
  { words: ['init', 'calls.csv', '--out', 'proposed'], output: 'proposed', isOnce: true },
]

const CALLS = `fn,start_ts,took_ms
f,1700000000,12
g,1700000300,40
f,1700003600,8
`

const TELL_WORK = new URL('tell-work.mjs', import.meta.url).pathname

interface Lane {
  readonly here: Study
  readonly source: MixedSource
  /** What each command leaves, and how long it works, in ms after its start. */
  readonly whole: Map<Killed, { readonly content: string; readonly lastsMs: number }>
}

const lanes: Lane[] = []
beforeAll(async () => {
  for (let lane = 0; lane < LANES; lane += 1) {
    const here = study()
    here.write('calls.csv', CALLS)
    mkdirSync(join(here.folder, 'reports'))
    for (const store of [[], ['--store', 'whole.sqlite']])
      await pilotlight(here.folder, 'run', 'study.yaml', '--quiet', ...store)
    await pilotlight(here.folder, 'report', 'whole.sqlite', '--format', 'card', '--out', 'card', '--quiet')
    const whole: Lane['whole'] = new Map()
    for (const command of COMMANDS) {
      const lastsMs = await killed(here.folder, command.words, Infinity)
      whole.set(command, { content: contentOf(here.folder, command.output), lastsMs })
    }
    lanes.push({ here, source: mixedSource(9 + lane), whole })
  }
}, 300_000)
afterAll(() => lanes.forEach(({ here }) => here.remove()))

/** Texts of all files of a folder or the one file, as a digest; of a store its accounts, because times stand in its rows. */
function contentOf(folder: string, output: string): string {
  const path = join(folder, output)
  if (!existsSync(path)) return 'none'
  if (output.endsWith('.sqlite')) return accountsIn(path)
  const hash = createHash('sha256')
  const names = output.endsWith('.trace') ? [''] : readdirSync(path, { recursive: true }).map(String).toSorted()
  for (const name of names) {
    try {
      hash.update(name).update(readFileSync(join(path, name)))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EISDIR') throw error
    }
  }
  return hash.digest('hex')
}

function accountsIn(path: string): string {
  const store = openStore(path, { create: false })
  try {
    const hash = createHash('sha256')
    for (const { label, digest } of store.readExperiment('study')?.runs ?? []) {
      const run = store.readRun(digest)
      hash.update(`${label} ${digest}`)
      if (run !== undefined) hash.update(new Uint8Array(run.ledger.buffer)).update(new Uint8Array(run.memoryMb.buffer))
    }
    return hash.digest('hex')
  } finally {
    store.close()
  }
}

it(
  'A command killed at any moment of its work loses nothing, and the next leaves nothing behind and the same bits',
  async () => {
    const began = performance.now()
    const faults: string[] = []
    const kills = new Map(COMMANDS.map(({ words }) => [words[0]!, 0]))
    let begun = 0
    await Promise.all(
      lanes.map(async ({ here, source, whole }) => {
        while (begun < KILLS && faults.length === 0 && performance.now() - began < LIMIT_MS) {
          begun += 1
          const command = source.of(COMMANDS)
          const { words, output, isOnce = false } = command
          const { content, lastsMs } = whole.get(command)!
          // As often made anew as over what is there.
          if (isOnce || source.oneIn(2)) rmSync(join(here.folder, output), { recursive: true, force: true })
          const afterMs = source.below(lastsMs * 1.05)
          await killed(here.folder, words, afterMs)
          kills.set(words[0]!, kills.get(words[0]!)! + 1)
          // What is there under its own name is whole already, where nothing is written over it.
          const isThere = isOnce && contentOf(here.folder, output) === content
          const next = isThere ? { code: 0, stderr: '' } : await pilotlight(here.folder, ...words, '--quiet')
          const left = isThere ? [] : leftovers(join(here.folder, output), output)
          const isSame = contentOf(here.folder, output) === content
          if (
            next.code === 0 &&
            (next.stderr === '' || next.stderr.startsWith('warning: ')) &&
            left.length === 0 &&
            isSame
          )
            continue
          const found = `${next.code} ${next.stderr} ${left.join()} ${isSame ? 'same' : 'other'}`
          faults.push(`${words.join(' ')} killed ${afterMs} ms after its work began: ${found}`)
        }
      }),
    )
    process.stderr.write(`${begun} kills: ${[...kills].map(([name, count]) => `${name} ${count}`).join(', ')}\n`)
    expect(faults).toEqual([])
    expect(begun).toBeGreaterThan(10)
  },
  LIMIT_MS + 300_000,
)

/** Runs a command and kills it so many ms after its work began; gives how long it worked, in ms. */
async function killed(folder: string, words: readonly string[], afterMs: number): Promise<number> {
  const child = spawn(process.execPath, ['--import', TELL_WORK, MAIN, ...words, '--quiet'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  const gone = once(child, 'exit')
  const works = once(child.stdio[3]!, 'data')
  await Promise.race([works, gone])
  const began = performance.now()
  if (afterMs === Infinity) await gone
  else await Promise.race([sleep(afterMs), gone])
  child.kill('SIGKILL')
  await gone
  return performance.now() - began
}

/** What is in the making in the folder of an output, and in it. */
function leftovers(path: string, output: string): string[] {
  const beside = readdirSync(join(path, '..')).filter((name) => isUnfinished(name) || name === `${output}-journal`)
  const within = output.includes('.') ? [] : readdirSync(path, { recursive: true }).map(String)
  return [...beside, ...within.filter((name) => isUnfinished(name.split('/').at(-1)!))]
}
