import { describe, expect, it } from 'vitest'
import { parseSource } from '../../src/config/document.ts'
import { namedFiles } from '../../src/config/named-files.ts'

const named = (text: string) => namedFiles(parseSource(text, 'e.yaml')).map(({ at, path }) => [at.join('.'), path])

describe('the files of a user’s own that an experiment names', () => {
  it('are its policies, their files and orders, the rules of its model, and the format and mapping of its trace', () => {
    const text = `
trace: { path: t.csv, format: ./format.ts, mapping: ./mapping.yaml }
model: { kind: cluster, eviction: [lru, ./order.ts], placement: ./nodes.ts }
policies:
  - { policy: ./mine.ts, eviction: ./order.ts }
  - { policy: forecast, file: [a.csv, b.csv] }
  - { policy: fixed }
`
    expect(named(text)).toEqual([
      ['policies.0.policy', './mine.ts'],
      ['policies.0.eviction', './order.ts'],
      ['policies.1.file.0', 'a.csv'],
      ['policies.1.file.1', 'b.csv'],
      ['model.eviction.1', './order.ts'],
      ['model.placement', './nodes.ts'],
      ['trace.format', './format.ts'],
      ['trace.mapping', './mapping.yaml'],
    ])
  })

  it('are found in each of a list of models', () => {
    const text = 'model: [{ kind: paper }, { kind: cluster, eviction: ./order.ts }]\npolicies: [{ policy: fixed }]\n'
    expect(named(text)).toEqual([['model.1.eviction', './order.ts']])
  })
})
