import { z } from 'zod'
import { UserError } from '../../core/user-error.ts'
import { REASONS } from '../../engine/ledger.ts'
import type { Recording } from './recording.ts'

const whole = z.int().min(0)
const time = z.number()
const length = z.number().min(0)

const recordingSchema = z.looseObject({
  schema: z.literal(1),
  name: z.string(),
  policy: z.looseObject({ id: z.string(), params: z.record(z.string(), z.unknown()), seed: z.number() }),
  reuse: z.enum(['newest', 'oldest']),
  whileLoading: z.enum(['new', 'join']),
  budgetMb: length,
  clock: z.looseObject({ originMs: time, timeZone: z.string() }).optional(),
  apps: z.array(
    z.looseObject({
      name: z.string(),
      traceName: z.string().optional(),
      memoryMb: length,
      concurrency: z.number().min(1),
      functions: z.array(z.string()),
    }),
  ),
  endMs: time,
  visits: z.array(
    z.looseObject({
      app: whole,
      fn: whole,
      arrivedAt: time,
      endedAt: time,
      outcome: whole,
      reason: z.enum(REASONS).nullable(),
      status: z.number(),
      waitedMs: time,
      ranMs: time,
    }),
  ),
  stays: z.array(
    z.looseObject({
      app: whole,
      orderedAt: time,
      readyAt: time.nullable(),
      goneAt: time,
      waitMs: time,
      createMs: time,
      readyMs: time,
    }),
  ),
  decisions: z.array(z.looseObject({ app: whole, at: time, prewarmMs: time, keepAliveMs: time.nullable() })),
  timersLate: z.array(time),
  sends: z.looseObject({
    speed: z.number().positive(),
    planned: whole,
    sent: whole,
    notSent: whole,
    boundMs: time,
    lateMs: z.array(time),
    failed: whole,
  }),
})

/** The recording in a text that nobody vouches for. Throws a UserError that names the first thing wrong with it. */
export function recordingOf(text: string, path: string): Recording {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw noRecording(path, '')
  }
  const parsed = recordingSchema.safeParse(value)
  const issue = parsed.error?.issues[0]
  if (issue !== undefined) throw noRecording(path, ` (${issue.path.map(String).join('.')}: ${issue.message})`)
  const recording = value as Recording
  const functions = recording.apps.reduce((sum, app) => sum + app.functions.length, 0)
  for (const list of ['visits', 'stays', 'decisions'] as const) {
    const at = recording[list].findIndex((entry) => entry.app >= recording.apps.length)
    if (at >= 0) throw noRecording(path, ` (${list}.${at}.app: there is no such app)`)
  }
  const at = recording.visits.findIndex(({ fn }) => fn >= functions)
  if (at >= 0) throw noRecording(path, ` (visits.${at}.fn: there is no such function)`)
  return recording
}

function noRecording(where: string, why: string): UserError {
  return new UserError({
    where,
    problem: `expected a recording of pilotlight live replay, found another file${why}`,
    hint: 'Replay again.',
  })
}
