import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { expect, it } from 'vitest'
import { openStore } from '../../src/store/store.ts'
import { exampleRun } from './example-run.ts'

const WRITER = fileURLToPath(new URL('write-runs-for-ever.ts', import.meta.url))

/** Lets a writer work until it told of its first run and for `ms` more, kills it, and gives the last run it told of. */
async function writeUntilKilled(path: string, ms: number): Promise<number> {
  const writer = spawn(process.execPath, [WRITER, path], { stdio: ['ignore', 'pipe', 'inherit'] })
  let last = -1
  const lines = createInterface(writer.stdout)
  lines.on('line', (line) => (last = Number(line)))
  await once(lines, 'line')
  await sleep(ms)
  writer.kill('SIGKILL')
  await once(writer, 'close')
  return last
}

it('loses no finished run and corrupts nothing when the writer is killed at any moment, seven times over', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pilotlight-kill-'))
  const path = join(folder, 'results.sqlite')
  let before = -1
  for (let round = 0; round < 7; round += 1) {
    // Moments spread over the few milliseconds that a transaction takes, without drawing them at random.
    const told = await writeUntilKilled(path, (round * 7) % 23)
    expect(told).toBeGreaterThan(before)
    before = told
    const store = openStore(path, { create: false })
    for (let number = 0; number <= told; number += 1) expect(store.hasRun(`run-${number}`)).toBe(true)
    expect(store.readRun(`run-${told}`)).toEqual(exampleRun(told, 2000).run)
    // At most one run may have been finished without its word having come out.
    expect(store.hasRun(`run-${told + 2}`)).toBe(false)
    store.close()
    const database = new Database(path)
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
    database.close()
  }
  rmSync(folder, { recursive: true })
})
