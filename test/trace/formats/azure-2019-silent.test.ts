import { describe, expect, it } from 'vitest'
import { defectsNote } from '../../../src/trace/build/join-report.ts'
import { readTrace } from '../../../src/trace/read.ts'
import { inFolder } from '../temporary-folder.ts'

const MINUTES = Array.from({ length: 1440 }, (_, minute) => minute + 1)
const HEADER = `HashOwner,HashApp,HashFunction,Trigger,${MINUTES.join()}`
const ROW = `o,a,f,http,${MINUTES.map((minute) => (minute === 7 ? 3 : 0)).join()}`
const DURATIONS = 'HashOwner,HashApp,HashFunction,Average,Count,Minimum,Maximum\no,a,f,100,3,1,200\n'
const MEMORY = 'HashOwner,HashApp,SampleCount,AverageAllocatedMb\no,a,4,128\n'

describe('the data set of 2019', () => {
  it('put together of parts with cat: a header again is skipped and counted, in every table', () =>
    inFolder(
      {
        'invocations.d01.csv': `${HEADER}\n${ROW}\n${HEADER}\n${ROW.replace('f,http', 'g,http')}\n`,
        'durations.d01.csv': DURATIONS + DURATIONS.replace('a,f', 'a,g'),
        'memory.d01.csv': MEMORY + MEMORY.replace('o,a', 'o,b'),
      },
      async (folder) => {
        const { invocations, functions, join } = await readTrace(folder)
        expect({ invocations, functions: functions.count }).toEqual({ invocations: 6, functions: 2 })
        expect(join.defects.find(({ id }) => id === 'header-repeated')!.count).toBe(3)
        expect(defectsNote(join)).toBe(
          'the trace has defects: header-repeated 3; pilotlight trace shows each with its rule',
        )
      },
    ))

  it('with a row that counts 1, 2, … 1440 under other names', () =>
    inFolder(
      { 'invocations.d01.csv': `${HEADER}\n${ROW}\nOwner,App,Function,http,${MINUTES.join()}\n` },
      async (folder) => {
        await expect(readTrace(folder)).rejects.toThrow(
          'invocations.d01.csv:3: the cells of the row are the numbers of its minutes, as those of a header are',
        )
      },
    ))

  it.each([
    [
      'durations.d01.csv',
      DURATIONS.replace('Average', 'Averag'),
      'a table of durations has the columns Average besides',
    ],
    [
      'memory.d01.csv',
      MEMORY.replace('SampleCount', 'Samples'),
      'a table of memory has the columns SampleCount besides',
    ],
  ])('with a column misspelt in %s is refused, and not read without that table', (name, text, told) =>
    inFolder({ 'invocations.d01.csv': `${HEADER}\n${ROW}\n`, [name]: text }, async (folder) => {
      await expect(readTrace(folder)).rejects.toThrow(told)
    }),
  )

  it('without a defect that is out of the ordinary has no note', () =>
    inFolder({ 'invocations.d01.csv': `${HEADER}\n${ROW}\n`, 'memory.d01.csv': MEMORY }, async (folder) => {
      expect(defectsNote((await readTrace(folder)).join)).toBeUndefined()
    }))
})

it('Rows of one time in any order are the same trace', async () => {
  const rows = ['a,f,0,5', 'a,g,0,5', 'a,f,0,9', 'b,f,0,1', 'a,f,0,5', 'a,g,7,1']
  const digests = new Set<string>()
  for (let turn = 0; turn < rows.length; turn += 1) {
    const turned = [...rows.slice(turn), ...rows.slice(0, turn)]
    for (const order of [turned, turned.toReversed()]) {
      const text = `app,function,start_ms,duration_ms\n${order.join('\n')}\n`
      await inFolder(
        { 'events.csv': text },
        async (folder) => void digests.add((await readTrace(`${folder}/events.csv`)).digest),
      )
    }
  }
  expect(digests.size).toBe(1)
})
