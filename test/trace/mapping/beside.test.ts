import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readMapping } from '../../../src/config/mapping-file.ts'
import { readTrace } from '../../../src/trace/read.ts'
import { inFolder } from '../temporary-folder.ts'

const MAPPING = `read: csv
app: "{column}"
start: { from: time, unit: s }
counts:
  layout: columns
  bucket: 1m
  except: [day]
  beside:
    duration: { path: function_delay_minute, unit: ms }
    memory: { path: memory_limit_minute, unit: MB }
`
const COUNTS = {
  'requests_minute/day_000.csv': 'day,time,7,8,9\n0,0,3.0,1,\n0,60,1,,2\n',
  'requests_minute/day_001.csv': 'day,time,7,8,9\n1,86400,4,,\n',
}
const FILES = {
  ...COUNTS,
  'm.yaml': MAPPING,
  // The columns and the rows stand in another order, and there are more of both.
  'function_delay_minute/day_000.csv': 'day,time,9,8,7,3\n0,60,20,999,204,1\n0,0,,51,100,1\n0,120,7,7,7,7\n',
  'function_delay_minute/day_001.csv': 'day,time,7\n1,86400,400\n',
  'memory_limit_minute/day_000.csv': 'day,time,7,8,9\n0,0,128,,0\n0,60,256,,\n',
  'memory_limit_minute/day_001.csv': 'day,time,7,8,9\n1,86400,192,,\n',
}

async function read(files: Readonly<Record<string, string>>) {
  return inFolder(files, async (folder) => {
    const mapping = await readMapping(join(folder, 'm.yaml'), 'trace.mapping')
    return readTrace(join(folder, 'requests_minute'), { mapping })
  })
}

describe('tables beside those of counts', () => {
  it('give each function the mean duration of its invocations, and each app its mean memory', async () => {
    const { apps, functions, join: report, offers } = await read(FILES)
    expect([0, 1, 2].map((app) => apps.name.at(app))).toEqual(['7', '8', '9'])
    // 3 of 100 ms, 1 of 204 and 4 of 400; the 999 is of a minute without a request.
    expect([...functions.durationMs]).toEqual([2104 / 8, 51, 20])
    // Function 7: the mean of 128 and 256 over two minutes, and of 192 over one; the others have the median app's.
    expect([...apps.memoryMb]).toEqual([192, 192, 192])
    expect(offers).toEqual(expect.arrayContaining(['duration', 'memory']))
    expect(report.files.map(({ path, table }) => [path, table])).toEqual([
      ['day_000.csv', 'counts'],
      ['function_delay_minute/day_000.csv', 'duration'],
      ['memory_limit_minute/day_000.csv', 'memory'],
      ['day_001.csv', 'counts'],
      ['function_delay_minute/day_001.csv', 'duration'],
      ['memory_limit_minute/day_001.csv', 'memory'],
    ])
  })

  it('are counted where a day has none, and the trace is read without', async () => {
    const { 'function_delay_minute/day_001.csv': _, ...without } = FILES
    const { functions, join: report } = await read(without)
    expect(functions.durationMs[0]).toBe(126)
    expect(report.defects.find(({ id }) => id === 'beside-missing')).toMatchObject({ count: 1, warns: true })
  })

  it.each([
    [
      'a cell that is no amount',
      'day,time,7\n0,0,fast\n',
      /day_000\.csv:2.*duration must be a number of ms from 0, found "fast"/s,
    ],
    ['a table without the time', 'day,7\n0,1\n', /day_000\.csv:1.*asks for the column "time"/s],
  ])('are refused at the place of %s', async (_, content, message) => {
    await expect(read({ ...FILES, 'function_delay_minute/day_000.csv': content })).rejects.toThrow(message)
  })

  it('are refused where they are not there at all', async () => {
    const files = { ...COUNTS, 'm.yaml': MAPPING }
    await expect(read(files)).rejects.toThrow(/function_delay_minute.*there is no such file/s)
  })

  it('are for tables whose columns are functions', async () => {
    const text = MAPPING.replace('layout: columns', 'layout: cells\n  value: n')
    await expect(read({ ...FILES, 'm.yaml': text })).rejects.toThrow(/m\.yaml:9:3.*beside is for layout columns/s)
  })
})
