import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as pilotlight from '../src/index.ts'
import * as experiment from '../src/library/experiment.ts'
import * as exports from '../src/library/export.ts'
import * as live from '../src/library/live.ts'
import * as report from '../src/library/report.ts'
import { pilotlight as command } from './cli/pilotlight.ts'

const { compare, definePolicy, fixed, hybridHistogram, policies, readTrace, simulate, textReport, toJson } = pilotlight

let folder: string
let trace: pilotlight.Trace
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pilotlight-library-'))
  const file = join(folder, 'three.csv')
  //   min  0    5                        30        40
  //        x----x------------------------x---------x
  writeFileSync(file, 'app,function,start_ms,duration_ms\na,f,0,0\na,f,300000,0\na,f,1800000,0\na,f,2400000,0\n')
  trace = await readTrace(file)
})
afterAll(() => rmSync(folder, { recursive: true }))

it('the library reads a trace, simulates policies on it and compares the runs', () => {
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
    simulate({ trace, policy: fixed }),
    simulate({ trace, policy: twice, params: { keepAlive: 300_000 } }),
    simulate({ trace, policy: twice, params: { keepAlive: 900_000 }, label: 'twice fifteen' }),
  ]
  const comparison = compare({ trace, runs, name: 'library' })
  const document = toJson(comparison)
  expect(document.runs.map(({ label }) => label)).toEqual(['fixed', 'twice(keepAlive=5m)', 'twice fifteen'])
  // Warm at 5 and, to the very instant, at 40; idle for 5 + 10 + 10 minutes.
  expect(document.runs[0]!.totals).toMatchObject({ invocations: 4, coldStarts: 2, idleMs: 1_500_000 })
  expect(document.runs[1]!.totals).toEqual(document.runs[0]!.totals)
  expect(document.runs[2]!.totals).toMatchObject({ coldStarts: 1, idleMs: 2_400_000 })
  expect(document.runs[2]!.relative.coldStarts).toBe(0.5)
  expect(new Set(document.runs.map(({ digest }) => digest)).size).toBe(3)
  expect(textReport(comparison)).toMatch(/^twice fifteen +1 +2,500/m)
})

describe('parameters in code', () => {
  it('are partial, and of the types that the policy says', () => {
    const run = simulate({ trace, policy: hybridHistogram, params: { arima: false, gap: 'arrival', cv: 1 } })
    expect(run.params).toMatchObject({ arima: false, gap: 'arrival', cv: 1, head: 5 })
    expect(run.label).toBe('hybrid-histogram(arima=off, gap=arrival, cv=1)')
  })

  it('of a policy found by its id may be switches and choices', () => {
    const policy = policies.get('hybrid-histogram', 'test')
    expect(simulate({ trace, policy, params: { arima: false, gap: 'arrival' } }).params['arima']).toBe(false)
  })

  it('that are misspelt do not compile, and are refused', () => {
    const params = { keepAlive: 60_000 }
    // @ts-expect-error There is no such parameter.
    const misspelt = () => simulate({ trace, policy: fixed, params: { keepAlve: params.keepAlive } })
    expect(misspelt).toThrow('policy fixed: there is no parameter "keepAlve". Its parameters are keepAlive.')
    expect(misspelt).toThrow(pilotlight.UserError)
  })

  it('of another type do not compile, and are refused', () => {
    const wrong = [
      // @ts-expect-error A duration is a number of milliseconds.
      () => simulate({ trace, policy: fixed, params: { keepAlive: '10m' } }),
      // @ts-expect-error There is no such choice.
      () => simulate({ trace, policy: hybridHistogram, params: { gap: 'both' } }),
      // @ts-expect-error A switch is true or false.
      () => simulate({ trace, policy: hybridHistogram, params: { arima: 'off' } }),
      () => simulate({ trace, policy: fixed, params: { keepAlive: -1 } }),
      () => simulate({ trace, policy: fixed, params: { keepAlive: Number.NaN } }),
      () => simulate({ trace, policy: hybridHistogram, params: { minIts: 1.5 } }),
    ]
    const said = wrong.map((attempt) => {
      try {
        attempt()
        return 'nothing'
      } catch (error) {
        return error instanceof pilotlight.UserError ? error.message : error
      }
    })
    expect(said).toEqual([
      'policy fixed: keepAlive must be a number of ms of at least 0, found "10m".',
      'policy hybrid-histogram: gap must be one of idle, arrival, found "both".',
      'policy hybrid-histogram: arima must be true or false, found "off".',
      'policy fixed: keepAlive must be a number of ms of at least 0, found -1.',
      'policy fixed: keepAlive must be a number of ms of at least 0, found NaN.',
      'policy hybrid-histogram: minIts must be a whole number of at least 0, found 1.5.',
    ])
  })
})

it('a model in code is a kind and the options that are not at their defaults; others are refused', () => {
  const { model } = simulate({ trace, policy: fixed, model: { kind: 'instances', coldStart: 250 } })
  expect(model).toMatchObject({ kind: 'instances', coldStart: 250, concurrency: 1, memory: 'equal' })
  // @ts-expect-error There is no such option.
  expect(() => simulate({ trace, policy: fixed, model: { kind: 'instances', concurency: 2 } })).toThrow(
    'model: the model instances has no option called "concurency". Did you mean "concurrency"?',
  )
})

