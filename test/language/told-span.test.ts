import { expect, it } from 'vitest'
import { formatSpan } from '../../src/core/units.ts'
import { chinese } from '../../src/language/chinese.ts'
import { ENGLISH } from '../../src/language/language.ts'
import { retoldSpan, toldSpan } from '../../src/language/told-span.ts'

const MINUTE = 60_000

it('a time is told with the units of the language', () => {
  expect(toldSpan(chinese, 2 * 1440 * MINUTE)).toBe('2 天')
  expect(toldSpan(chinese, 90 * MINUTE)).toBe('1 小时 30 分钟')
  expect(toldSpan(chinese, 1500)).toBe('1.5 秒')
  expect(toldSpan(chinese, 7)).toBe('7 毫秒')
})

it('in English it is as everywhere', () => {
  for (const ms of [7, 1500, 90 * MINUTE, 3000 * MINUTE]) expect(toldSpan(ENGLISH, ms)).toBe(formatSpan(ms))
})

it('a time in a note that a store has in English is told again', () => {
  expect(retoldSpan('13 min 54 s', chinese)).toBe('13 分钟 54 秒')
  expect(retoldSpan('2 d', chinese)).toBe('2 天')
  expect(retoldSpan('7 ms', chinese)).toBe('7 毫秒')
  for (const other of ['fixed', '12', '2 d of it', '']) expect(retoldSpan(other, chinese)).toBe(other)
})
