import type { Floor } from '../../policy/plan/floor.ts'
import type { FidelityNote } from './fidelity.ts'
import type { NamedApp, NamedPlan, PlatformSetting } from '../platform.ts'
import { isConstant, type SetPoint, shifted } from '../schedule/schedule.ts'
import { heldBy, type Schedules, schedulesOf, type SetPointRule } from './set-points.ts'
import { standardOffset } from '../schedule/platform-zone.ts'

/** The setting of platforms whose schedules name no time zone and run by clocks of their own. */
export const CLOCK: PlatformSetting = {
  describe:
    'Hours by which the clocks of the schedules are ahead of UTC. The calls do not name a zone: check that this is theirs.',
  default: '8',
  pattern: /^-?(\d|1[0-4])(\.5|\.75)?$/,
}

/** As {@link schedulesOf}, with times of clocks that are `hours` ahead of UTC. Notes say where this ignores summer time. */
export function schedulesByClock({ apps, timeZone }: NamedPlan, rule: SetPointRule, hours: string): Schedules {
  const { minutes, changes } = standardOffset(timeZone)
  const moved = apps.map((app) => ({ ...app, schedule: shifted(app.schedule, Number(hours) * 60 - minutes) }))
  // Those clocks are never changed to summer time.
  const { asking, others, notes, refused } = schedulesOf({ apps: moved, timeZone: 'UTC' }, rule)
  const written = `standard time of ${timeZone} by clocks at UTC${Number(hours) < 0 ? '' : '+'}${hours}`
  const wanted = `the clocks of ${timeZone}`
  const losing = changes ? apps.filter(({ schedule }) => !isConstant(schedule)) : []
  const losses = losing.map(({ app }: NamedApp): FidelityNote => {
    return { app, knob: rule.knob, kind: 'schedule', wanted, written }
  })
  return { asking, others, refused, notes: [...notes, ...losses] }
}

/** As {@link heldBy}, for actions by those clocks; the result is in times of the plan's zone. */
export function heldByClock(
  points: readonly SetPoint[],
  first: number,
  rule: Pick<SetPointRule, 'leadMinutes'>,
  { timeZone, hours }: { readonly timeZone: string; readonly hours: string },
): Floor {
  return shifted(heldBy(points, first, rule), standardOffset(timeZone).minutes - Number(hours) * 60)
}

/** The zone of clocks so many hours ahead of UTC, for the shell's `TZ`, where the sign is reversed. */
export function clockZone(hours: string): string {
  const minutes = Math.round(Number(hours) * 60)
  const [whole, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
  return `CLOCK${minutes < 0 ? '' : '-'}${whole}:${String(rest).padStart(2, '0')}`
}
