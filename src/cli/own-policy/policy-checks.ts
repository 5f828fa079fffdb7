import { counted } from '../../core/counted.ts'
import { smallest } from '../../core/largest.ts'
import { isDeepStrictEqual } from 'node:util'
import { ACCOUNTS, createLedger, type Ledger, STAGE_ACCOUNTS } from '../../engine/ledger.ts'
import { defaultsOf } from '../../policy/parameters.ts'
import { policies } from '../../policy/policies/index.ts'
import type { Policy, PolicyContext, PolicyDefinition } from '../../policy/policy.ts'
import { wrapPolicy } from '../../policy/wrap-policy.ts'
import { INSTANCES_MODEL, type Model, PAPER_MODEL } from '../../sim/model.ts'
import { runsWhole, runSimulation, simulatePart } from '../../sim/simulation.ts'
import type { Trace } from '../../trace/trace.ts'
import { checkTrace } from './check-trace.ts'
import { withoutChance } from './without-chance.ts'

/** What was looked at, and what came of it. */
export interface Checked {
  readonly check: string
  /** null: it could not be looked at, which is no failure. */
  readonly passed: boolean | null
  /** What was found: of a failure what is wrong, else what was seen. */
  readonly found: string
}

const MODELS: readonly Model[] = [PAPER_MODEL, INSTANCES_MODEL]
const DECISIONS = 20_000

/** Puts a policy, at its defaults, to the test; `atLoading` is what went wrong when its file was loaded without clock and chance. */
export function checkPolicy(definition: PolicyDefinition, atLoading?: Error): Checked[] {
  const trace = checkTrace()
  const checks: readonly (readonly [check: string, look: () => string])[] = [
    ['runs in the models paper and instances, each window a time of 0 or more', () => runs(definition, trace)],
    ['uses no clock and no chance', () => asksNothing(definition, trace, atLoading)],
    ['gives the same result again', () => same(definition, trace)],
    ['gives the same result in several parts', () => parts(definition, trace)],
    ['gives the same result app by app and in order of time', () => orders(definition, trace)],
    ['is what it says of itself', () => declared(definition)],
    ['goes on from saved state as if nothing had happened', () => savedAndLoaded(definition)],
    ['decides fast enough', () => cost(definition)],
  ]
  const done: Checked[] = []
  for (const [check, look] of checks) {
    try {
      done.push({ check, passed: true, found: look() })
    } catch (error) {
      if (!(error instanceof Error)) throw error
      done.push({ check, passed: false, found: error.message })
      // What cannot be run cannot be looked at further.
      if (done.length === 1) break
    }
  }
  return done
}

function run(definition: PolicyDefinition, trace: Trace, model: Model, replay?: 'by-time'): Ledger {
  const params = defaultsOf(definition.parameters)
  return runSimulation({
    trace,
    model,
    policy: definition,
    params,
    seed: 1,
    ...(replay === undefined ? {} : { replay }),
  })
}

function runs(definition: PolicyDefinition, trace: Trace): string {
  const counts = MODELS.map((model) => {
    const { coldStarts, invocations } = run(definition, trace, model)
    return `${model.kind}: ${sum(coldStarts)} of ${sum(invocations)} invocations cold`
  })
  return counts.join('; ')
}

function asksNothing(definition: PolicyDefinition, trace: Trace, atLoading: Error | undefined): string {
  if (atLoading !== undefined) throw new Error(`when the file is loaded, ${atLoading.message}`, { cause: atLoading })
  withoutChance(() => run(definition, trace, PAPER_MODEL))
  return 'none was asked'
}

function same(definition: PolicyDefinition, trace: Trace): string {
  for (const model of MODELS) demandEqual(run(definition, trace, model), run(definition, trace, model), trace, 'again')
  return 'every account is the same'
}

