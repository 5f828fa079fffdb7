import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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
const FOR_TESTS = ['node_modules/yaml', 'node_modules/vitest']
const NODE = 'install --no-save --no-package-lock node@24.21.0'
/** An npm that writes down what it is asked, and brings nothing but the Node. */
const NPM = `#!/bin/sh
echo "$*" >> "$CALLS"
echo words of npm
[ "$1" = install ] || exit 0
mkdir -p node_modules/node/bin node_modules/.bin
echo '{ "version": "24.21.0", "bin": { "node": "bin/node" } }' > node_modules/node/package.json
echo program > node_modules/node/bin/node
ln -s ../node/bin/node node_modules/.bin/node
`

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pilotlight-setup-'))
  mkdirSync(join(folder, 'node_modules'))
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages: LOCK }))
  const npm = join(folder, 'npm')
  writeFileSync(npm, NPM)
  chmodSync(npm, 0o755)
})
afterEach(() => rmSync(folder, { recursive: true }))

/** What npm writes down of an installation, and the Node with its program. */
function installed(paths: readonly string[], packages: Readonly<Record<string, object>> = LOCK): void {
  const record = { packages: Object.fromEntries(paths.map((path) => [path, packages[path]])) }
  writeFileSync(join(folder, 'node_modules/.package-lock.json'), JSON.stringify(record))
  placeNode('24.21.0')
}

function placeNode(version: string): void {
  mkdirSync(join(folder, 'node_modules/node/bin'), { recursive: true })
  writeFileSync(join(folder, 'node_modules/node/package.json'), JSON.stringify({ version, bin: { node: 'bin/node' } }))
  writeFileSync(join(folder, 'node_modules/node/bin/node'), 'program')
}

/** What setup asks of npm under a Node of that major version, and what it leaves. Two that run at once come in any order. */
async function setup(words: readonly string[] = [], major = '20') {
  const list = join(folder, 'calls.txt')
  writeFileSync(list, '')
  const older = `data:text/javascript,Object.defineProperty(process.versions,'node',{value:'${major}.0.0'})`
  const environment = [`PATH=${folder}${delimiter}${process.env['PATH']}`, `CALLS=${list}`]
  const program = [process.execPath, '--import', older, SETUP, ...words]
  const result = await finished(folder, 'env', [...environment, ...program])
  const calls = readFileSync(list, 'utf8').split('\n').filter(Boolean)
  return { ...result, calls: calls.map((call) => call.split(' --no-audit')[0]).toSorted() }
}

it('setup installs all locked packages and the Node in a fresh clone, and says so on stderr alone', async () => {
  const { calls, code, stdout, stderr } = await setup()
  expect([code, calls, stdout]).toEqual([0, ['ci --ignore-scripts', NODE], ''])
  expect(stderr).toContain('setup: installing packages (npm ci --ignore-scripts)\n')
  expect(readFileSync(join(folder, 'node_modules/.bin/node'), 'utf8')).toBe('program\n')
  expect(existsSync(join(folder, '.node-part'))).toBe(false)
})

it('setup for running asks for no package of the tests, and for a Node only where this one is too old', async () => {
  expect((await setup(['--run'], '24')).calls).toEqual(['ci --omit=dev --ignore-scripts'])
  expect((await setup(['--run'])).calls).toEqual(['ci --omit=dev --ignore-scripts', NODE])
})

it('setup asks for nothing after npm ci, whoever called it', async () => {
  installed(FOR_TESTS)
  expect((await setup()).calls).toEqual([])
  const silent = await setup(['--run'])
  expect([silent.calls, silent.stderr]).toEqual([[], ''])
})

it('setup for running asks for nothing after npm ci --omit=dev, and setup for tests asks for the rest', async () => {
  installed(['node_modules/yaml'])
  expect((await setup(['--run'])).calls).toEqual([])
  expect((await setup()).calls).toEqual(['ci --ignore-scripts', NODE])
})

it('setup installs again when a package has another version than the lock, and takes no tests away', async () => {
  installed(FOR_TESTS, { ...LOCK, 'node_modules/yaml': { version: '2.9.0' } })
  expect((await setup(['--run'])).calls).toEqual(['ci --ignore-scripts', NODE])
})

it('setup brings the Node alone where only it is missing, is another or has no program', async () => {
  installed(FOR_TESTS)
  placeNode('22.0.0')
  expect((await setup()).calls).toEqual([NODE])
  expect((await setup()).calls).toEqual([])
  rmSync(join(folder, 'node_modules/node/bin/node'))
  expect((await setup()).calls).toEqual([NODE])
  rmSync(join(folder, 'node_modules/node'), { recursive: true })
  expect((await setup(['--run'])).calls).toEqual([NODE])
})

it('setup fails as npm fails, and leaves nothing half installed', async () => {
  writeFileSync(join(folder, 'npm'), '#!/bin/sh\nexit 7\n')
  const { code, stderr } = await setup()
  expect(code).toBe(7)
  expect(stderr).toMatch(/^setup: "npm ci --ignore-scripts" failed\.$/m)
  expect(existsSync(join(folder, '.node-part'))).toBe(false)
})
