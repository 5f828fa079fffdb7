import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readExperiment } from '../../src/config/experiment-file.ts'
import { readLiveFile } from '../../src/config/live-file.ts'
import { UserError } from '../../src/core/user-error.ts'
import { placed, planRuns } from '../../src/experiment/run-plan.ts'
import { COUNTS } from '../experiment/facts.ts'

const TEXT = 'app,at_ms,arrivals\na,0,1\n'
const LIVE = `name: live
policy: { policy: forecast, file: wrong.csv }
memory: 1GB
apps: { a: { contract: http, command: [node], memory: 1MB } }
`

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

  it('is named with the line where its text is wrong, before any run', async () => {
    for (const [line, problem] of [
      ['a,x,1', 'at_ms must be a number from 0 on, found "x"'],
      ['a,0,2', 'the app a has two rows for at_ms 0'],
    ]) {
      writeFileSync(join(folder, 'wrong.csv'), `${TEXT}${line}\n`)
      const told = `${join(folder, 'wrong.csv')}:3: ${problem}.`
      await expect(policiesOf('{ policy: forecast, file: [one.csv, wrong.csv] }')).rejects.toThrow(told)
      const live = join(folder, 'live.yaml')
      writeFileSync(live, LIVE)
      await expect(readLiveFile(live)).rejects.toThrow(told)
    }
  })

  it('is named where it does not suit the trace, also among several', async () => {
    await policiesOf('{ policy: forecast, file: [one.csv, third.csv], step: [1m, 2m] }')
    const { runs } = planRuns(await readExperiment(join(folder, 'experiment.yaml')), COUNTS)
    const failure = new UserError({ where: 'policy forecast', problem: 'no app is in both', option: 'file' })
    const told = runs.filter(({ label }) => label.startsWith('forecast')).map((run) => String(placed(failure, run)))
    expect(told.map((each) => /policies\[0\]\.file, (.*)$/.exec(each)?.[1])).toEqual([
      'one.csv: no app is in both.',
      'one.csv: no app is in both.',
      'third.csv: no app is in both.',
      'third.csv: no app is in both.',
    ])
  })
})
