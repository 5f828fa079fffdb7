import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { INSTANCES_MODEL, PAPER_MODEL } from '../../../src/sim/model.ts'
import { runSimulation } from '../../../src/sim/simulation.ts'
import { guardedPolicy } from '../../../src/own/guarded-policy.ts'
import { policyInFile } from '../../../src/own/own-code.ts'
import { simulationPool } from '../../../src/sim/workers/pool.ts'
import type { Ledger } from '../../../src/engine/ledger.ts'
import { tryLoading } from '../../../src/own/trial.ts'
import { TraceBuilder } from '../../../src/trace/build/builder.ts'
import { answers, expectEqual } from '../scenario.ts'

const folder = mkdtempSync(join(tmpdir(), 'pilotlight-own-'))
afterAll(() => rmSync(folder, { recursive: true }))

function smallTrace() {
  const builder = new TraceBuilder({ id: 'small', format: 'azure-2019' })
  for (let app = 0; app < 40; app += 1) {
    const row = builder.functionRow('owner', `app${app}`, 'fn')
    for (let minute = app; minute < 300; minute += 7 + app) builder.addCount(row, minute, 1)
    builder.addMemory('owner', `app${app}`, 100 + app, 1)
  }
  return builder.build(300 * 60_000, { files: [], defects: [] })
}
const trace = smallTrace()
let files = 0

/** A policy of a user's own whose methods are this text, in a file of its own. */
function policyFile(methods: string, before = '', created = ''): string {
  const file = join(folder, `policy${files++}.mjs`)
  const text = `${before}\nexport default { id: 'own', summary: 'Own.', parameters: {}, scope: 'app', needs: [],
    create(params, context) { ${created}; return { arrived() {}, decide(app, now, out) { out.prewarmMs = 0; out.keepAliveMs = 60000 }, ${methods} } } }`
  writeFileSync(file, text)
  return file
}

async function run(file: string, jobs = 1, model: typeof PAPER_MODEL | typeof INSTANCES_MODEL = INSTANCES_MODEL) {
  const pool = simulationPool(trace, jobs, 1)
  const policy = answers([0, 60_000])
  try {
    return await pool.simulate({ model, policy, policyFile: { file }, params: {}, seed: 1, longestCallMs: 1500 })
  } finally {
    await pool.close()
  }
}

describe('what a policy of a user’s own does to the process is refused, with its file, method and app', () => {
  it.each([
    [
      'an endless loop',
      'arrived(app) { if (app === 3) for (;;); }',
      /arrived\(\) for the app owner\/app11 did not come back within 1.5 s/,
    ],
    [
      'process.exit',
      'arrived(app) { if (app === 2) process.exit(0) }',
      /policy\d+\.mjs:\d+:\d+: arrived\(\) for the app owner\/app10 threw Error: it ends the process/,
    ],
    [
      'process.kill',
      'arrived(app) { if (app === 2) process.kill(process.pid) }',
      /arrived\(\) for the app owner\/app10 threw Error: it sends signals to processes/,
    ],
    [
      'process.reallyExit',
      'arrived() { process.reallyExit(0) }',
      /arrived\(\) for the app owner\/app0 threw Error: it ends the process/,
    ],
    ['a text that is thrown', `arrived() { throw 'boom' }`, /arrived\(\) for the app owner\/app0 threw "boom"/],
    ['an async answer', 'async decide() {}', /it must not be async/],
    ['text for a time', `decide(app, now, out) { out.prewarmMs = 0; out.keepAliveMs = '600000' }`, /found "600000"/],
    [
      'an answer left out',
      'decide(app, now, out) { if (app % 2 === 0) { out.prewarmMs = 0; out.keepAliveMs = 9 } }',
      /app1: decide\(\) must set prewarmMs/,
    ],
  ])('%s', async (_what, methods, told) => {
    const file = policyFile(methods)
    await expect(run(file)).rejects.toMatchObject({ name: 'UserError', message: expect.stringMatching(told) })
  })

  it.each([
    ['freezes', 'Object.freeze(out)'],
    ['seals', 'Object.seal(out); delete globalThis.nothing'],
    ['keeps, and changes later', 'if (this.kept) this.kept.keepAliveMs = -5; this.kept = out'],
    [
      'makes of accessors',
      `for (const name of ['prewarmMs', 'keepAliveMs']) {
        const value = out[name]; Object.defineProperty(out, name, { get: () => value, set() {} }) }`,
    ],
  ])('nothing that it does with what it fills reaches another question: it %s it', async (_what, does) => {
    const file = policyFile(`decide(app, now, out) { out.prewarmMs = 0; out.keepAliveMs = 60000; ${does} }`)
    expectEqual(await run(file), await run(policyFile('')))
  })

  it.each([
    ['5n', '5n'],
    ['Object.create(null)', '{}'],
    ['(() => { const ring = {}; ring.ring = ring; return ring })()', 'something of type object'],
    [`Object.assign(new Error(''), { message: 5 })`, 'Error: 5'],
    [`Object.assign(new Error('x'), { stack: 7, name: Symbol('s') })`, 'x'],
    [
      `Object.defineProperty(new Error('x'), 'message', { get() { throw 1 } })`,
      'Error: something that cannot be shown',
    ],
    ['undefined', 'undefined'],
    ['() => 5', '() => 5'],
  ])('whatever it throws is told in a sentence: %s', async (value, told) => {
    await expect(run(policyFile(`arrived() { throw ${value} }`))).rejects.toMatchObject({
      name: 'UserError',
      complaint: { problem: `arrived() for the app owner/app0 threw ${told}` },
    })
  })

  it('an endless loop in create()', async () => {
    const file = policyFile('', '', 'for (;;);')
    await expect(run(file)).rejects.toThrow(/create\(\) did not come back/)
  })

  it('a floor that ends in a millionth of a millisecond', async () => {
    const file = policyFile('floor(app, now, out) { out.instances = 1; out.untilMs = now + 1e-6 }')
    await expect(run(file)).rejects.toThrow(/floor\(\) was asked 2000000 times from 0 ms to .* Set untilMs/)
  })
})

