// A policy that holds instances by demand: a control loop that asks to be asked again, and answers how many to hold.
import type { Policy, PolicyContext, PolicyDefinition } from 'pilotlight'

const MINUTE = 60_000

const parameters = {
  every: { kind: 'duration', describe: 'How often the number of instances is set anew.', default: MINUTE, min: 1 },
  periods: {
    kind: 'number',
    describe: 'So many instances are held as ran at once in the last so many periods.',
    default: 10,
    min: 1,
    max: 1000,
    whole: true,
  },
} as const

interface Params {
  readonly every: number
  readonly periods: number
}

function byDemand({ every, periods }: Params, { apps, askAgain }: PolicyContext): Policy {
  if (askAgain === undefined) throw new Error('this driver cannot ask again')
  const running = new Uint32Array(apps)
  const held = new Uint32Array(apps)
  /** Per app and period, in a ring: the most that ran at once in it, and which period that was. */
  const peak = new Uint32Array(apps * periods)
  const period = new Float64Array(apps * periods).fill(-1)

  const note = (app: number, now: number): void => {
    const present = Math.floor(now / every)
    const cell = app * periods + (present % periods)
    if (period[cell] !== present) peak[cell] = 0
    period[cell] = present
    peak[cell] = Math.max(peak[cell]!, running[app]!)
  }
  const mostIn = (app: number, now: number): number => {
    const since = Math.floor(now / every) - periods
    let most = 0
    for (let cell = app * periods; cell < (app + 1) * periods; cell += 1)
      if (period[cell]! > since) most = Math.max(most, peak[cell]!)
    return most
  }

  return {
    arrived() {},
    // Not by arrivals, since one that finds no room is dropped, and never ends.
    rose(app, now, inUse) {
      running[app] = inUse
      note(app, now)
      // More than are held: the loop begins, or goes up at once.
      if (inUse > held[app]!) askAgain(app, now)
    },
    // An instance that serves several calls at a time counts for too little from the first end to the next rise.
    finished(app) {
      if (running[app]! > 0) running[app]! -= 1
    },
    floor(app, now, out) {
      note(app, now)
      held[app] = mostIn(app, now)
      out.instances = held[app]!
      out.untilMs = Number.POSITIVE_INFINITY
      if (held[app]! > 0) askAgain(app, now + every)
    },
    // Nothing stays but what is held.
    decide(_app, _now, out) {
      out.prewarmMs = Number.POSITIVE_INFINITY
      out.keepAliveMs = 0
    },
  }
}

export default {
  id: 'by-demand',
  summary: 'Holds as many instances of an app as ran at once in the last periods.',
  parameters,
  scope: 'app',
  needs: [],
  create: byDemand,
} satisfies PolicyDefinition<typeof parameters>
