import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../', import.meta.url))

interface Manifest {
  readonly name: string
  readonly version: string
  readonly engines: Readonly<Record<string, string>>
  readonly scripts: Readonly<Record<string, string>>
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
  readonly allowScripts: Readonly<Record<string, boolean>>
}

interface Lock {
  readonly packages: Readonly<Record<string, { readonly version?: string; readonly resolved?: string }>>
}

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest
const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as Lock
const packages = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })

describe('package.json', () => {
  it('pins every package to one version, which is the one in the lock file', () => {
    expect(packages.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([])
    const locked = packages.map(([name]) => [name, lock.packages[`node_modules/${name}`]?.version])
    expect(locked).toEqual(packages)
  })

  it('lets no package but node run a script when it is installed', () => {
    expect(manifest.allowScripts).toEqual({ node: true })
  })

  it('asks for a Node that the one among its packages is', () => {
    const [, least] = /^>=(\d+)(?:\.\d+)?$/.exec(manifest.engines['node']!)!
    expect(Number.parseInt(manifest.devDependencies['node']!, 10)).toBeGreaterThanOrEqual(Number(least))
    expect(process.versions.node).toBe(manifest.devDependencies['node'])
  })

  it('has a lock file that names no registry, so that any will do', () => {
    expect(Object.entries(lock.packages).filter(([, { resolved }]) => resolved !== undefined)).toEqual([])
  })

  it('has scripts for everything that the house asks of a change', () => {
    expect(Object.keys(manifest.scripts)).toEqual(expect.arrayContaining(['start', 'test', 'check', 'bench', 'docs']))
  })
})