describe('a file is first loaded where it can end nothing but its own thread', () => {
  it.each([
    ['process.exit(0)', 'it ends the process'],
    ['await new Promise(() => {})', 'it awaits what never comes'],
    ['for (;;);', 'it does not come to its end within 1 s'],
    [`Promise.reject(new Error('lost'))`, 'it throws while nobody listens: lost'],
    [`setTimeout(() => { throw new Error('late') }, 1)`, 'it throws while nobody listens: late'],
  ])('%s', async (before, told) => {
    // A busy machine may take a second to start a thread.
    const longestMs = before === 'for (;;);' ? 1000 : 20_000
    await expect(tryLoading(policyFile('', before), 'own.mjs', longestMs)).rejects.toThrow(
      `own.mjs: the file does not load: ${told}`,
    )
  })

  it('a file that is well, with a timer of its own that never ends', async () => {
    const file = policyFile('', 'setInterval(() => {}, 1000)')
    await expect(tryLoading(file, 'own.mjs', 5000)).resolves.toEqual(['Timeout'])
    await expect(tryLoading(policyFile(''), 'own.mjs', 5000)).resolves.toEqual([])
  })
})

it('A policy that is edited while its runs are made is refused', async () => {
  await expect(policyInFile({ file: policyFile(''), sha256: '0'.repeat(64) })).rejects.toThrow(
    'the file was edited while its runs were made',
  )
})

it('What a policy does to what it is given changes nothing for the runs after it, with 1, 2 or 4 workers', async () => {
  const model = PAPER_MODEL
  const expected = runSimulation({ trace, model, policy: answers([0, 60_000]), params: {}, seed: 1 })
  const created = `for (const value of Object.values(context)) if (ArrayBuffer.isView(value)) value.fill(9)
    try { context.memoryMb = [] } catch {}`
  const file = policyFile('', '', created)
  const names = trace.apps.name
  runSimulation({ trace, model, policy: guardedPolicy(await policyInFile({ file }), file, names), params: {}, seed: 1 })
  for (const jobs of [1, 2, 4]) {
    expectEqual(await run(file, jobs, PAPER_MODEL), expected)
    expectEqual(runSimulation({ trace, model, policy: answers([0, 60_000]), params: {}, seed: 1 }), expected)
  }
})

