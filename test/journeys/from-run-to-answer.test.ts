import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pilotlight } from '../cli/pilotlight.ts'
import { contentOf, letterSizes, widthMm } from '../report/drawing/pdf-letters.ts'

const TRACE = fileURLToPath(new URL('../../../shared/traces/azure2019-dirigent-500', import.meta.url))
/** A Python that has pandas: one on the path, or Debian's. */
const PYTHON = ['python3', '/usr/bin/python3'].find((path) => spawnSync(path, ['-c', 'import pandas']).status === 0)
const noPandas = PYTHON === undefined ? ' (skipped: no Python here has pandas)' : ''

/** Each journey begins with one experiment on 476 real apps, run once, and ends in a figure or a sentence. */
describe.skipIf(!existsSync(TRACE))('from a run on 476 apps to an answer (needs the shared traces)', () => {
  let folder = ''
  const run = async (...words: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await pilotlight(folder, ...words)
    if (code !== 0) throw new Error(`${words.join(' ')}: ${stderr}`)
    return stdout
  }
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pilotlight-journeys-'))
    writeFileSync(
      join(folder, 'study.yaml'),
      `name: study
trace: { path: ${JSON.stringify(TRACE)}, format: azure-2019 }
policies:
  - { policy: fixed, keepAlive: 10m }
  - { policy: hybrid-histogram, label: hybrid 4h, range: 4h }
`,
    )
    await run('run', 'study.yaml', '--quiet')
  }, 120_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('why app 8518… is cold: a sentence, and the window that it met', async () => {
    const text = await run('explain', 'study.yaml', '--app', '8518', '--run', 'hybrid 4h')
    expect(text).toContain(
      '11 of 176 cold: 1 first, 10 before the pre-warm, after the first all between 07:28 and 07:38.',
    )
    expect(text).toContain('07:28  idle 2 min  windows: load after 2 min 42 s, keep until 4 min 24 s  early:')
  })

  it('a figure for a paper: 84 mm wide, its letters 8 pt and embedded, the same in grey', async () => {
    const look = ['--figure', 'cold-vs-memory', '--style', 'paper', '--width', '84mm', '--font-size', '8']
    for (const [out, ...grey] of [['figure'], ['grey-figure', '--grey']] as const) {
      await run('report', 'study.yaml', '--format', 'pdf', ...look, ...grey, '--out', out, '--quiet')
      const pdf = readFileSync(join(folder, out, 'cold-vs-memory.pdf'))
      expect(widthMm(pdf)).toBeCloseTo(84, 1)
      const sizes = letterSizes(contentOf(pdf))
      expect(sizes.length).toBeGreaterThan(10)
      for (const size of sizes) expect(size).toBeCloseTo(8, 6)
      expect(pdf.toString('latin1')).toContain('/FontFile2')
      expect(readFileSync(join(folder, out, 'cold-vs-memory.caption.txt'), 'utf8')).toContain('azure2019-dirigent-500')
    }
  })

  it.skipIf(PYTHON === undefined)(`the same figures in pandas${noPandas}`, async () => {
    await run('data', 'study.yaml', '--out', 'data', '--quiet')
    const program = `import pandas
apps = pandas.read_csv('data/apps.csv').merge(pandas.read_csv('data/runs.csv')[['run_id', 'label']], on='run_id')
print(apps.groupby('label').cold_starts.sum().to_json())`
    const { stdout, stderr, status } = spawnSync(PYTHON!, ['-c', program], { cwd: folder, encoding: 'utf8' })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(JSON.parse(stdout)).toEqual({ 'fixed(keepAlive=10m)': 2375, 'hybrid 4h': 881 })
  })

  it('a colleague repeats the runs with nothing but the card and the trace, in an empty folder', async () => {
    await run('report', 'study.yaml', '--format', 'card', '--out', 'card', '--quiet')
    const theirs = join(folder, 'theirs')
    mkdirSync(theirs)
    copyFileSync(join(folder, 'card/card.json'), join(theirs, 'card.json'))
    // Their trace lies where they put it, under the name that the card has.
    symlinkSync(TRACE, join(theirs, 'azure2019-dirigent-500'))
    const { code, stdout } = await pilotlight(
      theirs,
      'verify',
      'card.json',
      '--trace',
      'azure2019-dirigent-500',
      '--quiet',
    )
    expect(stdout).toMatch(/2 of 2 runs are the same\.\n$/)
    expect(code).toBe(0)
  })
})
