import { DAY } from '../../core/units.ts'
import { type Language, told } from '../../language/language.ts'
import { toldSpan } from '../../language/told-span.ts'
import { formatCount } from '../figure-text.ts'
import type { TraceSummary } from '../run.ts'
import type { TrustFact } from './decision.ts'
import type { DecidedRun } from './groups.ts'
import type { RunPlaces } from './worlds.ts'

/** What trust depends on. */
export interface Trusted {
  readonly runs: readonly DecidedRun[]
  readonly trace: TraceSummary
  readonly offers?: readonly string[]
  readonly language: Language
}

/** Where more of the apps were invoked once, most of what is compared is the same for all. */
const MANY_ONCE = 0.2
/** A policy that learns needs to see its longest window some times. */
const FEW_WINDOWS = 10
/** More are only counted. */
const MOST_WORLDS = 8
/** Of policies whose windows are not known, no more are named. */
const MOST_POLICIES = 3

/** What a reader must know to trust the figures, in the order of a strip. */
export function trustOf(trusted: Trusted, places: RunPlaces): TrustFact[] {
  if (trusted.runs.length === 0) return []
  return [
    once(trusted),
    length(trusted),
    ...times(trusted),
    ...memory(trusted),
    ...durations(trusted),
    judged(trusted),
    seeds(trusted),
    worlds(trusted, places),
  ]
}

function fact(id: TrustFact['id'], isSound: boolean, short: string, text: string): TrustFact {
  return { id, level: isSound ? 'sound' : 'caution', short, text }
}

/** The places whose sentence, and whose few words for a strip, take no values. */
type Plain =
  | 'trust.times'
  | 'trust.memory'
  | 'trust.invented'
  | 'trust.durations'
  | 'trust.apart'
  | 'trust.learnt'
  | 'trust.nothingDrawn'

function plainFact(id: TrustFact['id'], isSound: boolean, word: Plain, language: Language): TrustFact {
  return fact(id, isSound, told(language, `${word}.short`), told(language, word))
}

function once({ runs, language }: Trusted): TrustFact {
  const { invocations } = runs[0]!.accounts.ledger
  const invoked = invocations.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0)
  const single = invocations.reduce((sum, count) => sum + (count === 1 ? 1 : 0), 0)
  const share = invoked === 0 ? 0 : single / invoked
  const text = told(language, 'trust.once', { single: formatCount(single), invoked: formatCount(invoked) })
  const short = told(language, 'trust.once.short', { percent: Math.round(100 * share) })
  return fact('once', share <= MANY_ONCE, short, text)
}

function length({ runs, trace: { horizonMs }, language }: Trusted): TrustFact {
  const window = runs.reduce((longest, { windowMs }) => Math.max(longest, windowMs ?? 0), 0)
  const span = toldSpan(language, horizonMs)
  const unknown = [...new Set(runs.filter(({ windowMs }) => windowMs === null).map(({ summary }) => summary.policy))]
  const policies = joined(unknown.slice(0, MOST_POLICIES), unknown.length, language)
  const unknownToo = (text: string, word: 'trust.length.unknown' | 'trust.length.unknown.short'): string =>
    unknown.length === 0 ? text : text + told(language, word, { policies })
  if (window === 0) {
    const text = unknownToo(told(language, 'trust.lasts', { span }), 'trust.length.unknown')
    return fact('length', horizonMs >= DAY, unknownToo(span, 'trust.length.unknown.short'), text)
  }
  const ratio = horizonMs / window
  const many = ratio >= 10 ? Math.floor(ratio).toString() : (Math.floor(10 * ratio) / 10).toString()
  const text = told(language, 'trust.length', { span, times: many, window: toldSpan(language, window) })
  const short = told(language, 'trust.length.short', { span, times: many })
  const isLong = ratio >= FEW_WINDOWS
  return fact(
    'length',
    isLong,
    unknownToo(short, 'trust.length.unknown.short'),
    unknownToo(text, 'trust.length.unknown'),
  )
}

/** The first of some names, and dots where there are more. */
function joined(names: readonly string[], all: number, language: Language): string {
  return names.join(told(language, 'list.comma')) + (all > names.length ? ' …' : '')
}

function times({ runs, offers, language }: Trusted): TrustFact[] {
  // Only counts have something to spread.
  const spreads = [...new Set(runs.flatMap(({ summary }) => summary.model['spread'] ?? []))].map(String)
  const hasTimes = offers?.includes('arrivalTime') ?? spreads.length === 0
  if (hasTimes) return [plainFact('times', true, 'trust.times', language)]
  const how = spreads.length === 0 ? '' : told(language, 'trust.spread', { spreads: spreads.join(', ') })
  return [fact('times', false, told(language, 'trust.counts.short'), told(language, 'trust.counts', { how }))]
}

function memory({ runs, language }: Trusted): TrustFact[] {
  const modes = new Set(runs.map(({ summary }) => summary.model['memory']))
  if (modes.size === 0 || modes.has(undefined)) return []
  const isInvented = modes.has('equal')
  return [plainFact('memory', !isInvented, isInvented ? 'trust.invented' : 'trust.memory', language)]
}

function durations({ runs, offers, language }: Trusted): TrustFact[] {
  const isTimed = runs.some(({ summary }) => summary.model['kind'] !== 'paper')
  if (!isTimed || offers === undefined || offers.includes('duration') || offers.includes('arrivalTime')) return []
  return [plainFact('durations', false, 'trust.durations', language)]
}

function judged({ runs, language }: Trusted): TrustFact {
  const isApart = runs.every(({ summary }) => summary.judged !== null && summary.judged.fromMs > 0)
  return plainFact('judged', isApart, isApart ? 'trust.apart' : 'trust.learnt', language)
}

function seeds({ runs, language }: Trusted): TrustFact {
  const drawn = runs.filter(({ draws }) => draws)
  const count = new Set(drawn.map(({ summary }) => summary.seed)).size
  if (count === 0) return plainFact('seeds', true, 'trust.nothingDrawn', language)
  const many = count === 1 ? told(language, 'trust.oneSeed') : told(language, 'trust.seeds', { count })
  return fact('seeds', count > 1, many.trim(), told(language, 'trust.drawn', { told: many }))
}

function worlds({ language }: Trusted, { worlds: all }: RunPlaces): TrustFact {
  const names = all.map(({ name }) => name)
  const [only = ''] = names
  if (all.length === 1) {
    const text = told(language, 'trust.oneWorld', { world: only })
    return fact('worlds', false, told(language, 'trust.oneWorld.short', { world: only }), text)
  }
  const text = told(language, names.length > MOST_WORLDS ? 'trust.moreWorlds' : 'trust.worlds', {
    worlds: names.slice(0, MOST_WORLDS).join(', '),
  })
  return fact('worlds', true, told(language, 'trust.worlds.short', { count: all.length }), text)
}
