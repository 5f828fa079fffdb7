import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { readExperiment } from '../../../src/config/experiment-file.ts'
import { loadOwnEviction, loadOwnPlacement } from '../../../src/config/own-plugins.ts'
import { planRuns } from '../../../src/experiment/run-plan.ts'
import { policies } from '../../../src/policy/policies/index.ts'
import { CLUSTER_MODEL, type ClusterModel } from '../../../src/sim/model.ts'
import { runSimulation } from '../../../src/sim/simulation.ts'
import { simulationPool } from '../../../src/sim/workers/pool.ts'
import { receivedModel, sentModel } from '../../../src/sim/workers/sent-model.ts'
import { TraceBuilder } from '../../../src/trace/build/builder.ts'
import { COUNTS } from '../../experiment/facts.ts'
import { expectEqual } from '../scenario.ts'
import { openWatch } from '../../../src/own/watch.ts'

const folder = mkdtempSync(join(tmpdir(), 'pilotlight-rules-'))
afterAll(() => rmSync(folder, { recursive: true }))

let files = 0
function write(text: string): string {
  files += 1
  const file = join(folder, `rule${files}.mjs`)
  writeFileSync(file, text)
  return file
}

/** An eviction order whose pool is this text. */
function eviction(pool: string): string {
  return write(`export default { id: 'mine', summary: 'Mine.', paper: 'none', pool: ${pool} }`)
}

/** A placement whose choose() is this text, in a closure over the nodes. */
function placement(choose: string): string {
  return write(`export default { id: 'mine', summary: 'Mine.', create: ({ nodes }) => ({ ${choose} }) }`)
}

/** A pool that keeps what is idle in a list; `victim` is the text of its method. */
const listed = (victim: string): string => `() => {
  const idle = []
  return {
    add(instance) { idle.push(instance) },
    remove(instance) { idle.splice(idle.indexOf(instance), 1) },
    forget() {},
    victim(spared) { ${victim} },
  }
}`

/** Thirty apps of unlike sizes that come round again and again, so that memory is short. */
const trace = (() => {
  const builder = new TraceBuilder({ id: 'small', format: 'azure-2019' })
  for (let app = 0; app < 30; app += 1) {
    const row = builder.functionRow('owner', `app${app}`, 'fn')
    for (let minute = app; minute < 200; minute += 5 + app) builder.addCount(row, minute, 1)
    builder.addMemory('owner', `app${app}`, 100 + 10 * app, 1)
  }
  return builder.build(200 * 60_000, { files: [], defects: [] })
})()
const policy = policies.get('no-unload', 'test')
const SMALL = { ...CLUSTER_MODEL, nodes: [{ count: 2, memoryMb: 600 }] }

/** Runs it as a worker does, which loads the rules itself. */
async function run(options: Partial<ClusterModel>, nodes = SMALL.nodes) {
  const model = await receivedModel(sentModel({ ...SMALL, ...options, nodes }), 'run', trace.apps.name, openWatch())
  return runSimulation({ trace, model, policy, params: {}, seed: 1 })
}

async function ownEviction(pool: string): Promise<Partial<ClusterModel>> {
  return { eviction: await loadOwnEviction(eviction(pool), 'x.yaml') }
}

describe('an eviction order of a user’s own', () => {
  it('gives the accounts of the listed one that does the same, ranked or with a list of its own', async () => {
    const lru = await run({ eviction: 'lru' })
    expect(lru.evictions.some((count) => count > 0)).toBe(true)
    expectEqual(await run(await ownEviction('({ ranked }) => ranked((app, now) => now)')), lru)
    expectEqual(await run(await ownEviction(listed('return idle.find((each) => !spared?.has(each))'))), lru)
  })

  it.each([
    [
      'an instance that is not there',
      'return 99',
      /victim\(\) must give an idle instance of node \d that is not spared, found 99/,
    ],
    ['nothing', '', /found undefined/],
    ['an error', 'throw new Error("no idea")', /rule\d+\.mjs:\d+:\d+: victim\(\) threw Error: no idea/],
  ])('is at fault by name where it gives %s', async (_, victim, wrong) => {
    const own = await ownEviction(listed(victim))
    await expect(run(own)).rejects.toThrow(wrong)
  })

  it('is refused for a rank that is no number, and for a pool without a method', async () => {
    const nan = await ownEviction('({ ranked }) => ranked(() => NaN)')
    await expect(run(nan)).rejects.toThrow(/rule\d+\.mjs: a rank must be a number, found NaN/)
    const short = await ownEviction('() => ({ add() {}, remove() {}, forget() {} })')
    await expect(run(short)).rejects.toThrow(/pool\(\) must give an object with the method victim\(\)/)
  })

  it('changes nothing of the trace by what it does to what it is given', async () => {
    const before = [...trace.apps.memoryMb, ...trace.apps.coldStartMs]
    run(
      await ownEviction(
        '({ ranked, memoryMb, loadingMs }) => { memoryMb.fill(9); loadingMs.fill(9); return ranked(() => 1) }',
      ),
    )
    expect([...trace.apps.memoryMb, ...trace.apps.coldStartMs]).toEqual(before)
  })
})

