import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import * as pilotlight from '../src/index.ts'

const { compare, definePolicy, PAPER_MODEL, policies, readTrace, simulateRun, textReport, toJson, traceSummary } =
  pilotlight

it('the library reads a trace, simulates policies on it and compares the runs', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pilotlight-library-'))
  const file = join(folder, 'three.csv')
  //   min  0    5                        30        40
  //        x----x------------------------x---------x
  writeFileSync(file, 'app,function,start_ms,duration_ms\na,f,0,0\na,f,300000,0\na,f,1800000,0\na,f,2400000,0\n')
  const trace = await readTrace(file)
  const world = { trace, model: { ...PAPER_MODEL, memory: 'equal' as const }, seed: 1 }
  const twice = definePolicy({
    id: 'twice',
    summary: 'Keeps an app for twice as long as it was told.',
    parameters: { keepAlive: { kind: 'duration', describe: 'Half of it.', default: 300_000, min: 0 } },
    scope: 'app',
    needs: [],
    create: ({ keepAlive }) => ({
      arrived() {},
      decide(_app, _now, out) {
        out.prewarmMs = 0
        out.keepAliveMs = 2 * keepAlive
      },
    }),
  })
  const runs = [
    simulateRun('ten', { ...world, policy: policies.get('fixed', 'test'), params: { keepAlive: 600_000 } }),
    simulateRun('twice five', { ...world, policy: twice, params: { keepAlive: 300_000 } }),
    simulateRun('twice fifteen', { ...world, policy: twice, params: { keepAlive: 900_000 } }),
  ]
  const comparison = compare({ experiment: 'library', trace: traceSummary(trace), baseline: 'ten', runs })
  const document = toJson(comparison)
  // Warm at 5 and, to the very instant, at 40; idle for 5 + 10 + 10 minutes.
  expect(document.runs[0]!.totals).toMatchObject({ invocations: 4, coldStarts: 2, idleMs: 1_500_000 })
  expect(document.runs[1]!.totals).toEqual(document.runs[0]!.totals)
  expect(document.runs[2]!.totals).toMatchObject({ coldStarts: 1, idleMs: 2_400_000 })
  expect(new Set(document.runs.map(({ digest }) => digest)).size).toBe(3)
  expect(textReport(comparison, { colour: false })).toMatch(/^twice fifteen +1 +25\.00/m)
  rmSync(folder, { recursive: true })
})

it('the library gives the lists of everything that plugs in', () => {
  for (const list of [
    pilotlight.policies,
    pilotlight.formats,
    pilotlight.METRICS,
    pilotlight.CHARTS,
    pilotlight.RENDERERS,
  ]) {
    expect(list.ids.length).toBeGreaterThan(0)
  }
})
