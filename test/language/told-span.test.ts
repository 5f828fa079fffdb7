import { expect, it } from 'vitest'
import { formatSpan } from '../../src/core/units.ts'
import { chinese } from '../../src/language/chinese.ts'
import { ENGLISH } from '../../src/language/language.ts'
import { toldSpan } from '../../src/language/told-span.ts'

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
