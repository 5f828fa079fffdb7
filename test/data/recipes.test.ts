import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pilotlight } from '../cli/pilotlight.ts'
import { type Study, study } from '../cli/study.ts'
import { type AddedColumn, computed, hasSpreadsheet, type Sheet, withCells } from './spreadsheet.ts'

/** A Python that has pandas: one on the path, or Debian's. */
const PYTHON = ['python3', '/usr/bin/python3'].find((path) => spawnSync(path, ['-c', 'import pandas']).status === 0)
const noPandas = PYTHON === undefined ? ' (skipped: no Python here has pandas)' : ''
const hasR = spawnSync('Rscript', ['--version']).status === 0
const noR = hasR ? '' : ' (skipped: there is no Rscript here)'
const noSpreadsheet = hasSpreadsheet ? '' : ' (skipped: there is no ssconvert of Gnumeric here)'
const DOCS = new URL('../../docs/', import.meta.url)

interface Notebook {
  readonly nbformat: number
  readonly cells: readonly { readonly cell_type: string; readonly id: string; readonly source: readonly string[] }[]
}

const notebook = JSON.parse(readFileSync(new URL('results.ipynb', DOCS), 'utf8')) as Notebook
/** Two apps, see {@link study}. */
const EXPERIMENT = `name: study
trace: { path: trace.csv }
policies:
  - { policy: fixed, keepAlive: [10m, 20m, 30m] }
  - { policy: none }
`
/** The block of docs/data.md in a language. */
function recipe(language: string): string {
  const page = readFileSync(new URL('data.md', DOCS), 'utf8')
  return new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(page)![1]!
}

/** The columns that docs/data.md adds to tables in Excel. */
function addedColumns(): AddedColumn[] {
  const page = readFileSync(new URL('data.md', DOCS), 'utf8')
  return [...page.matchAll(/^\| `(\w+)` \| `(\w+)` \| `(=.+?)` \|/gm)].map(([, table, heading, formula]) => ({
    table: table!,
    heading: heading!,
    formula: formula!,
  }))
}

/** Whether a spreadsheet reads a cell as a number: a grouped one, or one with a unit, would be text to it. */
const isNumber = (cell: string) => cell === '' || /^-?\d+(\.\d+)?(e[+-]?\d+)?$/.test(cell)

