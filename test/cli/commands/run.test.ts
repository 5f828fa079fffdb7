import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { pilotlight } from '../pilotlight.ts'
import { type Study, study } from '../study.ts'

let here: Study
beforeAll(() => (here = study()))
afterAll(() => here.remove())

/** Runs the command in the folder of the study. */
const run = (...words: string[]) => pilotlight(here.folder, ...words)
const text = (file: string): string => readFileSync(join(here.folder, file), 'utf8')

const count = z.number().int().nonnegative()
const counts = <const K extends string>(...names: readonly K[]) =>
  z.strictObject(Object.fromEntries(names.map((name) => [name, count])) as Record<K, typeof count>)
const share = z.number().min(0).max(1)

/** The document as docs/interface.md has it; it may grow, so other keys are allowed. */
const DOCUMENT = z.looseObject({
  schema: z.literal(1),
  experiment: z.string(),
  trace: z.looseObject({
    id: z.string(),
    digest: z.string(),
    apps: count,
    functions: count,
    invocations: count,
    horizonMs: count,
  }),
  model: z.looseObject({ kind: z.enum(['paper', 'instances', 'cluster']) }),
  runs: z.array(
    z.looseObject({
      label: z.string(),
      policy: z.string(),
      params: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
      seed: count,
      digest: z.string().regex(/^[0-9a-f]{64}$/),
      totals: counts(
        ...([
          'invocations',
          'coldStarts',
          'joined',
          'drops',
          'loads',
          'prewarms',
          'prewarmsUnused',
          'evictions',
        ] as const),
        ...(['idleMs', 'busyMs', 'loadingMs', 'idleMbS', 'busyMbS', 'loadingMbS'] as const),
        // Grown since.
        ...(['waits', 'waitingMs'] as const),
      ),
      reasons: counts('first', 'expired', 'early', 'evicted', 'scaleOut'),
      coldShare: share,
      perApp: z.strictObject({
        coldShare: z.strictObject({ p25: share, p50: share, p75: share, p90: share, p99: share }),
        alwaysCold: count,
        alwaysColdRepeated: count,
      }),
      relative: z.strictObject({ idleMbS: z.number().nullable(), coldStarts: z.number().nullable() }),
      wallMs: z.number().nonnegative(),
    }),
  ),
})

/** The document on stdout, which must hold nothing else. */
const documentOf = (stdout: string) => DOCUMENT.parse(JSON.parse(stdout))

/** The runs of a document but for the time that they took. */
const timeless = (stdout: string) =>
  documentOf(stdout).runs.map((run) => ({
    ...run,
    wallMs: 0,
    metrics: { ...(run['metrics'] as object), 'wall-time': 0 },
  }))

