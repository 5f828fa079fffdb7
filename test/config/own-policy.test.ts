import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TRACE_FACTS } from '../../src/trace/trace.ts'
import { loadOwnPolicy, loadOwnPolicyHere } from '../../src/config/own-policy.ts'
import { planRuns } from '../../src/experiment/run-plan.ts'
import { readExperiment } from '../../src/config/experiment-file.ts'
import type { PolicyContext } from '../../src/policy/policy.ts'
import { guardedPolicy } from '../../src/own/guarded-policy.ts'
import { COUNTS } from '../experiment/facts.ts'

let folder: string
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'pilotlight-own-'))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let count = 0
/** Writes a policy to a file of its own, because Node loads one file once. */
function write(text: string, extension = 'mjs'): string {
  count += 1
  const file = join(folder, `policy-${count}.${extension}`)
  writeFileSync(file, text)
  return file
}

const GOOD = `export default {
  id: 'mine', summary: 'Keeps apps.', scope: 'app', needs: [],
  parameters: { window: { kind: 'duration', describe: 'How long.', default: 60000, min: 0 } },
  create: ({ window }) => ({ arrived() {}, decide(app, now, out) { out.prewarmMs = 0; out.keepAliveMs = window } }),
}
`

/** What Node itself says of each file; vitest would load them in its own way. */
function complaints(files: readonly string[]): string[] {
  return JSON.parse(execFileSync(process.execPath, [LOADER, ...files], { encoding: 'utf8' })) as string[]
}

const LOADER = fileURLToPath(new URL('load-policies.ts', import.meta.url))

describe('a policy of the user’s own', () => {
  it('is loaded with the digest of its file', async () => {
    const file = write(GOOD)
    const { definition, sha256, path } = await loadOwnPolicy(file, 'x')
    expect(definition.id).toBe('mine')
    expect(path).toBe(file)
    expect(sha256).toBe(createHash('sha256').update(GOOD).digest('hex'))
  })

  it('says which of its times are windows', async () => {
    const { definition } = await loadOwnPolicy(write(GOOD.replace('min: 0', 'min: 0, isWindow: true')), 'x')
    expect(definition.parameters['window']).toMatchObject({ isWindow: true })
    const other = write(GOOD.replace('min: 0', 'min: 0, isWindow: "yes"'))
    await expect(loadOwnPolicy(other, 'x')).rejects.toThrow('isWindow')
  })

  it('may be TypeScript', () => {
    const typed = GOOD.replace(
      'decide(app, now, out)',
      'decide(app: number, now: number, out: { prewarmMs: number, keepAliveMs: number })',
    )
    expect(complaints([write(typed, 'ts')])).toEqual(['accepted'])
  })

  it('is found beside the experiment, with its parameters checked and its file in the digest', async () => {
    write(GOOD)
    const experiment = join(folder, 'x.yaml')
    const entry = `{ policy: ./policy-${count}.mjs, window: [1m, 2m] }`
    writeFileSync(experiment, `name: x\ntrace: { path: t }\nbaseline: mine(window=1m)\npolicies:\n  - ${entry}\n`)
    const { runs } = planRuns(await readExperiment(experiment), COUNTS)
    expect(runs.map(({ label }) => label)).toEqual(['mine(window=1m)', 'mine(window=2m)'])
    expect(runs[0]!.spec).toMatchObject({ policy: 'mine', params: { window: 60_000 } })
    expect(runs[0]!.spec.policyFile).toBe(createHash('sha256').update(GOOD).digest('hex'))
    writeFileSync(
      experiment,
      `name: x\ntrace: { path: t }\npolicies:\n  - { policy: ./policy-${count}.mjs, windw: 1m }\n`,
    )
    await expect(readExperiment(experiment)).rejects.toThrow(
      `${experiment}:4:${30 + String(count).length}: policies[0].windw: the policy mine has no parameter called "windw". Did you mean "window"?`,
    )
  })

  it('may not share its id with another', async () => {
    const one = write(GOOD)
    const other = write(`${GOOD}// another\n`)
    const experiment = join(folder, 'two.yaml')
    writeFileSync(
      experiment,
      `name: x\ntrace: { path: t }\npolicies:\n  - { policy: ${one} }\n  - { policy: ${other}, label: b }\n`,
    )
    const read = await readExperiment(experiment)
    expect(() => planRuns(read, COUNTS)).toThrow(
      `${experiment}:5:5: policies[1]: two policies call themselves mine: ${one} and ${other}. Give one of them another id.`,
    )
  })
})