describe('a placement of a user’s own', () => {
  it('gives the accounts of the listed one that does the same', async () => {
    const first = `choose(app, units, evicts) {
      for (const room of [(n) => nodes.free[n], ...(evicts ? [(n) => nodes.free[n] + nodes.idle[n]] : [])])
        for (let node = 0; node < nodes.count; node += 1) if (room(node) >= units) return node
      return -1
    }`
    const own = { placement: await loadOwnPlacement(placement(first), 'x.yaml') }
    expectEqual(await run(own), await run({ placement: 'first-fit' }))
  })

  it.each([
    ['a node that is full', 'choose: () => 0', /choose\(\) chose node 0, where \d+ of the \d+ units are free or idle/],
    ['a node that there is not', 'choose: () => 7', /choose\(\) must give a node from 0 to 1, or -1 for none, found 7/],
    ['nothing', 'choose() {}', /found undefined/],
    [
      'a full node, by the table that it wrote itself',
      'choose: () => { nodes.free.fill(1e9); return 0 }',
      /chose node 0/,
    ],
  ])('is at fault by name where it chooses %s', async (_, choose, wrong) => {
    const own = { placement: await loadOwnPlacement(placement(choose), 'x.yaml') }
    // Executions of a minute hold what they have, so that a node is full of running work.
    await expect(run({ ...own, coldStart: 600_000 })).rejects.toThrow(wrong)
  })
})

describe('in an experiment', () => {
  it('a rule is named by its path, may be swept, and is in the digest by its text', async () => {
    const file = eviction('({ ranked }) => ranked((app, now) => now)')
    const yaml = join(folder, 'x.yaml')
    const name = `./${file.split('/').at(-1)}`
    const model = `{ kind: cluster, nodes: { memory: 8GB }, eviction: [lru, ${name}] }`
    writeFileSync(
      yaml,
      `name: x\ntrace: { path: t }\nmodel: ${model}\npolicies: [{ policy: no-unload }]\nbaseline: no-unload\n`,
    )
    const { runs } = planRuns(await readExperiment(yaml), COUNTS)
    expect(runs.map(({ label }) => label)).toEqual(['no-unload eviction=lru', `no-unload eviction=${name}`])
    expect(runs[1]!.spec.model['eviction']).toMatch(/^mine@[0-9a-f]{64}$/)
    writeFileSync(
      file,
      `${eviction.toString()}\nexport default { id: 'mine', summary: 'Other.', paper: 'none', pool() {} }`,
    )
    const again = planRuns(await readExperiment(yaml), COUNTS).runs
    expect(again[0]!.digest).toBe(runs[0]!.digest)
    expect(again[1]!.digest).not.toBe(runs[1]!.digest)
  })

  it('an id of a listed rule, a misspelt id and a file that is not there are refused at their place', async () => {
    const taken = write(`export default { id: 'lru', summary: 'Mine.', paper: 'none', pool() {} }`)
    const yaml = join(folder, 'y.yaml')
    const refused = (named: string): Promise<unknown> => {
      const model = `{ kind: cluster, nodes: { memory: 8GB }, placement: ${named} }`
      writeFileSync(yaml, `name: x\ntrace: { path: t }\nmodel: ${model}\npolicies: [{ policy: no-unload }]\n`)
      return readExperiment(yaml)
    }
    await expect(loadOwnEviction(taken, 'x.yaml')).rejects.toThrow(
      'id: there is an eviction order of pilotlight called lru',
    )
    await expect(refused('hsh')).rejects.toThrow(/y\.yaml:3:\d+: model\.placement: .*Did you mean "hash"\?/)
    await expect(refused('./nowhere.mjs')).rejects.toThrow(/y\.yaml:3:\d+: model\.placement: there is no file /)
  })
})

it('A rule that never comes back is ended in its worker, and named with its file, method and app', async () => {
  const own = await ownEviction('({ ranked }) => ranked((app) => { for (;;); })')
  const pool = simulationPool(trace, 1)
  try {
    const model = { ...SMALL, ...own }
    await expect(pool.simulate({ model, policy, params: {}, seed: 1, longestCallMs: 600 })).rejects.toThrow(
      /rule\d+\.mjs: add\(\) for the app owner\/app\d+ did not come back within 0\.6 s/,
    )
    // The pool goes on, and gives the same in a worker as in this thread.
    const lru = await ownEviction('({ ranked }) => ranked((app, now) => now)')
    expectEqual(
      await pool.simulate({ model: { ...SMALL, ...lru }, policy, params: {}, seed: 1 }),
      await run({ eviction: 'lru' }),
    )
  } finally {
    await pool.close()
  }
})

it('The examples of docs/cluster.md load', async () => {
  const examples = new URL('../../../experiments/own-rules.yaml', import.meta.url)
  const { models } = await readExperiment(fileURLToPath(examples))
  expect(models[0]!.given.map(({ name }) => name)).toContain('placement')
})
