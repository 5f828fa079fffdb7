import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { streamOf } from '../../../src/core/random.ts'
import { addBeat, type Beat, drawBeat, perDayOf } from '../../../src/trace/synth/beat.ts'

const EVERY_TEN: Beat = { every: 10, first: 3, perTick: 1, missing: 0, officeHours: false }

function ticks(beat: Beat, minutes: number): number[] {
  const counts = new Uint32Array(minutes)
  addBeat(streamOf(1, 'ticks'), beat, counts)
  return [...counts.keys()].filter((minute) => counts[minute]! > 0)
}

it('A beat of ten minutes from minute 3 ticks at 3, 13, 23 ...', () => {
  expect(ticks(EVERY_TEN, 40)).toEqual([3, 13, 23, 33])
})

it('A beat of office hours ticks on weekdays from 08:00 until before 18:00', () => {
  const hourly: Beat = { ...EVERY_TEN, every: 60, first: 0, officeHours: true }
  const week = ticks(hourly, 7 * 1440)
  expect(week.slice(0, 11).map((minute) => minute / 60)).toEqual([8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 32])
  expect(week).toHaveLength(50)
})

it('A beat that misses some ticks keeps to its minutes', () => {
  const missed = ticks({ ...EVERY_TEN, missing: 0.1 }, 14 * 1440)
  expect(missed.every((minute) => minute % 10 === 3)).toBe(true)
  // 2,016 ticks, each missed with a chance of 0.1: four standard errors are 54.
  expect(Math.abs(missed.length - 0.9 * 2016)).toBeLessThan(54)
})

it('A timer of many times a minute counts them all', () => {
  const counts = new Uint32Array(3)
  addBeat(streamOf(1, 'ticks'), { ...EVERY_TEN, every: 1, first: 0, perTick: 12 }, counts)
  expect([...counts]).toEqual([12, 12, 12])
})

it.each([
  [1, 'slower', 1440],
  [24, 'slower', 60],
  [25, 'slower', 60],
  [25, 'faster', 30],
  [1440, 'slower', 1],
  [5000, 'slower', 1],
  [1 / 14, 'faster', 20160],
] as const)('A schedule for %d a day, rather %s, is every %d minutes', (perDay, rounding, every) => {
  const beats = Array.from({ length: 20 }, (_, seed) => drawBeat(streamOf(seed, 'beat'), perDay, rounding, false))
  const always = beats.filter(({ officeHours }) => !officeHours)
  expect(new Set(always.map((beat) => beat.every))).toEqual(new Set([every]))
})

it('A schedule is never faster than what it was wanted for when rounded down, and ticks within a fortnight', () => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.double({ min: Math.log(1 / 14), max: Math.log(1e6), noNaN: true }),
      fc.boolean(),
      (seed, log, hurry) => {
        const perDay = Math.exp(log)
        const beat = drawBeat(streamOf(seed, 'beat'), perDay, 'slower', hurry)
        expect(perDayOf(beat)).toBeLessThanOrEqual(perDay * 1.000001)
        expect(beat.first).toBeLessThan(beat.every)
        expect(ticks(beat, 14 * 1440).length).toBeGreaterThan(0)
      },
    ),
  )
})
