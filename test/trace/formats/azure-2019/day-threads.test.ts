import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UserError } from '../../../../src/core/user-error.ts'
import { DAY_MINUTES, MINUTE } from '../../../../src/core/units.ts'
import { TraceBuilder } from '../../../../src/trace/build/builder.ts'
import { DefectLog } from '../../../../src/trace/build/defect-log.ts'
import { DEFECTS } from '../../../../src/trace/formats/azure-2019/azure-defects.ts'
import { DayThreads } from '../../../../src/trace/formats/azure-2019/day-threads.ts'
import { dayTables } from '../../../../src/trace/formats/azure-2019/days.ts'
import { InvocationTables } from '../../../../src/trace/formats/azure-2019/invocations.ts'
import { type TableFile, tableFiles } from '../../../../src/trace/formats/azure-2019/table-files.ts'
import { traceParts } from '../../../../src/trace/trace-parts.ts'
import { inFolder } from '../../temporary-folder.ts'
import { type Files, INVOCATIONS, lines } from '../azure-2019-files.ts'

const plainly = { processors: 1 }
const inThreads = (processors: number) => ({ processors, manyBytes: 0 })

async function filesIn(folder: string): Promise<readonly TableFile[]> {
  return tableFiles([folder], folder, new DefectLog(DEFECTS))
}

/** What a folder's tables of invocations say, read in one of the two ways. */
async function readIn(folder: string, how: Parameters<typeof dayTables>[3]) {
  const files = await filesIn(folder)
  const defects = new DefectLog(DEFECTS)
  const builder = new TraceBuilder({ id: 'folder', format: 'azure-2019' })
  const tables = new InvocationTables(builder, defects)
  const days = dayTables(files, 0, builder.rows, how)
  expect(days instanceof DayThreads).toBe(how !== plainly)
  const sizes = []
  let read = 0
  try {
    for (const file of files) {
      tables.beginDay()
      const size = await days.next({
        onRows: (rows) => tables.addRows(rows, file),
        onRead(bytes) {
          read = bytes
        },
      })
      sizes.push(size)
      expect(read).toBeLessThanOrEqual(file.bytes)
    }
  } finally {
    await days.end()
  }
  tables.finish()
  const trace = builder.build(files.length * DAY_MINUTES * MINUTE, { files: [], defects: defects.lines() })
  return { sizes, parts: traceParts(trace) }
}

const table = fc
  .array(
    fc.record({
      owner: fc.constantFrom('o', 'p', ''),
      app: fc.constantFrom('a', 'b', '"a,b"', 'HashApp'),
      fn: fc.constantFrom('f', 'g', 'é', 'HashFunction'),
      trigger: fc.constantFrom('http', 'others', 'timer', '', 'odd'),
      cells: fc.tuple(fc.nat(1), fc.nat(3), fc.nat(300)),
    }),
    { maxLength: 12 },
  )
  .map((rows) =>
    lines(INVOCATIONS, ...rows.map((row) => [row.owner, row.app, row.fn, row.trigger, ...row.cells].join(','))),
  )

