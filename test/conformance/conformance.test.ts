import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { policies } from '../../src/policy/policies/index.ts'
import type { Policy } from '../../src/policy/policy.ts'
import { answerOf } from '../../tools/conformance/pilotlight.ts'
import { differences, type Vector, vectors } from '../../tools/conformance/vector.ts'
import { hybrid, HYBRID_FLAWS, type HybridFlaw } from './flawed-hybrid.ts'
import { plainWorld, WORLD_FLAWS, type WorldFlaw } from './plain-world.ts'

const ALL = vectors()
const RUN = fileURLToPath(new URL('../../tools/conformance/run.ts', import.meta.url))

const always = (keepAliveMs: number): Policy => ({
  arrived() {},
  decide(_app, _now, out) {
    out.prewarmMs = 0
    out.keepAliveMs = keepAliveMs
  },
})

/** The policies that the plain world has in a version of its own. */
const PLAIN: Readonly<Record<string, () => Policy>> = {
  fixed: () => always(600_000),
  'ski-rental': () => always(600_000),
  none: () => always(0),
  'no-unload': () => always(Number.POSITIVE_INFINITY),
  'hybrid-histogram': () => hybrid(),
}

/** Whether a vector is of the plain world: one instance, no overlaps, no loading times, an end that cuts. */
function isPlain({ arrivals, model, policy }: Vector): boolean {
  const overlaps = arrivals.some(
    ({ startMs }, at) =>
      at > 0 && model['kind'] !== 'paper' && startMs < arrivals[at - 1]!.startMs + arrivals[at - 1]!.durationMs,
  )
  const loads = model['kind'] !== 'paper' && model['coldStart'] !== 0
  return PLAIN[policy.id] !== undefined && !overlaps && !loads && model['horizon'] === undefined
}

function failed(vector: Vector, answer: ReturnType<typeof plainWorld>): boolean {
  return differences(vector, answer).length > 0
}

describe('the vectors of conformance/', () => {
  it('have ids of their own and say in one sentence what they are about', () => {
    expect(new Set(ALL.map(({ id }) => id)).size).toBe(ALL.length)
    for (const { what } of ALL) expect(what).toMatch(/^[A-Z].*\.$/)
  })

  it('have one for every policy', () => {
    const covered = new Set(ALL.map(({ policy }) => policy.id))
    expect(policies.ids.filter((id) => !covered.has(id))).toEqual([])
  })

  it.each(ALL.map((vector) => [vector.id, vector] as const))('%s is as pilotlight answers', (_id, vector) => {
    expect(differences(vector, answerOf(vector))).toEqual([])
  })

  it('are as a plain computation has them that shares no code with the engine, where there is one', () => {
    const plain = ALL.filter((vector) => isPlain(vector))
    expect(plain.length).toBeGreaterThan(20)
    const wrong = plain.filter((vector) => failed(vector, plainWorld(vector, PLAIN[vector.policy.id]!)))
    expect(wrong.map(({ id }) => id)).toEqual([])
  })
})

describe('a simulator that leaves the model fails a vector', () => {
  it.each(Object.entries(WORLD_FLAWS))('%s: %s', (flaw) => {
    const wrong = ALL.filter(
      (vector) => isPlain(vector) && failed(vector, plainWorld(vector, PLAIN[vector.policy.id]!, flaw as WorldFlaw)),
    )
    expect(wrong.length).toBeGreaterThan(0)
  })
})

describe('a hybrid histogram with a known misreading fails a vector', () => {
  it.each(Object.entries(HYBRID_FLAWS))('%s: %s', (flaw) => {
    const wrong = ALL.filter(
      (vector) =>
        isPlain(vector) &&
        vector.policy.id === 'hybrid-histogram' &&
        failed(
          vector,
          plainWorld(vector, () => hybrid(flaw as HybridFlaw)),
        ),
    )
    expect(wrong.length).toBeGreaterThan(0)
  })
})

/** Runs the vectors against an adapter that is a script. */
function run(script: string): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [RUN, process.execPath, '-e', script], { encoding: 'utf8', timeout: 30_000 })
}

describe('the runner', () => {
  it('asks an adapter by lines of JSON, and tells what it skips and gets wrong', () => {
    const { status, stdout } = run(`
      require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
        const { id, policy, expected } = JSON.parse(line)
        if (policy.id !== 'fixed') console.log(JSON.stringify({ id, skip: 'only fixed windows' }))
        else if (id === 'window-renews') console.log(JSON.stringify({ id, apps: { a: { ...expected.a, coldStarts: 3 } } }))
        else if (id !== 'scale-out') console.log(JSON.stringify({ id, apps: expected }))
      })`)
    expect(status).toBe(1)
    expect(stdout).toContain('ok      warm-at-expiry')
    expect(stdout).toContain('skipped timer: only fixed windows')
    expect(stdout).toMatch(/FAILED {2}window-renews: .*\n +a\.coldStarts: expected 1, found 3/)
    expect(stdout).toContain('FAILED  scale-out: no answer')
  })

  it.each([
    ['no JSON', 'hello', 'expected a line of JSON, found "hello"'],
    ['no answer', '{"id":"timer"}', 'expected {"id", "apps"} or {"id", "skip"}, found {"id":"timer"}'],
    ['of a vector that there is not', '{"id":"mine","skip":"no"}', 'it answered to "mine", which was not asked'],
  ])('tells in a sentence of a line that is %s', (_what, line, told) => {
    const { status, stderr } = run(`console.log(${JSON.stringify(line)})`)
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining(`the adapter: ${told}`) })
    expect(stderr).not.toContain('    at ')
  })

  it('tells of a program that does not start', () => {
    const { status, stderr } = spawnSync(process.execPath, [RUN, 'no-such-program'], {
      encoding: 'utf8',
      timeout: 30_000,
    })
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringMatching(/^the adapter: "no-such-program" does not start: .*ENOENT\n$/),
    })
  })
})
