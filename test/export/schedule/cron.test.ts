import { describe, expect, it } from 'vitest'
import { AMAZON, FIVE, fiveFields, timesOfCron, WITH_SECONDS } from '../../../src/export/schedule/cron.ts'

const WORKING = [0, 1, 2, 3, 4]

describe('a cron that somebody wrote', () => {
  it.each([
    ['a time of every day', '5 8 * * *', [{ minuteOfDay: 485 }]],
    ['days by name', '0 8 * * MON-FRI', [{ minuteOfDay: 480, days: WORKING }]],
    ['days by number', '0 8 * * 1-5', [{ minuteOfDay: 480, days: WORKING }]],
    ['Sunday by both of its numbers', '0 8 * * 0,7', [{ minuteOfDay: 480, days: [6] }]],
    ['a range over the end of the week', '0 8 * * fri-mon', [{ minuteOfDay: 480, days: [0, 4, 5, 6] }]],
    ['a range over midnight', '0 22-1 * * *', [0, 60, 1320, 1380].map((minuteOfDay) => ({ minuteOfDay }))],
    ['a range over the end of an hour', '50-10/10 8 * * *', [480, 490, 530].map((minuteOfDay) => ({ minuteOfDay }))],
    ['lists of hours', '30 8,20 * * *', [{ minuteOfDay: 510 }, { minuteOfDay: 1230 }]],
    ['steps', '0/30 9 * * 6', [540, 570].map((minuteOfDay) => ({ minuteOfDay, days: [5] }))],
    ['steps of a range', '0 8-12/2 * * *', [480, 600, 720].map((minuteOfDay) => ({ minuteOfDay }))],
  ])('is told in times of a week: %s', (_, cron, times) => {
    expect(timesOfCron(cron, FIVE)).toEqual(times)
  })

  it.each(['0 8 1 * *', '0 8 * 12 *', '0 8 * * 5L', '0 8 * * MON#1', '61 8 * * *', '*/0 8 * * *', '0', '@daily', ''])(
    'that no week has is no time at all: %j',
    (cron) => {
      expect(timesOfCron(cron, FIVE)).toEqual([])
    },
  )

  it('is read as its dialect has it', () => {
    expect(timesOfCron('0 8 ? * 2-6 *', AMAZON)).toEqual([{ minuteOfDay: 480, days: WORKING }])
    expect(timesOfCron('0 8 ? * 1 2027', AMAZON)).toEqual([])
    expect(timesOfCron('0 0 8 * * 1-5 *', WITH_SECONDS)).toEqual([{ minuteOfDay: 480, days: WORKING }])
    expect(timesOfCron('0 0 8 ? * 1-5', WITH_SECONDS)).toEqual([{ minuteOfDay: 480, days: WORKING }])
  })

  it('of another zone is told by the clocks of this one, on the day that it is then', () => {
    const zones = { from: 'America/New_York', to: 'UTC' }
    expect(timesOfCron('0 20 * * FRI,SUN', FIVE, zones)).toEqual([{ minuteOfDay: 60, days: [0, 5] }])
    expect(timesOfCron('0 1 * * MON', FIVE, { from: 'Asia/Tokyo', to: 'UTC' })).toEqual([
      { minuteOfDay: 960, days: [6] },
    ])
    expect(() => timesOfCron('0 1 * * *', FIVE, { from: 'Atlantis', to: 'UTC' })).toThrow(
      'the time zone of a schedule: there is no time zone called "Atlantis"',
    )
  })

  it('comes back from the five fields that it was written in', () => {
    for (const time of [{ minuteOfDay: 7 }, { minuteOfDay: 1439, days: [0, 6] }]) {
      expect(timesOfCron(fiveFields(time), FIVE)).toEqual([time])
    }
  })
})
