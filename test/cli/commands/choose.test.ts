import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { finished, MAIN, pilotlight } from '../pilotlight.ts'
import { type Study, study } from '../study.ts'

let here: Study
beforeAll(async () => {
  here = study()
  const { code, stderr } = await pilotlight(here.folder, 'run', 'study.yaml')
  if (code !== 0) throw new Error(stderr)
})
afterAll(() => here.remove())

const command = (...words: string[]) => pilotlight(here.folder, ...words)

/**
 * In paper (see study.ts), app a of 100 MB: a window of 10 minutes is idle for 25 and has 2 cold starts, one of 30 is idle
 * for 40 and has 1; b of 200 MB has 1 at the end.
 */
describe('pilotlight choose', () => {
  it('names winner, runner-up, distance to the bound and in how many runs it wins, and a line that runs', async () => {
    const { code, stdout, stderr } = await command('choose', 'study.yaml', '--budget', 'cold=3')
    expect(code, stderr).toBe(0)
    const line = (term: string) => stdout.split('\n').find((text) => text.startsWith(`${term} `)) ?? ''
    expect(line('winner')).toBe('winner    fixed(keepAlive=10m): 146.5 GB·s at 3 cold starts')
    expect(line('next')).toBe('next      fixed(keepAlive=30m): 234.4 GB·s at 2 cold starts')
    expect(line('bound')).toMatch(
      /^bound {5}at least 2 cold starts at its idle memory, which it has 1\.50 times \(hold-or-drop\)/,
    )
    expect(line('wins')).toBe('wins      in 1 of 1 world, 1 of 1 run')
    const words = line('export')
      .replace(/^export +pilotlight /, '')
      .match(/'[^']*'|\S+/g)!
    const exported = await finished(here.folder, process.execPath, [
      MAIN,
      ...words.map((word) => word.replaceAll("'", '')),
    ])
    expect(exported.code, exported.stderr).toBe(0)
  })

  it('prints one JSON document with --json', async () => {
    const { stdout } = await command('choose', 'study.yaml', '--budget', 'idle=200%', '--json')
    const { goal, winner, verdict } = JSON.parse(stdout) as Record<string, Record<string, unknown>>
    expect(goal).toEqual({
      minimise: 'cold-starts',
      limits: [{ metric: 'idle-memory-relative', value: 200 }],
      isAsked: true,
    })
    expect(winner).toMatchObject({ label: 'fixed(keepAlive=30m)', value: { mean: 2 }, missed: { relative: 2 / 3 - 1 } })
    expect(verdict!['winner']).toBe('fixed(keepAlive=30m)')
  })

  it('ends with exit code 3 where no run keeps to the budget', async () => {
    const { code, stdout } = await command('choose', 'study.yaml', '--budget', 'cold=1')
    expect(code).toBe(3)
    expect(stdout).toContain('No run keeps to the limit of 1 cold start in any world.')
  })

  it('takes what the experiment says, and keeps it with the results', async () => {
    const text = `name: said\ntrace: { path: trace.csv }\nchoose: { minimise: idle-memory, subject to: cold-starts <= 3 }\npolicies:\n  - { policy: fixed, keepAlive: 10m..40m }\n`
    here.write('said.yaml', text)
    const run = await command('run', 'said.yaml')
    expect(run.stdout).toContain(
      'fixed(keepAlive=10m), the baseline, has the least idle memory (GB·s) with at most 3 cold starts',
    )
    expect(run.stdout).toContain('fixed(keepAlive=20m)')
    const { stdout } = await command('choose', 'reports/said/results.sqlite', '--json')
    expect((JSON.parse(stdout) as { goal: unknown }).goal).toMatchObject({ minimise: 'idle-memory', isAsked: true })
  })

  it.each([
    [['--budget', 'cold'], '--budget: expected a metric and its limit, found "cold".'],
    [['--budget', 'colds=3'], '--budget: no metric called "colds". Did you mean "cold"?'],
    [
      ['--budget', 'idle=much'],
      '--budget: expected a number (GB·s), or a percentage of the baseline’s for idle-memory, found "much".',
    ],
    [['--budget', 'cold>=3'], '--budget: cold-starts is better the lower it is, so a limit on it is written <=.'],
    [['--minimise', 'busy-memory'], '--minimise: neither more nor less of busy-memory is better.'],
    [['--to', 'knativ'], '--to: no platform called "knativ". Did you mean "knative"?'],
  ])('refuses %j', async (words, message) => {
    const { code, stderr } = await command('choose', 'study.yaml', ...words)
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)])
  })
})

