import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { grid } from '../../src/experiment/grid.ts'
import { canonicalLabel } from '../../src/experiment/label.ts'
import { UserError } from '../../src/core/user-error.ts'
import { placed, planRuns } from '../../src/experiment/run-plan.ts'
import type { TraceFacts } from '../../src/experiment/trace-facts.ts'
import { canonicalJson, speltSpec } from '../../src/experiment/run-spec.ts'
import { parseShard } from '../../src/experiment/shard.ts'
import { COUNTS, EVENTS, experimentWith } from './facts.ts'

async function labels(policies: string, more = '', trace: TraceFacts = COUNTS): Promise<string[]> {
  return planRuns(await experimentWith(policies, more), trace).runs.map(({ label }) => label)
}

/** The label of the baseline policy. */
async function baseline(policies: string, more = ''): Promise<string> {
  return planRuns(await experimentWith(policies, more), COUNTS).baseline.label
}

const QUIET = 'baseline: none'
const NONE = '\n  - { policy: none }'

describe('the time of day at which a trace begins', () => {
  const POLICIES = `  - { policy: provisioned, from: 8h, until: 18h }
  - { policy: provisioned, starts: 5h }${NONE}`

  async function starts(trace: TraceFacts): Promise<unknown[]> {
    const { runs } = planRuns(await experimentWith(POLICIES, QUIET), trace)
    return runs.map(({ spec }) => spec.params['starts'])
  }

  it('is the default of schedules where the trace tells, and part of what their runs depend on', async () => {
    const startsAtMs = Date.UTC(2024, 4, 1, 13, 40, 5)
    expect(await starts(COUNTS)).toEqual([0, 18_000_000, undefined])
    expect(await starts({ ...COUNTS, startsAtMs })).toEqual([49_200_000, 18_000_000, undefined])
    expect(await starts({ ...COUNTS, startsAtMs, zone: 'Europe/Berlin' })).toEqual([56_400_000, 18_000_000, undefined])
  })
})

describe('grids', () => {
  it('give one run a value of a list, in the order written', async () => {
    expect(await labels(`  - { policy: fixed, keepAlive: [10m, 5m] }${NONE}`, QUIET)).toEqual([
      'fixed(keepAlive=10m)',
      'fixed(keepAlive=5m)',
      'none',
    ])
  })

  it('vary the last parameter fastest', async () => {
    expect(await labels(`  - { policy: hybrid-histogram, cv: [1, 2], range: [1h, 2h] }${NONE}`, QUIET)).toEqual([
      'hybrid-histogram(cv=1, range=1h)',
      'hybrid-histogram(cv=1, range=2h)',
      'hybrid-histogram(cv=2, range=1h)',
      'hybrid-histogram(cv=2, range=2h)',
      'none',
    ])
  })

  it('vary the model slowest and the seed fastest, and say so after the policy', async () => {
    const more = 'model: { spread: [poisson, uniform] }\nseed: [1, 2]\nbaseline: none'
    expect(await labels('  - { policy: none }\n  - { policy: no-unload }', more)).toEqual([
      'none spread=poisson seed=1',
      'none spread=poisson seed=2',
      'no-unload spread=poisson seed=1',
      'no-unload spread=poisson seed=2',
      'none spread=uniform seed=1',
      'none spread=uniform seed=2',
      'no-unload spread=uniform seed=1',
      'no-unload spread=uniform seed=2',
    ])
  })

  it('have as many points as the product of their lists, each once', () => {
    const list = fc.uniqueArray(fc.integer(), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(fc.array(list, { maxLength: 4 }), (lists) => {
        const settings = lists.map((values, index) => ({
          name: `p${index}`,
          values: values.map((value) => ({ value, written: `${value}`, canonical: `${value}` })),
        }))
        const points = grid(settings).map((point) => point.map(({ setting }) => setting.value).join())
        expect(points.length).toBe(lists.reduce((product, { length }) => product * length, 1))
        expect(new Set(points).size).toBe(points.length)
      }),
    )
  })
})

