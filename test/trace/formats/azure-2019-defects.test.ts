import { describe, expect, it } from 'vitest'
import { countOf, DURATIONS, found, INVOCATIONS, lines, MEMORY, ONE, read, told } from './azure-2019-files.ts'

describe('a defect of the Azure 2019 data set', () => {
  it('repeated rows of invocations: the same cells count once, other cells are added', async () => {
    const trace = await read({
      'x.csv': lines(
        INVOCATIONS,
        'o,a,f,http,1,0,2',
        'o,a,f,http,1,1,0',
        'o,a,f,http,1,0,2',
        'o,a,f,http,1,1,0',
        'o,a,f,timer,1,0,2',
      ),
    })
    expect(told(trace)[0]?.cells).toBe('0x3 1x1 2x4')
    expect(found(trace)).toMatchObject({
      'invocations-repeated': [2, 'x.csv:4', 'x.csv:5'],
      'invocations-differing': [2, 'x.csv:3', 'x.csv:6'],
    })
  })

  it('a function listed again on another day is no repetition', async () => {
    const trace = await read({ 'd1.csv': ONE, 'd2.csv': ONE })
    expect(trace.invocations).toBe(2)
    expect(countOf(trace, 'invocations-repeated')).toBe(0)
  })

  it('repeated rows of durations and memory: the same row counts once, other figures are combined by weight', async () => {
    const trace = await read({
      'x.csv': ONE,
      'y.csv': lines(DURATIONS, 'o,a,f,10,1,1,9,2', 'o,a,f,10,1,1,9,2', 'o,a,f,40,2,1,9,2', 'o,a,f,10,1,1,9,2'),
      'z.csv': lines(MEMORY, 'o,a,1,100', 'o,a,1,100', 'o,a,3,200'),
    })
    expect(told(trace)).toMatchObject([{ ms: 30, mb: 175 }])
    expect(found(trace)).toMatchObject({
      'durations-repeated': [2, 'y.csv:3', 'y.csv:5'],
      'durations-differing': [1, 'y.csv:4'],
      'memory-repeated': [1, 'z.csv:3'],
      'memory-differing': [1, 'z.csv:4'],
    })
  })

  it('apps without memory and functions without durations have the median ones', async () => {
    const trace = await read({
      'x.csv': lines(INVOCATIONS, ...['a', 'b', 'c'].map((app) => `o,${app},f,http,1,0,0`)),
      'y.csv': lines(DURATIONS, 'o,a,f,10,1,1,9,2', 'o,b,f,30,1,1,9,2'),
      'z.csv': lines(MEMORY, 'o,a,1,100', 'o,b,1,300'),
    })
    expect(told(trace)[2]).toMatchObject({ name: 'o/c:f', ms: 20, mb: 200 })
    expect(found(trace)).toMatchObject({ 'function-without-duration': [1, 'o/c:f'], 'app-without-memory': [1, 'o/c'] })
  })

  it('rows of memory without an app and of durations without a function are left out', async () => {
    const trace = await read({
      'x.csv': ONE,
      'y.csv': lines(DURATIONS, 'o,a,f,10,1,1,9,2', 'o,a,g,5000,1,1,9,2', 'p,a,f,5000,1,1,9,2'),
      'z.csv': lines(MEMORY, 'o,a,1,100', 'o,b,1,900', 'p,a,1,900'),
    })
    expect(told(trace)).toEqual([{ name: 'o/a:f', trigger: 'http', ms: 10, mb: 100, cells: '1x1' }])
    expect(found(trace)).toMatchObject({
      'duration-without-function': [2, 'y.csv:3', 'y.csv:4'],
      'memory-without-app': [2, 'z.csv:3', 'z.csv:4'],
    })
  })

  it('negative and zero durations: each kind has its rule', async () => {
    const names = ['f', 'g', 'h', 'i', 'j']
    const trace = await read({
      'x.csv': lines(INVOCATIONS, ...names.map((fn) => `o,a,${fn},http,1,0,0`)),
      'y.csv': lines(
        DURATIONS,
        'o,a,f,-41692,9,-1027768,9,2',
        'o,a,g,0,9,0,0,3',
        'o,a,h,0,9,0,0,0',
        'o,a,i,7,9,-5.0,9.5,',
        'o,a,j,90,0,,,',
      ),
    })
    expect(told(trace).map(({ ms }) => ms)).toEqual([7, 1, 7, 7, 90])
    expect(found(trace)).toMatchObject({
      'duration-negative': [1, 'y.csv:2'],
      'duration-rounded-down': [1, 'y.csv:3'],
      'duration-zero': [1, 'y.csv:4'],
      'duration-negative-minimum': [1, 'y.csv:5'],
      'function-without-duration': [2, 'o/a:f', 'o/a:h'],
    })
  })

  it('memory of 0 MB or less is no memory on that day', async () => {
    const trace = await read({
      'd1.csv': lines(INVOCATIONS, 'o,a,f,http,1,0,0', 'o,b,f,http,1,0,0'),
      'z.d1.csv': lines(MEMORY, 'o,a,1,0', 'o,b,5,-3'),
      'z.d2.csv': lines(MEMORY, 'o,a,1,100'),
    })
    expect(told(trace).map(({ mb }) => mb)).toEqual([100, 100])
    expect(found(trace)).toMatchObject({
      'memory-not-positive': [2, 'z.d1.csv:2', 'z.d1.csv:3'],
      'app-without-memory': [1, 'o/b'],
    })
  })

  it('memory by function is a share, and the shares of an app are added up', async () => {
    const trace = await read({
      'x.csv': lines(INVOCATIONS, 'o,a,f,http,1,0,0', 'o,a,g,http,1,0,0', 'o,b,h,http,1,0,0'),
      'z.csv': lines(
        'HashFunction,HashOwner,HashApp,SampleCount,AverageAllocatedMb',
        'f,o,a,10,30.5',
        'g,o,a,10,40',
        'g,o,a,30,20',
        'h,o,b,5,7',
      ),
    })
    expect(told(trace).map(({ mb }) => mb)).toEqual([55.5, 55.5, 7])
    expect(found(trace)).toMatchObject({
      'memory-per-function': [4, 'z.csv:2', 'z.csv:3', 'z.csv:4'],
      'memory-differing': [1, 'z.csv:4'],
    })
  })

  it('an app of two owners is two apps', async () => {
    const trace = await read({ 'x.csv': lines(INVOCATIONS, 'o,a,f,http,1,0,0', 'p,a,f,http,2,0,0') })
    expect(told(trace).map(({ name, cells }) => [name, cells])).toEqual([
      ['o/a:f', '0x1'],
      ['p/a:f', '0x2'],
    ])
    expect(found(trace)).toMatchObject({ 'app-two-owners': [1, 'a'] })
  })

  it('a function without invocations stays in the tables', async () => {
    const trace = await read({ 'x.csv': lines(INVOCATIONS, 'o,a,f,http,0,0,0', 'o,a,g,http,1,0,0') })
    expect(told(trace).map(({ cells }) => cells)).toEqual(['', '0x1'])
    expect(found(trace)).toMatchObject({ 'function-never-invoked': [1, 'o/a:f'] })
  })

  it('a trigger that the data set does not have is taken as others, and a CSV file of something else is not read', async () => {
    const trace = await read({
      'x.csv': lines(INVOCATIONS, 'o,a,f,HTTP,1,0,0', 'o,a,g,,1,0,0'),
      'notes.csv': 'a,b\n1,2\n',
    })
    expect(told(trace).map(({ trigger }) => trigger)).toEqual(['others', 'unknown'])
    expect(found(trace)).toMatchObject({ 'trigger-unknown': [1, 'x.csv:2'], 'file-unknown': [1, 'notes.csv'] })
  })
})
