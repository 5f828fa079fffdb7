import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { ApartPolicy } from '../../../src/live/apart/apart-policy.ts'
import type { ContextData } from '../../../src/live/fleet/policy-context.ts'
import { watchedPolicy } from '../../../src/live/fleet/watched-policy.ts'
import type { Policy, PolicyDefinition } from '../../../src/policy/policy.ts'
import { eventually } from '../serving.ts'

let folder: string
const opened: ApartPolicy[] = []
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pl-apart-'))
})
afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close()))
})
afterAll(() => rmSync(folder, { recursive: true }))

const APPS = 3
const CONTEXT: ContextData = {
  apps: APPS,
  functions: APPS,
  horizonMs: Number.POSITIVE_INFINITY,
  memoryMb: new Float64Array(APPS).fill(128),
  coldStartMs: new Float64Array(APPS),
  trigger: new Uint8Array(APPS),
  functionApp: Uint32Array.from({ length: APPS }, (_, app) => app),
  seed: 1,
}
const NAMES = ['one', 'two', 'three']

let files = 0
/** A policy's file, whose `create` has this body. */
function fileOf(create: string, before = ''): string {
  files += 1
  const file = join(folder, `policy-${files}.mjs`)
  const text = `${before}
const keep = (out, ms) => { out.prewarmMs = 0; out.keepAliveMs = ms }
export default { id: 'own', summary: 'x', parameters: {}, scope: 'fleet', needs: [], create: (params, context) => { ${create} } }`
  writeFileSync(file, text)
  return file
}

interface Opened {
  readonly apart: ApartPolicy
  readonly policy: Policy
  /** What was told: failures, states, answers that were missed, and when an app is to be asked again. */
  readonly told: string[]
}

async function open(
  file: string,
  {
    params = {},
    answerMs = 1000,
    longestMs = 300,
    mostHeapMb = 256,
  }: { params?: object; answerMs?: number; longestMs?: number; mostHeapMb?: number } = {},
): Promise<Opened> {
  const told: string[] = []
  const watcher = {
    policyFailed: (app: number | null, error: unknown) => void told.push(`${app} failed: ${String(error)}`),
    policyMissed: (app: number | null, method: string) => void told.push(`${app} missed ${method}`),
    policyStands: (state: string, why: string | null) => void told.push(`${state}: ${why}`),
  }
  const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex')
  const apart = await ApartPolicy.open({
    code: { file, sha256 },
    params: params as Readonly<Record<string, unknown>>,
    context: () => CONTEXT,
    originMs: 0,
    now: () => 0,
    names: { at: (app) => NAMES[app] ?? '' },
    answerMs,
    longestMs,
    mostHeapMb,
    watcher,
  })
  opened.push(apart)
  const policy = watchedPolicy(
    apart.policy((app, at) => void told.push(`${app} at ${at}`)),
    watcher,
  )
  return { apart, policy, told }
}

function windowsOf(policy: Policy, app: number, now: number): readonly number[] {
  const out = { prewarmMs: Number.NaN, keepAliveMs: Number.NaN }
  policy.decide(app, now, out)
  return [out.prewarmMs, out.keepAliveMs]
}

function floorOf(policy: Policy, app: number, now: number): readonly number[] {
  const out = { instances: Number.NaN, untilMs: Number.NaN }
  policy.floor?.(app, now, out)
  return [out.instances, out.untilMs]
}

