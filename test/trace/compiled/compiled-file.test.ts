import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TraceBuilder } from '../../../src/trace/build/builder.ts'
import { readCompiled, writeCompiled } from '../../../src/trace/compiled/compiled-file.ts'
import { withGaps } from '../../../src/trace/arrivals/packed-gaps.ts'
import type { Trace } from '../../../src/trace/trace.ts'
import { traceParts } from '../../../src/trace/trace-parts.ts'
import { inFolder } from '../temporary-folder.ts'

const JOIN = {
  files: [{ path: 'x.csv', table: 'events', rows: 2, bytes: 40 }],
  defects: [{ id: 'd', found: 'things', rule: 'Kept.', count: 1, examples: ['x.csv:2'] }],
}

function eventTrace(): Trace {
  const builder = new TraceBuilder({ id: 'x', format: 'events' })
  builder.addEvent(builder.functionRow('o', 'é', 'f'), 3, 4)
  builder.addEvent(builder.functionRow('', 'a', 'g'), 1, 0)
  builder.addMemory('', 'a', 12.5, 1)
  return builder.build(7, JOIN)
}

const trace = fc
  .array(fc.tuple(fc.nat(3), fc.nat(2), fc.nat(20), fc.integer({ min: 1, max: 9 })), { maxLength: 30 })
  .chain((rows) => fc.tuple(fc.constant(rows), fc.boolean()))
  .map(([rows, counts]) => {
    const builder = new TraceBuilder({ id: 'any', format: 'test' })
    for (const [app, fn, time, value] of rows) {
      const row = builder.functionRow(`o${app % 2}`, `a${app}`, `f${fn}`)
      if (counts) builder.addCount(row, time, value)
      else builder.addEvent(row, time, value)
      if (value > 5) builder.addMemory(`o${app % 2}`, `a${app}`, value / 3, time + 1)
    }
    return builder.build(60_000 * 21, JOIN)
  })

/** Writes a trace, changes the bytes of its file and reads it again. */
async function afterChange(change: (bytes: Buffer) => Buffer): Promise<Trace> {
  return inFolder({}, async (folder) => {
    const path = join(folder, 'x.trace')
    await writeCompiled(eventTrace(), path)
    await writeFile(path, change(await readFile(path)))
    return readCompiled(path)
  })
}

describe('a compiled trace', () => {
  it('is the same trace as the one that was written', async () => {
    await fc.assert(
      fc.asyncProperty(trace, async (written) => {
        const read = await inFolder({}, async (folder) => {
          await writeCompiled(written, join(folder, 'x.trace'))
          return readCompiled(join(folder, 'x.trace'))
        })
        expect(traceParts(read)).toEqual(traceParts(withGaps(written)))
      }),
      { numRuns: 60 },
    )
  })

  it('keeps the names, the join report and where it came from', async () => {
    const read = await afterChange((bytes) => bytes)
    expect([read.apps.name.at(0), read.apps.name.at(1), read.functions.name.at(1)]).toEqual(['a', 'o/é', 'f'])
    expect({ id: read.id, format: read.format, join: read.join }).toEqual({ id: 'x', format: 'events', join: JOIN })
  })

  it('is one piece of shared memory, of which the columns are views', async () => {
    const read = await afterChange((bytes) => bytes)
    const buffers = new Set(Object.values(traceParts(read).columns).map((column) => column.buffer))
    expect(buffers.size).toBe(1)
    expect([...buffers][0]).toBeInstanceOf(SharedArrayBuffer)
  })

  it('replaces an older file and leaves nothing else behind', async () => {
    await inFolder({ 'x.trace': 'old' }, async (folder) => {
      await writeCompiled(eventTrace(), join(folder, 'x.trace'))
      expect(await readdir(folder)).toEqual(['x.trace'])
      expect((await readCompiled(join(folder, 'x.trace'))).digest).toBe(eventTrace().digest)
    })
  })

  it('says why it cannot be written, and leaves nothing behind', async () => {
    await inFolder({ 'file.txt': '', 'taken.trace/inside': '' }, async (folder) => {
      const at = (name: string): Promise<void> => writeCompiled(eventTrace(), join(folder, name))
      await expect(at('nowhere/x.trace')).rejects.toThrow('cannot be written: there is no such file or folder (ENOENT)')
      await expect(at('file.txt/x.trace')).rejects.toThrow('a part of the path is a file')
      await expect(at('taken.trace')).rejects.toThrow('it is a folder')
      expect((await readdir(folder)).sort()).toEqual(['file.txt', 'taken.trace'])
    })
  })

  it('is refused when it is cut short anywhere', async () => {
    const whole = await inFolder({}, async (folder) => {
      await writeCompiled(eventTrace(), join(folder, 'x.trace'))
      return (await readFile(join(folder, 'x.trace'))).length
    })
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 8, max: whole - 1 }), async (length) => {
        await expect(afterChange((bytes) => bytes.subarray(0, length))).rejects.toThrow('the file is cut short')
      }),
      { numRuns: 30 },
    )
  })

  it('is refused when something was put behind it, with the size that it has and the one that was expected', async () => {
    const longer = afterChange((bytes) => Buffer.concat([bytes, Buffer.from('abc')]))
    await expect(longer).rejects.toThrow(
      /x\.trace: the file goes on behind its trace: (\d+) bytes, and \d+ were expected\. Import the trace again/,
    )
  })

  it('is refused when any byte of it was changed', async () => {
    const padding = await inFolder({}, async (folder) => {
      const path = join(folder, 'x.trace')
      await writeCompiled(eventTrace(), path)
      return readFile(path)
    })
    await fc.assert(
      fc.asyncProperty(fc.nat(padding.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
        const changed = afterChange((bytes) => {
          bytes[at]! ^= flip
          return bytes
        })
        // A gap between two columns means nothing, so there the trace is still whole.
        const outcome = await changed.then(
          (read) => read.digest === eventTrace().digest,
          (error: unknown) => error instanceof Error && error.name === 'UserError',
        )
        expect(outcome).toBe(true)
      }),
      { numRuns: 200 },
    )
  })

  it('of another version has to be imported again', async () => {
    const other = afterChange((bytes) => {
      bytes.writeUInt32LE(2, 8)
      return bytes
    })
    await expect(other).rejects.toThrow(
      'this is a compiled trace of version 2, and version 4 was expected. Import the trace again from its source.',
    )
  })

  it('whose content was changed does not match its digest', async () => {
    const changed = afterChange((bytes) => {
      bytes[bytes.length - 8]! ^= 1
      return bytes
    })
    await expect(changed).rejects.toThrow('does not match its digest')
  })

  it('is told from any other file', async () => {
    const other = afterChange(() => Buffer.from('PLT'))
    await expect(other).rejects.toThrow('a compiled trace begins with "PLTTRACE"')
    await expect(readCompiled('/nowhere/x.trace')).rejects.toThrow(
      '/nowhere/x.trace: cannot be read: there is no such file or folder',
    )
  })
})
