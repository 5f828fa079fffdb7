import { DAY, DAY_MINUTES, HOUR, MINUTE } from '../../core/units.ts'
import { constantFloor, type Floor, floorOfBreaks } from '../plan/floor.ts'
import { answerFloor, answerFloorBy } from '../plan/floor-clock.ts'
import type { ParameterValues } from '../parameters.ts'
import { definePolicy, type FloorAnswer, type Policy, type WeekClock, type Windows } from '../policy.ts'

const timeOfDay = { kind: 'duration', min: 0, max: DAY - MINUTE } as const

const parameters = {
  instances: {
    kind: 'number',
    describe: 'Instances of each app that are always there.',
    default: 1,
    min: 0,
    max: 10_000,
    whole: true,
  },
  from: { ...timeOfDay, describe: 'Time of day from which they are; the same as until: all day.', default: 0 },
  until: { ...timeOfDay, describe: 'Time of day until which they are.', default: 0 },
  otherwise: {
    kind: 'number',
    describe: 'Instances at other times of day.',
    default: 0,
    min: 0,
    max: 10_000,
    whole: true,
  },
  starts: {
    ...timeOfDay,
    byTrace: 'timeOfDay',
    describe:
      'Time of day at which the trace begins; by default as the trace tells, else midnight. Live there is none.',
    default: 0,
  },
  keepAlive: {
    kind: 'duration',
    isWindow: true,
    describe: 'How long instances beyond those stay loaded after they went idle.',
    default: 10 * MINUTE,
    min: 0,
    max: 365 * 24 * HOUR,
  },
} as const

type Params = ParameterValues<typeof parameters>

function floorOf({ instances, from, until, otherwise }: Params): Floor {
  if (from === until) return constantFloor(instances)
  const [first, last] = [from, until].map((ms) => Math.floor(ms / MINUTE)) as [number, number]
  const isInside = (minute: number): boolean =>
    (minute - first + DAY_MINUTES) % DAY_MINUTES < (last - first + DAY_MINUTES) % DAY_MINUTES
  return floorOfBreaks('day', [first, last], (minute) => (isInside(minute) ? instances : otherwise))
}

class Provisioned implements Policy {
  private readonly keepAliveMs: number
  private readonly schedule: Floor
  private readonly startMinute: number

  private readonly clock: WeekClock | undefined

  constructor(params: Params, clock: WeekClock | undefined) {
    this.clock = clock
    this.keepAliveMs = params.keepAlive
    this.schedule = floorOf(params)
    this.startMinute = Math.floor(params.starts / MINUTE)
  }

  arrived(): void {}

  decide(_app: number, _now: number, out: Windows): void {
    out.prewarmMs = 0
    out.keepAliveMs = this.keepAliveMs
  }

  floor(_app: number, now: number, out: FloorAnswer): void {
    if (this.clock === undefined) answerFloor(this.schedule, this.startMinute, now, out)
    else answerFloorBy(this.clock, this.schedule, undefined, now, out)
  }
}

/** What clouds without windows sell: instances that are always there, in the platforms' words provisioned or minimum. */
export const provisioned = definePolicy({
  id: 'provisioned',
  summary:
    'Holds a number of instances of every app at all times or between two times of day, and a fixed window beyond.',
  parameters,
  scope: 'app',
  needs: [],
  create: (params, { clock }) => new Provisioned(params, clock),
})
