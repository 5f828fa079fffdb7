import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { UserError } from '../../src/core/user-error.ts'
import { parseSource } from '../../src/config/document.ts'
import { readExperiment } from '../../src/config/experiment-file.ts'
import { priceTableOf } from '../../src/config/prices.ts'
import { priceTableJsonSchema } from '../../src/config/prices-schema.ts'
import { PRICES } from '../../src/metrics/prices/providers/index.ts'
import { experimentWith } from '../experiment/facts.ts'

const text = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8')
/** The table that docs/prices.md shows. */
const SHOWN = /<!-- my-prices.yaml -->\n```yaml\n([\s\S]*?)```/.exec(text('docs/prices.md'))![1]!
const table = (yaml: string) => priceTableOf(parseSource(yaml, 'p.yaml'), './p.yaml')

let folder: string
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'pilotlight-prices-'))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The prices of an experiment in the folder that names them so. */
async function pricesNamed(name: string) {
  const file = join(folder, 'x.yaml')
  writeFileSync(file, `name: x\ntrace: { path: t }\npolicies: [ { policy: none } ]\nprices: ${name}\n`)
  return (await readExperiment(file)).prices
}

function complaint(failing: Promise<unknown>): Promise<string> {
  return failing.then(
    () => 'accepted',
    (error: unknown) =>
      error instanceof UserError ? error.message.replaceAll(`${folder}/`, '') : `no UserError: ${String(error)}`,
  )
}

describe('the prices of an experiment', () => {
  it('are none where it names none', async () => {
    expect(await experimentWith('  - { policy: none }')).not.toHaveProperty('prices')
  })

  it.each(PRICES.all)('are the listed table $id by its id', async (listed) => {
    expect(await pricesNamed(listed.id)).toBe(listed)
  })

  it('are read from a file of the user’s own, relative to the experiment', async () => {
    writeFileSync(join(folder, 'my-prices.yaml'), SHOWN)
    expect(await pricesNamed('./my-prices.yaml')).toEqual({
      id: './my-prices.yaml',
      currency: 'EUR',
      region: 'our own',
      date: '2026-11-01',
      source: 'machine hours of October',
      running: { gbS: 0.000015, cpuS: 0 },
      loading: { gbS: 0.000015, cpuS: 0 },
      idle: { gbS: 0.000002, cpuS: 0 },
      millionRequests: 0.15,
      residentGbS: 0.0000031,
      sizes: { leastMb: 128, stepMb: 64, cpusPerGb: 0 },
    })
  })

  it('need no more than a currency and a price of running', () => {
    expect(table('currency: USD\nrunning: 1\n')).toEqual({
      id: './p.yaml',
      currency: 'USD',
      running: { gbS: 1, cpuS: 0 },
      loading: { gbS: 0, cpuS: 0 },
      idle: { gbS: 0, cpuS: 0 },
      millionRequests: 0,
      residentGbS: null,
      sizes: [],
    })
  })

  it('take sizes as a list', () => {
    expect(table('currency: USD\nrunning: 1\nsizes: [128MB, 0.5GB, 1 GB]\n').sizes).toEqual([
      { mb: 128, cpus: 0 },
      { mb: 512, cpus: 0 },
      { mb: 1024, cpus: 0 },
    ])
  })
})

describe('a mistake in the name of prices is one sentence with its place', () => {
  it.each([
    ['an unknown id', 'aws-lamda', 'x.yaml:4:9: prices: no price table called "aws-lamda". Did you mean "aws-lambda"?'],
    [
      'a file that is not there',
      './gone.yaml',
      'x.yaml:4:9: prices: there is no file gone.yaml. The path of a price table is relative to the experiment file.',
    ],
    ['a number', '3', 'x.yaml:4:9: prices: expected the id of a price table, or the path of one, found 3.'],
    ['a list', '[a]', 'x.yaml:4:9: prices: expected the id of a price table, or the path of one, found a list.'],
    [
      'a folder',
      'folder.yaml',
      'x.yaml:4:9: prices: cannot read folder.yaml: it is a folder (EISDIR). The path of a price table is relative to the experiment file.',
    ],
    [
      'too large a file',
      'large.yaml',
      'large.yaml: expected a price table (.yaml) of at most 1000000 bytes, found 1000001.',
    ],
    [
      'an empty file',
      'empty.yaml',
      'empty.yaml: expected a price table, found an empty file. docs/prices.md shows one.',
    ],
  ])('%s', async (_what, name, message) => {
    mkdirSync(join(folder, 'folder.yaml'), { recursive: true })
    writeFileSync(join(folder, 'large.yaml'), `#${'x'.repeat(1_000_000)}`)
    writeFileSync(join(folder, 'empty.yaml'), '')
    expect(await complaint(pricesNamed(name))).toBe(message)
  })
})

