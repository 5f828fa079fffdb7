import { describe, expect, it } from 'vitest'
import { planRuns } from '../../src/experiment/run-plan.ts'
import { presets } from '../../src/config/presets/index.ts'
import type { TraceFacts } from '../../src/experiment/trace-facts.ts'
import { CLUSTER_MODEL, type ClusterModel } from '../../src/sim/model.ts'
import { COUNTS, EVENTS, experimentWith } from './facts.ts'

const NONE = '  - { policy: none }'
const ONE = 'nodes: { memory: 4GB }'

/** The runs of policies in a cluster with these options, without a baseline of their own. */
async function runsOf(options: string, policies = NONE, trace: TraceFacts = COUNTS) {
  const more = `model: { kind: cluster, ${options} }\nbaseline: none`
  const all = policies.includes(NONE) ? policies : `${policies}\n${NONE}`
  const { runs } = planRuns(await experimentWith(all, more), trace)
  return runs.map((run) => ({ ...run, model: run.model as ClusterModel }))
}

async function labels(options: string, policies?: string): Promise<string[]> {
  return (await runsOf(options, policies)).map(({ label }) => label)
}

/** The models of the runs of one policy. */
async function modelsOf(options: string, trace?: TraceFacts) {
  return (await runsOf(options, NONE, trace)).map(({ model }) => model)
}

/** The runs in which an eviction order that is swept meets entries with their own. */
const sweptOn = (nodes: string) => [
  `fixed nodes=${nodes} eviction=size`,
  `no-unload(eviction=greedy-dual) nodes=${nodes}`,
  `no-unload(eviction=lfu) nodes=${nodes}`,
  `none nodes=${nodes} eviction=size`,
  `fixed nodes=${nodes} eviction=lru`,
  `none nodes=${nodes} eviction=lru`,
]

describe('nodes', () => {
  it('are one mapping of so many equal ones, of which there is one where nothing else is said', async () => {
    expect(await modelsOf('nodes: { count: 4, memory: 16GB }')).toEqual([
      { ...CLUSTER_MODEL, nodes: [{ count: 4, memoryMb: 16_384 }] },
    ])
    expect((await modelsOf('nodes: { memory: 512MB }'))[0]!.nodes).toEqual([{ count: 1, memoryMb: 512 }])
  })

  it('are a list of mappings where they are unlike, and still one cluster', async () => {
    const options = 'nodes: [ { count: 2, memory: 8GB }, { memory: 64GB } ]'
    expect((await modelsOf(options)).map(({ nodes }) => nodes)).toEqual([
      [
        { count: 2, memoryMb: 8192 },
        { count: 1, memoryMb: 65_536 },
      ],
    ])
    expect(await labels(options)).toEqual(['none'])
  })

  it('are a grid where count or memory is a list, the memory varying faster', async () => {
    expect(await labels('nodes: { count: [1, 2], memory: [8GB, 16384MB] }')).toEqual([
      'none nodes=1x8GB',
      'none nodes=1x16GB',
      'none nodes=2x8GB',
      'none nodes=2x16GB',
    ])
  })

  it('add nothing to a label where the lists have one value', async () => {
    expect(await labels('nodes: { count: [4], memory: [8GB] }')).toEqual(['none'])
  })

  it('are a grid with the other options', async () => {
    expect(await labels('nodes: { count: 4, memory: [8GB, 1.5GB] }, placement: [hash, first-fit]')).toEqual([
      'none nodes=4x8GB placement=hash',
      'none nodes=4x8GB placement=first-fit',
      'none nodes=4x1536MB placement=hash',
      'none nodes=4x1536MB placement=first-fit',
    ])
  })

  it('make the same run however they are spelt', async () => {
    const digests = await Promise.all(
      ['{ memory: 4GB }', '{ count: 1, memory: 4096MB }', '[ { memory: 4 GB } ]'].map(
        async (nodes) => (await runsOf(`nodes: ${nodes}`))[0]!.digest,
      ),
    )
    expect(new Set(digests).size).toBe(1)
    expect((await runsOf('nodes: { count: 2, memory: 4GB }'))[0]!.digest).not.toBe(digests[0])
  })
})

