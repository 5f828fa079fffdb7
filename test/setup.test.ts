import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { finished } from './cli/pilotlight.ts'

const SETUP = fileURLToPath(new URL('../setup.mjs', import.meta.url))
const LOCK = {
  '': { version: '0.1.0' },
  'node_modules/yaml': { version: '2.9.1' },
  'node_modules/node': { version: '24.21.0', dev: true },
  'node_modules/vitest': { version: '5.1.1', dev: true },
  'node_modules/other-platform': { version: '1.0.0', optional: true },
}
const FOR_TESTS = ['node_modules/yaml', 'node_modules/node', 'node_modules/vitest']

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pilotlight-setup-'))
  mkdirSync(join(folder, 'node_modules'))
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages: LOCK }))
  const npm = join(folder, 'npm')
  writeFileSync(npm, '#!/bin/sh\necho "$*" >> calls.txt\necho words of npm\n')
  chmodSync(npm, 0o755)
})
afterEach(() => rmSync(folder, { recursive: true }))

/** What npm writes down of an installation. */
function installed(paths: readonly string[], packages: Readonly<Record<string, object>> = LOCK): void {
  const record = { packages: Object.fromEntries(paths.map((path) => [path, packages[path]])) }
  writeFileSync(join(folder, 'node_modules/.package-lock.json'), JSON.stringify(record))
}

/** What setup asks of an npm that does nothing, and what it leaves. */
async function setup(...words: readonly string[]) {
  writeFileSync(join(folder, 'calls.txt'), '')
  const environment = `PATH=${folder}${delimiter}${process.env['PATH']}`
  const result = await finished(folder, 'env', [environment, process.execPath, SETUP, ...words])
  const calls = readFileSync(join(folder, 'calls.txt'), 'utf8').split('\n').filter(Boolean)
  return { ...result, calls: calls.map((call) => call.split(' --no-audit')[0]) }
}

it('setup installs all locked packages in a fresh clone, and says so on stderr alone', async () => {
  const { calls, code, stdout, stderr } = await setup()
  expect([code, calls, stdout]).toEqual([0, ['ci'], ''])
  expect(stderr).toContain('setup: installing packages (npm ci)\n')
})

it('setup for running asks for no package of the tests', async () => {
  expect((await setup('--run')).calls).toEqual(['ci --omit=dev'])
})

it('setup asks for nothing after npm ci, whoever called it', async () => {
  installed(FOR_TESTS)
  expect((await setup()).calls).toEqual([])
  const silent = await setup('--run')
  expect([silent.calls, silent.stderr]).toEqual([[], ''])
})

it('setup for running asks for nothing after npm ci --omit=dev, and setup for tests asks for the rest', async () => {
  installed(['node_modules/yaml'])
  expect((await setup('--run')).calls).toEqual([])
  expect((await setup()).calls).toEqual(['ci'])
})

it('setup installs again when a package has another version than the lock, and takes no tests away', async () => {
  installed(FOR_TESTS, { ...LOCK, 'node_modules/yaml': { version: '2.9.0' } })
  expect((await setup('--run')).calls).toEqual(['ci'])
})

it('setup fails as npm fails', async () => {
  writeFileSync(join(folder, 'npm'), '#!/bin/sh\nexit 7\n')
  const { code, stderr } = await setup()
  expect(code).toBe(7)
  expect(stderr).toMatch(/^setup: "npm ci" failed\.$/m)
})