describe('the tables of results', () => {
  let here: Study
  beforeAll(async () => {
    here = study()
    here.write('study.yaml', EXPERIMENT)
    for (const words of [
      ['run', 'study.yaml'],
      ['data', 'study.yaml', '--out', 'results'],
    ]) {
      const { code, stderr } = await pilotlight(here.folder, ...words)
      if (code !== 0) throw new Error(stderr)
    }
  })
  afterAll(() => here.remove())

  /** What a program prints, where the results lie in the folder `results`. */
  function printed(program: string, ...words: readonly string[]): string {
    const { status, stdout, stderr } = spawnSync(program, words, { cwd: here.folder, encoding: 'utf8' })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    return stdout
  }

  const table = (name: string): Record<string, string>[] =>
    parse(readFileSync(join(here.folder, 'results', `${name}.csv`)), { columns: true })

  /** The 75th percentile over apps of the share of cold starts, linear between two of them. */
  function p75(runId: string): number {
    const shares = table('apps')
      .filter((app) => app['run_id'] === runId && Number(app['invocations']) > 0)
      .map((app) => Number(app['cold_starts']) / Number(app['invocations']))
      .toSorted((one, other) => one - other)
    const at = 0.75 * (shares.length - 1)
    const [low, high] = [shares[Math.floor(at)]!, shares[Math.ceil(at)]!]
    return low + (at - Math.floor(at)) * (high - low)
  }

  /** Every run's label and its 75th percentile stand in one line. */
  function expectEach(text: string): void {
    for (const { run_id: runId, label } of table('runs')) {
      const line = text.split('\n').find((each) => each.includes(`${label} `))
      expect(Number(line!.split(/\s+/).at(-1))).toBeCloseTo(p75(runId!), 5)
    }
  }

  it.skipIf(PYTHON === undefined)(`give in pandas what docs/data.md says${noPandas}`, () => {
    expectEach(printed(PYTHON!, '-W', 'error', '-c', recipe('python')))
  })

  it.skipIf(!hasR)(`give in R what docs/data.md says${noR}`, () => {
    expectEach(printed('Rscript', '--vanilla', '-e', recipe('r')))
  })

  const sheets = (): Map<string, Sheet> =>
    new Map(
      ['runs', 'apps', 'timeline'].map((name) => [
        name,
        parse(readFileSync(join(here.folder, 'results', `${name}.csv`))) as string[][],
      ]),
    )

  it('have the columns that formulas of docs/data.md name, where it says', () => {
    const tables = sheets()
    expect(addedColumns().map(({ table: name, heading }) => `${name} ${heading}`)).toEqual([
      'apps label',
      'apps cold_share',
      'runs check',
      'runs p75',
      'timeline time',
    ])
    for (const { table: name, heading, formula } of addedColumns()) {
      expect(withCells(formula, tables, name, 2), heading).not.toMatch(/[[\]@]/)
      const [head, ...rows] = tables.get(name)!
      tables.set(name, [[...head!, heading], ...rows])
    }
    const page = readFileSync(new URL('data.md', DOCS), 'utf8')
    expect(withCells('apps[cold_starts] and [@[cold_starts]]', tables, 'apps', 2)).toMatch(
      /^apps!\$E\$2:\$E\$\d+ and E2$/,
    )
    expect(page).toContain('write `apps!$E$2:$E$999` for `apps[cold_starts]`, and `E2` for `[@[cold_starts]]`')
    expect(() => withCells('apps[cold]', tables, 'apps', 2)).toThrow('apps has no column cold')
  })

  it.skipIf(!hasSpreadsheet)(`give in a spreadsheet what docs/data.md says${noSpreadsheet}`, () => {
    const book = computed(sheets(), addedColumns())
    const [runs, apps, timeline] = ['runs', 'apps', 'timeline'].map((name) => book.get(name)!)
    for (const { run_id: runId, check, p75: found } of runs!) {
      expect(check).toBe('0')
      expect(Number(found)).toBeCloseTo(p75(runId!), 9)
    }
    const labels = new Map(runs!.map((run) => [run['run_id'], run['label']]))
    expect(new Set(labels.values()).size).toBe(4)
    for (const app of apps!) {
      expect(app['label']).toBe(labels.get(app['run_id']))
      expect(Number(app['cold_share'])).toBeCloseTo(Number(app['cold_starts']) / Number(app['invocations']), 9)
    }
    expect(Number(timeline!.at(-1)!['time'])).toBeCloseTo(Number(timeline!.at(-1)!['start_ms']) / 86_400_000, 9)
    // The pivot: sums of apps by label are the columns of runs.
    for (const run of runs!) {
      const own = apps!.filter(({ label }) => label === run['label'])
      for (const column of ['cold_starts', 'idle_mb_s', 'invocations']) {
        const sum = own.reduce((total, app) => total + Number(app[column]), 0)
        expect(sum, column).toBeCloseTo(Number(run[column]), 6)
      }
    }
  })

  // What a spreadsheet is told about the file is so: UTF-8, commas, and a point as the decimal mark.
  it.each(['runs', 'apps', 'timeline'])('are for a spreadsheet as docs/data.md says: %s.csv', (name) => {
    const bytes = readFileSync(join(here.folder, 'results', `${name}.csv`))
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    expect(text.startsWith('\uFEFF')).toBe(false)
    const kinds = new Map(
      table('columns')
        .filter((column) => column['table'] === name)
        .map((column) => [column['column']!, column['kind']!]),
    )
    expect([...kinds.values()]).toContain('number')
    const rows = table(name)
    expect(rows.length).toBeGreaterThan(0)
    expect(Object.keys(rows[0]!).toSorted()).toEqual([...kinds.keys()].toSorted())
    const cells = rows.flatMap((row) => Object.entries(row))
    expect(cells.filter(([column, cell]) => kinds.get(column) === 'number' && !isNumber(cell))).toEqual([])
    // A cell that begins like this is a formula to a spreadsheet, and none of ours is one.
    expect(cells.filter(([, cell]) => /^[=+@]/.test(cell))).toEqual([])
  })

  it.skipIf(PYTHON === undefined)(`are what the cells of the notebook show, one after the other${noPandas}`, () => {
    expect(notebook.nbformat).toBe(4)
    expect(new Set(notebook.cells.map(({ id }) => id)).size).toBe(notebook.cells.length)
    const cells = notebook.cells.filter((cell) => cell.cell_type === 'code')
    const between = '\nprint("----")\n'
    const [runs, shares, frontier, loaded] = printed(
      PYTHON!,
      '-W',
      'error',
      '-c',
      cells.map(({ source }) => source.join('')).join(between),
    ).split('----\n')
    for (const run of table('runs')) {
      expect(runs).toContain(run['label'])
      expect(shares).toContain(p75(run['run_id']!).toFixed(6).replace(/0+$/, ''))
    }
    // By hand: after 25 idle minutes a window of 20 has as many cold starts as one of 10, and 35 idle minutes for 25.
    const names = frontier!.trim().split('\n').slice(1)
    expect(names.map((line) => line.trim().split(/\s+/)[0])).toEqual([
      'fixed(keepAlive=30m)',
      'fixed(keepAlive=10m)',
      'none',
    ])
    expect(loaded!.trim().split('\n')).toHaveLength(table('runs').length + 1)
  })
})
