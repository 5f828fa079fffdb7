import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, expect, it } from 'vitest'
import { type SynthFileOptions, synthesizeTrace, writeSynth } from '../../../src/trace/synth/index.ts'
import { readTrace } from '../../../src/trace/read.ts'

const room = mkdtempSync(join(tmpdir(), 'pilotlight-synth-'))
afterAll(() => rmSync(room, { recursive: true }))

function stop(): never {
  throw new Error('stopped')
}

let folders = 0

async function written(options: SynthFileOptions): Promise<string> {
  folders += 1
  const folder = join(room, `trace-${folders}`)
  await writeSynth(options, folder)
  return folder
}

function lines(folder: string, file: string): string[][] {
  const text = readFileSync(join(folder, file), 'utf8')
  return text
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','))
}

const INVOCATIONS = (day: string) => `invocations_per_function_md.anon.d${day}.csv`
const DURATIONS = (day: string) => `function_durations_percentiles.anon.d${day}.csv`
const MEMORY = (day: string) => `app_memory_percentiles.anon.d${day}.csv`

it("The files have the data set's names and columns", async () => {
  const folder = await written({ apps: 20, days: 2, seed: 1 })
  expect(readdirSync(folder).sort()).toEqual(
    [MEMORY('01'), MEMORY('02'), DURATIONS('01'), DURATIONS('02'), INVOCATIONS('01'), INVOCATIONS('02')].sort(),
  )
  const minutes = Array.from({ length: 1440 }, (_, minute) => `${minute + 1}`)
  expect(lines(folder, INVOCATIONS('02'))[0]).toEqual(['HashOwner', 'HashApp', 'HashFunction', 'Trigger', ...minutes])
  expect(lines(folder, DURATIONS('02'))[0]!.join()).toBe(
    'HashOwner,HashApp,HashFunction,Average,Count,Minimum,Maximum,percentile_Average_0,percentile_Average_1,' +
      'percentile_Average_25,percentile_Average_50,percentile_Average_75,percentile_Average_99,percentile_Average_100',
  )
  expect(lines(folder, MEMORY('02'))[0]!.join()).toBe(
    'HashOwner,HashApp,SampleCount,AverageAllocatedMb,AverageAllocatedMb_pct1,AverageAllocatedMb_pct5,' +
      'AverageAllocatedMb_pct25,AverageAllocatedMb_pct50,AverageAllocatedMb_pct75,AverageAllocatedMb_pct95,' +
      'AverageAllocatedMb_pct99,AverageAllocatedMb_pct100',
  )
})

it("The cells have the data set's types, and a row's Count is the sum of its minutes", async () => {
  const folder = await written({ apps: 60, days: 1, seed: 1 })
  const totals = new Map<string, number>()
  for (const [owner, app, fn, trigger, ...counts] of lines(folder, INVOCATIONS('01')).slice(1)) {
    for (const hash of [owner, app, fn]) expect(hash).toMatch(/^[0-9a-f]{64}$/)
    expect(['http', 'timer', 'event', 'queue', 'storage', 'orchestration', 'others']).toContain(trigger)
    expect(counts).toHaveLength(1440)
    totals.set(
      fn!,
      counts.reduce((sum, count) => sum + Number(count), 0),
    )
  }
  const durations = lines(folder, DURATIONS('01')).slice(1)
  expect(new Map(durations.map((row) => [row[2], Number(row[4])]))).toEqual(totals)
  for (const [, , , average, , minimum, maximum, ...percentiles] of durations) {
    for (const whole of [average, ...percentiles]) expect(whole).toMatch(/^[1-9]\d*$/)
    for (const float of [minimum, maximum]) expect(float).toMatch(/^[1-9]\d*\.0$/)
  }
  for (const [, , ...figures] of lines(folder, MEMORY('01')).slice(1)) {
    for (const whole of figures) expect(whole).toMatch(/^[1-9]\d*$/)
  }
})

