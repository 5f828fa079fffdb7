import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MAIN, pilotlight } from './pilotlight.ts'
import { type Study, study } from './study.ts'

const command = `${process.execPath} ${MAIN}`
const shell = (line: string) => spawnSync('sh', ['-c', line], { cwd: here.folder, encoding: 'utf8' })

let here: Study
beforeAll(() => {
  here = study()
  here.write('README.md', 'mine')
})
afterAll(() => here.remove())

describe('nothing of the user’s is lost to an output', () => {
  it.each([
    ['report study.yaml --out', 'pilotlight report: the flag --out needs a value, found an empty text'],
    ['export study.yaml --run none --to knative --out', 'the flag --out needs a value'],
    ['run study.yaml --store', 'the flag --store needs a value'],
    ['merge a.sqlite --out', 'the flag --out needs a value'],
    ['run', 'pilotlight run: <experiment> needs a value'],
  ])('pilotlight %s ""', async (typed, message) => {
    const { code, stderr, stdout } = await pilotlight(here.folder, ...typed.split(' '), '')
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(message)
    expect(readFileSync(join(here.folder, 'README.md'), 'utf8')).toBe('mine')
  })

  it.each([
    ['run study.yaml --per-app study.yaml', '--per-app: study.yaml is study.yaml, which this command reads'],
    ['run study.yaml --per-app trace.csv', '--per-app: trace.csv is trace.csv'],
    ['run study.yaml --store :memory:', 'expected the path of a store, found ":memory:", which would keep nothing'],
    ['run study.yaml --store /dev/null', '/dev/null: expected a file, found a device or a pipe'],
    ['run study.yaml --store trace.csv', 'trace.csv: the file is no store'],
  ])('pilotlight %s', async (typed, message) => {
    const { code, stderr } = await pilotlight(here.folder, ...typed.split(' '), '--quiet')
    expect(stderr).toContain(message)
    expect(code).toBe(2)
    expect(readFileSync(join(here.folder, 'study.yaml'), 'utf8')).toContain('name: study')
  })

  it('a report goes to a new folder, over itself, and over a changed file or one of others only when forced', async () => {
    expect((await pilotlight(here.folder, 'run', 'study.yaml', '--quiet')).code).toBe(0)
    const report = (...words: string[]) =>
      pilotlight(here.folder, 'report', 'study.yaml', '--quiet', '--format', 'csv', ...words)
    expect((await report('--out', '.')).stderr).toMatch(
      /^\.: expected a new or empty folder, or one that pilotlight wrote/,
    )
    const { stdout } = await report('--out', 'out')
    expect((await report('--out', 'out')).code).toBe(0)
    const file = join(here.folder, stdout.trim())
    writeFileSync(file, 'notes')
    expect((await report('--out', 'out')).stderr).toContain('it was changed since pilotlight wrote it')
    expect(readFileSync(file, 'utf8')).toBe('notes')
    expect((await report('--out', 'out', '--force')).code).toBe(0)
    expect(existsSync(join(here.folder, 'out/.pilotlight'))).toBe(true)
  })
})

describe('what the system refuses is one sentence', () => {
  it('a full disk behind standard output', () => {
    const { status, stderr } = shell(`${command} list policies > /dev/full`)
    expect(stderr).toBe('standard output: cannot be written: the disk is full (ENOSPC).\n')
    expect(status).toBe(2)
  })

  it('a current folder that was removed', () => {
    const { status, stderr } = shell(`mkdir gone && cd gone && rmdir ../gone && ${command} list policies`)
    expect(stderr).toBe(
      'the current folder: it has been removed. Change to another folder and run the command again.\n',
    )
    expect(status).toBe(2)
  })

  it('a named pipe as a trace, which nobody waits for', () => {
    const { status, stderr } = shell(`mkfifo pipe && ${command} trace pipe --quiet`)
    expect(stderr).toMatch(/^pipe: .*neither/)
    expect(status).toBe(2)
  })

  it('control characters of a label stay out of the terminal', () => {
    here.write('evil.yaml', 'name: evil\ntrace: { path: "x\\e]0;title\\a.csv" }\npolicies: [ { policy: none } ]\n')
    const { stderr } = shell(`${command} run evil.yaml`)
    expect(stderr).toContain(String.raw`x\u001b]0;title\u0007.csv`)
  })
})