describe('an eviction order', () => {
  it('may be chosen by an entry, which its label says as it says parameters', async () => {
    const runs = await runsOf(
      `${ONE}, eviction: lfu`,
      '  - { policy: no-unload, eviction: lru }\n  - { policy: fixed }',
    )
    expect(runs.map(({ label, model, spec }) => [label, model.eviction, spec.model['eviction'], spec.params])).toEqual([
      ['no-unload(eviction=lru)', 'lru', 'lru', {}],
      ['fixed', 'lfu', 'lfu', { keepAlive: 600_000 }],
      ['none', 'lfu', 'lfu', {}],
    ])
  })

  it('is a grid as a list, together with the parameters', async () => {
    const entry = '  - { policy: fixed, keepAlive: [5m, 10m], eviction: [lru, greedy-dual] }'
    expect(await labels(ONE, entry)).toEqual([
      'fixed(keepAlive=5m, eviction=lru)',
      'fixed(keepAlive=5m, eviction=greedy-dual)',
      'fixed(keepAlive=10m, eviction=lru)',
      'fixed(keepAlive=10m, eviction=greedy-dual)',
      'none',
    ])
  })

  it('stays out of a label of the user’s own unless it is swept', async () => {
    const entries =
      '  - { policy: no-unload, label: a, eviction: lru }\n  - { policy: no-unload, label: b, eviction: [lru, lfu] }'
    expect(await labels(ONE, entries)).toEqual(['a', 'b(eviction=lru)', 'b(eviction=lfu)', 'none'])
  })

  it('swept in the model does not double the runs of an entry that has its own', async () => {
    const entries = '  - { policy: fixed }\n  - { policy: no-unload, eviction: [greedy-dual, lfu] }'
    const runs = await runsOf('nodes: { memory: [4GB, 8GB] }, eviction: [size, lru]', entries)
    expect(runs.map(({ label }) => label)).toEqual([...sweptOn('1x4GB'), ...sweptOn('1x8GB')])
    expect(new Set(runs.map(({ digest }) => digest)).size).toBe(12)
    expect(runs.map(({ model }) => model.eviction).slice(0, 3)).toEqual(['size', 'greedy-dual', 'lfu'])
  })

  it('may be the baseline’s own', async () => {
    const more = `model: { kind: cluster, ${ONE} }\nbaseline: no-unload( eviction = lfu )`
    const { baseline, runs } = planRuns(
      await experimentWith('  - { policy: no-unload, eviction: [lru, lfu] }', more),
      COUNTS,
    )
    expect(baseline.label).toBe('no-unload(eviction=lfu)')
    expect(runs.map(({ variant }) => variant === baseline.variant)).toEqual([false, true])
    expect(runs).toHaveLength(2)
  })
})

describe('loading times', () => {
  const LAWS: readonly (readonly [string, unknown, string])[] = [
    ['trace', 'trace', 'trace'],
    ['90s', 90_000, '90s'],
    ['{ median: 400ms, p99: 6s }', { medianMs: 400, p99Ms: 6000 }, 'median 400ms p99 6s'],
    ['{ p99: 2s, median: 2s }', { medianMs: 2000, p99Ms: 2000 }, 'median 2s p99 2s'],
    ['{ base: 0s, perMb: 0.25ms }', { baseMs: 0, msPerMb: 0.25 }, 'base 0ms perMb 0.25ms'],
    ['{ base: 200ms, perMb: 0ms }', { baseMs: 200, msPerMb: 0 }, 'base 200ms perMb 0ms'],
  ]

  it.each(LAWS)('may be %s', async (written, value) => {
    expect((await modelsOf(`${ONE}, coldStart: ${written}`))[0]!.coldStart).toEqual(value)
  })

  it('are a grid as a list, each law spelt in the label', async () => {
    expect(await labels(`${ONE}, coldStart: [${LAWS.map(([written]) => written).join(', ')}]`)).toEqual(
      LAWS.map(([, , spelt]) => `none coldStart=${spelt}`),
    )
  })

  it('have laws without nodes as well', async () => {
    const more = 'model: { kind: instances, coldStart: { median: 1s, p99: 9s } }\nbaseline: none'
    const [run] = planRuns(await experimentWith(NONE, more), EVENTS).runs
    expect(run!.spec.model['coldStart']).toEqual({ medianMs: 1000, p99Ms: 9000 })
  })
})