it('Memory ends with day 12, as in the data set, and a function is listed on the days on which it ran', async () => {
  const folder = await written({ apps: 30, days: 14, seed: 1 })
  const files = readdirSync(folder)
  expect(files).toContain(MEMORY('12'))
  expect(files.filter((file) => file.startsWith('app_memory'))).toHaveLength(12)
  expect(files.filter((file) => file.startsWith('invocations'))).toHaveLength(14)
  const perDay = files.filter((file) => file.startsWith('invocations')).map((file) => lines(folder, file).slice(1))
  for (const rows of perDay) {
    for (const row of rows) expect(row.slice(4).some((count) => count !== '0')).toBe(true)
  }
  expect(new Set(perDay.map((rows) => rows.length)).size).toBeGreaterThan(1)
})

it.each([
  { apps: 50, days: 2, seed: 3 },
  { apps: 20, days: 14, seed: 4 },
  { apps: 150, days: 1, seed: 5, invocationsPerDay: 400_000 },
])('Reading the files of %o gives the trace that is synthesized directly', async (options) => {
  const read = await readTrace(await written(options))
  const direct = synthesizeTrace(options)
  expect(read.invocations).toBe(direct.invocations)
  expect(read.digest).toBe(direct.digest)
  const unlisted = new Set(['function-some-days', 'memory-day-missing', 'app-without-memory'])
  expect(read.join.defects.filter(({ id, count }) => count > 0 && !unlisted.has(id))).toEqual([])
})

it('Packed files hold the same bytes', async () => {
  const options = { apps: 20, days: 1, seed: 1 }
  const plain = await written(options)
  const packed = await written({ ...options, gzip: true })
  for (const file of readdirSync(plain)) {
    expect(gunzipSync(readFileSync(join(packed, `${file}.gz`))).equals(readFileSync(join(plain, file)))).toBe(true)
  }
})

it('With defects the reader finds every kind that the data set is known for, and the trace stays readable', async () => {
  const read = await readTrace(await written({ apps: 700, days: 5, seed: 2, defects: true }))
  const found = new Map(read.join.defects.map(({ id, count }) => [id, count]))
  for (const id of [
    'durations-repeated',
    'durations-differing',
    'memory-repeated',
    'memory-differing',
    'duration-negative',
    'duration-negative-minimum',
    'duration-zero',
    'duration-rounded-down',
    'duration-without-function',
    'function-without-duration',
    'app-without-memory',
    'memory-not-positive',
    'trigger-changed',
    'function-some-days',
  ]) {
    expect([id, found.get(id)! > 0]).toEqual([id, true])
  }
  expect(read.invocations).toBe(synthesizeTrace({ apps: 700, days: 5, seed: 2 }).invocations)
})

it('A folder that holds other files is refused and left as it was', async () => {
  const folder = mkdtempSync(join(room, 'full-'))
  writeFileSync(join(folder, 'notes.txt'), 'mine')
  await expect(writeSynth({ apps: 5, days: 1, seed: 1 }, folder)).rejects.toThrow(
    `${folder}: a new or empty folder was expected, and it holds notes.txt. Name another folder, or empty this one.`,
  )
  expect(readdirSync(folder)).toEqual(['notes.txt'])
})

it('A place that is a file is refused', async () => {
  const file = join(room, 'a-file')
  writeFileSync(file, '')
  await expect(writeSynth({ apps: 5, days: 1, seed: 1 }, file)).rejects.toThrow(
    /^\S+a-file: cannot be read: a part of the path is a file/,
  )
})

it('A place below a file cannot be written, and says so', async () => {
  const file = join(room, 'another-file')
  writeFileSync(file, '')
  await expect(writeSynth({ apps: 5, days: 1, seed: 1 }, join(file, 'below'))).rejects.toThrow(/another-file\/below: /)
})

it('Bad options leave nothing behind, and nor does a run that is stopped half-way', async () => {
  const empty = mkdtempSync(join(room, 'none-'))
  await expect(writeSynth({ apps: 0, days: 1, seed: 1 }, join(empty, 'out'))).rejects.toThrow('apps: must be')
  await expect(writeSynth({ apps: 5, days: 1, seed: 1 }, join(empty, 'out'), stop)).rejects.toThrow('stopped')
  expect(readdirSync(empty)).toEqual([])
})
