import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { checkTypes } from '../../../src/cli/own-policy/policy-types.ts'

const folder = mkdtempSync(join(tmpdir(), 'pilotlight-types-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

function written(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

it('a mistake of types is told with its file, its line and what it is, against the types of the package', async () => {
  const mine = written(
    'mine.ts',
    `import type { Policy } from 'pilotlight'
import { half } from './halves.ts'

export const made: Policy = {
  arrived() {},
  decide(app, now, out) {
    out.keepAlive = half(now)
  },
}
`,
  )
  written('halves.ts', 'export function half(of: number): number {\n  return String(of / 2)\n}\n')
  const { passed, found } = await checkTypes(mine)
  expect(passed).toBe(false)
  expect(found.split('\n').map((line) => line.trim())).toEqual([
    `halves.ts:2:3 Type 'string' is not assignable to type 'number'. (TS2322)`,
    `mine.ts:7:9 Property 'keepAlive' does not exist on type 'Windows'. Did you mean 'keepAliveMs'? (TS2551)`,
  ])
}, 60_000)

it('types that cannot be checked are told as such, and how to have them checked', async () => {
  const mine = written('alone.ts', 'export default {}\n')
  const { passed, found } = await checkTypes(mine, [mine])
  expect(passed).toBeNull()
  expect(found).toContain(
    `not checked: no package typescript is found from ${folder}; npm install --no-save typescript, there`,
  )
  expect((await checkTypes(written('plain.mjs', 'export default {}\n'))).found).toContain(
    'not checked: JavaScript has no types',
  )
})
