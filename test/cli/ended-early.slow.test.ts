import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { isUnfinished } from '../../src/files/unfinished.ts'
import { mixedSource } from '../fuzz/mixed-source.ts'
import { GOOD_LINES, oddFolder, type OddFolder } from './options/every-option.ts'
import { finished, MAIN } from './pilotlight.ts'

let here: OddFolder
beforeAll(async () => {
  here = await oddFolder()
})
afterAll(() => here.remove())

/** Commands that end by themselves and print a result. */
const PRINTING = GOOD_LINES.filter(([name]) => name !== 'serve')

/** A line for a shell that can tell how the first program of a pipe ended. */
async function shell(line: string) {
  return finished(here.folder, 'bash', ['-c', line])
}

const spelt = (words: readonly string[]): string =>
  [process.execPath, MAIN, ...words].map((word) => `'${word}'`).join(' ')

it.each(PRINTING)('pilotlight %s %s ends well when whoever reads it has gone, and leaves nothing', async (...words) => {
  const { stdout, stderr } = await shell(`${spelt(words)} | head -c 1 > gone.txt; echo "\${PIPESTATUS[0]}"`)
  expect({ code: stdout.trim(), stderr: stderr.includes('    at ') ? stderr : '' }).toEqual({ code: '0', stderr: '' })
  expect(here.tidied()).toEqual([])
})

it.each(PRINTING)('pilotlight %s %s says that standard output is full', async (...words) => {
  const { code, stderr } = await shell(`${spelt(words)} > /dev/full`)
  expect(stderr).toContain('standard output: cannot be written: the disk is full (ENOSPC).\n')
  expect(stderr).not.toContain('    at ')
  expect(code).toBe(2)
  expect(here.tidied()).toEqual([])
})

const LONG: readonly (readonly string[])[] = [
  ['synth', '--apps', '300', '--days', '2', '--out', 'written'],
  ['run', 'study.yaml', '--fresh', '--jobs', '2'],
  ['import', 'trace.csv', '--out', 'written.trace'],
  ['report', 'study.yaml', '--format', 'csv,md,json', '--out', 'written'],
  ['data', 'study.yaml', '--out', 'written'],
  ['export', 'study.yaml', '--run', 'none', '--to', 'knative', '--out', 'written'],
  ['merge', 'whole.sqlite', '--out', 'written.sqlite'],
  ['tune', 'study.yaml', '--judge-from', '20m', '--minimise', 'cold-starts', '--out', 'written.yaml'],
]

it.each(LONG)('pilotlight %s %s is over at Ctrl-C, with what was there whole and nothing left', async (...words) => {
  const source = mixedSource(3)
  const ends = new Set<string>()
  for (let turn = 0; turn < 8; turn += 1) {
    const child = spawn(process.execPath, [MAIN, ...words, '--quiet'], { cwd: here.folder, stdio: 'ignore' })
    const over = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
    await Promise.race([sleep(100 + source.below(1500)), over])
    child.kill('SIGINT')
    const [code, signal] = await over
    ends.add(signal ?? String(code))
    const left = readdirSync(here.folder, { recursive: true, encoding: 'utf8' })
    expect(left.filter((path) => isUnfinished(path.split('/').at(-1)!))).toEqual([])
    expect(here.tidied()).toEqual([])
    expect(readFileSync(join(here.folder, 'study.yaml'), 'utf8')).toContain('name: study')
  }
  expect(['SIGINT', '0']).toEqual(expect.arrayContaining([...ends]))
  const { code, stderr } = await finished(here.folder, process.execPath, [MAIN, ...words, '--quiet'])
  expect({ code, stderr: stderr.replace(/^warning: .*\n/, '') }).toEqual({ code: 0, stderr: '' })
  here.tidied()
})
