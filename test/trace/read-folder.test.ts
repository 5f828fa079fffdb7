import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readTrace } from '../../src/trace/read.ts'

const EVENTS = 'app,function,start_ms,duration_ms\na,f,0,5\n'

describe('a folder that is no data set of its own', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pilotlight-folder-'))
    await writeFile(join(folder, 'README.md'), '# Notes\n')
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('is read when one trace file lies in it, whatever lies beside that', async () => {
    await writeFile(join(folder, 'mine.csv'), EVENTS)
    expect(await readTrace(folder)).toMatchObject({ id: 'mine', format: 'events', invocations: 1 })
    expect(await readTrace(folder, { format: 'events' })).toMatchObject({ invocations: 1 })
  })

  it('is refused when several do, naming them', async () => {
    await writeFile(join(folder, 'one.csv'), EVENTS)
    await writeFile(join(folder, 'two.csv'), EVENTS)
    await expect(readTrace(folder)).rejects.toThrow(`${folder}: it holds 2 traces: one.csv, two.csv. Name one of them.`)
  })

  it('is refused when none does, saying what to do', async () => {
    await expect(readTrace(folder)).rejects.toThrow(
      `${folder}: no trace format recognises it. pilotlight init <file> looks at a file`,
    )
  })
})