describe('a policy in a thread of its own', () => {
  it('answers what it answers in this thread, whatever it hears', async () => {
    for (const [name, params] of [
      ['my-policy', { first: 600_000, longest: 3_600_000 }],
      ['by-demand', { every: 60_000, periods: 3 }],
    ] as const) {
      const file = fileURLToPath(new URL(`../../../experiments/${name}.ts`, import.meta.url))
      const own = (await import(pathToFileURL(file).href)) as { default: PolicyDefinition }
      const { policy: apart, told } = await open(file, { params })
      const asked: string[] = []
      const here = own.default.create(params as never, {
        ...CONTEXT,
        askAgain: (app, at) => void asked.push(`${app} at ${at}`),
      })
      let now = 0
      const steps = fc.array(fc.tuple(fc.nat(APPS - 1), fc.integer({ min: 1, max: 100_000 }), fc.nat(2)), {
        maxLength: 60,
      })
      await fc.assert(
        fc.asyncProperty(steps, async (all) => {
          for (const [app, after, what] of all) {
            now += after
            for (const policy of [here, apart]) {
              if (what === 0) policy.arrived(app, now, after, app)
              else if (what === 1) policy.rose?.(app, now, after % 7)
              else policy.finished?.(app, now, app)
            }
            expect(windowsOf(apart, app, now)).toEqual(windowsOf(here, app, now))
            expect(floorOf(apart, app, now)).toEqual(floorOf(here, app, now))
          }
        }),
        { numRuns: 20 },
      )
      await eventually(() => told.length === asked.length)
      expect(told).toEqual(asked)
    }
  })

  it('leaves an app its last answer where none comes, and is ended for a call that never ends', async () => {
    const file = fileOf(`
      let after = 0
      return {
        arrived() {},
        decide(app, now, out) { if (now === 66) for (;;); keep(out, 1000 * app + after) },
        save: () => after, load: (app, state) => void (after = state),
      }`)
    const { apart, policy, told } = await open(file, { answerMs: 200, longestMs: 1000 })
    policy.load!(1, 7)
    expect(windowsOf(policy, 1, 5)).toEqual([0, 1007])
    expect(policy.save!(1)).toBe(7)
    expect(windowsOf(policy, 1, 66)).toEqual([0, 1007])
    // Another app has had no answer yet, and nobody is waited for a second time.
    expect(windowsOf(policy, 2, 67)).toEqual([0, 600_000])
    expect(policy.save!(1)).toBe(7)
    expect(apart.state).toBe('late')
    expect(told.map((text) => text.replace(/\d+ ms/, 'N ms'))).toEqual([
      `late: ${file}: decide() for the app two has not answered within N ms.`,
      '1 missed decide',
      '2 missed decide',
      '1 missed save',
    ])
    told.length = 0
    await eventually(() => apart.state === 'answers')
    expect(told).toEqual([
      `away: ${file}: decide() for the app two did not come back within 1 s. Code of your own answers at once, and leaves the process, timers and promises alone.`,
      'answers: null',
    ])
    // What it had learnt when that was last saved was given back.
    expect(windowsOf(policy, 2, 68)).toEqual([0, 2007])
  })

  it('is started again where it filled its memory', async () => {
    const file = fileOf(`return {
      arrived() {},
      decide(app, now, out) { if (app === 2) { const all = []; for (;;) all.push(new Array(1e6).fill(all)) } keep(out, 5) },
    }`)
    const { apart, policy, told } = await open(file, { longestMs: 20_000, mostHeapMb: 32 })
    expect(windowsOf(policy, 0, 3)).toEqual([0, 5])
    expect(windowsOf(policy, 2, 3)).toEqual([0, 600_000])
    await eventually(() => apart.state === 'away')
    expect(told.at(-1)).toMatch(/decide\(\) for the app three ended its thread: .*memory/)
    await eventually(() => apart.state === 'answers')
    expect(windowsOf(policy, 0, 5)).toEqual([0, 5])
  })

  it('tells what it throws with file, line, method and app, and goes on', async () => {
    const file = fileOf(`return {
      arrived() { throw new Error('not today') },
      decide(app, now, out) { if (app === 0) throw new Error('no idea'); out.prewarmMs = app === 1 ? 'soon' : 0; out.keepAliveMs = 9 },
      floor(app, now, out) { out.instances = 1; out.untilMs = now },
    }`)
    const { policy, told, apart } = await open(file)
    policy.arrived(0, 1, -1, 0)
    expect([0, 1, 2].map((app) => windowsOf(policy, app, 1))).toEqual([
      [0, 600_000],
      [0, 600_000],
      [0, 9],
    ])
    expect(floorOf(policy, 1, 1)).toEqual([0, 600_001])
    await eventually(() => told.length === 4)
    const places = told.map((text) => text.replaceAll(/:\d+:\d+/g, ':L:C').replace(file, 'FILE'))
    expect(places.toSorted()).toEqual([
      '0 failed: UserError: FILE:L:C: arrived() for the app one threw Error: not today.',
      '0 failed: UserError: FILE:L:C: decide() for the app one threw Error: no idea.',
      '1 failed: UserError: FILE: decide() must set prewarmMs to a number of ms from 0 to Infinity, found "soon", at 1 ms.',
      '1 failed: UserError: FILE: floor() must set untilMs to a time later than 1 ms, found 1, at 1 ms.',
    ])
    expect(apart.state).toBe('answers')
  })

  it('is waited for seldom where it is slow, and its answers count once they are there', async () => {
    const file = fileOf(`
      const rest = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
      return { arrived() {}, decide(app, now, out) { rest(60); keep(out, now) } }`)
    const { policy, apart, told } = await open(file, { answerMs: 20, longestMs: 5000 })
    for (let now = 1; now <= 5; now += 1) expect(windowsOf(policy, 0, now)).toEqual([0, 600_000])
    expect(told.filter((text) => text.startsWith('late'))).toHaveLength(1)
    // It was asked five times, and waited for once.
    await eventually(() => windowsOf(policy, 0, 6)[1]! < 600_000)
    expect(windowsOf(policy, 0, 7)[1]).toBeLessThanOrEqual(6)
    expect(apart.state).toBe('late')
  })

  it('that takes nearly all of the time it may is waited for a fifth of the time at most', async () => {
    const file = fileOf(`
      const rest = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
      return { arrived() {}, decide(app, now, out) { rest(20); keep(out, now) } }`)
    const { policy, told } = await open(file, { answerMs: 400, longestMs: 5000 })
    let waitedMs = 0
    const begun = performance.now()
    for (let now = 1; performance.now() - begun < 2000; now += 1) {
      const asked = performance.now()
      windowsOf(policy, 0, now)
      waitedMs += performance.now() - asked
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    // What may be waited at once, and a fifth of the time; the machine may add its own.
    expect(waitedMs / (performance.now() - begun)).toBeLessThan(0.6)
    expect(told.some((text) => text.endsWith('missed decide'))).toBe(true)
  })

  it('knows apps that came later by their names', async () => {
    NAMES.length = 2
    try {
      const file = fileOf(
        `return { arrived() {}, decide(app, now, out) { keep(out, context.appNames.at(app).length) } }`,
      )
      const { policy } = await open(file)
      expect(windowsOf(policy, 1, 1)).toEqual([0, 3])
      NAMES.push('three')
      expect(windowsOf(policy, 2, 1)).toEqual([0, 5])
    } finally {
      NAMES.splice(2, 1, 'three')
    }
  })

  it('is refused where it cannot be made', async () => {
    const wrong: [create: string, told: RegExp][] = [
      ['return {}', /create\(\) must give an object with the method arrived\(\)/],
      ["throw new Error('not me')", /create\(\) threw Error: not me/],
      ['process.exit(4)', /create\(\) threw Error: it ends the process/],
      ['for (;;);', /create\(\) did not come back within 0\.3 s/],
    ]
    await Promise.all(wrong.map(([create, told]) => expect(open(fileOf(create))).rejects.toThrow(told)))
  })
})
