import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pilotlight } from '../pilotlight.ts'
import { type Study, study } from '../study.ts'

/**
 * Two apps of 600 MB; loading takes a second. On one node of 1 GB the second waits for the first to end:
 *
 *     s    0  1  2  3              11 12 13
 *     a    ll xxxxxxxxxxxxxxxxxxxxxx
 *     b    .  wwwwwwwwwwwwwwwwwwwwww ll xx    a is evicted at 11
 */
const EVENTS = `app,function,start_ms,duration_ms,memory_mb
a,f,0,10000,600
b,g,1000,1000,600
a,f,60000,0,600
`

let here: Study
beforeAll(() => {
  here = study()
  here.write('pressed.csv', EVENTS)
})
afterAll(() => here.remove())

/** Runs an experiment over these nodes; the two policies have 10 minutes and an eviction order of their own. */
async function run(nodes: string, more: string, ...flags: string[]) {
  const model = `model: { kind: cluster, nodes: ${nodes}, coldStart: 1s${more} }`
  const policies = 'policies:\n  - { policy: fixed }\n  - { policy: no-unload, eviction: greedy-dual }'
  here.write('pressed.yaml', `name: pressed\ntrace: { path: pressed.csv }\n${model}\n${policies}\n`)
  return pilotlight(here.folder, 'run', 'pressed.yaml', '--quiet', ...flags)
}

interface Document {
  readonly model: Readonly<Record<string, unknown>>
  readonly runs: readonly {
    readonly label: string
    readonly totals: object
    readonly reasons: object
    readonly latency: Readonly<Record<string, Readonly<Record<string, number>>>>
    readonly relative: object
  }[]
}

describe('pilotlight run, in a cluster', () => {
  it('lets an app wait for room and evicts for it, with the accounts done by hand', async () => {
    const { code, stdout, stderr } = await run('{ memory: [1GB, 2GB] }', '', '--json')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const { model, runs } = JSON.parse(stdout) as Document
    expect(model['nodes']).toEqual([[{ count: 1, memoryMb: 1024 }], [{ count: 1, memoryMb: 2048 }]])
    expect(runs.map(({ label }) => label)).toEqual([
      'fixed nodes=1x1GB',
      'no-unload(eviction=greedy-dual) nodes=1x1GB',
      'fixed nodes=1x2GB',
      'no-unload(eviction=greedy-dual) nodes=1x2GB',
    ])
    for (const pressed of runs.slice(0, 2)) {
      expect(pressed.totals).toMatchObject({ coldStarts: 3, evictions: 2, drops: 0, waits: 1, waitingMs: 10_000 })
      expect(pressed.reasons).toEqual({ first: 2, expired: 0, early: 0, evicted: 1, scaleOut: 0 })
      // Ten seconds for room and one for the load; a second more until the answer, as for the 10 s of the first.
      expect(pressed.latency['waiting']!['max']).toBeCloseTo(10_000, -2)
      expect(pressed.latency['added']!['max']).toBeCloseTo(11_000, -2)
      expect(pressed.latency['response']!['max']).toBeCloseTo(12_000, -2)
    }
    for (const roomy of runs.slice(2)) {
      expect(roomy.totals).toMatchObject({ coldStarts: 2, evictions: 0, drops: 0, waits: 0, waitingMs: 0 })
      expect(roomy.latency['waiting']!['max']).toBe(0)
      expect(roomy.latency['added']!['max']).toBeCloseTo(1000, -1)
    }
    expect(runs.map(({ relative }) => relative)).toMatchObject(runs.map(() => ({ coldStarts: 1 })))
  })

  it('drops what waits too long, and keeps each app’s latencies apart', async () => {
    const { stdout } = await run('{ memory: 1GB }', ', queueLimit: 4s', '--json', '--per-app', 'apps.csv')
    const { runs } = JSON.parse(stdout) as Document
    expect(runs[0]!.totals).toMatchObject({ invocations: 3, coldStarts: 1, drops: 1, waits: 1, waitingMs: 4000 })
    const [, a, b] = readFileSync(join(here.folder, 'apps.csv'), 'utf8').split('\n')
    expect(b).toMatch(/^fixed,b,1,0,.*,1,0,1,4000,{12}$/)
    expect(a).toMatch(/^fixed,a,2,1,.*,0,0,0,0,0,\d+/)
  })

  it('drops at once where nobody may wait', async () => {
    const { stdout } = await run('{ memory: 1GB }', ', overflow: drop', '--json')
    const { runs } = JSON.parse(stdout) as Document
    expect(runs[0]!.totals).toMatchObject({ coldStarts: 1, drops: 1, waits: 0, waitingMs: 0, evictions: 0 })
  })

  it('prints drops and added time beside the rest, and the nodes above', async () => {
    const { stdout } = await run('[ { count: 2, memory: 1GB }, { memory: 4GB } ]', '')
    expect(stdout).toMatch(/^model +kind=cluster nodes=2x1GB\+1x4GB placement=least-loaded eviction=lru\|greedy-dual /m)
    expect(stdout).toMatch(/drops +p99 added$/m)
  })

  it('refuses an app that fits no node, naming it, what it needs and where the nodes are written, once for all policies', async () => {
    const { code, stdout, stderr } = await run('{ count: 8, memory: 512MB }', '')
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toBe(
      '2 of 2 runs failed: \npressed.yaml:3:32: model.nodes: the app a needs 600MB, and the largest node has 512MB. Every app must fit one node: give nodes at least 600MB.\n',
    )
  })
})
