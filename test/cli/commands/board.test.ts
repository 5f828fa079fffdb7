import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cardOfText } from '../../../src/config/card-file.ts'
import type { ResultCard } from '../../../src/metrics/card.ts'
import { beatenBy } from '../../../src/metrics/pareto.ts'
import { pilotlight } from '../pilotlight.ts'
import { type Study, study } from '../study.ts'

let mine: Study
let folder: string
let card: ResultCard

const put = (name: string, content: string): void => {
  mkdirSync(join(folder, name, '..'), { recursive: true })
  writeFileSync(join(folder, name), content)
}
const board = (...words: string[]) => pilotlight(folder, 'board', ...words, '--out', 'board', '--quiet')
const page = (): string => readFileSync(join(folder, 'board/index.html'), 'utf8')
const rows = (): Record<string, string>[] => parse(readFileSync(join(folder, 'board/board.csv')), { columns: true })

beforeAll(async () => {
  mine = study()
  folder = mkdtempSync(join(tmpdir(), 'pilotlight-board-'))
  await pilotlight(mine.folder, 'run', 'study.yaml', '--quiet')
  await pilotlight(mine.folder, 'report', 'study.yaml', '--format', 'card', '--quiet')
  const text = readFileSync(join(mine.folder, 'reports/study/card.json'), 'utf8')
  card = cardOfText(text, 'card.json')
  put('ours/card.json', text)
})
afterAll(() => {
  mine.remove()
  rmSync(folder, { recursive: true })
})

describe('the front', () => {
  it('is of the points that no other beats in every figure, and those that lack a figure are not compared', () => {
    const points = [
      [1, 5],
      [2, 2],
      [5, 1],
      [3, 3],
      [6, 6],
      [2, null],
    ]
    expect(beatenBy(points)).toEqual([0, 0, 0, 1, 4, 0])
    expect(
      beatenBy([
        [1, 1],
        [1, 1],
      ]),
    ).toEqual([0, 0])
  })
})

describe('pilotlight board', () => {
  it('shows a run that two cards tell once, by idle memory', async () => {
    put('theirs/card.json', JSON.stringify(card))
    const { code, stdout, stderr } = await board('ours/card.json', 'theirs/card.json', '--title', 'Ours & <theirs>')
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'board/index.html\nboard/board.csv\n', stderr: '' })
    const told = rows()
    expect(told).toHaveLength(4)
    expect(told.map((row) => row['cards'])).toEqual(Array.from({ length: 4 }, () => 'card.json card-2.json'))
    // Idle times of 5 and 25 minutes: the longer the window, the fewer cold starts. The one of 30 keeps all, as no-unload.
    const front = told.filter((row) => row['beaten by'] === '0').map(({ run }) => run)
    expect(front).toEqual(['none', 'fixed(keepAlive=10m)', 'fixed(keepAlive=30m)', 'no-unload'])
    expect(page()).toContain('<h1>Ours &amp; &lt;theirs&gt;</h1>')
    expect(page()).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)/)
    expect(existsSync(join(folder, 'board/cards/card-2.json'))).toBe(true)
  })

  it('shows what it refuses as a row with its reason', async () => {
    const changed = { ...card, runs: card.runs.map((run) => ({ ...run, params: { keepAlive: 1 } })) }
    put('changed.json', JSON.stringify(changed))
    put('page.html', '<html></html>')
    put('unfinished.json', JSON.stringify({ ...card, runs: [], unfinished: ['slow(one)'] }))
    const { code } = await board('ours/card.json', 'changed.json', 'page.html', 'unfinished.json')
    expect(code).toBe(0)
    const refused = rows().filter((row) => row['refused'] !== '')
    expect(refused.map((row) => [row['cards'], row['run'], row['refused']])).toEqual([
      ...card.runs.map(({ label }) => [
        'changed.json',
        label,
        'Its digest is not that of what it says it depends on: the card was changed.',
      ]),
      ['page.json', '', 'The page has no card of pilotlight in it.'],
      ['unfinished.json', 'slow(one)', 'The run is not finished.'],
    ])
    for (const row of refused) expect(page()).toContain(row['refused'])
    expect(rows().filter((row) => row['refused'] === '')).toHaveLength(4)
  })

  it('believes neither of two cards that tell another result of the same run', async () => {
    const [first, ...others] = card.runs
    put('other.json', JSON.stringify({ ...card, runs: [{ ...first!, ledger: '0'.repeat(64) }, ...others] }))
    await board('ours/card.json', 'other.json')
    const disputed = rows().filter((row) => row['refused'] !== '')
    expect(disputed.map((row) => row['cards'])).toEqual(['card.json', 'other.json'])
    expect(disputed[0]!['refused']).toContain('Cards tell other results of the same run: card.json, other.json.')
    expect(rows().filter((row) => row['refused'] === '')).toHaveLength(3)
  })

  it('compares nothing across traces, worlds and versions', async () => {
    const other = { ...card, trace: { ...card.trace, id: 'another' }, modelVersion: 2 }
    put('another.json', JSON.stringify(other))
    await board('ours/card.json', 'another.json')
    // The digests of its runs are those of another version: nothing of it is believed.
    expect(rows().filter((row) => row['refused'] !== '')).toHaveLength(4)
  })

  it('takes nothing that is not there, and no folder of somebody else', async () => {
    expect(await board('missing.json')).toMatchObject({ code: 2, stderr: expect.stringContaining('missing.json: ') })
    const { code, stderr } = await pilotlight(folder, 'board', 'ours/card.json', '--out', 'ours')
    expect(code).toBe(2)
    expect(stderr).toContain('expected a new or empty folder')
  })
})
