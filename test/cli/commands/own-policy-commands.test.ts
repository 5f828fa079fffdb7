import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { pilotlight } from '../pilotlight.ts'

const folder = mkdtempSync(join(tmpdir(), 'pilotlight-own-policy-'))
afterAll(() => rmSync(folder, { recursive: true }))

it('new policy writes a policy that passes check-policy, and a test that passes', async () => {
  const made = await pilotlight(folder, 'new', 'policy', 'my-own', '--quiet')
  expect(made.stdout).toBe('my-own.ts\nmy-own.test.ts\n')
  const { code, stdout } = await pilotlight(folder, 'check-policy', './my-own.ts')
  expect(stdout).toContain('my-own: Keeps every app for as long as its latest idle time, and a minute more.')
  expect(stdout).not.toContain('FAILED')
  expect(code).toBe(0)
  const report = execFileSync(process.execPath, ['--test', join(folder, 'my-own.test.ts')], { encoding: 'utf8' })
  expect(report).toMatch(/pass 2\b/)
}, 30_000)

it('new policy takes no name that is none, and writes over nothing', async () => {
  const { code, stderr } = await pilotlight(folder, 'new', 'policy', 'My Policy')
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: expect.stringContaining(
      'expected small letters, digits and "-", beginning with a letter, found "My Policy"',
    ),
  })
  writeFileSync(join(folder, 'there.ts'), 'mine')
  const again = await pilotlight(folder, 'new', 'policy', 'there')
  expect(again.code).toBe(2)
  expect(again.stderr).toContain('there.ts: there is a file of that name already')
  expect(readFileSync(join(folder, 'there.ts'), 'utf8')).toBe('mine')
})

it('check-policy passes the policy of docs/own-policy.md, and exits with 2 for one that fails', async () => {
  const good = fileURLToPath(new URL('../../../experiments/my-policy.ts', import.meta.url))
  const passed = await pilotlight(folder, 'check-policy', good, '--json')
  expect(passed.code).toBe(0)
  expect(JSON.parse(passed.stdout)).toMatchObject({ schema: 1, policy: 'longest-idle', passed: true })
  expect(JSON.parse(passed.stdout).checks[0]).toEqual({
    check: 'its types are right',
    passed: true,
    found: expect.stringMatching(/^by TypeScript \d+\.\d+\.\d+, /),
  })
  const bad = join(folder, 'bad.mjs')
  writeFileSync(
    bad,
    `export default { id: 'bad', summary: 'A policy of a test.', parameters: {}, scope: 'app', needs: [],
      create: () => ({ arrived() {}, decide(app, now, out) { out.prewarmMs = 0; out.keepAliveMs = Math.random() } }) }`,
  )
  const failed = await pilotlight(folder, 'check-policy', bad)
  expect(failed.code).toBe(2)
  expect(failed.stdout).toContain('FAILED uses no clock and no chance')
  expect(failed.stderr).toMatch(/bad\.mjs: \d of 9 checks failed: /)
})

it('check-policy finds a clock that is asked when the file is loaded', async () => {
  const bad = join(folder, 'early.mjs')
  writeFileSync(
    bad,
    `const began = Date.now() % 60000
    export default { id: 'early', summary: 'A policy of a test.', parameters: {}, scope: 'app', needs: [],
      create: () => ({ arrived() {}, decide(app, now, out) { out.prewarmMs = 0; out.keepAliveMs = began } }) }`,
  )
  const { code, stdout } = await pilotlight(folder, 'check-policy', bad)
  expect(stdout).toContain('when the file is loaded, it asks Date.now()')
  expect(code).toBe(2)
})
