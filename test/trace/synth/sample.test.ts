import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { afterAll, expect, it } from 'vitest'
import { synthesizeTrace, writeSynth } from '../../../src/trace/synth/index.ts'

const sample = fileURLToPath(new URL('../../../traces/sample', import.meta.url))
const readme = readFileSync(new URL('../../../traces/README.md', import.meta.url), 'utf8')
const room = mkdtempSync(join(tmpdir(), 'pilotlight-sample-'))
afterAll(() => rmSync(room, { recursive: true }))

const [, apps, days, seed] = /synth --apps (\d+) --days (\d+) --seed (\d+) --out traces\/sample/.exec(readme)!
const options = { apps: Number(apps), days: Number(days), seed: Number(seed) }

it('The sample is what the command of its README makes, byte for byte when unpacked', async () => {
  const again = join(room, 'sample')
  await writeSynth(options, again)
  expect(readdirSync(sample).sort()).toEqual(
    readdirSync(again)
      .map((file) => `${file}.gz`)
      .sort(),
  )
  for (const file of readdirSync(again)) {
    const packed = readFileSync(join(sample, `${file}.gz`))
    expect(gunzipSync(packed).equals(readFileSync(join(again, file)))).toBe(true)
  }
})

it('The README counts the sample rightly', () => {
  const trace = synthesizeTrace(options)
  const text = readme.replaceAll(/\s+/g, ' ')
  expect(text).toContain(`${trace.apps.count} of the ${apps} apps run`)
  expect(text).toContain(`${trace.functions.count} functions and ${trace.invocations.toLocaleString('en')} invocations`)
})
