import { parseDuration } from '../../core/units.ts'
import { UserError } from '../../core/user-error.ts'
import { VERSION } from '../../core/version.ts'
import { traceSummary } from '../../experiment/trace-record.ts'
import type { TraceSummary } from '../../metrics/run.ts'
import { type Bounds, boundsOf, BREAK_EVEN_LEAD, drawn } from '../../sim/bounds/bounds.ts'
import type { Lead } from '../../sim/bounds/each-gap.ts'
import { coldAt } from '../../sim/bounds/frontier.ts'
import { PAPER_MODEL } from '../../sim/model.ts'
import type { Trace } from '../../trace/trace.ts'
import type { Arguments } from '../arguments/command.ts'
import { type CurveOptions, curveInput, curveOptions } from '../curve/curve-options.ts'

/** Idle memory, as parts of that of a fixed window of ten minutes, at which bounds are told. */
const LEVELS = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 1.5, 2]
const MOST_POINTS = 200
const MB_MS_TO_GB_S = 1 / (1024 * 1000)

export interface BoundsOptions extends CurveOptions {
  readonly lead: Lead
}

/** The options as typed. Throws a UserError for what is none. */
export function boundsOptions(args: Pick<Arguments, 'text'>): BoundsOptions {
  const text = args.text('lead')
  const ms = text === undefined ? undefined : parseDuration(text)
  if (text !== undefined && ms === undefined) {
    const problem = `expected a duration such as 30s or 1m, found ${JSON.stringify(text)}`
    throw new UserError({ where: '--lead', problem })
  }
  return { ...curveOptions(args), lead: ms === undefined ? BREAK_EVEN_LEAD : { ms, part: 1 } }
}

/** What the command `bounds` tells of a trace; the document that it prints with --json, but for its schema. */
export interface BoundsStudy {
  readonly version: string
  readonly trace: TraceSummary
  readonly model: Readonly<Record<string, string>>
  readonly seed: number
  readonly leadMs: number
  /** Above this part of the idle time the lead is cut to it. */
  readonly leadPart: number
  readonly firstUses: number
  readonly fixed10: { readonly idleGbS: number; readonly coldStarts: number }
  readonly levels: readonly number[]
  readonly bounds: readonly {
    readonly id: string
    readonly title: string
    readonly bounds: string
    /** Cold starts at each of the levels. */
    readonly coldStarts: readonly number[]
    /** Points of the whole curve; idle memory relative to a fixed window of ten minutes. */
    readonly points: readonly { readonly idle: number; readonly coldStarts: number }[]
  }[]
  readonly capacity: Bounds['capacity']
}

/** Computes the bounds of a trace and reads from them what people ask for; `capacity` in MB. */
export function boundsStudy(trace: Trace, options: BoundsOptions, capacity: readonly number[]): BoundsStudy {
  const { model: chosen, seed } = curveInput(trace, { ...options, spread: options.spread })
  const model = { ...PAPER_MODEL, ...chosen, spread: options.spread ?? PAPER_MODEL.spread }
  const bounds = boundsOf({ trace, model, seed }, options.lead, capacity)
  const { idleOfFixed10, lead } = bounds
  const { unit, memory, spread } = model
  const ten = bounds.windows.windowMs.findLastIndex((window) => window <= 600_000)
  return {
    version: VERSION,
    trace: traceSummary(trace),
    model: { kind: 'paper', unit, memory, ...(trace.offers.includes('arrivalTime') ? {} : { spread }) },
    seed,
    leadMs: lead.ms,
    leadPart: lead.part,
    firstUses: bounds.firstUses,
    fixed10: { idleGbS: idleOfFixed10 * MB_MS_TO_GB_S, coldStarts: bounds.windows.cold[ten] ?? 0 },
    levels: LEVELS,
    bounds: drawn(bounds, MOST_POINTS).map(({ id, title, bounds: whom, frontier }, at) => ({
      id,
      title,
      bounds: whom,
      // A fixed window of ten minutes lies at 1, in whichever order its idle memory was summed.
      coldStarts: LEVELS.map((level) =>
        Math.ceil(coldAt(bounds.frontiers[at]!.frontier, level * idleOfFixed10 * (1 + 1e-9)) - 1e-6),
      ),
      points: Array.from(frontier.idle, (idle, point) => ({
        idle: idleOfFixed10 === 0 ? 0 : idle / idleOfFixed10,
        coldStarts: frontier.cold[point]!,
      })),
    })),
    capacity: bounds.capacity,
  }
}
