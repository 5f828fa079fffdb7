import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readExperiment } from '../../src/config/experiment-file.ts'

const TEXT = 'app,at_ms,arrivals\na,0,1\n'

describe('a parameter that names a file', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'pilotlight-parameter-file-'))
    mkdirSync(join(folder, 'inside'))
    writeFileSync(join(folder, 'one.csv'), TEXT)
    writeFileSync(join(folder, 'inside', 'other.csv'), TEXT)
    writeFileSync(join(folder, 'third.csv'), `${TEXT}a,60000,1\n`)
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  const policiesOf = async (entry: string) => {
    const file = join(folder, 'experiment.yaml')
    writeFileSync(file, `name: files\ntrace: { path: a }\npolicies:\n  - ${entry}\n`)
    return (await readExperiment(file)).policies[0]!
  }

  it('is read beside the experiment and stands by the digest of its text, wherever it lies', async () => {
    const { params, files } = await policiesOf('{ policy: forecast, file: [one.csv, inside/other.csv, third.csv] }')
    const values = params[0]!.values.map(({ value }) => value)
    expect(values[0]).toBe(createHash('sha256').update(TEXT).digest('hex'))
    expect(values[1]).toBe(values[0])
    expect(values[2]).not.toBe(values[0])
    expect(params[0]!.values.map(({ written }) => written)).toEqual(['one.csv', 'inside/other.csv', 'third.csv'])
    expect(files[String(values[0])]).toBe(TEXT)
  })

  it('is refused at its place where there is no such file, or it is no path', async () => {
    await expect(policiesOf('{ policy: forecast, file: none.csv }')).rejects.toThrow(
      /experiment\.yaml:4:\d+.*there is no file .*none\.csv.*Its path is relative/,
    )
    await expect(policiesOf('{ policy: forecast, file: 3 }')).rejects.toThrow(
      /file.*expected the path of a file, found 3/,
    )
  })
})