describe('parameters that contradict each other', () => {
  it.each([
    [
      '{ policy: hybrid-histogram, range: 1h, binWidth: 2h }',
      'x.yaml:5:54: policies[0].binWidth: expected at most range, which is 1h, found 2h.',
    ],
    [
      '{ policy: production-histogram, range: 30s }',
      'x.yaml:5:5: policies[0]: binWidth: expected at most range, which is 30s, found 1m.',
    ],
    [
      '{ policy: hybrid-histogram, head: [5, 99.5] }',
      'x.yaml:5:39: policies[0].head: expected a head of at most the tail of 99 %, found 99.5 %.',
    ],
    [
      '{ policy: hybrid-histogram, range: 365d, binWidth: 1ms }',
      'x.yaml:5:40: policies[0].range: expected at most 100000 bins, found 31536000000: 365d in bins of 1ms. Take wider bins, or a shorter range.',
    ],
    [
      '{ policy: break-even, binWidth: 1ms }',
      'x.yaml:5:5: policies[0]: range: expected at most 1000000 bins, found 172800000: 2d in bins of 1ms. Take wider bins, or a shorter range.',
    ],
    [
      '{ policy: ecolife, longest: 2m, step: 3m }',
      'x.yaml:5:43: policies[0].step: expected at most longest, which is 2m, found 3m.',
    ],
  ])('are refused before anything is run: %s', async (entry, message) => {
    const read = await experimentWith(`  - ${entry}`)
    expect(() => planRuns(read, COUNTS)).toThrow(message)
  })
})

describe('labels', () => {
  it('hold the parameters that were given, as they were written', async () => {
    expect(await labels(`  - { policy: fixed, keepAlive: 60m }\n  - { policy: fixed }${NONE}`, QUIET)).toEqual([
      'fixed(keepAlive=60m)',
      'fixed',
      'none',
    ])
    expect(await labels(`  - { policy: hybrid-histogram, arima: off, cv: 2.0 }${NONE}`, QUIET)).toEqual([
      'hybrid-histogram(arima=off, cv=2)',
      'none',
    ])
  })

  it('are the user’s own where there is one, with what is swept', async () => {
    expect(
      await labels(`  - { policy: hybrid-histogram, label: my hybrid, cv: 3, range: [1h, 2h] }${NONE}`, QUIET),
    ).toEqual(['my hybrid(range=1h)', 'my hybrid(range=2h)', 'none'])
  })

  it('are not told of a list with one value', async () => {
    expect(await labels(`  - { policy: none, label: a }`, 'baseline: a\nseed: [3]\nmodel: { spread: [even] }')).toEqual(
      ['a'],
    )
  })
})

const RANDOM = 'model: { spread: uniform }'

const SEEDS = 'seed: [3, 4, 5]\nbaseline: none'

const count = async (policies: string, more: string, trace = COUNTS): Promise<number> =>
  planRuns(await experimentWith(`${policies}\n  - { policy: none }`, `${SEEDS}\n${more}`), trace).runs.length

describe('a seed where nothing is random', () => {
  it('makes one run, under the first, and says so', async () => {
    const plan = planRuns(await experimentWith('  - { policy: none }\n  - { policy: no-unload }', SEEDS), COUNTS)
    expect(plan.runs.map(({ label, spec }) => [label, spec.seed])).toEqual([
      ['none', 3],
      ['no-unload', 3],
    ])
    expect(plan.notes).toEqual(['nothing is random in any run: one seed of 3 is run, as all would give the same'])
  })

  it('makes all runs of what draws: a policy, times of arrivals, loading times, places and victims', async () => {
    const nodes = 'kind: cluster, nodes: { count: 2, memory: 1GB }, spread: even'
    expect(await count('  - { policy: ski-rental, form: randomised }', '')).toBe(3 + 1)
    expect(await count('  - { policy: ski-rental }', '')).toBe(1 + 1)
    expect(await count('  - { policy: no-unload }', 'model: { kind: paper, spread: uniform }')).toBe(3 + 3)
    expect(await count('  - { policy: no-unload }', 'model: { kind: instances }', EVENTS)).toBe(1 + 1)
    const law = 'coldStart: { median: 1s, p99: 3s }'
    expect(await count('  - { policy: no-unload }', `model: { kind: instances, ${law} }`, EVENTS)).toBe(3 + 3)
    expect(await count('  - { policy: no-unload }', `model: { ${nodes} }`)).toBe(1 + 1)
    expect(await count('  - { policy: no-unload }', `model: { ${nodes}, placement: random }`)).toBe(3 + 3)
    expect(await count('  - { policy: no-unload }', `model: { ${nodes}, eviction: random }`)).toBe(3 + 3)
  })
})

