import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { DAY, HOUR, MINUTE } from '../../src/core/units.ts'
import { makeRuns } from '../../src/experiment/execute.ts'
import { planRuns } from '../../src/experiment/run-plan.ts'
import { compareRuns } from '../../src/metrics/compare-runs.ts'
import { daysOf } from '../../src/metrics/day-ledgers.ts'
import { provenance } from '../../src/report/comparison/provenance.ts'
import { openStore } from '../../src/store/store.ts'
import { traceSummary } from '../../src/experiment/trace-record.ts'
import { TraceBuilder } from '../../src/trace/build/builder.ts'
import { COUNTS, experiment } from './facts.ts'

const folder = mkdtempSync(join(tmpdir(), 'pilotlight-judged-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** An experiment over a trace of these keys; `fixed` keeps two hours, so that it is warm over midnight. */
function judging(keys: string, more = '') {
  return experiment(
    `name: x\ntrace: { path: somewhere, ${keys} }\n${more}\npolicies:\n  - { policy: fixed, keepAlive: 2h, label: two }\nbaseline: two\n`,
  )
}

async function planned(keys: string) {
  return planRuns(await judging(keys), COUNTS).runs
}

async function refusal(keys: string): Promise<string> {
  return planned(keys).then(
    () => 'nothing was refused',
    (error: unknown) => (error as Error).message,
  )
}

describe('the part that is judged', () => {
  it.each([
    ['judge: day 9..12', 8 * DAY, 12 * DAY],
    ['judge: day 3', 2 * DAY, 3 * DAY],
    ['judge: { from: 36h }', 36 * HOUR, 12 * DAY],
    ['judge: { from: 1d, for: 90m }', DAY, DAY + 90 * MINUTE],
    ['warmup: 1d', DAY, 12 * DAY],
  ])('may be written as %s', async (keys, fromMs, toMs) => {
    const [run] = await planned(keys)
    expect(run!.judged).toEqual({ fromMs, toMs })
    expect(run!.spec.judge).toEqual({ fromMs, toMs })
    expect(run!.label).toBe('two')
  })

  it('makes another run, and a list of parts one run each', async () => {
    const [whole] = await planned('format: events')
    const [first, second] = await planned('judge: [day 9..12, day 5..8]')
    expect(new Set([whole!.digest, first!.digest, second!.digest]).size).toBe(3)
    expect([first!.label, second!.label]).toEqual(['two judge=day 9..12', 'two judge=day 5..8'])
    expect(whole!.spec).not.toHaveProperty('judge')
  })

  it.each([
    ['judge: day 12..9', 'expected days in their order, found "day 12..9"'],
    ['judge: days 1', 'expected days such as day 9..12, found "days 1"'],
    ['judge: { until: 1d }', 'judge has no key called "until"'],
    ['judge: { from: 3 }', 'trace.judge.from: expected a duration'],
    ['judge: day 12..13', 'day 12..13 reaches beyond the trace, which lasts 12d'],
    ['judge: { from: 12d }', '{ from: 12d } reaches beyond the trace, which lasts 12d'],
    ['judge: day 2, warmup: 1d', 'judge and warmup are both given'],
  ])('is refused as %s', async (keys, message) => expect(await refusal(keys)).toContain(message))

  it('has days from midnight to midnight of the trace, the first and last cut', () => {
    expect(daysOf({ fromMs: DAY + HOUR, toMs: 3 * DAY + HOUR })).toEqual([
      { fromMs: DAY + HOUR, toMs: 2 * DAY },
      { fromMs: 2 * DAY, toMs: 3 * DAY },
      { fromMs: 3 * DAY, toMs: 3 * DAY + HOUR },
    ])
  })
})

describe('a judged run', () => {
  // One app at 23:30, 00:30 and 12:00 of every day: warm at 00:30 after 23:30, cold at 12:00 and 23:30.
  const builder = new TraceBuilder({ id: 'days', format: 'events' })
  const row = builder.functionRow('', 'a', 'f')
  for (let day = 0; day < 4; day += 1) {
    for (const hour of [0.5, 12, 23.5]) builder.addEvent(row, day * DAY + hour * HOUR, 0)
  }
  const trace = builder.build(4 * DAY, { files: [], defects: [] })

  async function judged(keys: string) {
    const plan = planRuns(await judging(keys), trace)
    const store = openStore(join(folder, `${keys.replaceAll(/\W+/g, '-')}.sqlite`), { create: true })
    try {
      const { experimentRecord } = await import('../../src/experiment/trace-record.ts')
      store.writeExperiment(experimentRecord(await judging(keys), plan, { trace, path: 'somewhere' }))
      await makeRuns(trace, plan.runs, { store, jobs: 1 })
      const runs = plan.runs.map(({ digest, label, variant }) => ({
        ...store.readRun(digest)!,
        label,
        variant,
        draws: false,
        windowMs: 0,
      }))
      return compareRuns({ experiment: 'e', trace: traceSummary(trace), baseline: plan.baseline, runs })
    } finally {
      store.close()
    }
  }

  it('takes warm instances over the border, and counts nothing before and after it', async () => {
    const { runs } = await judged('judge: day 2..3')
    // Each judged day has three invocations; 00:30 is warm from the evening before.
    expect(runs[0]!.totals).toMatchObject({ invocations: 6, coldStarts: 4 })
    expect(runs[0]!.reasons).toMatchObject({ first: 0, expired: 4 })
    // Idle from 00:00 to 02:30, 12:00 to 14:00 and 23:30 to 24:00: five hours a day.
    expect(runs[0]!.totals.idleMs).toBe(10 * HOUR)
  })

  it('has its accounts day by day, which add up', async () => {
    const [run] = (await judged('judge: { from: 1d }')).runs
    expect(run!.days!.map(({ invocations, coldStarts }) => [invocations, coldStarts])).toEqual([
      [3, 2],
      [3, 2],
      [3, 2],
    ])
    const idle = run!.days!.reduce((sum, { idleMbS }) => sum + idleMbS, 0)
    expect(idle).toBeCloseTo(run!.totals.idleMbS, 6)
  })

  it('says on what it was judged wherever figures are stated', async () => {
    const comparison = await judged('judge: [day 2..3, day 4]')
    expect(provenance(comparison)).toContainEqual({
      term: 'judged',
      text: 'day 2..3; day 4; policies learn before it',
    })
    expect(comparison.runs.map(({ relative }) => relative.coldStarts)).toEqual([1, 1])
  })

  it('gives the same accounts with a policy that learns as a run whose first days are taken off', async () => {
    const [all] = (await judged('judge: { from: 0s, for: 4d }')).runs
    const [late] = (await judged('judge: day 3..4')).runs
    const lastDays = all!.days!.slice(2).reduce((sum, { coldStarts }) => sum + coldStarts, 0)
    expect(late!.totals.coldStarts).toBe(lastDays)
  })
})
