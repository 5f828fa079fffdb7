import { describe, expect, it } from 'vitest'
import { MOST_NODES } from '../../../src/sim/cluster/node-table.ts'
import type { ClusterModel } from '../../../src/sim/model.ts'
import { type Apps, forever, oneNode, runCluster, traceWith } from './cluster-scenario.ts'

function running(options: Partial<ClusterModel> & Pick<ClusterModel, 'nodes'>, apps: Apps = { a: [1] }): () => unknown {
  const executions = Object.keys(apps).map((app) => [0, 1, app] as const)
  return () => runCluster(traceWith(apps, executions, 10), forever, options)
}

function mistake(message: string): object {
  return expect.objectContaining({ name: 'UserError', message: expect.stringContaining(message) })
}

function tooMany(found: number): object {
  return mistake(`model.nodes: expected at most ${MOST_NODES} nodes, found ${found}.`)
}

describe('a cluster is refused', () => {
  it('without nodes', () => {
    const message =
      'model.nodes: a cluster needs at least one node, found none. Write, for example, nodes: { count: 4, memory: 16GB }.'
    for (const nodes of [[], [{ count: 0, memoryMb: 1024 }]]) expect(running({ nodes })).toThrow(mistake(message))
  })

  it('of more nodes than can be, in one group or in all', () => {
    expect(running({ nodes: [{ count: 1e12, memoryMb: 1 }] })).toThrow(tooMany(1e12))
    const half = { count: MOST_NODES / 2 + 1, memoryMb: 1 }
    expect(running({ nodes: [half, half] })).toThrow(tooMany(MOST_NODES + 2))
  })

  it('that could never load an app, naming the largest, its size, the largest node and what to do', () => {
    const nodes = [
      { count: 2, memoryMb: 64 },
      { count: 1, memoryMb: 128 },
    ]
    const apps = { small: [100], large: [130], largest: [300.25] } as const
    expect(running({ nodes }, apps)).toThrow(
      mistake(
        'model.nodes: the app largest needs 300.3MB, and the largest node has 128MB. Every app must fit one node: give nodes at least 301MB.',
      ),
    )
    expect(running({ nodes: oneNode(301) }, apps)).not.toThrow()
  })

  it('under a placement or an eviction order that there is not, naming the nearest', () => {
    const nodes = oneNode(1)
    expect(running({ nodes, placement: 'least-load' })).toThrow(
      mistake('model.placement: no placement called "least-load". Did you mean "least-loaded"?'),
    )
    expect(running({ nodes, eviction: 'greedy' })).toThrow(
      mistake('model.eviction: no eviction order called "greedy". Did you mean "greedy-dual"?'),
    )
  })
})