/** The trust strip of an experiment with one form of ski rental and the baseline. */
async function trustOf(form: string): Promise<string> {
  const policy = `{ policy: ski-rental, form: ${form} }`
  here.write(`${form}.yaml`, `name: ${form}\ntrace: { path: trace.csv }\npolicies:\n  - ${policy}\n`)
  const { stdout, stderr } = await command('run', `${form}.yaml`)
  return stdout.split('\n').find((line) => line.startsWith('trust ')) ?? stderr
}

describe('what compare shows', () => {
  it('says that something is drawn where a policy draws, and that nothing is where none does', async () => {
    expect(await trustOf('deterministic')).toContain(' · nothing drawn · ')
    expect(await trustOf('randomised')).toContain(' · ! one seed · ')
  })

  it('is sorted and chosen by flags', async () => {
    const words = [
      'compare',
      'study.yaml',
      '--sort',
      'cold:worst',
      '--where',
      'policy != no-unload',
      '--where',
      'idle-memory > 0',
    ]
    const { stdout, stderr } = await command(...words)
    const labels = stdout.split('\n').flatMap((line) => /^(fixed\S+|none|no-unload) /.exec(line)?.[1] ?? [])
    expect(labels, stderr).toEqual(['fixed(keepAlive=10m)', 'fixed(keepAlive=30m)'])
  })

  it('can fail a pipeline with exit code 3, and says by which runs', async () => {
    const failing = await command('compare', 'study.yaml', '--fail-if', 'cold-starts > 3')
    expect([failing.code, failing.stderr]).toEqual([
      3,
      'none: 4 cold starts; --fail-if "cold-starts > 3" is true of it.\n',
    ])
    expect((await command('compare', 'study.yaml', '--fail-if', 'cold-starts > 4')).code).toBe(0)
  })

  it('is of several experiments beside each other, with a row for each candidate and a column for each world', async () => {
    const { stdout, stderr, code } = await command(
      'run',
      'study.yaml',
      '--set',
      'model.kind=instances',
      '--set',
      'name=other',
    )
    expect(code, stderr).toBe(2)
    expect(stderr).toContain('--set: there is no model in study.yaml')
    const other = await command(
      'run',
      'study.yaml',
      '--set',
      'model={ kind: instances, coldStart: 1s }',
      '--set',
      'name=other',
    )
    expect(other.code, other.stderr).toBe(0)
    expect(stdout).toBe('')
    const both = await command('compare', 'study.yaml', 'reports/other/results.sqlite')
    expect(both.stdout).toMatch(/^rank in +paper +instances$/m)
    expect(both.stdout).toMatch(/^fixed\(keepAlive=10m\) +3 at 100.00 % \(1\) +\d/m)
    expect(both.stdout).toContain('study + other')
  })

  it('takes a model list in one experiment', async () => {
    const { stdout, stderr } = await command(
      'run',
      'study.yaml',
      '--set',
      'model=[{ kind: paper }, { kind: instances }]',
      '--set',
      'name=both',
      '--json',
    )
    const { model, decision } = JSON.parse(stdout) as {
      model: { kind: unknown }
      decision: { columns: { name: string }[] }
    }
    expect(model.kind, stderr).toEqual(['paper', 'instances'])
    expect(decision.columns.map(({ name }) => name)).toEqual(['paper', 'instances'])
  })
})
