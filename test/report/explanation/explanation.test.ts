import { describe, expect, it } from 'vitest'
import {
  answerBefore,
  clockTime,
  coldCount,
  coverOf,
  idleTimeBins,
  loadedStretches,
  sentenceOf,
  type ToldArrival,
  type ToldRun,
} from '../../../src/report/explanation/explanation.ts'
import { explanationPicture } from '../../../src/report/explanation/explanation-picture.ts'
import { explanationText, strip } from '../../../src/report/explanation/explanation-text.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

function arrival(
  minute: number,
  idleMinutes: number,
  reason: ToldArrival['reason'] = null,
  invocations = 1,
): ToldArrival {
  const cold = reason === null ? 0 : 1
  const idleMs = idleMinutes < 0 ? -1 : idleMinutes * MINUTE
  return { at: minute * MINUTE, idleMs, invocations, cold, joined: 0, drops: 0, reason }
}

/**
 * fixed 10 min over eight hours: cold at 0 and, after half an hour, at 35; warm at 5.
 *
 *     min  0    5         15                35         45
 *          x----|----------                 x-----------
 */
const RUN: ToldRun = {
  label: 'fixed',
  arrivals: [arrival(0, -1, 'first'), arrival(5, 5, null, 3), arrival(35, 30, 'expired')],
  answers: [0, 5, 35].map((minute) => ({ at: minute * MINUTE, prewarmMs: 0, keepAliveMs: 10 * MINUTE })),
  idleMbS: 25 * 60 * 100,
}
const WORLD = { horizonMs: 8 * HOUR, midnightMs: 0 }

describe('the sentence on a run', () => {
  it('counts cold starts by their reasons, and says when a single one was', () => {
    expect(sentenceOf(RUN, WORLD)).toBe('2 of 5 cold: 1 first, 1 expired, at 00:35.')
  })

  it('names the stretch in which all were, where that is a short part of the trace', () => {
    const arrivals = [arrival(0, -1, 'first'), arrival(448, 20, 'early'), arrival(458, 9, 'early'), arrival(470, 12)]
    expect(sentenceOf({ ...RUN, arrivals }, WORLD)).toBe(
      '3 of 4 cold: 1 first, 2 before the pre-warm, after the first all between 07:28 and 07:38.',
    )
  })

  it('names none where they are spread over the trace', () => {
    const arrivals = [arrival(10, 5, 'expired'), arrival(400, 20, 'expired')]
    expect(sentenceOf({ ...RUN, arrivals }, WORLD)).toBe('2 of 2 cold: 2 expired.')
  })

  it('tells of waiting and drops besides', () => {
    const arrivals = [{ ...arrival(0, -1, 'first'), joined: 2, drops: 1, invocations: 4 }]
    expect(sentenceOf({ ...RUN, arrivals }, WORLD)).toBe('1 of 4 cold: 1 first; 2 waited for a load; 1 dropped.')
  })

  it('parts thousands by commas, as tables do', () => {
    const arrivals = [{ ...arrival(0, -1, 'first'), cold: 1234, invocations: 56_789 }]
    expect(sentenceOf({ ...RUN, arrivals }, WORLD)).toMatch(/^1,234 of 56,789 cold: 1,234 first/)
  })

  it('says of an app without arrivals that it was never invoked', () => {
    expect(sentenceOf({ ...RUN, arrivals: [] }, WORLD)).toBe('never invoked.')
  })
})

