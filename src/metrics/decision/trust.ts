import { DAY, formatSpan, parseDuration } from '../../core/units.ts'
import { formatCount } from '../format.ts'
import type { TraceSummary } from '../run.ts'
import type { TrustFact } from './decision.ts'
import type { DecidedRun } from './groups.ts'
import type { Places } from './worlds.ts'

/** What trust depends on. */
export interface Trusted {
  readonly runs: readonly DecidedRun[]
  readonly trace: TraceSummary
  readonly offers?: readonly string[]
}

/** Where more of the apps were invoked once, most of what is compared is the same for all. */
const MANY_ONCE = 0.2
/** A policy that learns needs to see its longest window some times. */
const FEW_WINDOWS = 10

/** What a reader must know to trust the figures, in the order of a strip. */
export function trustOf({ runs, trace, offers }: Trusted, places: Places): TrustFact[] {
  if (runs.length === 0) return []
  return [
    once(runs),
    length(runs, trace),
    ...times(runs, offers),
    ...memory(runs),
    ...durations(runs, offers),
    judged(runs),
    seeds(runs),
    worlds(places),
  ]
}

function fact(id: TrustFact['id'], isSound: boolean, short: string, text: string): TrustFact {
  return { id, level: isSound ? 'sound' : 'caution', short, text }
}

function once(runs: readonly DecidedRun[]): TrustFact {
  const { invocations } = runs[0]!.accounts.ledger
  const invoked = invocations.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0)
  const single = invocations.reduce((sum, count) => sum + (count === 1 ? 1 : 0), 0)
  const share = invoked === 0 ? 0 : single / invoked
  const text = `${formatCount(single)} of the ${formatCount(invoked)} apps that were invoked were invoked once, which no policy that loads on demand serves warm.`
  return fact('once', share <= MANY_ONCE, `${Math.round(100 * share)} % of apps invoked once`, text)
}

/** The longest window that a policy was given, in ms; 0 where none has a finite one. */
function longestWindow(runs: readonly DecidedRun[]): number {
  const lengths = new Set(runs.flatMap(({ summary }) => Object.values(summary.spelt.params)))
  return [...lengths].reduce((longest, text) => Math.max(longest, parseDuration(text) ?? 0), 0)
}

function length(runs: readonly DecidedRun[], { horizonMs }: TraceSummary): TrustFact {
  const window = longestWindow(runs)
  const lasts = `The trace lasts ${formatSpan(horizonMs)}`
  if (window === 0) return fact('length', horizonMs >= DAY, formatSpan(horizonMs), `${lasts}.`)
  const times = horizonMs / window
  const many = times >= 10 ? Math.floor(times).toString() : (Math.floor(10 * times) / 10).toString()
  const text = `${lasts}, ${many} times as long as the longest time that a policy was given, ${formatSpan(window)}.`
  return fact('length', times >= FEW_WINDOWS, `${formatSpan(horizonMs)}, ${many} × the longest window`, text)
}

function times(runs: readonly DecidedRun[], offers: readonly string[] | undefined): TrustFact[] {
  // Only counts have something to spread.
  const spreads = [...new Set(runs.flatMap(({ summary }) => summary.model['spread'] ?? []))].map(String)
  const hasTimes = offers?.includes('arrivalTime') ?? spreads.length === 0
  if (hasTimes) return [fact('times', true, 'arrival times', 'Arrivals have their own times.')]
  const how = spreads.length === 0 ? '' : `: the model makes arrivals of them (${spreads.join(', ')})`
  return [fact('times', false, 'counts per minute', `The trace has counts per minute${how}.`)]
}

function memory(runs: readonly DecidedRun[]): TrustFact[] {
  const modes = new Set(runs.map(({ summary }) => summary.model['memory']))
  if (modes.size === 0 || modes.has(undefined)) return []
  if (modes.has('equal')) {
    const text =
      'Every app is charged 1 MB, not what it uses: MB·s read as app-seconds, and large apps count as small ones.'
    return [fact('memory', false, 'memory invented', text)]
  }
  return [fact('memory', true, 'memory of the trace', 'Apps are charged the memory that the trace has for them.')]
}

function durations(runs: readonly DecidedRun[], offers: readonly string[] | undefined): TrustFact[] {
  const isTimed = runs.some(({ summary }) => summary.model['kind'] !== 'paper')
  if (!isTimed || offers === undefined || offers.includes('duration') || offers.includes('arrivalTime')) return []
  return [fact('durations', false, 'durations invented', 'The trace does not say how long executions took.')]
}

function judged(runs: readonly DecidedRun[]): TrustFact {
  const isApart = runs.every(({ summary }) => summary.judged !== null && summary.judged.fromMs > 0)
  const text = isApart
    ? 'Policies learnt before the part on which they are judged; parameters chosen by these figures were chosen on it.'
    : 'Policies are judged on what they learnt from; judge: keeps a part apart.'
  return fact('judged', isApart, isApart ? 'judged on a part kept apart' : 'judged on what was learnt', text)
}

function seeds(runs: readonly DecidedRun[]): TrustFact {
  const drawn = runs.filter(({ draws }) => draws)
  const count = new Set(drawn.map(({ summary }) => summary.seed)).size
  if (count === 0) return fact('seeds', true, 'nothing drawn', 'Nothing is drawn at random: all seeds give the same.')
  const told = count === 1 ? 'one seed' : `${count} seeds`
  return fact('seeds', count > 1, told, `What is drawn at random was drawn under ${told}.`)
}

function worlds({ worlds: all }: Places): TrustFact {
  const names = all.map(({ name }) => name)
  const [only] = names
  if (all.length === 1) {
    const text = `Only the world ${only} was tried; paper and instances can rank policies the other way round.`
    return fact('worlds', false, `one world: ${only}`, text)
  }
  return fact(
    'worlds',
    true,
    `${all.length} worlds`,
    `The worlds are ${names.slice(0, 8).join(', ')}${names.length > 8 ? ' and more' : ''}.`,
  )
}