describe('a mistake in a price table is one sentence with its place', () => {
  const RUNNING = 'currency: USD\nrunning: 1\n'

  it.each([
    ['no mapping', '3', 'p.yaml:1:1: expected a price table as a mapping, found 3.'],
    [
      'a negative price',
      'currency: USD\nrunning: -0.1\n',
      'p.yaml:2:10: running: expected a number from 0 to 1000000000, found -0.1.',
    ],
    [
      'a price as a text',
      `${RUNNING}idle: 2 USD\n`,
      'p.yaml:3:7: idle: expected a number from 0 to 1000000000, found "2 USD".',
    ],
    [
      'an infinite price',
      `${RUNNING}requests: .inf\n`,
      'p.yaml:3:11: requests: expected a number from 0 to 1000000000, found Infinity.',
    ],
    [
      'no price of running',
      'currency: USD\n',
      'p.yaml:1:1: running: expected a number from 0 to 1000000000, found nothing.',
    ],
    [
      'no currency',
      'running: 1\n',
      'p.yaml:1:1: currency: expected the code of a currency in three capital letters, found nothing.',
    ],
    [
      'a sign for a currency',
      'currency: $\nrunning: 1\n',
      'p.yaml:1:11: currency: expected the code of a currency in three capital letters, found "$".',
    ],
    [
      'an unknown key',
      `${RUNNING}runing: 1\n`,
      'p.yaml:3:1: runing: a price table has no key called "runing". Did you mean "running"?',
    ],
    [
      'sizes that fall',
      `${RUNNING}sizes: [256MB, 128MB]\n`,
      'p.yaml:3:16: sizes[1]: expected sizes in ascending order, found 128MB after 256MB.',
    ],
    [
      'a size without a unit',
      `${RUNNING}sizes: [128]\n`,
      'p.yaml:3:9: sizes[0]: expected a memory size such as 512MB or 4GB, found 128.',
    ],
    [
      'a size of nothing',
      `${RUNNING}sizes: { least: 0MB, step: 1MB }\n`,
      'p.yaml:3:17: sizes.least: expected a memory size such as 512MB or 4GB, found "0MB".',
    ],
    [
      'a step without a least',
      `${RUNNING}sizes: { step: 1MB }\n`,
      'p.yaml:3:8: sizes.least: expected a memory size such as 512MB or 4GB, found nothing.',
    ],
    ['no sizes', `${RUNNING}sizes: []\n`, 'p.yaml:3:8: sizes: expected at least one size, found an empty list.'],
    ['sizes as a text', `${RUNNING}sizes: 128MB\n`, 'p.yaml:3:8: sizes: expected sizes as a mapping, found "128MB".'],
    [
      'a date of another form',
      `${RUNNING}date: 1.11.2026\n`,
      'p.yaml:3:7: date: expected a day such as 2026-01-31, found "1.11.2026".',
    ],
    [
      'a source of two lines',
      `${RUNNING}source: "a\\nb"\n`,
      'p.yaml:3:9: source: expected a text of one line, found "a\\nb".',
    ],
  ])('%s', async (_what, yaml, message) => {
    await expect(complaint((async () => table(yaml))())).resolves.toBe(message)
  })
})

describe('the JSON Schema of price tables', () => {
  const made = priceTableJsonSchema()
  const validator = z.fromJSONSchema(made as Parameters<typeof z.fromJSONSchema>[0])

  it('is the one that is published in docs/prices.schema.json', () => {
    const published = JSON.parse(text('docs/prices.schema.json')) as unknown
    expect(published, 'npm run docs writes it').toEqual(made)
  })

  it('accepts the table that docs/prices.md shows', () => {
    expect(validator.safeParse(parse(SHOWN)).error).toBeUndefined()
  })

  it('refuses a negative price, an unknown key and a missing currency', () => {
    const good = { currency: 'USD', running: 1 }
    expect(validator.safeParse(good).success).toBe(true)
    for (const bad of [{ ...good, idle: -1 }, { ...good, runing: 1 }, { running: 1 }]) {
      expect(validator.safeParse(bad).success).toBe(false)
    }
  })
})
