import { resolve } from 'node:path'
import type { Experiment } from '../config/experiment.ts'
import type { TraceSummary } from '../metrics/run.ts'
import type { ExperimentRecord } from '../store/experiments.ts'
import type { TraceRecord } from '../store/traces.ts'
import { formatCount, formatPercent } from '../metrics/format.ts'
import { defectsNote, isDefectsNote } from '../trace/build/join-report.ts'
import type { Trace } from '../trace/trace.ts'
import type { Plan } from './plan.ts'

/** What a comparison says of a trace. */
export function traceSummary(trace: Trace): TraceSummary {
  const { id, format, digest, apps, functions, invocations, horizonMs } = trace
  return { id, format, digest, apps: apps.count, functions: functions.count, invocations, horizonMs }
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

const BEGIN = 'the trace may begin in the middle of the life of its apps: '

/** From this share of all invocations on, it matters that the first one of each app is cold. */
const MATTERS = 0.01

/**
 * One sentence where the first invocations of apps are many enough to tell in the results of a log with dates, which
 * seldom begins as its platform does.
 */
function beginningNote({ startsAtMs, apps, invocations }: Trace, { runs }: Plan): string | undefined {
  const isCold = runs.some(({ spec: { model }, judged }) => judged === null && model['warmAtStart'] !== 'all')
  if (startsAtMs === undefined || !isCold || apps.count < MATTERS * invocations) return undefined
  const share = `${formatPercent((100 * apps.count) / invocations)} % of the invocations`
  return `${BEGIN}the first invocation of each of its ${formatCount(apps.count)} is cold (${share}) unless model has warmAtStart: all, or trace has warmup`
}

/** Whether a sentence is one of those that only a read trace tells. */
export function isTraceNote(note: string): boolean {
  return isDefectsNote(note) || note.startsWith(BEGIN)
}

/** What a store keeps of an experiment as it was planned. */
export function experimentRecord(experiment: Experiment, plan: Plan, read: ReadTrace): ExperimentRecord {
  const { name, file, text, prices = null } = experiment
  const { baseline } = plan
  const ofTrace = [defectsNote(read.trace.join), beginningNote(read.trace, plan)].filter((note) => note !== undefined)
  const notes = [...plan.notes, ...ofTrace]
  const runs = plan.runs.map(({ label, variant, digest }) => ({ label, variant, digest }))
  const places = { file: resolve(file), trace: resolve(read.path) }
  return { name, source: text, places, trace: traceRecord(read.trace), baseline, notes, prices, runs }
}