it('a policy in a folder whose package.json says commonjs is refused with what to write there', async () => {
  const inside = mkdtempSync(join(folder, 'commonjs-'))
  writeFileSync(join(inside, 'package.json'), '{ "type": "commonjs" }')
  const path = join(inside, 'mine.js')
  writeFileSync(path, GOOD)
  await expect(loadOwnPolicy(path, 'a test')).rejects.toThrow(
    /mine\.js(:\d+)?: the file does not load: Unexpected token 'export'\. The package\.json of its folder says "type": "commonjs"\. Say "type": "module" there/,
  )
})

const HINT = 'docs/own-policy.md shows a complete file.'

/** What is written, and the exact message. */
const REFUSED: readonly (readonly [string, string, string])[] = [
  ['with a syntax error', 'export default {', 'FILE:1: the file does not load: Unexpected end of input.'],
  ['that throws', 'throw new Error("no licence")', 'FILE:1:7: the file does not load: no licence.'],
  [
    'that imports what is not there',
    'import "../experiment/nothing.mjs"\nexport default {}',
    expect.stringMatching(/^FILE: the file does not load: Cannot find module /) as string,
  ],
  [
    'without a default export',
    'export const policy = {}',
    `FILE: expected a default export, the definition of a policy; found none. ${HINT}`,
  ],
  ['that is a number', 'export default 1', `FILE: expected object, received number. ${HINT}`],
  ['without an id', GOOD.replace("id: 'mine',", ''), `FILE: id: expected string, received undefined. ${HINT}`],
  [
    'with an id of two words',
    GOOD.replace('mine', 'my own'),
    `FILE: id: expected small letters, digits and "-", beginning with a letter. ${HINT}`,
  ],
  [
    'without create',
    GOOD.replace('create:', 'make:'),
    `FILE: create: expected a function that makes a policy. ${HINT}`,
  ],
  [
    'of another scope',
    GOOD.replace("'app'", "'all'"),
    `FILE: scope: Invalid option: expected one of "app"|"fleet". ${HINT}`,
  ],
  [
    'that needs what no trace has',
    GOOD.replace('needs: []', "needs: ['weather']"),
    `FILE: needs[0]: Invalid option: expected one of ${TRACE_FACTS.map((fact) => `"${fact}"`).join('|')}. ${HINT}`,
  ],
  [
    'with a parameter of no kind',
    GOOD.replace("kind: 'duration'", "kind: 'time'"),
    expect.stringMatching(/^FILE: parameters\.window\.kind: /) as string,
  ],
  [
    'with a parameter without bounds',
    GOOD.replace(', min: 0', ''),
    `FILE: parameters.window.min: expected number, received undefined. ${HINT}`,
  ],
  [
    'with a default out of its own range',
    GOOD.replace('min: 0', 'min: 90000'),
    `FILE: parameters.window: default: expected a duration of at least 90s, found "1m". ${HINT}`,
  ],
  [
    'with a parameter called label',
    GOOD.replaceAll('window', 'label'),
    `FILE: parameters.label: the name is taken by a key of every policy. ${HINT}`,
  ],
]

describe('a file that is no policy is refused by its name', () => {
  it('where there is no file', () => {
    expect(complaints([join(folder, 'nowhere.mjs')])).toEqual([
      'x.yaml:4:15: policies[0].policy: there is no file FILE. The path of a policy is relative to the experiment file.',
    ])
  })

  let found: string[]
  beforeAll(() => {
    found = complaints(REFUSED.map(([, text]) => write(text)))
  })

  it.each(REFUSED.map(([what], index) => [what, index] as const))('%s', (_what, index) => {
    expect(found[index]).toEqual(REFUSED[index]![2])
  })
})

