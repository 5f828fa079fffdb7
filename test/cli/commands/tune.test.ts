import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import type { TuneStudy } from '../../../src/cli/tune/tune-study.ts'
import { DAY, MINUTE } from '../../../src/core/units.ts'
import { policies } from '../../../src/policy/policies/index.ts'
import { PAPER_MODEL } from '../../../src/sim/model.ts'
import { simulate } from '../../../src/sim/simulate.ts'
import { readTrace } from '../../../src/trace/read.ts'
import { sliceTrace } from '../../../src/trace/slice.ts'
import { pilotlight } from '../pilotlight.ts'

const SAMPLE = fileURLToPath(new URL('../../../traces/sample', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'pilotlight-tune-'))
afterAll(() => rmSync(folder, { recursive: true }))

writeFileSync(
  join(folder, 'windows.yaml'),
  `name: windows
trace: { path: ${SAMPLE} }
model: { kind: paper }
policies: [{ policy: fixed, keepAlive: [5m, 10m, 20m, 40m] }]
baseline: fixed(keepAlive=10m)
`,
)

it('chooses by the part before the border alone, and judges on the rest with all before it learnt', async () => {
  const words = ['tune', 'windows.yaml', '--judge-from', '1d', '--most-idle', '1.5', '--json', '--quiet']
  const { code, stdout, stderr } = await pilotlight(folder, ...words)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const study = JSON.parse(stdout) as TuneStudy

  const trace = await readTrace([SAMPLE])
  const early = sliceTrace(trace, { forMs: DAY })
  const policy = policies.get('fixed', 'a test')
  const cold = (of: typeof trace, minutes: number, accountFromMs: number): number =>
    simulate({
      trace: of,
      model: PAPER_MODEL,
      policy,
      params: { keepAlive: minutes * MINUTE },
      seed: 1,
      accountFromMs,
    }).coldStarts.reduce((sum, count) => sum + count, 0)
  expect(study.candidates.map(({ learning }) => learning.coldStarts)).toEqual(
    [5, 10, 20, 40].map((m) => cold(early, m, 0)),
  )
  // Longer windows always have fewer cold starts and more idle memory: all are on the front, and the longest allowed wins.
  expect(study.candidates.every(({ isOnFront }) => isOnFront)).toBe(true)
  const allowed = study.candidates.filter(({ learning }) => learning.idle <= 1.5)
  expect(study.chosen?.label).toBe(allowed.at(-1)!.label)
  const minutes = [5, 10, 20, 40][allowed.length - 1]!
  expect(study.chosen?.judged.coldStarts).toBe(cold(trace, minutes, DAY))
  expect(study.judgedBaseline).toEqual({
    coldStarts: cold(trace, 10, DAY),
    invocations: trace.invocations - early.invocations,
    idle: 1,
  })
})

it('prints the front and the choice, or that nothing keeps to the limit', async () => {
  const good = await pilotlight(
    folder,
    'tune',
    'windows.yaml',
    '--judge-from',
    '1d',
    '--most-cold',
    '1000000',
    '--quiet',
  )
  expect(good.stdout).toContain('Chosen: fixed(keepAlive=5m).')
  expect(good.stdout).toMatch(/^\* +fixed\(keepAlive=40m\) +[\d,]+ +[\d.]+$/m)
  const none = await pilotlight(folder, 'tune', 'windows.yaml', '--judge-from', '1d', '--most-cold', '1', '--quiet')
  expect(none.stdout).toContain('No run keeps to the limit: nothing is chosen.')
})

it.each([
  [['--judge-from', '1d'], 'expected either --most-idle or --most-cold'],
  [['--judge-from', '9d', '--most-idle', '1'], '--judge-from: expected whole minutes above 0 and less than the trace'],
  [['--judge-from', 'later', '--most-idle', '1'], 'expected a duration such as 8d or 36h, found "later"'],
  [['--judge-from', '1d', '--most-idle', 'little'], '--most-idle: expected a number from 0 on, found "little"'],
])('refuses %j', async (words, message) => {
  const { code, stderr } = await pilotlight(folder, 'tune', 'windows.yaml', ...words, '--quiet')
  expect(code).toBe(2)
  expect(stderr).toContain(message)
})
