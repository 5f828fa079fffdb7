import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cardOfText } from '../../../src/config/card-file.ts'
import { UserError } from '../../../src/core/user-error.ts'
import type { ResultCard } from '../../../src/metrics/card.ts'
import { pilotlight } from '../pilotlight.ts'
import { type Study, study } from '../study.ts'

let mine: Study
let theirs: string
let card: ResultCard

const read = (name: string): string => readFileSync(join(mine.folder, name), 'utf8')
const there = (name: string, change: (card: ResultCard) => unknown): string => {
  writeFileSync(join(theirs, name), JSON.stringify(change(card)))
  return name
}

const changed = (change: (run: ResultCard['runs'][number]) => object) => (whole: ResultCard) => ({
  ...whole,
  runs: whole.runs.map((run, index) => (index === 2 ? { ...run, ...change(run) } : run)),
})

beforeAll(async () => {
  mine = study()
  theirs = mkdtempSync(join(tmpdir(), 'pilotlight-colleague-'))
  await pilotlight(mine.folder, 'run', 'study.yaml', '--quiet')
  await pilotlight(mine.folder, 'report', 'study.yaml', '--format', 'card,html', '--quiet')
  card = cardOfText(read('reports/study/card.json'), 'card.json')
})
afterAll(() => {
  mine.remove()
  rmSync(theirs, { recursive: true })
})

describe('a card of some of the runs', () => {
  it.each([
    ['--where', 'policy = no-unload'],
    ['--sort', 'cold:worst'],
  ])('has the bounds of its own runs with %s %s', async (...flags) => {
    const words = ['report', 'study.yaml', '--format', 'card', '--out', `some${flags[0]}`, '--quiet', ...flags]
    expect(await pilotlight(mine.folder, ...words)).toMatchObject({ code: 0, stderr: '' })
    const { runs } = cardOfText(read(`some${flags[0]}/card.json`), 'card.json')
    expect(runs.length).toBeGreaterThan(0)
    const whole = new Map(card.runs.map((run) => [run.digest, run]))
    for (const run of runs) {
      expect(run.bounds).toEqual(whole.get(run.digest)!.bounds)
      expect(run.ledger).toBe(whole.get(run.digest)!.ledger)
    }
  })
})

