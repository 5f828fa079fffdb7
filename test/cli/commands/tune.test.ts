import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import type { TuneStudy } from '../../../src/experiment/tune/tune.ts'
import { DAY, MINUTE } from '../../../src/core/units.ts'
import { policies } from '../../../src/policy/policies/index.ts'
import { PAPER_MODEL } from '../../../src/sim/model.ts'
import { runSimulation } from '../../../src/sim/simulation.ts'
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

// Two days of few apps, each with idle times about a length of its own.
const lines = Array.from({ length: 24 }, (_, app) =>
  Array.from({ length: 90 }, (__, at) => {
    const start = Math.floor((at * 32 + ((at * at * (app + 3)) % 29) - 14 + app) * (1 - app / 200) * MINUTE)
    return `a${app},f${app},${Math.min(2 * DAY - 2, Math.max(0, start))},1,${64 * (1 + (app % 4))}`
  }).toSorted((one, other) => Number(one.split(',')[2]) - Number(other.split(',')[2])),
)
writeFileSync(
  join(folder, 'small.csv'),
  `${['app,function,start_ms,duration_ms,memory_mb', ...lines.flat(), `a0,f0,${2 * DAY - 1},1,64`].join('\n')}\n`,
)
writeFileSync(
  join(folder, 'small.yaml'),
  `name: small
trace: { path: small.csv }
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
    runSimulation({
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
  const allowed = study.candidates.filter(({ learning }) => learning.idle! <= 1.5)
  expect(study.chosen?.label).toBe(allowed.at(-1)!.label)
  const end = { parameter: 'keepAlive', value: '40m', end: 'greatest' }
  expect(study.chosen?.atEnds).toEqual(allowed.length === 4 ? [end] : [])
  const minutes = [5, 10, 20, 40][allowed.length - 1]!
  expect(study.chosen?.judged.coldStarts).toBe(cold(trace, minutes, DAY))
  expect(study.judgedBaseline).toMatchObject({
    coldStarts: cold(trace, 10, DAY),
    invocations: trace.invocations - early.invocations,
    idle: 1,
  })
})

it('prints the front and the choice, or that nothing keeps to the limit', async () => {
  const good = await pilotlight(folder, 'tune', 'small.yaml', '--judge-from', '1d', '--most-cold', '1000000', '--quiet')
  expect(good.stdout).toContain('Chosen: fixed(keepAlive=5m).')
  expect(good.stdout).toContain('Note: 5m is the least keepAlive that is listed. What lies beyond was not tried')
  expect(good.stdout).toMatch(/^\* +fixed\(keepAlive=40m\) +[\d,]+ +[\d.]+ +[\d,.]+ GB·s$/m)
  const none = await pilotlight(folder, 'tune', 'small.yaml', '--judge-from', '1d', '--most-cold', '1', '--quiet')
  expect(none.stdout).toContain('No run keeps to the limit: nothing is chosen.')
  expect(none.code).toBe(3)
})

it('says where what is to be least is the same for all', async () => {
  const words = ['tune', 'small.yaml', '--judge-from', '1d', '--quiet', '--set', 'prices=aws-lambda']
  const bill = await pilotlight(folder, ...words, '--minimise', 'user-bill')
  expect(bill.stdout).toContain('Note: all have the same user bill, so it does not choose among them: ')
  const cost = await pilotlight(folder, ...words, '--minimise', 'provider-cost')
  expect(cost.stdout).not.toContain('all have the same')
})

const SEARCH = ['tune', 'small.yaml', '--judge-from', '1d', '--json', '--quiet']
const studyOf = async (...words: string[]): Promise<TuneStudy> => {
  const { code, stdout, stderr } = await pilotlight(folder, ...SEARCH, ...words)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return JSON.parse(stdout) as TuneStudy
}

it('searches between the listed values, the same ones each time, and never chooses worse than without', async () => {
  const listed = await studyOf('--most-idle', '1.2')
  const searched = await studyOf('--most-idle', '1.2', '--search', '6', '--jobs', '1')
  const found = searched.candidates.filter(({ isFound }) => isFound)
  expect(found).toHaveLength(6)
  expect(new Set(searched.candidates.map(({ label }) => label)).size).toBe(10)
  expect(searched.candidates.slice(0, 4)).toEqual(
    listed.candidates.map((each) => ({ ...each, isOnFront: expect.any(Boolean) as boolean })),
  )
  expect(searched.chosen!.learning.coldStarts).toBeLessThan(listed.chosen!.learning.coldStarts)
  expect(searched.chosen!.learning.idle).toBeLessThanOrEqual(1.2)
  expect(await studyOf('--most-idle', '1.2', '--search', '6', '--jobs', '2')).toEqual(searched)
})

it('chooses by RUM and by money, and by a share of the cold starts', async () => {
  const rum = await studyOf('--minimise', 'rum')
  const least = Math.min(...rum.candidates.map(({ learning }) => learning.metrics['rum']!))
  expect(rum.chosen!.learning.metrics['rum']).toBe(least)
  expect(rum.front).toEqual(['rum', 'cold-starts', 'idle-memory'])

  // Memory costs most where it is longest held.
  const money = await studyOf('--minimise', 'provider-cost', '--set', 'prices=aws-lambda')
  expect(money.chosen!.label).toBe('fixed(keepAlive=5m)')

  const cold = await studyOf('--budget', 'cold=80%')
  const base = cold.candidates.find(({ label }) => label === 'fixed(keepAlive=10m)')!.learning.coldStarts
  const allowed = cold.candidates.filter(({ learning }) => learning.coldStarts <= 0.8 * base)
  expect(allowed.length).toBeLessThan(4)
  expect(cold.chosen!.label).toBe(allowed[0]!.label)
})

it('writes the choice as an experiment that has the same figures when it is run', async () => {
  const study = await studyOf('--minimise', 'cold-starts', '--search', '2', '--out', 'chosen.yaml')
  const run = await pilotlight(folder, 'run', 'chosen.yaml', '--store', 'chosen.sqlite', '--json', '--quiet')
  expect(run.code, run.stderr).toBe(0)
  const { runs } = JSON.parse(run.stdout) as {
    runs: { label: string; totals: { coldStarts: number }; relative: { idleMbS: number } }[]
  }
  expect(runs.map(({ label, totals, relative }) => [label, totals.coldStarts, relative.idleMbS])).toEqual([
    ['fixed(keepAlive=10m)', study.judgedBaseline.coldStarts, 1],
    [study.chosen!.label, study.chosen!.judged.coldStarts, study.chosen!.judged.idle],
  ])
  const again = await pilotlight(folder, ...SEARCH, '--most-idle', '1.5', '--out', 'chosen.yaml')
  expect(again.code).toBe(2)
  expect(again.stderr).toContain('--out: there is a file chosen.yaml already')
})

it.each([
  [['--judge-from', '1d'], 'nothing says what is wanted: expected --most-idle, --most-cold, or --minimise'],
  [['--most-idle', '1'], 'nothing says where the judged part begins'],
  [['--judge-from', '1d', '--most-idle', '1', '--most-cold', '5'], 'expected one of --most-idle, --most-cold, and'],
  [['--judge-from', '1d', '--minimise', 'rom'], 'no metric called "rom"'],
  [['--judge-from', '1d', '--minimise', 'busy-memory'], 'neither more nor less of busy-memory is better'],
  [['--judge-from', '1d', '--minimise', 'user-bill'], 'no run has the metric user-bill'],
  [['--judge-from', '1d', '--minimise', 'rum', '--budget', 'cold'], '--budget: expected a metric and its limit'],
  [['--judge-from', '1d', '--minimise', 'rum', '--search', 'some'], '--search: expected a whole number of at least 0'],
  [['--judge-from', '1d', '--minimise', 'rum', '--search', '10001'], '--search: expected at most 10000, found 10001'],
  [
    [
      '--judge-from',
      '1d',
      '--minimise',
      'rum',
      '--search',
      '3',
      '--set',
      'policies=[{ policy: fixed, keepAlive: 10m }]',
    ],
    '--search: no policy of the experiment lists several values',
  ],
  [
    ['--judge-from', '1d', '--minimise', 'rum', '--set', 'model=[{ kind: paper }, { kind: instances }]'],
    'parameters are chosen for one world, and the experiment has 2',
  ],
  [['--judge-from', '1d', '--minimise', 'rum', '--out', 'other/chosen.yaml'], '--out: expected a file in .'],
  [['--judge-from', '1d', '--minimise', 'rum', '--out', 'small.yaml'], '--out: there is a file small.yaml already'],
  [['--judge-from', '1d', '--minimise', 'rum', '--jobs', '0'], '--jobs: expected a whole number of at least 1'],
  [['--judge-from', '9d', '--most-idle', '1'], '--judge-from: expected whole minutes above 0 and less than the trace'],
  [['--judge-from', 'later', '--most-idle', '1'], 'expected a duration such as 8d or 36h, found "later"'],
  [['--judge-from', '1d', '--most-idle', 'little'], '--most-idle: expected a number from 0 on, found "little"'],
])('refuses %j', async (words, message) => {
  const { code, stderr } = await pilotlight(folder, 'tune', 'small.yaml', ...words, '--quiet')
  expect(code).toBe(2)
  expect(stderr).toContain(message)
})
