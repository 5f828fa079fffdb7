import { resolve } from 'node:path'
import { calendarOf } from '../core/calendar.ts'
import type { Experiment } from '../config/experiment-file.ts'
import { ENGLISH, told } from '../language/language.ts'
import type { TraceSummary } from '../metrics/run.ts'
import type { ExperimentRecord } from '../store/experiments.ts'
import type { TraceRecord } from '../store/traces.ts'
import { formatCount, formatPercent } from '../metrics/figure-text.ts'
import { formatSpan } from '../core/units.ts'
import { type ApparentKeepAlive, apparentKeepAlive } from './apparent-keep-alive.ts'
import { defectsNote, isDefectsNote } from '../trace/build/join-report.ts'
import { START, type Trace } from '../trace/trace.ts'
import type { RunPlan } from './run-plan.ts'

/** What a comparison says of a trace. */
export function traceSummary(trace: Trace): TraceSummary {
  const { id, format, digest, apps, functions, invocations, horizonMs } = trace
  const counts = { apps: apps.count, functions: functions.count, invocations }
  return { id, format, digest, ...counts, horizonMs, ...calendarOf(trace) }
}

/** What a store keeps of a trace. */
function traceRecord(trace: Trace): TraceRecord {
  return { ...traceSummary(trace), offers: trace.offers }
}

/** A trace, and the path that it was read from. */
export interface ReadTrace {
  readonly trace: Trace
  readonly path: string
}

/** How the sentences begin that only a read trace tells. */
const [BEGIN, MEASURED] = (['note.begins', 'note.measured'] as const).map((word) => ENGLISH.words[word].split('{')[0]!)

/** From this share of all invocations on, it matters that the first one of each app is cold. */
const MATTERS = 0.01

/**
 * One sentence where the first invocations of apps are many enough to tell in the results of a log with dates, which
 * seldom begins as its platform does.
 */
function beginningNote({ startsAtMs, apps, invocations }: Trace, { runs }: RunPlan): string | undefined {
  const isCold = runs.some(({ spec: { model }, judged }) => judged === null && model['warmAtStart'] !== 'all')
  if (startsAtMs === undefined || !isCold || apps.count < MATTERS * invocations) return undefined
  const percent = formatPercent((100 * apps.count) / invocations)
  return told(ENGLISH, 'note.begins', { apps: formatCount(apps.count), percent })
}

/** What the platform was seen to do, beside which simulated cold starts are to be read; undefined where the trace tells nothing of it. */
export function measuredNote(trace: Trace): string | undefined {
  const { arrivals } = trace
  const apparent = apparentKeepAlive(trace)
  if (arrivals.kind === 'counts' || arrivals.measured === undefined || apparent === undefined) return undefined
  const known = arrivals.measured.start.reduce((sum, start) => sum + (start === START.unknown ? 0 : 1), 0)
  if (known === 0) return undefined
  const cold = arrivals.measured.start.reduce((sum, start) => sum + (start === START.cold ? 1 : 0), 0)
  const { survived } = apparent
  return told(ENGLISH, 'note.measured', {
    cold: formatCount(cold),
    known: formatCount(known),
    percent: formatPercent((100 * cold) / known),
    survived: formatCount(survived),
    idle: idleText(apparent),
  })
}

/** How long the idle times were that instances survived, and those that they did not. */
function idleText({ survived, ...apparent }: ApparentKeepAlive): string {
  const { longestSurvivedMs, ended, shortestEndedMs, windowMs, mistaken } = apparent
  const longest = formatSpan(longestSurvivedMs)
  if (survived + ended === 0) return longest
  const apart = { longest, window: formatSpan(windowMs), mistaken: formatCount(mistaken) }
  if (shortestEndedMs === null) return told(ENGLISH, 'note.window', apart)
  return told(ENGLISH, 'note.ended', { count: formatCount(ended), shortest: formatSpan(shortestEndedMs), ...apart })
}

/** Whether a sentence is one of those that only a read trace tells. */
export function isTraceNote(note: string): boolean {
  return isDefectsNote(note) || note.startsWith(BEGIN!) || note.startsWith(MEASURED!)
}

/** What a store keeps of an experiment as it was planned. */
export function experimentRecord(experiment: Experiment, plan: RunPlan, read: ReadTrace): ExperimentRecord {
  const { name, file, text, prices = null } = experiment
  const { baseline } = plan
  const ofTrace = [defectsNote(read.trace.join), beginningNote(read.trace, plan), measuredNote(read.trace)].filter(
    (note) => note !== undefined,
  )
  const notes = [...plan.notes, ...ofTrace]
  const runs = plan.runs.map(({ label, variant, digest, byApp }) => ({ label, variant, digest, byApp }))
  const places = { file: resolve(file), trace: resolve(read.path) }
  return { name, source: text, places, trace: traceRecord(read.trace), baseline, notes, prices, runs }
}
