import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { TIMELINES, timelines } from '../../tools/timelines.ts'

it.each(Object.entries(TIMELINES))('%s is what the simulator does today: npm run pictures draws it', (file, ids) => {
  const drawn = readFileSync(new URL(`../../docs/pictures/${file}`, import.meta.url), 'utf8')
  expect(timelines(ids)).toBe(drawn)
})

it('a timeline has a mark per arrival, and a longer one per cold start', () => {
  const svg = timelines(['cold-after-expiry'])
  expect(svg.match(/stroke="#D55E00"/g)).toHaveLength(2)
  expect(svg.match(/stroke="#0072B2"/g)).toBeNull()
  expect(svg).toContain('>first<')
  expect(timelines(['warm-at-expiry']).match(/stroke="#0072B2"/g)).toHaveLength(1)
})
