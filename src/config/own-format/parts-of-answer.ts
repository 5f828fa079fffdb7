import { z } from 'zod'
import { TRACE_FACTS, type Trace } from '../../trace/trace.ts'
import { columnTypes, type TraceParts, traceParts } from '../../trace/trace-parts.ts'

const text = z.string().min(1)
const table = z.looseObject({ count: z.int().min(0) })
/** What is asked of a trace wherever it goes; a builder of pilotlight makes it right. */
const traceSchema = z.looseObject({
  id: text,
  format: text,
  digest: z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 in hex'),
  offers: z.array(z.enum(TRACE_FACTS)),
  horizonMs: z.number().min(0),
  invocations: z.int().min(0),
  apps: table,
  functions: table,
  arrivals: z.looseObject({ kind: z.enum(['counts', 'events']) }),
  join: z.looseObject({ files: z.array(z.unknown()), defects: z.array(z.unknown()) }),
})

/** The parts of what a format gave; a text that says what it gave instead of a trace. */
export function partsOfAnswer(answer: unknown): TraceParts | string {
  const issue = traceSchema.safeParse(answer).error?.issues[0]
  if (issue !== undefined) {
    const place = issue.path.length === 0 ? '' : `${issue.path.join('.')}: `
    return `must give a trace: ${place}${issue.message.replace(/^Invalid input: /, '')}`
  }
  const parts = traceParts(answer as Trace)
  const wrong = columnTypes(parts.about).find(([name, type]) => !(parts.columns[name] instanceof type))
  return wrong === undefined ? parts : `must give a trace: ${wrong[0]}: expected a ${wrong[1].name}`
}