describe('several models', () => {
  const RUNS = 'model: [{ kind: paper }, { kind: instances, coldStart: [1s, 2s] }]\nbaseline: none'

  it('are worlds that every policy is run in, told by their kinds in the labels', async () => {
    expect(await labels('  - { policy: none }\n  - { policy: no-unload }', RUNS)).toEqual([
      'none paper',
      'no-unload paper',
      'none instances coldStart=1s',
      'no-unload instances coldStart=1s',
      'none instances coldStart=2s',
      'no-unload instances coldStart=2s',
    ])
  })

  it('of one kind are told by what they have', async () => {
    const more = 'model: [{ kind: paper, spread: even }, { kind: paper, spread: start }]\nbaseline: none'
    expect(await labels('  - { policy: none }', more)).toEqual(['none paper spread=even', 'none paper spread=start'])
  })

  it('have the digests that each would have alone', async () => {
    const together = planRuns(await experimentWith('  - { policy: none }', RUNS), COUNTS).runs
    const alone = planRuns(
      await experimentWith('  - { policy: none }', 'model: { kind: paper }\nbaseline: none'),
      COUNTS,
    )
    expect(together[0]!.digest).toBe(alone.runs[0]!.digest)
  })

  it('let a policy choose its eviction order where there is one', async () => {
    const nodes = 'kind: cluster, nodes: { count: 2, memory: 1GB }'
    const more = `model: [{ kind: paper }, { ${nodes} }]\nbaseline: none`
    const { runs } = planRuns(
      await experimentWith('  - { policy: no-unload, eviction: lfu }\n  - { policy: none }', more),
      COUNTS,
    )
    expect(runs.map(({ spec }) => spec.model['eviction'])).toEqual([undefined, undefined, 'lfu', 'lru'])
  })
})

/** What a plan says may be a slip. */
async function doubts(policies: string) {
  return planRuns(await experimentWith(policies), COUNTS).doubts
}

/** Labels and notes of a plan. */
async function planned(policies: string, more = QUIET) {
  const { runs, notes } = planRuns(await experimentWith(policies + NONE, more), COUNTS)
  return { labels: runs.map(({ label }) => label), notes }
}

describe('equal labels', () => {
  it('get a number, and one line says so', async () => {
    expect(await planned('  - { policy: fixed, label: a }\n  - { policy: no-unload, label: a }')).toEqual({
      labels: ['a', 'a #2', 'none'],
      notes: ['1 run has the label of an earlier run, and a number after it, as in "a #2"'],
    })
  })

  it('may come of a label that looks like what a sweep adds', async () => {
    const policies = '  - { policy: fixed, label: a seed=2 }\n  - { policy: no-unload, label: a }'
    expect((await planned(policies, `${QUIET}\nseed: [1, 2]\n${RANDOM}`)).labels).toEqual([
      'a seed=2 seed=1',
      'a seed=2 seed=2',
      'a seed=1',
      'a seed=2',
      'none seed=1',
      'none seed=2',
    ])
  })

  it('are told with the places of both', async () => {
    expect(
      await doubts('  - { policy: fixed, label: a }\n  - { policy: none }\n  - { policy: no-unload, label: a }'),
    ).toEqual([
      expect.stringMatching(
        /^[^:]+:\d+:5: policies\[2\]: the label "a" is that of a run of [^:]+:\d+:5: policies\[0\] as well$/,
      ),
    ])
    expect(await doubts('  - { policy: fixed, keepAlive: [10m, 10m] }')).toEqual([
      expect.stringMatching(/policies\[0\]: the label "fixed\(keepAlive=10m\)" is that of two of its combinations$/),
    ])
    expect(await doubts('  - { policy: fixed, keepAlive: [10m, 20m] }\n  - { policy: none }')).toEqual([])
    const many = Array.from({ length: 9 }, (_, at) => `  - { policy: fixed, keepAlive: ${at + 1}m, label: a }`).join(
      '\n',
    )
    expect(await doubts(many)).toHaveLength(6)
  })

  it('of one run, as of a value twice in a grid, are one row', async () => {
    expect(await planned('  - { policy: fixed, keepAlive: [10m, 10m] }')).toEqual({
      labels: ['fixed(keepAlive=10m)', 'none'],
      notes: ['1 run is listed twice, with equal labels, and shown once'],
    })
  })
})

