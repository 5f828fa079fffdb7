import { describe, expect, it } from 'vitest'
import { compareRuns } from '../../../src/metrics/compare-runs.ts'
import { options, provenance, sweptOptions } from '../../../src/report/comparison/provenance.ts'
import { tinyRun, TINY_TRACE } from '../../metrics/tiny-run.ts'

/** A comparison of runs whose models are spelt so. */
function comparisonOf(...models: readonly Readonly<Record<string, string>>[]) {
  const runs = models.map((model, index) => tinyRun({ label: `r ${index}`, spelt: { params: {}, model } }))
  return compareRuns({ experiment: 'e', trace: TINY_TRACE, baseline: 'r 0', runs, notes: ['one thing', 'another'] })
}

function factsOf(term: string, ...models: readonly Readonly<Record<string, string>>[]): string[] {
  return provenance(comparisonOf(...models)).flatMap((fact) => (fact.term === term ? [fact.text] : []))
}

describe('where figures come from', () => {
  it('names every option of the model as an experiment spells it', () => {
    expect(factsOf('model', { kind: 'cluster', nodes: '4x16GB', queueLimit: '30s' })).toEqual([
      'kind=cluster nodes=4x16GB queueLimit=30s',
    ])
  })

  it('parts the values of what was swept', () => {
    expect(factsOf('model', { nodes: '4x16GB', eviction: 'lru' }, { nodes: '2x8GB+1x64GB', eviction: 'lfu' })).toEqual([
      'nodes=4x16GB|2x8GB+1x64GB eviction=lru|lfu',
    ])
  })

  it('has a line for every note', () => {
    expect(factsOf('note', { kind: 'paper' })).toEqual(['one thing', 'another'])
  })

  it('knows which options differ', () => {
    const one = { kind: 'cluster', nodes: '4x16GB' }
    expect(sweptOptions(comparisonOf(one, one))).toEqual([])
    expect(sweptOptions(comparisonOf(one, { kind: 'cluster', nodes: '1x64GB' }))).toEqual(['nodes'])
    expect(sweptOptions(comparisonOf(one, { kind: 'cluster' }))).toEqual(['nodes'])
  })

  it('shows a dash for an option that a run has not', () => {
    expect(options({ a: '10m', b: undefined })).toBe('a=10m b=–')
  })
})