describe('pilotlight run', () => {
  it('prints the comparison table to stdout and keeps the results under reports/', async () => {
    const { code, stdout, stderr } = await run('run', 'study.yaml')
    expect(stderr).toBe('')
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /^study\nverdict +fixed\(keepAlive=10m\), the baseline, has the fewest cold starts .*\ntrust +/,
    )
    expect(stdout).toMatch(/^trace +trace \(events\): 2 apps, 2 functions, 4 invocations in 40 minutes$/m)
    expect(stdout).toMatch(/^fixed\(keepAlive=10m\) +3 +7,500/m)
    expect(stdout).toMatch(/^none +4 +10,000/m)
    expect(existsSync(join(here.folder, 'reports/study/results.sqlite'))).toBe(true)
  })

  it('prints one JSON document of the published shape with --json, with the accounts done by hand', async () => {
    const { code, stdout } = await run('run', 'study.yaml', '--json')
    expect(code).toBe(0)
    const { trace, runs, model } = documentOf(stdout)
    expect(trace).toMatchObject({ apps: 2, functions: 2, invocations: 4, horizonMs: 2_400_000 })
    expect(model).toEqual({ kind: 'paper', unit: 'app', memory: 'trace', horizon: 'cut', warmAtStart: 'none' })
    expect(runs.map(({ label }) => label)).toEqual([
      'fixed(keepAlive=10m)',
      'fixed(keepAlive=30m)',
      'none',
      'no-unload',
    ])
    // 5 min to the second arrival, 10 after it, 10 after the third: 25 min at 100 MB.
    expect(runs[0]!.totals).toMatchObject({
      invocations: 4,
      coldStarts: 3,
      loads: 3,
      idleMs: 1_500_000,
      idleMbS: 150_000,
    })
    expect(runs[0]!.reasons).toEqual({ first: 2, expired: 1, early: 0, evicted: 0, scaleOut: 0 })
    expect(runs[0]!.relative).toEqual({ idleMbS: 1, coldStarts: 1 })
    // Loaded from its first arrival to the end of the trace.
    expect(runs[3]!.totals).toMatchObject({ coldStarts: 2, loads: 2, idleMs: 2_400_000, idleMbS: 240_000 })
    expect(runs[3]!.relative).toEqual({ idleMbS: 1.6, coldStarts: 2 / 3 })
  })

  it('does not make finished runs again: the second document is the first, wall time included', async () => {
    const first = await run('run', 'study.yaml', '--json')
    const second = await run('run', 'study.yaml', '--json')
    expect(second.stdout).toBe(first.stdout)
    expect(second.stderr).toBe('4 of 4 runs were finished before (--fresh makes them again).\n')
    expect((await run('run', 'study.yaml', '--json', '--quiet')).stderr).toBe('')
  })

  it('makes them again with --fresh, with equal results', async () => {
    const before = await run('run', 'study.yaml', '--json')
    const fresh = await run('run', 'study.yaml', '--json', '--fresh', '--jobs', '2')
    expect(fresh.stderr).toBe('')
    expect(timeless(fresh.stdout)).toEqual(timeless(before.stdout))
  })

  it('makes only the runs that an edited experiment has not got yet', async () => {
    here.write('edited.yaml', text('study.yaml').replace('[10m, 30m]', '[10m, 30m, 40m]'))
    const { stderr, stdout } = await run('run', 'edited.yaml', '--json')
    expect(stderr).toBe('4 of 5 runs were finished before (--fresh makes them again).\n')
    expect(documentOf(stdout).runs).toHaveLength(5)
  })

  it('writes one row per app and run with --per-app', async () => {
    await run('run', 'study.yaml', '--per-app', 'apps.csv')
    const [header, first, ...others] = text('apps.csv').trimEnd().split('\n')
    // More columns may follow those that others rely on.
    expect(header).toMatch(
      /^run,app,invocations,coldStarts,joined,first,expired,early,evicted,scaleOut,loads,prewarms,prewarmsUnused,idleMs,busyMs,loadingMs,idleMbS,drops,/,
    )
    expect(first).toMatch(/^fixed\(keepAlive=10m\),a,3,2,0,1,1,0,0,0,2,0,0,1500000,0,0,150000,0,0,0,0,+$/)
    expect(others).toHaveLength(7)
  })

  it('lists the runs and makes none with --dry-run', async () => {
    here.write('new.yaml', text('study.yaml').replace('name: study', 'name: new'))
    const { code, stdout } = await run('run', 'new.yaml', '--dry-run')
    expect(code).toBe(0)
    expect(stdout).toBe('fixed(keepAlive=10m)\nfixed(keepAlive=30m)\nnone\nno-unload\n')
    expect(existsSync(join(here.folder, 'reports/new'))).toBe(false)
    const { runs } = JSON.parse((await run('run', 'study.yaml', '--dry-run', '--json')).stdout) as { runs: object[] }
    expect(runs[0]).toMatchObject({ label: 'fixed(keepAlive=10m)', params: { keepAlive: 600_000 }, finished: true })
  })

  it('runs a policy of the user’s own', async () => {
    here.write(
      'mine.ts',
      `interface Out { prewarmMs: number; keepAliveMs: number }
export default {
  id: 'mine', summary: 'Keeps apps for a time.', scope: 'app', needs: [],
  parameters: { window: { kind: 'duration', describe: 'How long.', default: 60000, min: 0 } },
  create: ({ window }: { window: number }) => ({
    arrived() {},
    decide(_app: number, _now: number, out: Out) { out.prewarmMs = 0; out.keepAliveMs = window },
  }),
}
`,
    )
    here.write(
      'mine.yaml',
      'name: mine\ntrace: { path: trace.csv }\npolicies: [ { policy: ./mine.ts, window: 10m } ]\n',
    )
    const { runs } = documentOf((await run('run', 'mine.yaml', '--json')).stdout)
    expect(runs.map(({ label }) => label)).toEqual(['mine(window=10m)', 'fixed(keepAlive=10m)'])
    expect(runs[0]!.totals).toEqual(runs[1]!.totals)
  })
})