describe('a colleague, who has a card in an empty folder and the trace elsewhere', () => {
  it.each(['card.json', 'index.html'])('repeats the runs of %s and finds them the same', async (name) => {
    writeFileSync(join(theirs, name), read(`reports/study/${name}`))
    const words = ['verify', name, '--trace', join(mine.folder, 'trace.csv'), '--quiet']
    const { code, stdout, stderr } = await pilotlight(theirs, ...words)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout.match(/the same, to the last bit/g)).toHaveLength(4)
    expect(stdout).toMatch(/\n4 of 4 runs are the same\.\n$/)
  })

  it('repeats one run, and gets all of it as JSON', async () => {
    const name = there('one.json', (whole) => whole)
    const words = ['verify', name, '--trace', join(mine.folder, 'trace.csv'), '--run', 'none', '--json', '--quiet']
    const { stdout } = await pilotlight(theirs, ...words)
    const { ledger } = card.runs.find(({ label }) => label === 'none')!
    expect(JSON.parse(stdout)).toEqual({
      schema: 1,
      card: name,
      trace: card.trace.digest,
      same: 1,
      runs: [{ label: 'none', sameLedger: true, ledger, otherFigures: [], notReckoned: [] }],
    })
  })

  it('is told where the trace must come from, and which files it has', async () => {
    const { code, stderr } = await pilotlight(
      theirs,
      'verify',
      there('lost.json', (whole) => whole),
      '--quiet',
    )
    expect(code).toBe(2)
    expect(stderr).toContain(`its trace, trace (events, digest ${card.trace.digest}), is not to be found from here.`)
    expect(stderr).toContain(`--trace <path>. Its files are trace.csv (${read('trace.csv').length} bytes, SHA-256 `)
  })

  it('is told when the trace is another one', async () => {
    writeFileSync(join(theirs, 'other.csv'), read('trace.csv').replace('a,f,300000', 'a,f,300001'))
    const name = there('card.json', (whole) => whole)
    const { code, stderr } = await pilotlight(theirs, 'verify', name, '--trace', 'other.csv', '--quiet')
    expect(code).toBe(2)
    expect(stderr).toContain(`other.csv: expected the trace trace, of digest ${card.trace.digest}, found another one`)
  })

  it('is told when the card is of another version of the model', async () => {
    const name = there('old.json', (whole) => ({ ...whole, version: '0.0.1', modelVersion: 1 }))
    const { code, stderr } = await pilotlight(theirs, 'verify', name)
    expect(code).toBe(2)
    expect(stderr).toContain(
      'its runs were made by version 1 of the model (card of pilotlight 0.0.1), and this is version',
    )
  })

  it.each([
    ['accounts', { ledger: '0'.repeat(64) }, /none +OTHER: the accounts of its apps differ/],
    ['a figure', { metrics: { 'cold-starts': 1 } }, /none +OTHER: cold-starts is 1 in the card and 4 here/],
  ])('finds out when %s of the card were changed', async (_, change, said) => {
    const name = there(
      'changed.json',
      changed(() => change),
    )
    const words = ['verify', name, '--trace', join(mine.folder, 'trace.csv'), '--quiet']
    const { code, stdout, stderr } = await pilotlight(theirs, ...words)
    expect(stdout).toMatch(said)
    expect(stdout).toContain('3 of 4 runs are the same.')
    expect(stderr).toContain('1 of 4 runs is not what the card tells')
    expect(code).toBe(2)
  })

  it('says which figures of the card it cannot reckon, as those that depend on prices', async () => {
    const name = there('priced.json', (whole) => ({
      ...whole,
      runs: whole.runs.map((run) => ({ ...run, metrics: { ...run.metrics, 'provider-cost': 5 } })),
    }))
    const words = ['verify', name, '--trace', join(mine.folder, 'trace.csv'), '--quiet']
    const { code, stdout } = await pilotlight(theirs, ...words)
    expect(stdout).toMatch(/^none +the same, to the last bit; not looked at: provider-cost$/m)
    expect(code).toBe(0)
  })

  it('finds out when the experiment is not that of the runs', async () => {
    const name = there('other.json', (whole) => ({ ...whole, source: whole.source!.replace('30m', '31m') }))
    const words = ['verify', name, '--trace', join(mine.folder, 'trace.csv'), '--quiet']
    const { code, stderr } = await pilotlight(theirs, ...words)
    expect(stderr).toContain('its run fixed(keepAlive=30m) has a digest that no run of its experiment has')
    expect(code).toBe(2)
  })
})

describe('a card whose experiment has a policy of its own', () => {
  // Whoever loads it leaves a mark.
  const POLICY = `import { writeFileSync } from 'node:fs'
writeFileSync(new URL('loaded', import.meta.url), '')
export default {
  id: 'mine', summary: 'Keeps for a minute.', parameters: {}, scope: 'app', needs: [],
  create: () => ({ arrived() {}, decide(app, now, out) { out.prewarmMs = 0; out.keepAliveMs = 60_000 } }),
}
`
  let name: string

  beforeAll(async () => {
    mkdirSync(join(mine.folder, 'policies'))
    mine.write('policies/mine.mjs', POLICY)
    mine.write(
      'own.yaml',
      'name: own\ntrace: { path: trace.csv }\npolicies: [{ policy: none }, { policy: policies/mine.mjs }]\nbaseline: none\n',
    )
    await pilotlight(mine.folder, 'run', 'own.yaml', '--quiet')
    await pilotlight(mine.folder, 'report', 'own.yaml', '--format', 'card', '--quiet')
    name = 'own.json'
    writeFileSync(join(theirs, name), read('reports/own/card.json'))
  })

  const verify = (...words: string[]) =>
    pilotlight(theirs, 'verify', name, '--trace', join(mine.folder, 'trace.csv'), '--quiet', ...words)

  it('names the file and its digest, and holds none of its code', async () => {
    const { code, stderr } = await verify()
    expect(stderr).toMatch(
      /its experiment needs the file mine\.mjs \(policies\[1\]\.policy, \d+ bytes, SHA-256 [0-9a-f]{64}\), which a card does not hold/,
    )
    expect(code).toBe(2)
    expect(read('reports/own/card.json')).not.toContain('keepAliveMs')
  })

  it('refuses a folder without the file, and one with another file, which is not loaded', async () => {
    expect((await verify('--files', theirs)).stderr).toContain('mine.mjs: cannot be read')
    writeFileSync(join(theirs, 'mine.mjs'), `${POLICY}// changed\n`)
    const { code, stderr } = await verify('--files', theirs)
    expect(stderr).toContain('found another one')
    expect(code).toBe(2)
    expect(() => readFileSync(join(theirs, 'loaded'))).toThrow('ENOENT')
  })

  it('is repeated with the file', async () => {
    writeFileSync(join(theirs, 'mine.mjs'), POLICY)
    const { code, stdout } = await verify('--files', theirs)
    expect(stdout).toContain('2 of 2 runs are the same.')
    expect(code).toBe(0)
  })
})

