import type { FidelityNote } from './fidelity.ts'
import type { NamedApp, PlatformSetting } from './platform.ts'
import { isConstant, shifted } from './schedule.ts'
import { standardOffset } from './time-zone.ts'

/** The setting of platforms whose schedules name no time zone and run by clocks of their own. */
export const CLOCK: PlatformSetting = {
  describe: 'Hours by which the clocks of the schedules are ahead of UTC. The calls do not name a zone: check it.',
  default: '8',
  pattern: /^-?\d{1,2}(\.5|\.75)?$/,
}

/** How apps get their floors told by clocks so many hours ahead of UTC, with a note where summer time is lost by that. */
export function byClock(timeZone: string, hours: string, knob: string) {
  const { minutes, changes } = standardOffset(timeZone)
  const written = `standard time of ${timeZone} by clocks at UTC${Number(hours) < 0 ? '' : '+'}${hours}`
  return (app: NamedApp): { app: NamedApp; notes: FidelityNote[] } => {
    if (isConstant(app.standIn)) return { app, notes: [] }
    const moved = { ...app, standIn: shifted(app.standIn, Number(hours) * 60 - minutes) }
    const note: FidelityNote = { app: app.app, knob, kind: 'schedule', wanted: `the clocks of ${timeZone}`, written }
    return { app: moved, notes: changes ? [note] : [] }
  }
}

/** Minutes to move a floor read by those clocks, so that it is told in a zone again. */
export function backToZone(timeZone: string, hours: string): number {
  return standardOffset(timeZone).minutes - Number(hours) * 60
}