describe('what is told of an app', () => {
  it('has its counts', () => {
    expect(coldCount(RUN.arrivals)).toMatchObject({
      invocations: 5,
      cold: 2,
      reasons: { first: 1, expired: 1, early: 0 },
    })
  })

  it('has the stretches in which its windows keep it loaded', () => {
    expect(loadedStretches(RUN, 8 * HOUR)).toEqual([
      { from: 0, to: 15 * MINUTE },
      { from: 35 * MINUTE, to: 45 * MINUTE },
    ])
  })

  it('is not loaded before a pre-warm, nor behind the end of the trace', () => {
    const answers = [{ at: 0, prewarmMs: 60 * MINUTE, keepAliveMs: Number.POSITIVE_INFINITY }]
    const run = { ...RUN, arrivals: [arrival(0, -1, 'first')], answers }
    expect(loadedStretches(run, 2 * HOUR)).toEqual([{ from: HOUR, to: 2 * HOUR }])
  })

  it('is loaded while it works', () => {
    const answers = [{ at: 20 * MINUTE, prewarmMs: 0, keepAliveMs: 0 }]
    const run = { ...RUN, arrivals: [arrival(5, -1, 'first'), arrival(7, -1)], answers }
    expect(loadedStretches(run, HOUR)).toEqual([{ from: 5 * MINUTE, to: 20 * MINUTE }])
  })

  it('met the latest answer before it came', () => {
    expect(answerBefore(RUN.answers, 0)).toBeUndefined()
    expect(answerBefore(RUN.answers, 35 * MINUTE)!.at).toBe(5 * MINUTE)
  })

  it('has each idle time in one bin', () => {
    const bins = idleTimeBins([arrival(0, -1), arrival(5, 5), arrival(35, 30), arrival(700, 60 * 24 * 20)])
    expect(bins.flatMap(({ idleMs }) => idleMs)).toHaveLength(3)
    expect(bins[0]).toEqual({ from: 5 * MINUTE, to: 10 * MINUTE, idleMs: [5 * MINUTE] })
    expect(bins.at(-1)).toMatchObject({ to: Number.POSITIVE_INFINITY, idleMs: [20 * 24 * HOUR] })
    expect(idleTimeBins([arrival(0, -1)])).toEqual([])
  })

  it('says of idle times how far the last windows have it loaded', () => {
    const answers = [{ at: 0, prewarmMs: 3 * MINUTE, keepAliveMs: 12 * MINUTE }]
    const covers = [[1, 2], [2, 3], [3, 15], [16]].map((minutes) =>
      coverOf(
        { answers },
        minutes.map((minute) => minute * MINUTE),
      ),
    )
    expect(covers).toEqual(['none', 'some', 'all', 'none'])
    const never = { at: 0, prewarmMs: Number.POSITIVE_INFINITY, keepAliveMs: 0 }
    expect(coverOf({ answers: [never] }, [HOUR])).toBe('none')
    expect(coverOf({ answers: [] }, [HOUR])).toBe('none')
  })

  it('has its idle times beside the windows of every run, in the text and in the picture', async () => {
    const short = { ...RUN, label: 'short', answers: [{ at: 0, prewarmMs: 0, keepAliveMs: 6 * MINUTE }] }
    const explanation = { ...WORLD, app: 'a', memoryMb: 100, runs: [RUN, short], facts: [] }
    expect(explanationText(explanation)).toMatch(/^ +5m to 10m +1 {2}-- {2}#+$/m)
    expect(explanationText(explanation)).toMatch(/^ +30m to 45m +1 {2}\.\. {2}#+$/m)
    const picture = await explanationPicture(explanation)
    for (const text of ['5m to 10m', '30m to 45m', 'Loaded by the last windows after all of them', 'short'])
      expect(picture).toContain(text)
  })

  it.each([
    [0, 0, '00:00'],
    [7 * HOUR + 28 * MINUTE, 0, '07:28'],
    [25 * HOUR + 1500, 0, 'day 2 01:00:01'],
    [HOUR, 23 * HOUR, 'day 2 00:00'],
  ])('happened at a time of the clock: %d ms after a start at %d is %s', (ms, midnightMs, text) => {
    expect(clockTime(ms, midnightMs)).toBe(text)
  })
})

describe('the strip over time', () => {
  it('shows in each cell the worst that happened in it', () => {
    const cells = strip(RUN, 72 * MINUTE)
    expect(cells).toHaveLength(72)
    expect(cells.slice(0, 20)).toBe('x----|---------.....')
    expect(cells.slice(33, 48)).toBe('..x---------...')
  })

  it('is part of a text that no control character of a name can steer', () => {
    const text = explanationText({ ...WORLD, app: 'a\u001b[2Jb', memoryMb: 100, runs: [RUN], facts: [] })
    expect(text).not.toContain('\u001b')
    expect(text).toContain('2 of 5 cold')
    expect(text).toContain('idle 30 min')
    expect(text).toContain('windows: keep 10 min')
  })
})
