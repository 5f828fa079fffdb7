import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'

const UNFINISHED = new URL('../../src/files/unfinished.ts', import.meta.url).href

let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'pilotlight-interrupted-'))))
afterEach(() => rmSync(folder, { recursive: true }))

/** How a process ends that has something in the making when it is interrupted, and what it leaves. */
async function interrupted(...hears: readonly string[]) {
  const program = `
    import { writeFileSync } from 'node:fs'
    import { inTheMaking } from ${JSON.stringify(UNFINISHED)}
    ${hears[0] ?? ''}
    const making = inTheMaking('place', async (path) => {
      writeFileSync(path, 'half')
      ${hears[1] ?? ''}
      process.stdout.write('begun')
      await new Promise((resolve) => setTimeout(resolve, 60_000))
    })
    await making`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  child.kill('SIGINT')
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
  return { code, signal, left: readdirSync(folder) }
}

const HEARS = "process.once('SIGINT', () => { setTimeout(() => process.exit(130), 20) })"

it('what is in the making is removed when nobody else hears the signal, which ends the process', async () => {
  expect(await interrupted()).toEqual({ code: null, signal: 'SIGINT', left: [] })
})

it('a signal is left to who hears it once, whether that was there before or comes afterwards', async () => {
  expect(await interrupted(HEARS)).toEqual({ code: 130, signal: null, left: [] })
  expect(await interrupted('', HEARS)).toEqual({ code: 130, signal: null, left: [] })
})
