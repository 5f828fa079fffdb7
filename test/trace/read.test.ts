import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readTrace } from '../../src/trace/read.ts'
import { inFolder } from './temporary-folder.ts'

async function complaint(content: string | Uint8Array, format?: string): Promise<string> {
  return inFolder({ 'x.csv': content }, async (folder) => {
    const reading = readTrace(join(folder, 'x.csv'), format === undefined ? {} : { format })
    const error: unknown = await reading.catch((caught: unknown) => caught)
    if (!(error instanceof Error) || error.name !== 'UserError') throw new Error(`no complaint: ${String(error)}`)
    return error.message.replace(folder, '')
  })
}

describe('reading a trace', () => {
  it('says what a file seems to be when no format recognises it, and what to do', async () => {
    const message = await complaint('a,b\n1,2\n')
    expect(message).toContain('/x.csv: no trace format recognises it. It is a table (UTF-8, 2 columns parted by ",")')
    expect(message).toContain('"a,b"\n  "1,2"\nTo see how it could be read: pilotlight init ')
  })

  it('names the nearest format when there is none of that name', async () => {
    expect(await complaint('a,b\n', 'azure2019')).toBe(
      'format: no trace format called "azure2019". Did you mean "azure-2019"?',
    )
  })

  it.each<[string, string | Uint8Array, string]>([
    ['an empty file', '', '/x.csv: the file is empty.'],
    ['only a gzip of nothing', gzipSync(''), '/x.csv: the file is empty.'],
    [
      'a truncated gzip',
      gzipSync('app,function,start_ms').subarray(0, 25),
      '/x.csv: its gzip data is cut short (14 bytes could be unpacked). Fetch the file again.',
    ],
    [
      'an xz archive',
      Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0),
      '/x.csv: a trace was expected, and it is an archive (xz). Unpack it first.',
    ],
    ['a rar archive', 'Rar!', '/x.csv: a trace was expected, and it is an archive (rar). Unpack it first.'],
    ['bytes without meaning', new Uint8Array(5000), '/x.csv: no trace format recognises it.'],
    ['bytes without a line break', Buffer.alloc(3_000_000, 'x'), '/x.csv: no trace format recognises it.'],
  ])('refuses %s with one clear sentence', async (_, content, message) => {
    expect((await complaint(content)).slice(0, message.length)).toBe(message)
  })

  it('refuses a path where nothing is, and a folder without any table', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pilotlight-'))
    try {
      await expect(readTrace(join(folder, 'none'))).rejects.toThrow(
        'none: cannot be read: there is no such file or folder (ENOENT).',
      )
      await expect(readTrace(join(folder))).rejects.toThrow('no trace format recognises it')
      await expect(readTrace(folder, { format: 'events' })).rejects.toThrow('it is a folder')
      await expect(readTrace(folder, { format: 'compiled' })).rejects.toThrow('it is a folder')
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('passes over blank lines before the header', async () => {
    const text = '\n\r\napp,function,start_ms,duration_ms\na,f,0,1\n'
    const trace = await inFolder({ 'x.csv': text }, (folder) => readTrace(join(folder, 'x.csv')))
    expect(trace).toMatchObject({ id: 'x', format: 'events', invocations: 1 })
  })
})
