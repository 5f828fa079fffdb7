import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readTrace } from '../../../src/trace/read.ts'
import { firstBytes, unpackedBytes } from '../../../src/trace/table/source-bytes.ts'

const folder = mkdtempSync(join(tmpdir(), 'pilotlight-pipe-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe.skipIf(process.platform === 'win32')('a pipe that nobody writes to', () => {
  const pipe = join(folder, 'a.csv')
  const wrong = `${pipe}: a file or a directory was expected, and it is neither.`

  it('is refused at once as a source, and among the tables of a folder', async () => {
    execFileSync('mkfifo', [pipe])
    await expect(firstBytes(pipe, 2)).rejects.toThrow(wrong)
    await expect(unpackedBytes(pipe).next()).rejects.toThrow(wrong)
    await expect(readTrace(folder)).rejects.toThrow(wrong)
    await expect(readTrace(folder, { format: 'azure-2019' })).rejects.toThrow(wrong)
  })

  it('does not hinder a file beside it that is named', async () => {
    const file = join(folder, 'b.csv')
    writeFileSync(file, 'app,func,end_timestamp,duration\na,f,10.5,0.5\n')
    expect((await readTrace(file)).invocations).toBe(1)
  })
})