describe('variants', () => {
  it('are equal where runs differ in label, world and seed alone', async () => {
    const policies =
      '  - { policy: fixed, keepAlive: 600s }\n  - { policy: fixed, label: ten }\n  - { policy: fixed, keepAlive: 11m }'
    const { baseline, runs } = planRuns(
      await experimentWith(policies, `seed: [1, 2]\n${RANDOM}\nbaseline: ten`),
      COUNTS,
    )
    const [a, b, c, d, e, f] = runs.map(({ variant }) => variant)
    expect([a, b, c, d]).toEqual(Array.from({ length: 4 }, () => baseline.variant))
    expect(e).toBe(f)
    expect(e).not.toBe(a)
  })
})

describe('the baseline', () => {
  it('is fixed(keepAlive=10m), and is added as the last run where it is missing', async () => {
    expect(await labels('  - { policy: none }')).toEqual(['none', 'fixed(keepAlive=10m)'])
    expect(await labels('  - { policy: none }', `seed: [1, 2]\n${RANDOM}`)).toEqual([
      'none seed=1',
      'none seed=2',
      'fixed(keepAlive=10m) seed=1',
      'fixed(keepAlive=10m) seed=2',
    ])
  })

  it('is found by what it does, not by its name', async () => {
    expect(await labels('  - { policy: fixed }\n  - { policy: none }')).toEqual(['fixed', 'none'])
    expect(await baseline('  - { policy: fixed }\n  - { policy: none }')).toBe('fixed')
    expect(await baseline('  - { policy: fixed, keepAlive: 600s, label: ten }')).toBe('ten')
  })

  it('may be written in another spelling', async () => {
    const policies = '  - { policy: fixed, keepAlive: [60m, 2h] }'
    expect(await baseline(policies, 'baseline: fixed(keepAlive=60m)')).toBe('fixed(keepAlive=60m)')
    expect(await baseline(policies, 'baseline: fixed( keepAlive = 1h )')).toBe('fixed(keepAlive=60m)')
    expect(await baseline(policies, 'baseline: fixed(keepAlive=7200s)')).toBe('fixed(keepAlive=2h)')
  })

  it('is matched as written before it is matched by meaning', async () => {
    const policies = '  - { policy: fixed, keepAlive: [60m, 1h] }'
    expect(await baseline(policies, 'baseline: fixed(keepAlive=1h)')).toBe('fixed(keepAlive=1h)')
  })

  it.each([
    ['hybrid(cv=2, arima=on)', 'hybrid(arima=true,cv=2.0)'],
    ['fixed(keepAlive=1h)', ' fixed(keepAlive=3600s) '],
    ['plain label', 'plain label'],
  ])('%s and %s are one label', (a, b) => expect(canonicalLabel(a)).toBe(canonicalLabel(b)))
})

function pairs(values: Readonly<Record<string, string>>): string[] {
  return Object.entries(values).map(([name, value]) => `${name}: ${value}`)
}

describe('what a report prints of parameters and options', () => {
  it('can be typed back into an experiment, and is the same run', async () => {
    const policy = '{ policy: hybrid-histogram, range: 14400s, margin: 10 %, arima: false, cv: 2.0 }'
    const model =
      'model: { kind: cluster, nodes: { memory: 4GB }, queueLimit: 90s, coldStart: { median: 400ms, p99: 6s } }'
    const [run] = planRuns(
      await experimentWith(
        `  - ${policy}`,
        `${model}\nbaseline: hybrid-histogram(range=14400s, margin=10, arima=false, cv=2)`,
      ),
      COUNTS,
    ).runs
    const { params, model: options } = speltSpec(run!.spec, run!.definition.parameters)
    expect(params).toMatchObject({ range: '4h', margin: '10', arima: 'off', cv: '2' })
    expect(options).toMatchObject({ nodes: '1x4GB', queueLimit: '90s', coldStart: '{ median: 400ms, p99: 6s }' })
    const typed = `{ policy: hybrid-histogram, label: a, ${pairs(params).join(', ')} }`
    const world = `model: { ${pairs({ ...options, nodes: '{ memory: 4GB }' }).join(', ')} }\nbaseline: a`
    const [again] = planRuns(await experimentWith(`  - ${typed}`, world), COUNTS).runs
    expect(again!.spec).toEqual(run!.spec)
  })
})

