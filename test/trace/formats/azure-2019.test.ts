import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { inFolder } from '../temporary-folder.ts'
import {
  azure2019,
  countOf,
  DURATIONS,
  found,
  INVOCATIONS,
  lines,
  MEMORY,
  ONE,
  read,
  told,
} from './azure-2019-files.ts'

const day = (trigger: string, ...cells: readonly number[]): string =>
  lines(INVOCATIONS, `o,a,f,${trigger},${cells.join(',')}`)

describe('a day of the Azure 2019 data set', () => {
  it('joins its three tables by owner, app and function', async () => {
    const trace = await read({
      'invocations_per_function_md.anon.d01.csv': lines(
        INVOCATIONS,
        'o,b,f,timer,1,1,1',
        'o,a,f,http,0,5,2',
        'o,a,g,queue,0,0,1',
      ),
      'function_durations_percentiles.anon.d01.csv': lines(
        DURATIONS,
        'o,a,g,250,3,1,900,2',
        'o,b,f,30,3,1,9,2',
        'o,a,f,10,7,1,9,2',
      ),
      'app_memory_percentiles.anon.d01.csv': lines(MEMORY, 'o,a,10,120.5', 'o,b,10,60'),
    })
    expect(told(trace)).toEqual([
      { name: 'o/a:f', trigger: 'http', ms: 10, mb: 120.5, cells: '1x5 2x2' },
      { name: 'o/a:g', trigger: 'queue', ms: 250, mb: 120.5, cells: '2x1' },
      { name: 'o/b:f', trigger: 'timer', ms: 30, mb: 60, cells: '0x1 1x1 2x1' },
    ])
    expect(trace).toMatchObject({ invocations: 11, horizonMs: 180_000, offers: ['memory', 'duration', 'trigger'] })
    expect(found(trace)).toEqual({})
    expect(trace.join.files.map(({ path, table, day, rows }) => [path, table, day, rows])).toEqual([
      ['invocations_per_function_md.anon.d01.csv', 'invocations', 1, 3],
      ['function_durations_percentiles.anon.d01.csv', 'durations', 1, 3],
      ['app_memory_percentiles.anon.d01.csv', 'memory', 1, 2],
    ])
  })

  it('is one day when its files have no numbers, and may be counts alone, or one file', async () => {
    const trace = await read({ 'counts.csv': ONE, 'README.md': 'not a table' })
    expect(told(trace)).toEqual([{ name: 'o/a:f', trigger: 'http', ms: 1000, mb: Number.NaN, cells: '1x1' }])
    expect(trace.offers).toEqual(['trigger'])
    const alone = await inFolder({ 'x.csv': ONE }, (folder) => azure2019.read(join(folder, 'x.csv')))
    expect(alone).toMatchObject({ id: 'x', digest: trace.digest })
  })

  it('begins with its first minute column and ends with its last', async () => {
    const trace = await read({ 'x.csv': lines('HashOwner,HashApp,HashFunction,Trigger,480,481', 'o,a,f,http,3,4') })
    expect(trace.horizonMs).toBe(120_000)
    expect(told(trace)[0]?.cells).toBe('0x3 1x4')
  })

  it('tells how far it is', async () => {
    const heard: (readonly [number, number])[] = []
    await inFolder({ 'x.csv': ONE, 'y.csv': lines(MEMORY) }, (folder) =>
      azure2019.read(folder, { onProgress: (done, total) => heard.push([done, total]) }),
    )
    const total = ONE.length + MEMORY.length + 1
    expect(heard.at(-1)).toEqual([total, total])
  })
})

describe('several days of the Azure 2019 data set', () => {
  it('follow one another, and a missing day or minute keeps its time', async () => {
    const trace = await read({ 'x.d02.csv': day('http', 1, 0, 2), 'x.d04.csv': day('http', 0, 5, 0) })
    expect(trace.horizonMs).toBe((2 * 1440 + 3) * 60_000)
    expect(told(trace)[0]?.cells).toBe('0x1 2x2 2881x5')
    expect(found(trace)).toMatchObject({ 'day-missing': [1, 'day 3'], 'minute-missing': [1437, 'x.d02.csv'] })
  })

  it('may begin with the second, at whose first minute the trace then begins', async () => {
    const trace = await read({ 'x.d02.csv': day('http', 1, 0, 2) })
    expect(trace.horizonMs).toBe(180_000)
    expect(told(trace)[0]?.cells).toBe('0x1 2x2')
    expect(countOf(trace, 'day-missing')).toBe(0)
  })

  it('combine durations and memory as weighted means', async () => {
    const trace = await read({
      'x.d01.csv': day('http', 1, 1, 1),
      'x.d02.csv': day('http', 1, 1, 1),
      'y.d01.csv': lines(DURATIONS, 'o,a,f,10,3,1,9,2'),
      'y.d02.csv': lines(DURATIONS, 'o,a,f,20,1,1,9,2'),
      'z.d01.csv': lines(MEMORY, 'o,a,1,100'),
      'z.d02.csv': lines(MEMORY, 'o,a,3,200'),
    })
    expect(told(trace)).toMatchObject([{ ms: 13, mb: 175 }])
  })

  it('count the days without memory or durations, which other days stand for', async () => {
    const trace = await read({
      'x.d12.csv': day('http', 1, 1, 1),
      'x.d13.csv': day('http', 1, 1, 1),
      'y.d13.csv': lines(DURATIONS, 'o,a,f,10,3,1,9,2'),
      'z.d12.csv': lines(MEMORY, 'o,a,1,100'),
    })
    expect(told(trace)).toMatchObject([{ ms: 10, mb: 100 }])
    expect(found(trace)).toMatchObject({ 'memory-day-missing': [1, 'day 13'], 'durations-day-missing': [1, 'day 12'] })
  })

  it('keep the latest real trigger of a function, and count the functions that changed', async () => {
    const changing = await read({
      'd1.csv': day('others', 1, 1, 1),
      'd2.csv': day('storage', 1, 1, 1),
      'd3.csv': day('event', 1, 1, 1),
    })
    expect(told(changing)).toMatchObject([{ trigger: 'event' }])
    expect(found(changing)).toMatchObject({ 'trigger-changed': [1, 'o/a:f'] })
    const ending = await read({ 'd1.csv': day('queue', 1, 1, 1), 'd2.csv': day('others', 1, 1, 1) })
    expect(told(ending)).toMatchObject([{ trigger: 'queue' }])
  })

  it('keep functions that are listed on some days only', async () => {
    const trace = await read({
      'd1.csv': lines(INVOCATIONS, 'o,a,f,http,1,0,0', 'o,a,g,http,1,0,0'),
      'd2.csv': lines(INVOCATIONS, 'o,a,f,http,1,0,0', 'o,b,h,http,1,0,0'),
    })
    expect(told(trace).map(({ name, cells }) => [name, cells])).toEqual([
      ['o/a:f', '0x1 1440x1'],
      ['o/a:g', '0x1'],
      ['o/b:h', '1440x1'],
    ])
    expect(found(trace)).toMatchObject({ 'function-some-days': [2, 'o/a:g', 'o/b:h'] })
  })
})
