import { describe, expect, it } from 'vitest'
import { runDraws } from '../../src/experiment/draws.ts'
import { simulate } from '../../src/library/simulate.ts'
import { definePolicy } from '../../src/policy/policy.ts'
import { policies } from '../../src/policy/policies/index.ts'
import { TraceBuilder } from '../../src/trace/build/builder.ts'

const EVENTS = { offers: ['arrivalTime', 'duration'] }
const COUNTS = { offers: [] }
const PAPER = { kind: 'paper', spread: 'minute' }
const CLUSTER = { kind: 'cluster', spread: 'minute', coldStart: 1000, placement: 'first-fit', eviction: 'lru' }
const LAW = { medianMs: 100, sigma: 1 }

describe('a run draws at random', () => {
  it.each([
    ['no policy that computes its windows', 'fixed', {}, PAPER, COUNTS, false],
    ['no deterministic ski rental', 'ski-rental', { form: 'deterministic' }, PAPER, COUNTS, false],
    ['a randomised one', 'ski-rental', { form: 'randomised' }, PAPER, COUNTS, true],
    ['a randomised elastic TTL', 'elastic-ttl', { form: 'learningRandomised' }, PAPER, EVENTS, true],
    ['counts that are spread at random', 'fixed', {}, { ...PAPER, spread: 'poisson' }, COUNTS, true],
    ['no arrivals that have their own times', 'fixed', {}, { ...PAPER, spread: 'poisson' }, EVENTS, false],
    ['loading times by a law', 'fixed', {}, { ...CLUSTER, coldStart: LAW }, EVENTS, true],
    ['no loading times where nothing is loaded in time', 'fixed', {}, { ...PAPER, coldStart: LAW }, EVENTS, false],
    ['nothing in a cluster of set rules', 'fixed', {}, CLUSTER, EVENTS, false],
    ['nodes', 'fixed', {}, { ...CLUSTER, placement: 'random' }, EVENTS, true],
    ['what is evicted', 'fixed', {}, { ...CLUSTER, eviction: 'random' }, EVENTS, true],
    [
      'what an order of a user’s own may draw',
      'fixed',
      {},
      { ...CLUSTER, eviction: `mine@${'a'.repeat(64)}` },
      EVENTS,
      true,
    ],
  ] as const)('%s', (_what, policy, params, model, trace, draws) => {
    expect(runDraws({ policy, params, model }, trace)).toBe(draws)
  })

  it('if its policy is a user’s own, which may draw', () => {
    expect(runDraws({ policy: 'fixed', policyFile: 'a'.repeat(64), params: {}, model: PAPER }, COUNTS)).toBe(true)
    expect(runDraws({ policy: 'mine', params: {}, model: PAPER }, COUNTS)).toBe(true)
  })

  it('as the library says of the runs that it makes', () => {
    const builder = new TraceBuilder({ id: 'x', format: 'test' })
    builder.addEvent(builder.functionRow('', 'a', 'f'), 0, 0)
    const trace = builder.build(3_600_000, { files: [], defects: [] })
    const listed = policies.get('ski-rental', 'policy')
    const own = definePolicy({ ...listed, id: 'mine' })
    const runs = [{ policy: listed }, { policy: listed, params: { form: 'randomised' } }, { policy: own }]
    expect(runs.map((run) => simulate({ trace, ...run }).draws)).toEqual([false, true, true])
  })
})