/** What code of a user's own may do to what the language brings, and how that is called. */
const CHANGES = [
  ['Array.prototype.map = () => []', 'Array.prototype.map'],
  ['Array.prototype.more = 1', 'Array.prototype.more'],
  ['delete Array.prototype.at', 'Array.prototype.at'],
  ['Object.prototype.value = 5', 'Object.prototype.value'],
  ['Math.random = () => 0.5', 'Math.random'],
  ['Date.now = () => 0', 'Date.now'],
  ['globalThis.Date = class {}', 'globalThis.Date'],
  ['globalThis.Map = class {}', 'globalThis.Map'],
  ['globalThis.learnt = (globalThis.learnt ?? 0) + 1', 'globalThis.learnt'],
  ['Float64Array.prototype.fill = function () { return this }', 'Float64Array.prototype.fill'],
  ['Object.setPrototypeOf(Map.prototype, Set.prototype)', 'Map.prototype'],
] as const

describe('what a policy of a user’s own does to what the language brings is refused, and put back', () => {
  it.each([
    [
      'when it is loaded',
      '',
      'Math.random = () => 0.5',
      /\.mjs: it changes Math.random, which all that runs in its thread/,
    ],
    ['when it is asked', 'finished() { globalThis.learnt = 1 }', '', /it changes globalThis.learnt, /],
    [
      'late',
      'finished(app) { if (app === 30) delete globalThis.given }',
      'globalThis.given = {}',
      /globalThis.given, /,
    ],
  ])('%s', async (_when, methods, before, told) => {
    await expect(run(policyFile(methods, before))).rejects.toThrow(told)
  })

  it('but not what a library keeps in the global object as it is loaded', async () => {
    await expect(
      run(policyFile('', 'globalThis.libraryConfig ??= {}; globalThis[Symbol.for("x")] = 1')),
    ).resolves.toBeDefined()
  })

  it('also where it cannot be put back, by the end of its thread', async () => {
    await expect(run(policyFile('', '', 'Object.freeze(Math)'))).rejects.toThrow(
      /it changes Math\.\w+, which all that runs in its thread shares, and it cannot be put back/,
    )
  })

  it('and runs that follow in the same thread are as they were', async () => {
    const pool = simulationPool(trace, 1, 1)
    const model = INSTANCES_MODEL
    const simulate = (policyFileOf?: string) =>
      pool.simulate({
        model,
        policy: answers([0, 60_000]),
        ...(policyFileOf === undefined ? {} : { policyFile: { file: policyFileOf } }),
        params: {},
        seed: 1,
      })
    const expected = runSimulation({ trace, model, policy: answers([0, 60_000]), params: {}, seed: 1 })
    const right = policyFile('')
    try {
      for (const [deed, name] of [...CHANGES, ['Object.freeze(Array.prototype)', undefined] as const]) {
        const told = name === undefined ? 'cannot be put back' : `it changes ${name}, which all that runs in its thread`
        await expect(simulate(policyFile('', '', deed)), deed).rejects.toThrow(told)
        expectEqual(await simulate(right), expected)
      }
    } finally {
      await pool.close()
    }
  })
})

it('Nothing that a policy keeps in its module goes from run to run, whatever the workers', async () => {
  const keeps = 'let seen = 0'
  const file = policyFile(
    'decide(app, now, out) { seen += 1; out.prewarmMs = 0; out.keepAliveMs = seen > 500 ? 0 : 60000 * context.seed }',
    keeps,
  )
  const simulations = [1, 2, 3].map((seed) => ({
    model: INSTANCES_MODEL,
    policy: { ...answers([0, 60_000]), scope: 'fleet' as const },
    policyFile: { file },
    params: {},
    seed,
  }))
  const ledgers: Ledger[][] = []
  for (const jobs of [1, 3]) {
    const pool = simulationPool(trace, jobs)
    const found: Ledger[] = []
    try {
      await pool.simulateAll(simulations, {
        copies: false,
        ends(place, outcome) {
          if ('failure' in outcome) throw outcome.failure
          found[place] = outcome.ledger
        },
      })
    } finally {
      await pool.close()
    }
    ledgers.push(found)
  }
  const alone = await Promise.all(
    simulations.map(async (simulation) => {
      const pool = simulationPool(trace, 1)
      try {
        return await pool.simulate(simulation)
      } finally {
        await pool.close()
      }
    }),
  )
  for (const found of ledgers) for (const [place, ledger] of found.entries()) expectEqual(ledger, alone[place]!)
})
