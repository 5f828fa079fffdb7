import { z } from 'zod'
import { isTimeZone } from '../../core/time-zone.ts'
import { TRACE_FACTS } from '../trace.ts'

const whole = z.int().min(0)

const join = z.object({
  files: z.array(
    z.object({ path: z.string(), table: z.string(), day: whole.optional(), rows: whole, bytes: z.number().min(0) }),
  ),
  defects: z.array(
    z.looseObject({
      id: z.string(),
      found: z.string(),
      rule: z.string(),
      count: z.number().min(0),
      examples: z.array(z.string()),
    }),
  ),
})

const about = {
  id: z.string(),
  format: z.string(),
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  offers: z.array(z.enum(TRACE_FACTS)),
  startsAtMs: z.number().optional(),
  zone: z.string().refine(isTimeZone).optional(),
  horizonMs: whole,
  invocations: whole,
  join,
}

/** What the header of a compiled trace may hold; what its columns hold is checked by themselves. */
export const headerSchema = z.object({
  about: z.discriminatedUnion('kind', [
    z.looseObject({ ...about, kind: z.literal('counts'), bucketMs: whole.min(1), hasGaps: z.boolean() }),
    z.looseObject({ ...about, kind: z.literal('events'), isMeasured: z.boolean() }),
  ]),
  columns: z.array(z.object({ name: z.string(), at: whole.multipleOf(8), length: whole, checksum: whole })),
  bytes: whole,
})
