import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const FOLDER = join(import.meta.dirname, 'independent')
/** What npm writes down of the packages that it installed. */
const INSTALLED = join(FOLDER, 'node_modules/.package-lock.json')
const areInstalled = existsSync(INSTALLED)
const reason = areInstalled
  ? ''
  : ' (skipped with the tests in its folder until "npm --prefix test/export/independent ci")'

interface Lock {
  readonly packages: Readonly<Record<string, { readonly version?: string; readonly resolved?: string }>>
}

interface Manifest {
  readonly devDependencies: Readonly<Record<string, string>>
}

const lock = JSON.parse(readFileSync(join(FOLDER, 'package-lock.json'), 'utf8')) as Lock
const manifest = JSON.parse(readFileSync(join(FOLDER, 'package.json'), 'utf8')) as Manifest

it('every independent judge of exports is pinned to one version, by a lock file that names no registry', () => {
  const judges = Object.entries(manifest.devDependencies)
  expect(judges.length).toBeGreaterThan(10)
  expect(judges.filter(([, version]) => !/^\d+\.\d+\.\d+(-r\.\d+)?$/.test(version))).toEqual([])
  expect(judges.map(([name]) => [name, lock.packages[`node_modules/${name}`]?.version])).toEqual(judges)
  expect(Object.values(lock.packages).filter(({ resolved }) => resolved !== undefined)).toEqual([])
})

it.skipIf(!areInstalled)(`the independent judges of exports are the locked ones${reason}`, () => {
  const installed = JSON.parse(readFileSync(INSTALLED, 'utf8')) as Lock
  const judges = Object.keys(manifest.devDependencies).map((name) => `node_modules/${name}`)
  expect(judges.map((path) => installed.packages[path]?.version)).toEqual(
    judges.map((path) => lock.packages[path]?.version),
  )
})
