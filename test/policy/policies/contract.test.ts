import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaultsOf, type Parameter } from '../../../src/policy/parameters.ts'
import { policies } from '../../../src/policy/policies/index.ts'
import type { Policy, WhenBusy, Windows } from '../../../src/policy/policy.ts'

const HORIZON = 14 * 86_400_000
const APPS = 3

/** An arrival of an app after an idle time, by function. */
const facts = fc.array(fc.tuple(fc.nat(APPS - 1), fc.oneof(fc.nat(600_000), fc.nat(6 * 3_600_000)), fc.nat(1)), {
  maxLength: 40,
})
type Answer = Windows & { whenBusy?: WhenBusy }
type Facts = readonly (readonly [app: number, idleMs: number, fn: number])[]

function hasLegalDefault(parameter: Parameter): boolean {
  if (parameter.kind === 'switch') return true
  if (parameter.kind === 'file') return parameter.default === ''
  if (parameter.kind === 'choice') return parameter.options.includes(parameter.default)
  return parameter.default >= parameter.min && parameter.default <= (parameter.max ?? Number.POSITIVE_INFINITY)
}

for (const definition of policies.all) {
  const make = (): Policy =>
    definition.create(defaultsOf(definition.parameters), {
      apps: APPS,
      functions: 2 * APPS,
      horizonMs: HORIZON,
      memoryMb: new Float64Array(APPS).fill(100),
      coldStartMs: new Float64Array(APPS),
      trigger: new Uint8Array(2 * APPS),
      functionApp: Uint32Array.from({ length: 2 * APPS }, (_, fn) => fn >> 1),
      seed: 1,
    })

  /** Every answer to the facts, of all that a policy may be asked; and the last time of each app. */
  const answersOf = (policy: Policy, list: Facts, times = new Float64Array(APPS)): Answer[] =>
    list.map(([app, idleMs, fn]) => {
      const out: Answer = { prewarmMs: Number.NaN, keepAliveMs: Number.NaN }
      times[app]! += idleMs
      policy.arrived(app, times[app]!, idleMs, 2 * app + fn)
      policy.answered?.(app, times[app]!, idleMs % 1000, idleMs % 700)
      if (policy.whenBusy !== undefined) {
        const instances = 1 + (idleMs % 4)
        out.whenBusy = policy.whenBusy(app, times[app]!, instances, instances + 1 + (idleMs % 3))
      }
      policy.finished?.(app, times[app]!, 2 * app + fn)
      policy.decide(app, times[app]!, out)
      return out
    })

  describe(`the policy ${definition.id}`, () => {
    it('describes itself in one sentence and every parameter in one', () => {
      expect(definition.id).toMatch(/^[a-z][a-z0-9-]*$/)
      for (const text of [
        definition.summary,
        ...Object.values(definition.parameters).map(({ describe: words }) => words),
      ]) {
        expect(text).toMatch(/^[A-Z].*\.$/)
      }
    })

    it('says so where it has invocations wait for a busy instance, or cools', () => {
      const { lines, stages } = definition.world?.(defaultsOf(definition.parameters)) ?? {}
      const { whenBusy, cool } = make()
      expect([lines === true, stages !== undefined]).toEqual([whenBusy !== undefined, cool !== undefined])
    })

    it('has defaults within the ranges of its parameters', () => {
      const wrong = Object.entries(definition.parameters).filter(([, parameter]) => !hasLegalDefault(parameter))
      expect(wrong).toEqual([])
    })

    it('answers with windows for an app of which nothing is known', () => {
      const out: Windows = { prewarmMs: Number.NaN, keepAliveMs: Number.NaN }
      const policy = make()
      policy.arrived(1, 5, -1, 2)
      policy.decide(1, 9, out)
      expect(out.prewarmMs).toBeGreaterThanOrEqual(0)
      expect(out.keepAliveMs).toBeGreaterThanOrEqual(0)
    })

    it('answers with windows whatever it hears, and the same ones when it hears the same', () => {
      fc.assert(
        fc.property(facts, (list) => {
          const answers = answersOf(make(), list)
          for (const { prewarmMs, keepAliveMs } of answers)
            expect(Math.min(prewarmMs, keepAliveMs)).toBeGreaterThanOrEqual(0)
          expect(answersOf(make(), list)).toEqual(answers)
        }),
        { numRuns: 50 },
      )
    })

    it('saves what it learnt as JSON, from which a new one goes on as if nothing had happened', () => {
      fc.assert(
        fc.property(facts, facts, (before, after) => {
          const policy = make()
          const times = new Float64Array(APPS)
          answersOf(policy, before, times)
          const revived = make()
          for (let app = 0; app < APPS; app += 1) {
            const saved = policy.save?.(app)
            if (saved !== undefined) revived.load!(app, JSON.parse(JSON.stringify(saved)))
          }
          const learnt = policy.saveAll?.()
          if (learnt !== undefined) revived.loadAll!(JSON.parse(JSON.stringify(learnt)))
          expect(answersOf(revived, after, times.slice())).toEqual(answersOf(policy, after, times.slice()))
        }),
        { numRuns: 50 },
      )
    })

    const isOfFleet = definition.scope !== 'app'
    const why = isOfFleet ? ' (skipped: it learns across apps, and says so)' : ''
    it.skipIf(isOfFleet)(`answers for an app from that app's own history only${why}`, () => {
      fc.assert(
        fc.property(facts, (list) => {
          const mine = list.filter(([app]) => app === 0)
          const among = answersOf(make(), list).filter((_, index) => list[index]![0] === 0)
          expect(among).toEqual(answersOf(make(), mine))
        }),
        { numRuns: 50 },
      )
    })
  })
}
