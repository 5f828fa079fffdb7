import { describe, expect, it } from 'vitest'
import { DAY, HOUR, MINUTE } from '../../src/core/units.ts'
import { exportRun } from '../../src/experiment/export-run.ts'
import { simulateRun } from '../../src/experiment/simulate-run.ts'
import { OWN_NAMES } from '../../src/export/files/deployed-names.ts'
import { PLATFORMS } from '../../src/export/platforms/index.ts'
import { defaultsOf } from '../../src/policy/parameters.ts'
import { provisioned } from '../../src/policy/policies/provisioned.ts'
import { INSTANCES_MODEL, type Model, PAPER_MODEL } from '../../src/sim/model.ts'
import type { Trace } from '../../src/trace/trace.ts'
import { type Execution, traceOf } from '../sim/scenario.ts'

/** Three instances until six in the evening, and half an hour for what was used. */
const PARAMS = {
  ...defaultsOf(provisioned.parameters),
  instances: 3,
  from: 8 * HOUR,
  until: 18 * HOUR,
  keepAlive: 30 * MINUTE,
}

/** What an export makes of that policy: the accounts of the run as exported. */
async function exportedOf(id: string, trace: Trace) {
  return (await comparedOn(id, trace)).runs[2]!
}

async function comparedOn(id: string, trace: Trace, fitForMs?: number) {
  return (await runOn(id, trace, { fitForMs })).comparison
}

async function runOn(
  id: string,
  trace: Trace,
  { fitForMs, model = INSTANCES_MODEL }: { fitForMs?: number | undefined; model?: Model },
) {
  const simulation = { trace, model, policy: provisioned, params: PARAMS, seed: 1 }
  const designed = simulateRun('designed', simulation)
  const spec = { policy: 'provisioned', params: PARAMS, model: {}, seed: 1, trace: trace.digest, modelVersion: 1 }
  return exportRun({
    trace,
    designed,
    run: {
      label: 'designed',
      variant: 'designed',
      spec: spec as never,
      digest: '',
      definition: provisioned as never,
      byApp: true,
      files: {},
      model,
      judged: null,
      places: {},
    },
    platform: PLATFORMS.get(id, 'test'),
    names: OWN_NAMES,
    timeZone: 'UTC',
    startMinute: 0,
    prices: null,
    ...(fitForMs === undefined ? {} : { fitForMs }),
  })
}

/** Instance-hours a day that an export of that policy holds idle, with one call at noon. */
async function held(id: string): Promise<number> {
  return (await exportedOf(id, dailyAt(12 * HOUR))).totals.idleMs / HOUR / 10
}

/** A call every day at a time, for ten days. */
function dailyAt(...times: readonly number[]): Trace {
  const rows = Array.from({ length: 10 }, (_, day) => times.map((at): Execution => [day * DAY + at, 1000])).flat()
  return traceOf(rows, 10 * DAY, 500)
}

/** How many requests an instance serves at a time in the three runs, in a model of four. */
async function servedFrom4(id: string, trace: Trace): Promise<number[]> {
  const { comparison } = await runOn(id, trace, { model: { ...INSTANCES_MODEL, concurrency: 4 } })
  return comparison.runs.map(({ model }) => (model as { concurrency: number }).concurrency)
}

describe('instances that a schedule no longer asks for', () => {
  const ten = dailyAt(18 * HOUR + 10 * MINUTE)
  const twenty = dailyAt(18 * HOUR + 20 * MINUTE)

  it.each(['keda', 'azure-container-apps'])('are still there within the cool-down of %s', async (id) => {
    expect((await exportedOf(id, ten)).totals.coldStarts).toBe(0)
    expect((await exportedOf(id, twenty)).totals.coldStarts).toBe(0)
  })

  it.each(['keda', 'azure-container-apps'])('are all gone when the cool-down of %s is over', async (id) => {
    expect((await exportedOf(id, dailyAt(18 * HOUR + 31 * MINUTE))).totals.coldStarts).toBe(10)
  })

  it('are three for the stabilisation of KEDA, and one after the five minutes of Container Apps', async () => {
    // Ten hours of three, half an hour of three; and five minutes of three, and 25 (24.75, as the rule sees 15 s) of one.
    expect(await held('keda')).toBeCloseTo(3 * 10 + 3 * 0.5, 0)
    expect(await held('azure-container-apps')).toBeCloseTo(3 * 10 + (3 * 5 + 25) / 60, 0)
  })
})

