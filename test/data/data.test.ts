import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { parquetReadObjects } from 'hyparquet'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { snakeCase } from '../../src/data/data-table.ts'
import { pilotlight } from '../cli/pilotlight.ts'
import { type Study, study } from '../cli/study.ts'

let here: Study
beforeAll(async () => {
  here = study()
  for (const words of [
    ['run', 'study.yaml'],
    ['data', 'study.yaml', '--out', 'data'],
  ]) {
    const { code, stderr } = await pilotlight(here.folder, ...words)
    if (code !== 0) throw new Error(stderr)
  }
})
afterAll(() => here.remove())

const file = (name: string): string => join(here.folder, 'data', name)
const csv = (table: string): Record<string, string>[] => parse(readFileSync(file(`${table}.csv`)), { columns: true })
const parquet = async (table: string): Promise<Record<string, unknown>[]> => {
  const bytes = readFileSync(file(`${table}.parquet`))
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer
  return await parquetReadObjects({ file: buffer })
}
/** A cell of Parquet as CSV spells it. */
const spelt = (cell: unknown): string => {
  if (cell === null || cell === undefined) return ''
  return cell === Number.POSITIVE_INFINITY ? 'inf' : String(cell)
}

describe('the data of an experiment', () => {
  it.each(['runs', 'apps', 'timeline'])('has the same table of %s in Parquet and in CSV', async (table) => {
    const rows = await parquet(table)
    expect(rows.length).toBeGreaterThan(3)
    expect(rows.map((row) => Object.values(row).map(spelt))).toEqual(csv(table).map((row) => Object.values(row)))
    expect(Object.keys(rows[0]!)).toEqual(Object.keys(csv(table)[0]!))
  })

  it('says of every column its kind, unit and meaning, and has names that any language takes', () => {
    const described = csv('columns')
    for (const table of ['runs', 'apps', 'timeline']) {
      const names = Object.keys(csv(table)[0]!)
      expect(described.filter((column) => column['table'] === table).map((column) => column['column'])).toEqual(names)
      for (const name of names) expect(name).toMatch(/^[a-z][a-z0-9_]*$/)
    }
    for (const column of described) expect(column['meaning']).toMatch(/^[A-Z].*\.$/)
  })

  it('has one row per run, whose accounts are the sums of its apps', () => {
    const apps = csv('apps')
    const runs = csv('runs')
    expect(runs.map((run) => run['label'])).toEqual([
      'fixed(keepAlive=10m)',
      'fixed(keepAlive=30m)',
      'none',
      'no-unload',
    ])
    for (const run of runs) {
      const own = apps.filter((app) => app['run_id'] === run['run_id'])
      expect(own.map((app) => app['app'])).toEqual(['a', 'b'])
      for (const account of ['invocations', 'cold_starts', 'expired', 'idle_ms', 'idle_mb_s']) {
        expect(own.reduce((sum, app) => sum + Number(app[account]), 0)).toBe(Number(run[account]))
      }
    }
  })

  it('has no days where runs were judged on the whole trace', async () => {
    expect(readFileSync(file('days.csv'), 'utf8').trim().split('\n')).toHaveLength(1)
    expect(await parquet('days')).toEqual([])
  })

  it('has one row per run and judged day, whose accounts add up to those of the run', async () => {
    // Days 1 and 2 of a trace that ends at noon of day 3: a is invoked at 0:00, 0:05 and, on day 2, 0:00 and 6:00.
    const rows = [0, 300, 86_400, 108_000].map((second) => `a,f,${second * 1000},0,100`)
    here.write(
      'long.csv',
      ['app,function,start_ms,duration_ms,memory_mb', ...rows, 'b,g,216000000,0,200', ''].join('\n'),
    )
    here.write(
      'long.yaml',
      'name: long\ntrace: { path: long.csv, judge: day 1..2 }\npolicies: [{ policy: fixed, keepAlive: 10m }]\n',
    )
    for (const words of [
      ['run', 'long.yaml'],
      ['data', 'long.yaml', '--out', 'long'],
    ]) {
      const { code, stderr } = await pilotlight(here.folder, ...words)
      expect(code, stderr).toBe(0)
    }
    const days = parse(readFileSync(join(here.folder, 'long/days.csv')), { columns: true }) as Record<string, string>[]
    expect(days.map((day) => Object.values(day).slice(1))).toEqual([
      // 5 + 10 minutes idle, of 100 MB; then twice 10 minutes.
      ['1', '0', '86400000', '2', '1', '0', '900000', '0', '0', '90000', '0', '0'],
      ['2', '86400000', '172800000', '2', '2', '0', '1200000', '0', '0', '120000', '0', '0'],
    ])
    const [run] = parse(readFileSync(join(here.folder, 'long/runs.csv')), { columns: true }) as Record<string, string>[]
    expect(days.map((day) => day['run_id'])).toEqual([run!['run_id'], run!['run_id']])
    for (const account of ['invocations', 'cold_starts', 'idle_ms', 'idle_mb_s']) {
      expect(days.reduce((sum, day) => sum + Number(day[account]), 0)).toBe(Number(run![account]))
    }
  })

  it('has a column per parameter, empty where a policy lacks it', () => {
    expect(csv('runs').map((run) => run['param_keep_alive'])).toEqual(['600000', '1800000', '', ''])
  })

  it('covers the whole trace with its timeline', () => {
    const rows = csv('timeline').filter((row) => row['run_id'] === csv('runs')[0]!['run_id'])
    expect(rows[0]!['start_ms']).toBe('0')
    expect(rows.at(-1)!['end_ms']).toBe(csv('runs')[0]!['trace_horizon_ms'])
    for (const [index, row] of rows.slice(1).entries()) expect(row['start_ms']).toBe(rows[index]!['end_ms'])
  })

  it('can be written again, and not over what somebody changed', async () => {
    const again = await pilotlight(here.folder, 'data', 'study.yaml', '--out', 'data')
    expect(again.code, again.stderr).toBe(0)
    writeFileSync(file('columns.csv'), 'mine')
    const refused = await pilotlight(here.folder, 'data', 'study.yaml', '--out', 'data')
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain('it was changed since pilotlight wrote it')
    expect(readFileSync(file('columns.csv'), 'utf8')).toBe('mine')
    const forced = await pilotlight(here.folder, 'data', 'study.yaml', '--out', 'data', '--force', '--format', 'csv')
    expect(forced.code, forced.stderr).toBe(0)
    expect(() => statSync(file('runs.parquet'))).toThrow('ENOENT')
  })

  it('refuses a format that it has not', async () => {
    const { code, stderr } = await pilotlight(here.folder, 'data', 'study.yaml', '--out', 'x', '--format', 'parqet')
    expect(code).toBe(2)
    expect(stderr).toContain('Did you mean "parquet"?')
  })
})

it.each([
  ['coldStarts', 'cold_starts'],
  ['p75-app-cold', 'p75_app_cold'],
  ['idleMbS', 'idle_mb_s'],
  ['p99.9', 'p99_9'],
])('the name %s becomes %s', (name, snake) => {
  expect(snakeCase(name)).toBe(snake)
})
