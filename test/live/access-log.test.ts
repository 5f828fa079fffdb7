import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { WARM } from '../../src/engine/outcomes.ts'
import { accessLog, demandAccessLog } from '../../src/live/access-log.ts'
import type { LogLine } from '../../src/live/log.ts'
import { appOf } from './deployed.ts'
import { withFolder } from './folder.ts'
import { eventually } from './serving.ts'

it('The access log that can be written nowhere is told at the start', async () => {
  await expect(demandAccessLog('/no/such/folder/access.log')).rejects.toThrow(
    '/no/such/folder/access.log: cannot be written: there is no such file or folder (ENOENT)',
  )
})

const call = { id: 'c', fn: 'f', method: 'GET', path: '/a?secret=1', headers: [], body: Buffer.alloc(0) }
const visit = { app: 0, fn: 0, call, arrivedAt: 1, endedAt: 2, outcome: WARM, instance: 0 }
const VISIT = { ...visit, waitedMs: 0, decidedMs: 0, ranMs: 1, status: 200 }

const linesOf = (path: string): number => readFileSync(path, 'utf8').trimEnd().split('\n').length

it('The access log that was moved goes on in a new file once it is opened anew, and no line is lost', () =>
  withFolder(async (folder) => {
    const file = join(folder, 'access.log')
    const { watcher, reopen, close } = accessLog(file, [appOf('process', 'http', 'http-server')], 0, () => undefined)
    watcher.visited!(VISIT)
    await eventually(() => existsSync(file))
    renameSync(file, `${file}.1`)
    watcher.visited!(VISIT)
    reopen()
    watcher.visited!(VISIT)
    await close()
    await eventually(() => linesOf(`${file}.1`) === 2)
    expect(linesOf(file)).toBe(1)
  }))

it('The access log that cannot be written is told, and goes on once it can, with how many lines were lost', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pl-access-'))
  const file = join(folder, 'away', 'access.log')
  const told: LogLine[] = []
  const { watcher, close } = accessLog(file, [appOf('process', 'http', 'http-server')], 0, (line) => told.push(line))
  const write = (): void => watcher.visited!(VISIT)
  write()
  await eventually(() => told.length === 1)
  expect(told).toEqual([{ event: 'access log not written', file, why: 'ENOENT' }])
  write()
  mkdirSync(join(folder, 'away'))
  await sleep(1100)
  write()
  write()
  await close()
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
  expect(lines.map((line) => (JSON.parse(line) as { linesLost?: number }).linesLost)).toEqual([2, undefined])
  expect(lines[0]).toContain('"path":"/a","status":200,"start":"warm"')
  expect(told).toHaveLength(1)
  rmSync(folder, { recursive: true })
})
