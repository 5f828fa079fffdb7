import { describe, expect, it } from 'vitest'
import { compare } from '../../../src/metrics/compare.ts'
import { options, provenance, sweptOptions } from '../../../src/report/comparison/provenance.ts'
import { tinyRun, TINY_TRACE } from '../../metrics/tiny-run.ts'

const FOUR = [{ count: 4, memoryMb: 16_384 }]
const UNLIKE = [
  { count: 2, memoryMb: 8192 },
  { count: 1, memoryMb: 65_536 },
]

/** What a report states of the model of runs with these options. */
function modelOf(...models: readonly Record<string, unknown>[]): string {
  const runs = models.map((model, index) => tinyRun({ label: `r i=${index}`, model }))
  const facts = provenance(compare({ experiment: 'e', trace: TINY_TRACE, baseline: 'r', runs }))
  return facts.find(({ term }) => term === 'model')!.text
}

describe('the options of a model', () => {
  it('spell nodes as labels do, unlike ones with a plus', () => {
    expect(modelOf({ kind: 'cluster', nodes: FOUR })).toBe('kind=cluster nodes=4x16GB')
    expect(modelOf({ kind: 'cluster', nodes: UNLIKE })).toBe('kind=cluster nodes=2x8GB+1x64GB')
    expect(modelOf({ nodes: [{ count: 1, memoryMb: 1536 }] })).toBe('nodes=1x1536MB')
  })

  it('part the values of what was swept, nodes included', () => {
    expect(modelOf({ nodes: FOUR, eviction: 'lru' }, { nodes: UNLIKE, eviction: 'lfu' })).toBe(
      'nodes=4x16GB|2x8GB+1x64GB eviction=lru|lfu',
    )
  })

  it('name the parts of a law for loading times', () => {
    expect(modelOf({ coldStart: { medianMs: 400, p99Ms: 6000 } })).toBe('coldStart=(medianMs=400, p99Ms=6000)')
    expect(modelOf({ coldStart: { baseMs: 200, msPerMb: 0.5 } }, { coldStart: 'trace' }, { coldStart: 1000 })).toBe(
      'coldStart=(baseMs=200, msPerMb=0.5)|trace|1000',
    )
  })

  it('spell switches, what is without limit, and plain lists', () => {
    expect(options({ renew: false, concurrency: Number.POSITIVE_INFINITY, spread: ['even', 'start'] })).toBe(
      'renew=off concurrency=unlimited spread=even|start',
    )
    expect(options({ nodes: [] })).toBe('nodes=')
  })

  it('are swept where runs differ in them, nodes by what they are', () => {
    const runs = [FOUR, [...FOUR], UNLIKE].map((nodes, index) =>
      tinyRun({ label: `r i=${index}`, model: { kind: 'cluster', nodes } }),
    )
    const swept = (some: typeof runs) =>
      sweptOptions(compare({ experiment: 'e', trace: TINY_TRACE, baseline: 'r', runs: some }))
    expect(swept(runs.slice(0, 2))).toEqual([])
    expect(swept(runs)).toEqual(['nodes'])
  })
})
