import { describe, expect, it } from 'vitest'
import type { Comparison, RunSummary } from '../../../src/metrics/comparison.ts'
import { capacityLines } from '../../../src/report/comparison/capacity-lines.ts'
import { capacity } from '../../../src/report/charts/capacity.ts'
import { chartSvg } from '../../../src/report/drawing/vega.ts'
import { plausibleComparison } from '../plausible-comparison.ts'

interface Swept {
  readonly label: string
  readonly policy?: string
  readonly eviction?: string
  readonly nodes?: readonly (readonly [count: number, memoryMb: number])[]
  readonly cold: number
  readonly drops?: number
}

/** Runs of 10,000 invocations each. */
function swept(runs: readonly Swept[]): Comparison {
  const comparison = plausibleComparison({ runs: 1 })
  const [some] = comparison.runs
  const made = runs.map(({ label, policy = 'no-unload', eviction = 'lru', nodes, cold, drops = 0 }): RunSummary => {
    const list = nodes?.map(([count, memoryMb]) => ({ count, memoryMb }))
    const world = { kind: 'cluster', nodes: list, placement: 'hash', eviction, overflow: 'queue' }
    const model = list === undefined ? { kind: 'instances' } : world
    const totals = { ...some!.totals, invocations: 10_000, coldStarts: cold, drops }
    return { ...some!, label, policy, params: {}, model, totals, coldShare: cold / 10_000 }
  })
  return { ...comparison, runs: made }
}

const GRID = swept(
  (['lru', 'greedy-dual'] as const).flatMap((eviction, order) =>
    [16, 4, 8].map((gb) => ({
      label: `no-unload nodes.memory=${gb}GB eviction=${eviction}`,
      eviction,
      nodes: [[2, 1024 * gb]] as const,
      cold: 8000 / gb - 100 * order,
    })),
  ),
)

async function textsOf(comparison: Comparison): Promise<string> {
  const svg = await chartSvg(capacity.draw(comparison))
  return svg.replaceAll(/<[^>]*>/g, '\n')
}

describe('the lines of a capacity sweep', () => {
  it('are one a policy and eviction order, by growing memory of all nodes, in percent of invocations', () => {
    const lines = capacityLines(GRID)
    expect(lines.map(({ name }) => name)).toEqual(['no-unload eviction=lru', 'no-unload eviction=greedy-dual'])
    expect(lines[0]!.points.map(({ memoryMb, missed }) => [memoryMb, missed])).toEqual([
      [8192, 20],
      [16_384, 10],
      [32_768, 5],
    ])
  })

  it('join other numbers of nodes of the same size', () => {
    const lines = capacityLines(
      swept([
        { label: 'a nodes.count=2', nodes: [[2, 1024]], cold: 9 },
        { label: 'a nodes.count=4', nodes: [[4, 1024]], cold: 5 },
      ]),
    )
    expect(lines.map(({ name, points }) => [name, points.length])).toEqual([['a', 2]])
  })

  it('part numbers of nodes that come to the same memory', () => {
    const lines = capacityLines(
      swept([
        { label: 'a nodes.count=2 nodes.memory=1GB', nodes: [[2, 1024]], cold: 9 },
        { label: 'a nodes.count=2 nodes.memory=2GB', nodes: [[2, 2048]], cold: 7 },
        { label: 'a nodes.count=4 nodes.memory=1GB', nodes: [[4, 1024]], cold: 5 },
        { label: 'a nodes.count=4 nodes.memory=2GB', nodes: [[4, 2048]], cold: 3 },
      ]),
    )
    expect(lines.map(({ name, points }) => [name, points.length])).toEqual([
      ['a nodes.count=2', 2],
      ['a nodes.count=4', 2],
    ])
  })

  it('sum unlike nodes', () => {
    const lines = capacityLines(
      swept([
        {
          label: 'a',
          nodes: [
            [2, 1000],
            [1, 500],
          ],
          cold: 1,
        },
      ]),
    )
    expect(lines[0]!.points[0]!.memoryMb).toBe(2500)
  })

  it('count a dropped invocation like a cold one', () => {
    const lines = capacityLines(swept([{ label: 'a', nodes: [[1, 1000]], cold: 300, drops: 200 }]))
    expect(lines[0]!.points[0]).toMatchObject({ missed: 5, coldStarts: 300, drops: 200 })
  })

  it('have names that differ, though labels have nothing in common', () => {
    const lines = capacityLines(
      swept([
        { label: 'small', nodes: [[1, 1000]], cold: 5 },
        { label: 'large', nodes: [[1, 2000]], cold: 3 },
        { label: 'other small', policy: 'fixed', nodes: [[1, 1000]], cold: 5 },
      ]),
    )
    expect(lines.map(({ name }) => name)).toEqual(['small', 'other small'])
  })

  it('keep a bracket with blanks in one piece', () => {
    const runs = [1, 2].map((gb) => {
      const label = `fixed(keepAlive=10m, renew=off) nodes.memory=${gb}GB`
      return { label, nodes: [[1, gb * 1024]] as const, cold: 5 }
    })
    expect(capacityLines(swept(runs))[0]!.name).toBe('fixed(keepAlive=10m, renew=off)')
  })
})

describe('the capacity chart', () => {
  it('names its lines and has doublings of memory on its axis where the range asks for them', async () => {
    const wide = swept(
      [1, 4, 16].map((gb) => ({ label: `lru nodes.memory=${gb}GB`, nodes: [[1, gb * 1024]] as const, cold: 800 / gb })),
    )
    const texts = (await textsOf(wide)).split('\n').map((text) => text.trim())
    expect(texts).toEqual(expect.arrayContaining(['lru', 'Memory of all nodes (GB)', '1', '2', '4', '8', '16']))
    expect(texts).toEqual(expect.arrayContaining(['Cold starts (% of invocations)', '0.5', '1', '2', '5']))
  })

  it('says that it counts drops, and marks their runs, only where there are any', async () => {
    const [first, ...others] = GRID.runs
    const dropping = { ...first!, totals: { ...first!.totals, drops: 400 } }
    expect(await textsOf(GRID)).not.toMatch(/drop/i)
    const texts = await textsOf({ ...GRID, runs: [dropping, ...others] })
    expect(texts).toContain('Cold or dropped (% of invocations)')
    expect(texts).toContain('Dropped invocations count like cold ones; a cross marks runs that dropped any.')
  })

  it('says how many runs have no nodes', async () => {
    const comparison = swept([{ label: 'unlimited', cold: 3 }])
    expect(await textsOf({ ...GRID, runs: [...GRID.runs, ...comparison.runs] })).toContain('Left out: 1 of 7 runs')
  })

  it('suits runs that differ in the memory of their nodes, and no others', () => {
    const same = swept([
      { label: 'a', nodes: [[1, 1000]], cold: 5 },
      { label: 'b', policy: 'fixed', nodes: [[2, 500]], cold: 4 },
    ])
    expect([GRID, same, plausibleComparison({ runs: 3 })].map((each) => capacity.suits?.(each))).toEqual([
      true,
      false,
      false,
    ])
  })
})
