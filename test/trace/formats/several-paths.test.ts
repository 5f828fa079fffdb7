import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readTrace } from '../../../src/trace/read.ts'
import type { Trace } from '../../../src/trace/trace.ts'
import { inFolder } from '../temporary-folder.ts'
import { DURATIONS, type Files, found, INVOCATIONS, lines, MEMORY } from './azure-2019-files.ts'

const INVOCATIONS_1 = lines(INVOCATIONS, 'o,a,f,http,0,1,0', 'o,a,g,timer,1,1,1')
const INVOCATIONS_2 = lines(INVOCATIONS, 'o,a,f,http,2,0,0', 'o,b,h,queue,0,0,5')
const FILES: Files = {
  'all/invocations.d01.csv': INVOCATIONS_1,
  'all/invocations.d02.csv': INVOCATIONS_2,
  'all/durations.d01.csv': lines(DURATIONS, 'o,a,f,10,1,1,10,10'),
  'all/memory.d01.csv': lines(MEMORY, 'o,a,1,120'),
}

/** The trace of these paths within a folder with these files. */
function readPaths(files: Files, ...paths: readonly string[]): Promise<Trace> {
  return inFolder(files, (folder) => readTrace(paths.map((path) => join(folder, path))))
}

describe('a trace in several paths', () => {
  it('is the same whether its folder is named or its files one by one, in any order and some twice', async () => {
    const paths = Object.keys(FILES)
    const whole = await readPaths(FILES, 'all')
    expect(whole).toMatchObject({ id: 'all', format: 'azure-2019', invocations: 11 })
    for (const given of [paths, paths.toReversed(), [...paths, 'all'], ['all', ...paths]]) {
      const trace = await readPaths(FILES, ...given)
      expect(trace.digest).toBe(whole.digest)
      expect(trace.join).toEqual(whole.join)
    }
  })

  it('bears the name of the innermost folder that holds all of them', async () => {
    expect((await readPaths(FILES, 'all/invocations.d01.csv', 'all/memory.d01.csv')).id).toBe('all')
    const apart = { 'study/one/i.d01.csv': INVOCATIONS_1, 'study/other/i.d02.csv': INVOCATIONS_2 }
    expect((await readPaths(apart, 'study/one', 'study/other')).id).toBe('study')
  })

  it('has the same report whatever else a glob had caught', async () => {
    const files = { ...FILES, 'all/notes.csv': 'a,b\n1,2\n' }
    const trace = await readPaths(files, ...Object.keys(files))
    expect(found(trace)['file-unknown']).toEqual([1, 'notes.csv'])
  })

  it.each([
    ['all/invocations.d01.csv', 'copy/invocations.d01.csv', 'a second table of invocations for day 1'],
    ['all/memory.d01.csv', 'all/durations.d01.csv', 'expected, found only durations and memory'],
    ['all', 'nowhere', 'nowhere: cannot be read: there is no such file or folder'],
    ['all', 'all/empty.csv', 'empty.csv: the file is empty'],
    ['rows.csv', 'all/notes.txt', 'notes.txt: a trace of the format events is one file, and 2 paths were given'],
    ['all/notes.txt', 'notes', 'no trace format recognises any of them'],
  ])('is refused where it is none: %s with %s', async (one, other, message) => {
    const files = {
      ...FILES,
      'copy/invocations.d01.csv': INVOCATIONS_1,
      'rows.csv': 'app,function,start_ms,duration_ms\na,f,0,1\n',
      'all/notes.txt': 'hello\n',
      'all/empty.csv': '',
      notes: 'hello\n',
    }
    await expect(readPaths(files, one, other)).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringContaining(message) as string,
    })
  })
})
