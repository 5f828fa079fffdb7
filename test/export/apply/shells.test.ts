import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { constantFloor, NO_FLOOR } from '../../../src/policy/plan/floor.ts'
import { appPlan, DAILY, exported, planOf, VARIANTS, WEEKLY } from '../exported.ts'

/** Plans that ask for all that scripts differ by: floors by the clock, a number that always holds, and nothing at all. */
const PLANS = [
  planOf([appPlan({ floor: DAILY, schedule: DAILY }), appPlan({ app: 'mailer', schedule: NO_FLOOR })]),
  planOf([appPlan({ app: 'night & day/7', floor: WEEKLY, schedule: WEEKLY })], 'Europe/Berlin'),
  planOf([appPlan({ floor: constantFloor(2), schedule: constantFloor(2), concurrency: 8 })]),
]
/** Names of files whose text is the same in every export. */
const COMMON = ['apply.sh', 'rollback.sh', 'present.sh']

/** The lines of a shell that a README has for its readers. */
function shellLines(readme: string): string {
  return [...readme.matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, lines]) => lines).join('\n')
}

/** Every script of every platform and plan, and what READMEs tell people to type; each text once, by where it is. */
function scripts(): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  const seen = new Set<string>()
  for (const [name, id, settings] of VARIANTS) {
    for (const [index, plan] of PLANS.entries()) {
      for (const { path, text } of exported(id, plan, settings).files) {
        const isReadme = path === 'README.md'
        if (!isReadme && !path.endsWith('.sh')) continue
        const script = isReadme ? `#!/bin/sh\n${shellLines(text)}` : text
        if (seen.has(script)) continue
        seen.add(script)
        const folder = `${name.replaceAll(/[^\w-]+/g, '_')}-${index}`
        found.set(isReadme ? `${folder}/readme.sh` : `${folder}/${path}`, script)
      }
    }
  }
  return found
}

const all = scripts()
const hasShellcheck = spawnSync('shellcheck', ['--version']).status === 0
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pilotlight-shells-'))
  for (const [path, text] of all) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('the scripts of exports', () => {
  it('are one apply.sh, rollback.sh and present.sh for all platforms, which differ in tool.sh alone', () => {
    const names = [...all.keys()].map((path) => path.slice(path.indexOf('/') + 1))
    for (const common of COMMON) expect(names.filter((name) => name === common)).toEqual([common])
    expect(names.filter((name) => name === 'tool.sh').length).toBeGreaterThan(15)
  })

  it('are read by sh and by bash without a complaint', () => {
    // A shell reads one script; so this one reads them all, each for itself.
    const read = 'for each; do sh -n "$each" && bash -n "$each" || echo "$each"; done'
    const { stdout, stderr } = spawnSync('sh', ['-c', read, 'sh', ...all.keys()], { cwd: folder, encoding: 'utf8' })
    expect(stdout + stderr).toBe('')
  })

  it.skipIf(!hasShellcheck)('pass shellcheck (skipped without it)', () => {
    const check = ['--shell=sh', '--external-sources', '--source-path=SCRIPTDIR', '--format=gcc', ...all.keys()]
    expect(() => execFileSync('shellcheck', check, { cwd: folder, encoding: 'utf8' })).not.toThrow()
  })
})