describe('run specs', () => {
  it('are plain values with every parameter and option in force', async () => {
    const { runs } = planRuns(
      await experimentWith('  - { policy: fixed, keepAlive: 90s }', 'baseline: fixed(keepAlive=90s)'),
      COUNTS,
    )
    expect(runs.map(({ spec }) => spec)).toEqual([
      {
        policy: 'fixed',
        params: { keepAlive: 90_000 },
        model: { kind: 'paper', unit: 'app', memory: 'trace', spread: 'minute', horizon: 'cut', warmAtStart: 'none' },
        seed: 1,
        trace: 'digest-of-counts',
        modelVersion: 3,
      },
    ])
  })

  it('charge equal memory and name no spread where the trace has neither', async () => {
    const more = 'model: { kind: instances, coldStart: 250ms }\nbaseline: none'
    const { runs } = planRuns(await experimentWith('  - { policy: none }', more), EVENTS)
    expect(runs[0]!.spec.model).toEqual({
      kind: 'instances',
      unit: 'app',
      memory: 'equal',
      horizon: 'cut',
      warmAtStart: 'none',
      concurrency: 1,
      reuse: 'newest',
      whileLoading: 'new',
      renew: true,
      coldStart: 250,
    })
    expect(runs[0]!.model).toMatchObject({ kind: 'instances', memory: 'equal', coldStart: 250, spread: 'uniform' })
  })

  it('have a digest that the label and the spelling do not change, and everything else does', async () => {
    const digest = async (entry: string, more = QUIET, trace = COUNTS) =>
      planRuns(await experimentWith(`  - ${entry}${NONE}`, more), trace).runs[0]!.digest
    const base = await digest('{ policy: fixed, keepAlive: 10m }')
    expect(base).toMatch(/^[0-9a-f]{64}$/)
    expect(await digest('{ policy: fixed, keepAlive: 600s, label: other }')).toBe(base)
    expect(await digest('{ policy: fixed }')).toBe(base)
    expect(
      await digest('{ policy: fixed, keepAlive: 10m }', 'model: { spread: minute }\nseed: 1\nbaseline: none'),
    ).toBe(base)
    const others = [
      await digest('{ policy: fixed, keepAlive: 11m }'),
      await digest('{ policy: no-unload }'),
      await digest('{ policy: fixed }', 'seed: 2\nbaseline: none'),
      await digest('{ policy: fixed }', 'model: { spread: even }\nbaseline: none'),
      await digest('{ policy: fixed }', 'model: { kind: instances }\nbaseline: none'),
      await digest('{ policy: fixed }', QUIET, { ...COUNTS, digest: 'other' }),
    ]
    expect(new Set([base, ...others]).size).toBe(7)
  })

  it('are the same JSON whatever the order of their keys', () => {
    expect(canonicalJson({ b: [1, { d: 1, c: 2 }], a: 'x' })).toBe('{"a":"x","b":[1,{"c":2,"d":1}]}')
  })

  it('refuse a policy that needs what the trace does not offer', async () => {
    const needy = await experimentWith('  - { policy: none }')
    const [entry] = needy.policies
    const definition = { ...entry!.definition, needs: ['trigger'] }
    expect(() => planRuns({ ...needy, policies: [{ ...entry!, definition }] }, EVENTS)).toThrow(
      'x.yaml:5:5: policies[0]: the policy none needs trigger of a trace, which events does not offer. The trace offers duration, arrivalTime.',
    )
  })
})

describe('shards', () => {
  it('are told as i/n', () => {
    expect(parseShard('2/3')).toEqual({ index: 2, count: 3 })
  })

  it.each(['0/3', '4/3', '1', '1/0', 'a/b', '1/2/3', '-1/2', '1.5/2'])('are not told as %s', (text) => {
    expect(() => parseShard(text)).toThrow(
      `--shard: expected i/n with i from 1 to n, auto or auto/n, found "${text}". The second of three machines is --shard 2/3.`,
    )
  })
})

it('What a simulation fails of is told at the place of the option that it comes of, or of the model', async () => {
  const failure = new UserError({ where: 'the trace', problem: 'too many', option: 'spread' })
  for (const [model, where] of [
    ['{ kind: instances, spread: even }', /^x.yaml:3:35: model.spread: too many.$/],
    ['{ kind: instances }', /^x.yaml:3:8: model: too many.$/],
  ] as const) {
    const [run] = planRuns(await experimentWith('  - { policy: none }', `model: ${model}`), COUNTS).runs
    expect((placed(failure, run!) as Error).message).toMatch(where)
  }
  expect(placed(new Error('bug'), { places: {} })).toEqual(new Error('bug'))
})