it('a policy that needs what the trace does not offer is refused', () => {
  const policy = { ...fixed, id: 'by-trigger', needs: ['trigger'] }
  expect(() => simulate({ trace, policy })).toThrow(
    /^policy by-trigger: it needs trigger, which the trace .* does not have/,
  )
})

it('a comparison without a run, or with two runs of one label, is refused', () => {
  const run = simulate({ trace, policy: fixed })
  expect(() => compare({ trace, runs: [] })).toThrow('runs: expected one run or more, found none.')
  expect(() => compare({ trace, runs: [run, run] })).toThrow('runs: two runs have the label "fixed".')
})

it('every policy of the list is exported by its name in code', () => {
  const byId = new Map(Object.entries(pilotlight).map(([name, value]) => [value as unknown, name]))
  for (const policy of policies.all) {
    const name = policy.id.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
    expect(byId.get(policy), policy.id).toBe(name)
  }
})

it('the entries give the lists of everything that plugs in, all in one casing', () => {
  const entries = { pilotlight, experiment, exports, live, report }
  const lists = Object.values(entries).flatMap((entry) =>
    Object.entries(entry).filter(([, value]) => typeof value === 'object' && 'ids' in value),
  )
  const names = lists.map(([name]) => name)
  expect(names).toEqual(expect.arrayContaining(['policies', 'formats', 'metrics', 'charts', 'renderers', 'platforms']))
  expect(names).toEqual(
    expect.arrayContaining(['evictions', 'placements', 'backends', 'contracts', 'prices', 'presets']),
  )
  expect(names.filter((name) => !/^[a-z][A-Za-z]*$/.test(name))).toEqual([])
  for (const [name, list] of lists) expect((list as { ids: readonly string[] }).ids.length, name).toBeGreaterThan(0)
})

it('an experiment runs in one call, keeps its runs and makes only what is missing', async () => {
  const file = join(folder, 'study.yaml')
  writeFileSync(
    file,
    'name: study\ntrace: { path: three.csv }\npolicies:\n  - { policy: fixed, keepAlive: [10m, 20m] }\n',
  )
  const store = join(folder, 'study.sqlite')
  const made: string[] = []
  const watcher = { begins: ({ label }: { readonly label: string }) => void made.push(label) }
  const first = await experiment.runExperiment(file, { store, jobs: 1, watcher })
  expect(first.runs.map(({ label, totals }) => [label, totals.coldStarts])).toEqual([
    ['fixed(keepAlive=10m)', 2],
    ['fixed(keepAlive=20m)', 2],
  ])
  expect(made).toEqual(['fixed(keepAlive=10m)', 'fixed(keepAlive=20m)'])
  const again = await experiment.runExperiment(await experiment.readExperiment(file), { store, jobs: 1, watcher })
  expect(again).toEqual(first)
  expect(made).toHaveLength(2)
})

/** A document without what was measured. */
function untimed(text: string): unknown {
  return JSON.parse(text, (key, value: unknown) => (['wallMs', 'wall-time'].includes(key) ? 0 : value))
}

it('an experiment gives what the command prints, with a part of a trace, a mapping, a metric of its own and a goal', async () => {
  writeFileSync(join(folder, 'calls.csv'), 'fn,at\na,0\na,3600\na,90000\nb,90060\nc,90120\nb,90240\n')
  writeFileSync(
    join(folder, 'warm.mjs'),
    `export default { id: 'warm', heading: 'warm', unit: '', summary: 'Warm starts.', better: 'higher', headline: true, format: String,
  of: ({ totals }) => totals.invocations - totals.coldStarts }\n`,
  )
  const file = join(folder, 'part.yaml')
  writeFileSync(
    file,
    `name: part
trace: { path: calls.csv, mapping: "{ read: csv, app: fn, start: { from: at, unit: s } }", from: 1d, apps: [a, b] }
policies: [{ policy: fixed, keepAlive: [1m, 5m] }]
metrics: [./warm.mjs]
choose: { minimise: cold-starts, subject to: idle-memory <= 500 % }
`,
  )
  const typed = await command(folder, 'run', 'part.yaml', '--json', '--quiet', '--store', 'typed.sqlite')
  expect(typed.code, typed.stderr).toBe(0)
  const called = await experiment.runExperiment(file, { store: join(folder, 'called.sqlite'), jobs: 1 })
  expect(untimed(JSON.stringify(report.toJson(called)))).toEqual(untimed(typed.stdout))
  // The baseline is none of them, so it has a run of its own.
  expect(called.runs.map(({ label, totals, metrics }) => [label, totals.invocations, metrics['warm']])).toEqual([
    ['fixed(keepAlive=1m)', 3, 0],
    ['fixed(keepAlive=5m)', 3, 1],
    ['fixed(keepAlive=10m)', 3, 1],
  ])
})
