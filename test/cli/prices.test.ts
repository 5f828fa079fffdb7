import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ComparisonDocument } from '../../src/metrics/to-json.ts'
import { pilotlight } from './pilotlight.ts'

const SAMPLE = fileURLToPath(new URL('../../traces/sample', import.meta.url))
const STORE = 'reports/money/results.sqlite'
const KEPT = '2 of 2 runs were finished before (--fresh makes them again).\n'

let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pilotlight-money-'))
  writeFileSync(join(folder, 'own.yaml'), 'currency: EUR\nrunning: 1\nloading: 2\nidle: 4\nrequests: 8\nresident: 16\n')
  named('')
  await command('run', 'money.yaml', '--quiet')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const command = (...words: string[]) => pilotlight(folder, ...words)

/** A file of the report. */
const read = (name: string): string => readFileSync(join(folder, 'out', name), 'utf8')

/** Writes the experiment with such a line of prices. */
function named(line: string): void {
  const policies = 'policies:\n  - { policy: fixed, keepAlive: 10m }\n  - { policy: none }\n'
  const model = 'model: { kind: instances, spread: minute, coldStart: 500ms }\n'
  writeFileSync(join(folder, 'money.yaml'), `name: money\ntrace: { path: ${SAMPLE} }\n${model}${policies}${line}\n`)
}

async function documentOf(...words: string[]): Promise<ComparisonDocument> {
  const { code, stdout } = await command(...words, '--json')
  expect(code).toBe(0)
  return JSON.parse(stdout) as ComparisonDocument
}

describe('prices on the sample trace', () => {
  it('are none, and money is none, where the experiment names none', async () => {
    named('')
    const { prices, runs } = await documentOf('compare', 'money.yaml')
    expect(prices).toBeNull()
    expect(runs.map(({ money }) => money)).toEqual([null, null])
    expect(runs[0]!.metrics['rum']).toBeCloseTo(
      runs[0]!.totals.coldStarts * 0.808 + runs[0]!.totals.idleMbS / 1024 / 99.69,
      6,
    )
  })

  it('give money to runs that were made without them, and make none again', async () => {
    named('prices: ./own.yaml')
    const { stdout, stderr } = await command('run', 'money.yaml', '--json')
    expect(stderr).toBe(KEPT)
    const { runs } = JSON.parse(stdout) as ComparisonDocument
    for (const { totals, money } of runs) {
      const { busyMbS, loadingMbS, idleMbS, invocations } = totals
      expect(money!.currency).toBe('EUR')
      expect(money!.providerCost).toBeCloseTo((16 * (busyMbS + loadingMbS + idleMbS)) / 1024, 3)
      const bill = (busyMbS + 2 * loadingMbS + 4 * idleMbS) / 1024 + (8 * invocations) / 1e6
      expect(money!.userBill / bill).toBeCloseTo(1, 10)
    }
  })

  it('change with the experiment, for compare without a run', async () => {
    named('prices: aws-lambda')
    const { prices, runs } = await documentOf('compare', 'money.yaml')
    expect(prices!.id).toBe('aws-lambda')
    expect(runs.every(({ money }) => money!.userBill > 0 && money!.providerCost! > 0)).toBe(true)
    // Keeping nothing costs the user more (loading is billed) and the provider less.
    expect(runs[1]!.money!.userBill).toBeGreaterThan(runs[0]!.money!.userBill)
    expect(runs[1]!.money!.providerCost!).toBeLessThan(runs[0]!.money!.providerCost!)
  })

  it('are those of the last run for a store alone, when the file of a table is gone', async () => {
    named('prices: ./own.yaml')
    const { runs } = await documentOf('run', 'money.yaml')
    const before = readFileSync(join(folder, 'own.yaml'))
    rmSync(join(folder, 'own.yaml'))
    const alone = await documentOf('compare', STORE)
    const { code, stderr } = await command('compare', 'money.yaml')
    writeFileSync(join(folder, 'own.yaml'), before)
    expect(alone.prices).toMatchObject({ id: './own.yaml', currency: 'EUR', residentGbS: 16 })
    expect(alone.runs).toEqual(runs)
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr:
        'money.yaml:7:9: prices: there is no file own.yaml. The path of a price table is relative to the experiment file.\n',
    })
  })

  it('survive a merge of stores', async () => {
    named('prices: tencent-scf')
    await command('run', 'money.yaml')
    await command('merge', STORE, '--out', 'merged.sqlite')
    expect((await documentOf('compare', 'merged.sqlite')).prices!.id).toBe('tencent-scf')
  })

  it('are named by every format of a report, with their source and date', async () => {
    named('prices: google-cloud-run')
    const { code } = await command('report', 'money.yaml', '--format', 'text,md,html,csv,json', '--out', 'out')
    expect(code).toBe(0)
    for (const name of ['comparison.txt', 'comparison.md', 'index.html', 'comparison.json']) {
      expect(read(name)).toContain('google-cloud-run')
      expect(read(name)).toContain('2026-07-21')
      expect(read(name)).toContain('https://cloud.google.com/run/pricing')
    }
    expect(read('comparison.md')).toMatch(/\| provider cost \(USD\) \| user bill \(USD\) \|/)
    expect(read('comparison.csv')).toMatch(/provider-cost \[USD\],user-bill \[USD\]/)
  })

  it('are listed by pilotlight list prices', async () => {
    const { stdout } = await command('list', 'prices')
    expect(stdout).toMatch(/^aws-lambda +AWS Lambda on demand\.$/m)
    const { stdout: json } = await command('list', 'prices', '--json')
    const { entries } = JSON.parse(json) as { entries: Record<string, unknown>[] }
    expect(entries[0]).toMatchObject({ id: 'aws-lambda', currency: 'USD', millionRequests: 0.2 })
  })
})