describe('tables of invocations read in threads', () => {
  it('are the same as read one after the other', { timeout: 120_000 }, async () => {
    const days = fc.array(table, { minLength: 2, maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(days, fc.integer({ min: 2, max: 4 }), async (tables, processors) => {
        const files: Files = Object.fromEntries(
          tables.map((text, index) =>
            index % 2 === 0 ? [`x.d0${index + 1}.csv`, text] : [`x.d0${index + 1}.csv.gz`, gzipSync(text)],
          ),
        )
        await inFolder(files, async (folder) => {
          expect(await readIn(folder, inThreads(processors))).toEqual(await readIn(folder, plainly))
        })
      }),
      { numRuns: 12 },
    )
  })

  it('are the same where a file is more than one batch, whose memory is used again', { timeout: 60_000 }, async () => {
    // Beside rows of two cells, rows of a day's minutes, whose cells take some bytes each.
    const header = `HashOwner,HashApp,HashFunction,Trigger,${Array.from({ length: DAY_MINUTES }, (_, index) => index + 1).join(',')}`
    const wide = Array.from({ length: 300 }, (_, row) => {
      const cells = Array.from({ length: DAY_MINUTES }, (_, minute) => (minute % 7) * 1_000_000 + row)
      return `o,a${row % 9},f${row},http,${cells.join(',')}`
    })
    const narrow = Array.from({ length: 20_000 }, (_, row) => `o,b${row % 50},f${row},timer,${row % 3},0,${row}`)
    const files: Files = {
      'x.d01.csv': lines(header, ...wide),
      'x.d02.csv': lines(INVOCATIONS, ...narrow),
      'x.d03.csv': lines(INVOCATIONS, ...narrow.toReversed()),
    }
    await inFolder(files, async (folder) => {
      const plain = await readIn(folder, plainly)
      expect(plain.sizes.map(({ rows }) => rows)).toEqual([300, 20_000, 20_000])
      expect(await readIn(folder, inThreads(2))).toEqual(plain)
    })
  })

  it('are refused at the first mistake in their order, however soon a later file has one', async () => {
    const many = Array.from({ length: 5000 }, (_, row) => `o,a,f${row},http,1,2,3`)
    const files: Files = {
      'x.d01.csv': lines(INVOCATIONS, ...many, 'o,a,late,http,1,x,3'),
      'x.d02.csv': lines(INVOCATIONS, 'o,a,early,http,-1,2,3'),
    }
    await inFolder(files, async (folder) => {
      for (const how of [plainly, inThreads(2)]) {
        await expect(readIn(folder, how)).rejects.toThrow(UserError)
        await expect(readIn(folder, how)).rejects.toThrow('x.d01.csv:5002:6: minute 2 must be a whole number')
      }
      expect(await readdir(folder)).toHaveLength(2)
    })
  })

  it('are refused with a reason where a thread ends early or a file is gone', async () => {
    const files: Files = { 'x.d01.csv': lines(INVOCATIONS, 'o,a,f,http,1,2,3'), 'x.d02.csv': lines(INVOCATIONS) }
    await inFolder(files, async (folder) => {
      const found = await filesIn(folder)
      const rows = new TraceBuilder({ id: 'folder', format: 'azure-2019' }).rows
      const ended = dayTables(found, 0, rows, inThreads(2))
      const first = ended.next({ onRows: () => undefined, onRead: () => undefined })
      const [refusal] = await Promise.allSettled([first, ended.end()])
      const reason = 'x.d01.csv: the thread that read it ended before it was done: exit code '
      expect(refusal).toMatchObject({ reason: { message: expect.stringContaining(reason) } })
      expect(refusal).toMatchObject({ reason: expect.any(UserError) })
      const gone = found.map((file) => ({ ...file, path: join(folder, 'gone.csv') }))
      const days = dayTables(gone, 0, rows, inThreads(2))
      await expect(days.next({ onRows: () => undefined, onRead: () => undefined })).rejects.toThrow('gone.csv')
      await days.end()
    })
  })

  it('are read one after the other where they are few bytes, one file, or for one processor', async () => {
    await inFolder({ 'x.d01.csv': lines(INVOCATIONS), 'x.d02.csv': lines(INVOCATIONS) }, async (folder) => {
      const [one, two] = await filesIn(folder)
      const rows = new TraceBuilder({ id: 'folder', format: 'azure-2019' }).rows
      expect(dayTables([one!, two!], 0, rows, { processors: 2 })).not.toBeInstanceOf(DayThreads)
      expect(dayTables([one!], 0, rows, inThreads(2))).not.toBeInstanceOf(DayThreads)
      expect(dayTables([one!, two!], 0, rows, { processors: 1, manyBytes: 0 })).not.toBeInstanceOf(DayThreads)
    })
  })
})