describe('the limit of waiting', () => {
  it('is none, a duration, or a grid of them', async () => {
    expect((await modelsOf(ONE))[0]!.queueLimit).toBe('none')
    expect((await modelsOf(`${ONE}, queueLimit: [none, 0s, 90s]`)).map(({ queueLimit }) => queueLimit)).toEqual([
      'none',
      0,
      90_000,
    ])
    expect(await labels(`${ONE}, queueLimit: [none, 90s]`)).toEqual(['none queueLimit=none', 'none queueLimit=90s'])
  })
})

describe('the semantics of another simulator', () => {
  it.each(presets.all)('$id, by name, are its options', async ({ id, options }) => {
    expect(await modelsOf(`${ONE}, as: ${id}`)).toEqual([
      { ...CLUSTER_MODEL, nodes: [{ count: 1, memoryMb: 4096 }], ...options },
    ])
  })

  it.each(presets.all)('$id stand in the options in force, the name with them', async ({ id, options }) => {
    const [run] = await runsOf(`${ONE}, as: ${id}`)
    expect(run!.spec.model).toMatchObject({
      kind: 'cluster',
      nodes: [{ count: 1, memoryMb: 4096 }],
      ...options,
      as: id,
    })
    expect(Object.keys(run!.spec.model).toSorted()).toEqual([...Object.keys(CLUSTER_MODEL), 'as'].toSorted())
  })

  it.each(presets.all)('$id say what was read to know them, and where they deviate, in sentences', (preset) => {
    expect(preset.source).not.toBe('')
    expect(preset.summary).toMatch(/^[A-Z].*\.$/)
    expect(preset.deviations.length).toBeGreaterThan(0)
    for (const deviation of preset.deviations) expect(deviation).toMatch(/^[A-Z].*\.$/)
    for (const option of Object.keys(preset.options)) expect(CLUSTER_MODEL).toHaveProperty(option)
  })

  it('give way to options that are given, in the model and by an entry', async () => {
    const runs = await runsOf(
      `${ONE}, overflow: queue, as: faascache, unit: app`,
      '  - { policy: no-unload, eviction: lru }\n  - { policy: no-unload }',
    )
    expect(
      runs.map(({ model: { eviction, overflow, unit, placement } }) => [eviction, overflow, unit, placement]),
    ).toEqual([
      ['lru', 'queue', 'app', 'first-fit'],
      ['greedy-dual', 'queue', 'app', 'first-fit'],
      ['greedy-dual', 'queue', 'app', 'first-fit'],
    ])
    expect(runs[0]!.spec.model).toMatchObject({ eviction: 'lru', overflow: 'queue', unit: 'app', as: 'faascache' })
  })

  it('are a grid as a list, none of them among it', async () => {
    const runs = await runsOf(`${ONE}, as: [none, faascache]`)
    expect(runs.map(({ label }) => label)).toEqual(['none as=none', 'none as=faascache'])
    expect(runs.map(({ model }) => model.eviction)).toEqual(['lru', 'greedy-dual'])
    expect(new Set(runs.map(({ digest }) => digest)).size).toBe(2)
  })

  it('spread nothing where arrivals have their own times', async () => {
    const [run] = await runsOf(`${ONE}, as: faascache`, NONE, EVENTS)
    expect(run!.spec.model).not.toHaveProperty('spread')
    expect(run!.model.memory).toBe('equal')
  })
})