describe('requests beyond what an instance serves at a time', () => {
  const burst = traceOf(
    Array.from({ length: 20 }, (_, each): Execution => [9 * HOUR + each * 10, 60_000]),
    DAY,
    500,
  )

  it.each(['keda', 'azure-container-apps', 'nuclio', 'openfaas'])('go to a running instance on %s', async (id) => {
    // The two without schedules begin at zero.
    expect((await exportedOf(id, burst)).totals.coldStarts).toBe(['nuclio', 'openfaas'].includes(id) ? 1 : 0)
  })

  it('need instances of their own on Fission', async () => {
    expect((await exportedOf('fission', burst)).totals.coldStarts).toBeGreaterThan(10)
  })

  it.each(['knative', 'openshift-serverless'])(
    'go to the same pod of %s by default, and to their own as exported',
    async (id) => {
      const [designed, byDefault, exported] = (await comparedOn(id, burst)).runs
      // Of 20 at once, three are warm: the policy holds them. Exported, Knative holds none: most of the day the policy has no floor.
      expect(designed!.totals.coldStarts).toBe(17)
      expect(byDefault!.totals.coldStarts).toBe(1)
      expect(byDefault!.model).toMatchObject({ concurrency: Number.POSITIVE_INFINITY })
      expect(exported!.totals.coldStarts).toBe(20)
      expect(exported!.model).toMatchObject({ concurrency: 1 })
    },
  )

  it.each(['knative', 'ibm-code-engine', 'fission'])(
    'are seen in the plan for %s as the model serves them',
    async (id) => {
      const { made } = await runOn(id, burst, { model: { ...INSTANCES_MODEL, concurrency: 4 } })
      expect(made.applied.apps[0]!.evidence.peakInstances).toBe(5)
    },
  )

  it('go to the same pod of the replica that KServe always holds by default', async () => {
    const [, byDefault] = (await comparedOn('kserve', burst)).runs
    expect(byDefault!.totals.coldStarts).toBe(0)
  })

  it('are 80 to an instance of Cloud Run, and one to an environment of Lambda, whatever the model says', async () => {
    expect(await servedFrom4('google-cloud-run', burst)).toEqual([4, 80, 80])
    expect(await servedFrom4('aws-lambda', burst)).toEqual([4, 1, 1])
    expect(await servedFrom4('fission', burst)).toEqual([4, 1, 4])
    expect(await servedFrom4('ibm-code-engine', burst)).toEqual([4, 100, 4])
  })
})

describe('an export', () => {
  const trace = dailyAt(9 * HOUR, 9 * HOUR + 5 * MINUTE, 18 * HOUR + 10 * MINUTE)

  it.each(PLATFORMS.ids)('to %s is simulated beside the policy as designed and the platform by default', async (id) => {
    const { runs, prices } = await comparedOn(id, trace)
    expect(runs.map(({ label }) => label)).toEqual(['as designed', 'platform default', 'as exported'])
    for (const { totals, relative } of runs) {
      expect(totals.invocations).toBe(30)
      expect(relative.idleMbS).toBeGreaterThanOrEqual(0)
    }
    const isPriced = PLATFORMS.get(id, 'test').tariff !== undefined
    expect(prices !== null).toBe(isPriced)
    for (const { money } of runs) expect(money === null).toBe(!isPriced)
  })

  it('may be made of one part of the trace and judged on another', async () => {
    const rows = Array.from(
      { length: 10 },
      (_, day): Execution => [day * DAY + (day < 5 ? 3 : 5) * HOUR + MINUTE, 1000],
    )
    const moved = traceOf(rows, 10 * DAY, 500)
    const [designed, , whole] = (await comparedOn('aws-lambda', moved)).runs
    const [judged, , fitted] = (await comparedOn('aws-lambda', moved, 5 * DAY)).runs
    expect([designed, judged, fitted].map((run) => run!.totals.invocations)).toEqual([10, 5, 5])
    // The schedule of the first five days knows nothing of the hour of the others.
    expect(fitted!.totals.coldStarts).toBe(5)
    expect(whole!.totals.coldStarts).toBeLessThan(5)
  })

  it('is charged for what its floor holds, used or not', async () => {
    const { runs } = await comparedOn('aws-lambda', trace)
    const [, byDefault, exported] = runs.map(({ money }) => money!.userBill)
    // Three instances of 128 MB at least, ten hours a day for ten days, at 0.0000041667 USD per GB and second.
    const held = 3 * 0.125 * 10 * 10 * 3600 * 0.000_004_166_7
    expect(byDefault).toBeLessThan(held / 10)
    expect(exported).toBeGreaterThan(held)
    expect(exported).toBeLessThan(held * 1.05)
  })
})

async function liveOf(model: Model): Promise<string> {
  const { made } = await runOn('pilotlight', dailyAt(12 * HOUR), { model })
  return made.files.find(({ path }) => path === 'live.yaml')!.text
}

describe('the live file of an export', () => {
  it('serves as the run was simulated, and as live files do where one instance served everything', async () => {
    expect(await liveOf({ ...INSTANCES_MODEL, reuse: 'oldest', whileLoading: 'new' })).toMatch(
      /^reuse: oldest\nwhileLoading: new$/m,
    )
    expect(await liveOf({ ...INSTANCES_MODEL, whileLoading: 'join' })).toMatch(/^reuse: newest\nwhileLoading: join$/m)
    expect(await liveOf(PAPER_MODEL)).not.toMatch(/reuse|whileLoading/)
  })
})
