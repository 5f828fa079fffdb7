import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { isUnfinished } from '../../src/files/unfinished.ts'
import { MAIN, pilotlight } from '../cli/pilotlight.ts'
import { type Study, study } from '../cli/study.ts'
import { mixedSource } from './mixed-source.ts'

const ROUNDS = 1000
/** Rounds end here, however many there were. */
const LIMIT_MS = Number(process.env['PILOTLIGHT_KILL_MS'] ?? 1_200_000)

/** A command to be killed, and what it leaves. */
interface Killed {
  readonly words: readonly string[]
  readonly output: string
}

const COMMANDS: readonly Killed[] = [
  { words: ['run', 'study.yaml', '--store', 'run.sqlite', '--fresh'], output: 'run.sqlite' },
  { words: ['import', 'trace.csv', '--out', 'x.trace'], output: 'x.trace' },
  { words: ['merge', 'whole.sqlite', '--out', 'merged.sqlite'], output: 'merged.sqlite' },
  { words: ['report', 'whole.sqlite', '--format', 'csv,md', '--out', 'report'], output: 'report' },
  { words: ['export', 'study.yaml', '--run', 'none', '--to', 'knative', '--out', 'knative'], output: 'knative' },
  { words: ['data', 'whole.sqlite', '--out', 'data'], output: 'data' },
  { words: ['synth', '--apps', '40', '--days', '1', '--out', 'synth'], output: 'synth' },
]

let here: Study
beforeAll(async () => {
  here = study()
  mkdirSync(join(here.folder, 'reports'))
  for (const store of [[], ['--store', 'whole.sqlite']])
    await pilotlight(here.folder, 'run', 'study.yaml', '--quiet', ...store)
})
afterAll(() => here.remove())

/** SHA-256 of a file, or of all files of a folder; of a store what it says, because times stand in its rows. */
async function contentOf(output: string): Promise<string> {
  const path = join(here.folder, output)
  if (output.endsWith('.sqlite')) {
    const { stdout } = await pilotlight(here.folder, 'compare', output, '--json')
    return stdout.replaceAll(/"(?:wall-?(?:ms|time|Ms))": [\d.]+/g, '')
  }
  const hash = createHash('sha256')
  if (!readdirSync(here.folder).includes(output)) return 'none'
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

it('A command killed at any moment loses nothing, and the next leaves nothing behind and the same bits', async () => {
  const source = mixedSource(9)
  const expected = new Map<string, string>()
  const lasts = new Map<string, number>()
  for (const { words, output } of COMMANDS) {
    const began = performance.now()
    const done = await pilotlight(here.folder, ...words, '--quiet')
    expect(done).toMatchObject({ code: 0 })
    lasts.set(output, performance.now() - began)
    expected.set(output, await contentOf(output))
  }
  const before = performance.now()
  const faults: string[] = []
  let rounds = 0
  for (; rounds < ROUNDS && faults.length === 0 && performance.now() - before < LIMIT_MS; rounds += 1) {
    const { words, output } = source.of(COMMANDS)
    // A new folder is demanded by synth; the others are as often made anew as over what is there.
    if (output === 'synth' || source.oneIn(2)) rmSync(join(here.folder, output), { recursive: true, force: true })
    const afterMs = source.below(lasts.get(output)! * 1.1)
    await killed(words, afterMs)
    // What is there under its own name is whole already; synth writes over nothing.
    const isThere = output === 'synth' && readdirSync(here.folder).includes('synth')
    const { code, stderr } = isThere ? { code: 0, stderr: '' } : await pilotlight(here.folder, ...words, '--quiet')
    const left = isThere ? [] : leftovers()
    const isSame = (await contentOf(output)) === expected.get(output)
    if (code !== 0 || (stderr !== '' && !stderr.startsWith('warning: ')) || left.length > 0 || !isSame)
      faults.push(
        `${words.join(' ')} killed after ${afterMs} ms: ${code} ${stderr} ${left.join()} ${isSame ? 'same' : 'other'}`,
      )
  }
  process.stderr.write(`${rounds} kills\n`)
  expect(faults).toEqual([])
  expect(rounds).toBeGreaterThan(10)
}, 1_800_000)

async function killed(words: readonly string[], afterMs: number): Promise<void> {
  const child = spawn(process.execPath, [MAIN, ...words, '--quiet'], { cwd: here.folder, stdio: 'ignore' })
  const gone = once(child, 'exit')
  await Promise.race([sleep(afterMs), gone])
  child.kill('SIGKILL')
  await gone
}

function leftovers(): string[] {
  const names = readdirSync(here.folder, { recursive: true }).map(String)
  return names.filter((name) => isUnfinished(name.split('/').at(-1)!) || name.endsWith('-journal'))
}
