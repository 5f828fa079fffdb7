import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Floor } from '../../../src/policy/plan/floor.ts'
import { appPlan, DAILY, exported, planOf, WEEKLY } from '../exported.ts'

const isThere = spawnSync('jq', ['--version']).status === 0

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pilotlight-level-'))
  mkdirSync(join(folder, 'bin'))
  // The machine's own date, with its zones, at a moment of the test's.
  const date = spawnSync('sh', ['-c', 'command -v date'], { encoding: 'utf8' }).stdout.trim()
  writeFileSync(join(folder, 'bin/date'), `#!/bin/sh\nexec ${date} -d "$AT" "$@"\n`)
  chmodSync(join(folder, 'bin/date'), 0o755)
})
afterAll(() => rmSync(folder, { recursive: true }))

/** What the scripts of an export take for the level of a schedule at a moment. Exports begin steps a little earlier; this does not. */
function levelOf(schedule: Floor, timeZone: string, at: string): number {
  const place = mkdtempSync(join(folder, 'export-'))
  for (const { path, text } of exported('aws-lambda', planOf([appPlan({ schedule })], timeZone)).files) {
    mkdirSync(dirname(join(place, path)), { recursive: true })
    writeFileSync(join(place, path), text)
  }
  writeFileSync(join(place, 'levels/shop.json'), JSON.stringify({ timeZone, ...schedule }))
  const env = { ...process.env, PATH: `${join(folder, 'bin')}:${process.env['PATH']}`, AT: at }
  const call = 'cd "$1" && . ./tool.sh && level levels/shop.json'
  const { stdout, stderr, status } = spawnSync('sh', ['-c', call, 'sh', place], { env, encoding: 'utf8' })
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
  return Number(stdout)
}

describe.skipIf(!isThere)('the level that apply.sh sets (skipped without jq)', () => {
  // 1 July 2026 is a Wednesday.
  it.each([
    ['before the first step of a day, as the last one left it', DAILY, 'UTC', '2026-07-01T02:29:59Z', 2],
    ['from the minute of a step on', DAILY, 'UTC', '2026-07-01T02:30:00Z', 1],
    ['at an hour that begins with 0', DAILY, 'UTC', '2026-07-01T08:14:00Z', 1],
    ['at the next step', DAILY, 'UTC', '2026-07-01T08:15:00Z', 4],
    ['in the evening', DAILY, 'UTC', '2026-07-01T23:44:00Z', 0],
    ['by the clock of another zone, where it is 9:00', DAILY, 'Asia/Tokyo', '2026-07-01T00:00:00Z', 4],
    ['in summer time, where it is 2:30', DAILY, 'Europe/Berlin', '2026-07-01T00:30:00Z', 1],
    ['in winter time, where it is 1:30', DAILY, 'Europe/Berlin', '2026-12-01T00:30:00Z', 2],
    ['on a working day', WEEKLY, 'UTC', '2026-07-01T09:00:00Z', 3],
    ['on a Saturday', WEEKLY, 'UTC', '2026-07-04T09:00:00Z', 0],
    ['in the night to Sunday', WEEKLY, 'UTC', '2026-07-05T04:19:00Z', 1],
    ['on Monday before the first step of a week', WEEKLY, 'UTC', '2026-07-06T07:59:00Z', 0],
    ['on a Monday that has begun in its zone alone', WEEKLY, 'Pacific/Auckland', '2026-07-05T20:00:00Z', 3],
  ] as const)('is that of the schedule %s', (_, schedule, zone, at, level) => {
    expect(levelOf(schedule, zone, at)).toBe(level)
  })
})