function parts(definition: PolicyDefinition, trace: Trace): string {
  if (runsWhole(definition, PAPER_MODEL)) return 'its scope is fleet: it is always run whole'
  const { count } = trace.apps
  for (const model of MODELS) {
    const ledger = createLedger(count, trace.horizonMs)
    const params = defaultsOf(definition.parameters)
    for (let from = 0; from < count; from += 5) {
      const part = { ledger, from, to: Math.min(count, from + 5) }
      simulatePart({ trace, model, policy: definition, params, seed: 1 }, part)
    }
    demandEqual(
      ledger,
      run(definition, trace, model),
      trace,
      'in parts; keep what is learnt per app, or say scope: fleet',
    )
  }
  return `every account is the same in ${counted(Math.ceil(count / 5), 'part')} as in one`
}

function orders(definition: PolicyDefinition, trace: Trace): string {
  if (runsWhole(definition, PAPER_MODEL)) return 'its scope is fleet: it is always run in order of time'
  for (const model of MODELS) {
    const found = run(definition, trace, model, 'by-time')
    demandEqual(found, run(definition, trace, model), trace, 'in order of time; learn only from the facts of the app')
  }
  return 'every account is the same'
}

const DECLARATIONS = ['neverLearns', 'arrivedAlike'] as const

/** What a policy says of itself makes replays faster, and must change nothing. */
function declared(definition: PolicyDefinition): string {
  const made = definition.create(defaultsOf(definition.parameters), contextOf())
  const said = DECLARATIONS.filter((each) => made[each] !== undefined)
  for (const each of said) {
    for (const trace of [checkTrace(), checkTrace('counts')]) {
      for (const model of MODELS) {
        const found = run(saying(definition, [each]), trace, model)
        demandEqual(found, run(saying(definition, []), trace, model), trace, `with ${each}, in place of without it`)
      }
    }
  }
  if (said.length === 0) return 'it says nothing: neverLearns and arrivedAlike would make some replays faster'
  return `every account is the same without ${said.join(' and without ')}`
}

/** The same policy, which says of itself only these. */
function saying(definition: PolicyDefinition, kept: readonly (typeof DECLARATIONS)[number][]): PolicyDefinition {
  return {
    ...definition,
    create(params, context) {
      const policy = definition.create(params, context)
      const plain = wrapPolicy(policy, (_method, call) => call)
      const alike = policy.arrivedAlike?.bind(policy)
      return {
        ...plain,
        ...(kept.includes('neverLearns') ? { neverLearns: true } : {}),
        ...(kept.includes('arrivedAlike') && alike !== undefined ? { arrivedAlike: alike } : {}),
      }
    },
  }
}

function demandEqual(found: Ledger, expected: Ledger, { apps }: Trace, how: string): void {
  for (const account of [...ACCOUNTS, ...STAGE_ACCOUNTS]) {
    const row = expected[account].findIndex((value, app) => value !== found[account][app])
    if (row < 0) continue
    const values = `${account} is ${found[account][row]} where it was ${expected[account][row]}`
    throw new Error(`of ${apps.name.at(row)}, ${values}, when run ${how}`)
  }
}

const APPS = 3

function contextOf(): PolicyContext {
  return {
    apps: APPS,
    functions: APPS,
    horizonMs: 14 * 86_400_000,
    memoryMb: new Float64Array(APPS).fill(128),
    coldStartMs: new Float64Array(APPS).fill(1000),
    trigger: new Uint8Array(APPS),
    functionApp: Uint32Array.from({ length: APPS }, (_, app) => app),
    seed: 1,
  }
}

/** Arrivals that go round the apps: every n-th after an idle time that depends on n. */
function hear(policy: Policy, from: number, to: number, onAnswer?: (load: number, unload: number) => void): void {
  const out = { prewarmMs: 0, keepAliveMs: 0 }
  for (let step = from; step < to; step += 1) {
    const app = step % APPS
    const idleMs = idleOf(step)
    let now = 0
    for (let before = app; before <= step; before += APPS) now += idleOf(before)
    policy.arrived(app, now, step < APPS ? -1 : idleMs, app)
    policy.finished?.(app, now, app)
    policy.decide(app, now, out)
    onAnswer?.(out.prewarmMs, out.keepAliveMs)
  }
}