describe('what a user’s policy throws names its place, its method and the app', () => {
  const names = { at: (app: number) => `app-${app}` }
  const context: PolicyContext = {
    apps: 3,
    functions: 3,
    horizonMs: 60_000,
    memoryMb: new Float64Array(3),
    coldStartMs: new Float64Array(3),
    trigger: new Uint8Array(3),
    functionApp: Uint32Array.from({ length: 3 }, (_, fn) => fn),
    seed: 1,
  }
  const policyOf = async (create: string) => {
    const own = await loadOwnPolicyHere(write(GOOD.replace(/create: .*/, `create: ${create},`)), 'x')
    return { own, make: () => guardedPolicy(own.definition, own.path, names).create({ window: 1 }, context) }
  }

  it('in decide', async () => {
    const { own, make } = await policyOf("() => ({ arrived() {}, decide() { throw new RangeError('too far.') } })")
    expect(() => make().decide(2, 5, { prewarmMs: 0, keepAliveMs: 0 })).toThrow(
      new RegExp(`^${own.path}:4:\\d+: decide\\(\\) for the app app-2 threw RangeError: too far\\.$`),
    )
  })

  it('in arrived and finished', async () => {
    const { make } = await policyOf("() => ({ arrived() { null.x }, decide() {}, finished() { throw 'a text' } })")
    const policy = make()
    expect(() => policy.arrived(0, 0, -1, 0)).toThrow(
      /:4:\d+: arrived\(\) for the app app-0 threw TypeError: Cannot read properties of null/,
    )
    expect(() => policy.finished!(1, 0, 0)).toThrow(/: finished\(\) for the app app-1 threw "a text"\.$/)
  })

  it('in create, or that it made no policy', async () => {
    const broken = await policyOf('() => missing()')
    expect(broken.make).toThrow(/:4:\d+: create\(\) threw ReferenceError: missing is not defined\.$/)
    const empty = await policyOf('() => ({ arrived() {} })')
    expect(empty.make).toThrow(`${empty.own.path}: create() must give an object with the method decide().`)
    const nothing = await policyOf('() => undefined')
    expect(nothing.make).toThrow(`${nothing.own.path}: create() must give an object with the method arrived().`)
  })

  it('and has no finished() where the policy has none, so that drivers do not call it', async () => {
    const { make } = await policyOf('() => ({ arrived() {}, decide() {} })')
    expect(make().finished).toBeUndefined()
  })
})

describe('a user’s policy on several threads', () => {
  it('gives the ledger of one thread, and what it throws names its file and the app', async () => {
    const { synthesizeTrace } = await import('../../src/trace/synth/index.ts')
    const { PAPER_MODEL } = await import('../../src/sim/model.ts')
    const { runSimulation } = await import('../../src/sim/simulation.ts')
    const { simulationPool } = await import('../../src/sim/workers/pool.ts')
    const trace = synthesizeTrace({ apps: 30, days: 1, seed: 3 })
    const good = write(GOOD)
    const last = trace.apps.count - 1
    const bad = write(
      GOOD.replace('decide(app, now, out) {', `decide(app, now, out) { if (app === ${last}) throw new Error('no');`),
    )
    const pool = simulationPool(trace, 2, 1)
    try {
      const simulation = async (file: string) => {
        const { definition, path } = await loadOwnPolicyHere(file, 'x')
        return {
          model: PAPER_MODEL,
          policy: definition,
          policyFile: { file: path },
          params: { window: 120_000 } as never,
          seed: 1,
        }
      }
      const one = runSimulation({ trace, ...(await simulation(good)) })
      const several = await pool.simulate(await simulation(good))
      expect([...new Float64Array(several.buffer)]).toEqual([...new Float64Array(one.buffer)])
      await expect(pool.simulate(await simulation(bad))).rejects.toThrow(
        new RegExp(`^${bad}:4:\\d+: decide\\(\\) for the app ${trace.apps.name.at(last)} threw Error: no\\.$`),
      )
    } finally {
      await pool.close()
    }
  })
})