describe('shards', () => {
  it('merged give the document of the whole, but for the time that the runs took', async () => {
    const stores = ['one.sqlite', 'two.sqlite', 'three.sqlite']
    for (const [index, store] of stores.entries()) {
      const { code, stdout, stderr } = await run('run', 'study.yaml', '--shard', `${index + 1}/3`, '--store', store)
      expect(code).toBe(0)
      expect(stdout).toMatch(/ \(finished\)\n$/)
      expect(stderr).toBe(
        'When all shards are done: pilotlight merge <store...> --out <store>, then pilotlight compare <store>.\n',
      )
    }
    const unmerged = await run('compare', 'two.sqlite')
    expect(unmerged.code).toBe(2)
    expect(unmerged.stderr).toBe(
      // Four runs are too few for three shards: each has parts of some of them.
      '4 of 4 runs are not finished: fixed(keepAlive=10m), fixed(keepAlive=30m), none, no-unload.\n' +
        'study: the baseline run fixed(keepAlive=10m) is not finished. Run the experiment, or merge the stores of its shards.\n',
    )
    const merge = await run('merge', ...stores, '--out', 'all.sqlite')
    expect(merge.stdout).toBe('all.sqlite: 4 runs added, 0 were there already.\n')
    const whole = await run('run', 'study.yaml', '--json')
    const merged = await run('compare', 'all.sqlite', '--json')
    expect(timeless(merged.stdout)).toEqual(timeless(whole.stdout))
  })

  it('may be made at the same time into one store', async () => {
    const shard = (index: number) => run('run', 'study.yaml', '--shard', `${index}/4`, '--store', 'together.sqlite')
    const all = await Promise.all([1, 2, 3, 4].map(shard))
    expect(all.map(({ code }) => code)).toEqual([0, 0, 0, 0])
    const { stderr } = await run('run', 'study.yaml', '--store', 'together.sqlite')
    expect(stderr).toBe('4 of 4 runs were finished before (--fresh makes them again).\n')
  })
})

describe('pilotlight compare and report', () => {
  it('show what run showed, from an experiment and from a store, without reading the trace', async () => {
    const away = join(here.folder, 'away')
    mkdirSync(join(away, 'reports/study'), { recursive: true })
    const printed = await run('run', 'study.yaml')
    copyFileSync(join(here.folder, 'study.yaml'), join(away, 'study.yaml'))
    copyFileSync(join(here.folder, 'reports/study/results.sqlite'), join(away, 'reports/study/results.sqlite'))
    for (const source of ['study.yaml', 'reports/study/results.sqlite']) {
      expect(await pilotlight(away, 'compare', source)).toEqual({ code: 0, stdout: printed.stdout, stderr: '' })
    }
    const document = await run('run', 'study.yaml', '--json')
    expect((await pilotlight(away, 'compare', 'study.yaml', '--json')).stdout).toBe(document.stdout)
  })

  it('write a page to reports/<name> by default, and print its path', async () => {
    const { code, stdout, stderr } = await run('report', 'study.yaml')
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: 'reports/study/index.html\n',
      stderr: 'The report is written to:\n',
    })
    expect(text('reports/study/index.html')).toMatch(/^<!doctype html>/i)
  })

  it('write the formats that were asked for to the folder that was named', async () => {
    const { stdout } = await run(
      'report',
      'reports/study/results.sqlite',
      '--format',
      'csv, json',
      '--out',
      'elsewhere',
    )
    expect(stdout).toBe('elsewhere/comparison.csv\nelsewhere/comparison.json\n')
    expect(documentOf(text('elsewhere/comparison.json')).experiment).toBe('study')
  })

  it('say which formats of a report in another language are in English all the same', async () => {
    await run('run', 'study.yaml')
    const { code, stderr } = await run('report', 'study.yaml', '--lang', 'zh', '--format', 'md,csv,html', '--quiet')
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'warning: --lang is for what people read: csv is for programs, and in English.\n',
    })
    expect((await run('report', 'study.yaml', '--lang', 'zh', '--format', 'md', '--quiet')).stderr).toBe('')
  })

  it('say which runs of an edited experiment are still to be made, and show the others', async () => {
    here.write('study-two.yaml', text('study.yaml').replace('[10m, 30m]', '[10m, 50m]'))
    const { code, stdout, stderr } = await run('compare', 'study-two.yaml')
    expect(code).toBe(0)
    expect(stderr).toBe('1 of 4 runs is not finished: fixed(keepAlive=50m).\n')
    expect(stdout).not.toContain('fixed(keepAlive=50m)')
    expect(stdout).toContain('no-unload')
  })
})