/** Idle times of a few minutes that repeat and now and then leap. */
function idleOf(step: number): number {
  return 60_000 * (step % 17 === 0 ? 300 : 1 + ((step * 7) % 12))
}

/** After so many arrivals state is saved: of apps that are new, of which little is known, and of old ones. */
const SAVED_AFTER = [0, 3, 150]
const ANSWERS_AFTER = 150

function savedAndLoaded(definition: PolicyDefinition): string {
  const make = (): Policy => definition.create(defaultsOf(definition.parameters), contextOf())
  const { save, load, saveAll, loadAll } = make()
  if (save === undefined && saveAll === undefined)
    return 'it has no save(): live, everything is learnt anew after a restart'
  if (save !== undefined && load === undefined) throw new Error('it has save() and no load()')
  if (saveAll !== undefined && loadAll === undefined) throw new Error('it has saveAll() and no loadAll()')
  for (const heard of SAVED_AFTER) demandSurvival(make, heard)
  return `${ANSWERS_AFTER} answers are the same, saved after so many arrivals: ${SAVED_AFTER.join(', ')}`
}

function demandSurvival(make: () => Policy, heard: number): void {
  const [first, second] = [make(), make()]
  hear(first, 0, heard)
  const asJson = (saved: unknown, method: string): unknown => {
    const read: unknown = saved === undefined ? undefined : JSON.parse(JSON.stringify(saved))
    if (isDeepStrictEqual(saved, read)) return read
    const when = `after ${counted(heard, 'arrival')}`
    throw new Error(`what ${method}() gives ${when} is not plain JSON, which has no Infinity and no NaN`)
  }
  for (let app = 0; app < APPS; app += 1) {
    const saved = asJson(first.save?.(app), 'save')
    if (saved !== undefined) second.load!(app, saved)
  }
  const learnt = asJson(first.saveAll?.(), 'saveAll')
  if (learnt !== undefined) second.loadAll!(learnt)
  const answers = [first, second].map((policy) => {
    const given: number[] = []
    hear(policy, heard, heard + ANSWERS_AFTER, (load, unload) => given.push(load, unload))
    return given
  })
  const at = answers[0]!.findIndex((value, index) => value !== answers[1]![index])
  if (at < 0) return
  const [one, other] = [answers[0]![at], answers[1]![at]]
  throw new Error(
    `saved after ${counted(heard, 'arrival')}, answer ${1 + (at >> 1)} after the restart is ${other} ms where it would have been ${one} ms`,
  )
}

function cost(definition: PolicyDefinition): string {
  const own = timeOf(definition)
  const hybrid = timeOf(policies.get('hybrid-histogram', 'check-policy'))
  const found = `${own.toFixed(2)} µs a decision; hybrid-histogram takes ${hybrid.toFixed(2)} µs here`
  if (own > 1000) throw new Error(`it takes ${found}; a live fleet and long traces need less than a thousand`)
  return found
}

function sum(column: Float64Array): number {
  return column.reduce((total, value) => total + value, 0)
}

/** Microseconds of one arrival and its decision. */
function timeOf(definition: PolicyDefinition): number {
  const policy = definition.create(defaultsOf(definition.parameters), contextOf())
  const out = { prewarmMs: 0, keepAliveMs: 0 }
  const times = Array.from({ length: 3 }, () => {
    const begun = process.hrtime.bigint()
    for (let step = 0, now = 0; step < DECISIONS; step += 1) {
      now += idleOf(step)
      policy.arrived(0, now, idleOf(step), 0)
      policy.decide(0, now, out)
    }
    return Number(process.hrtime.bigint() - begun) / 1000 / DECISIONS
  })
  return smallest(times)
}