describe('pilotlight source', () => {
  it.each(['reports/study/card.json', 'reports/study/index.html', 'reports/study/results.sqlite'])(
    'prints of %s an experiment that makes the same runs',
    async (name) => {
      const { code, stdout } = await pilotlight(mine.folder, 'source', name)
      expect(code).toBe(0)
      expect(stdout.endsWith(read('study.yaml'))).toBe(true)
      expect(stdout).toContain('# command: pilotlight run study.yaml')
      expect(stdout).toContain(`digest ${card.trace.digest}`)
      mine.write('again.yaml', stdout)
      const again = await pilotlight(mine.folder, 'run', 'again.yaml', '--dry-run', '--json', '--quiet')
      const { runs } = JSON.parse(again.stdout) as { runs: readonly { digest: string }[] }
      expect(runs.map(({ digest }) => digest)).toEqual(card.runs.map(({ digest }) => digest))
    },
  )

  it('names nothing of the machine that made a card', () => {
    expect(read('reports/study/card.json')).not.toContain(mine.folder)
    expect(read('reports/study/index.html')).not.toContain(mine.folder)
  })
})

describe('the bounds of a card', () => {
  it('are reached by whoever keeps everything, and by nobody passed', () => {
    for (const { label, bounds } of card.runs) {
      expect(bounds.map(({ id }) => id)).toEqual(['foresight', 'hold-or-drop'])
      for (const { distance } of bounds) expect(distance, label).toBeGreaterThanOrEqual(0)
    }
    // Two apps, and each is cold once; the idle times of 5 and 25 minutes are held.
    const kept = card.runs.find(({ label }) => label === 'no-unload')!
    expect(kept.bounds.map(({ coldStarts, distance }) => [coldStarts, distance])).toEqual([
      [2, 0],
      [2, 0],
    ])
    // Without idle memory nothing is avoided.
    const none = card.runs.find(({ label }) => label === 'none')!
    expect(none.bounds.map(({ coldStarts }) => coldStarts)).toEqual([4, 4])
  })
})

describe('a file that is no card', () => {
  it.each([
    ['', 'not JSON'],
    ['{', 'not JSON'],
    ['null', 'expected object'],
    ['<html></html>', 'the page has no card of pilotlight in it'],
    ['{"kind":"other"}', 'kind: expected pilotlight-card'],
  ])('%j is refused in a sentence', (text, said) => {
    expect(() => cardOfText(text, 'x.json')).toThrow(UserError)
    expect(() => cardOfText(text, 'x.json')).toThrow(said)
  })

  it('is any card with a part that is missing or of another kind', () => {
    for (const key of Object.keys(card).filter((each) => each !== 'version')) {
      const { [key as keyof ResultCard]: _gone, ...rest } = card
      expect(() => cardOfText(JSON.stringify(rest), 'x.json'), key).toThrow(`it is no card of pilotlight: ${key}`)
      expect(() => cardOfText(JSON.stringify({ ...card, [key]: true }), 'x.json'), key).toThrow(UserError)
    }
  })
})

it('the schema of cards is the one that is published in docs/card.schema.json', async () => {
  const { stdout } = await pilotlight(mine.folder, 'schema', '--card')
  const published = readFileSync(new URL('../../../docs/card.schema.json', import.meta.url), 'utf8')
  expect(JSON.parse(stdout)).toEqual(JSON.parse(published))
})
