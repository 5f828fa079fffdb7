import { isClosed, PaperApp, PaperWorld } from './paper-app.ts'
import type { ReplayInTime } from './replay.ts'

/** The model `paper` in time order, for policies that learn across apps: they hear arrivals alone, so nothing need be scheduled. */
export const paperInTime: ReplayInTime = {
  id: 'paper-in-time',
  summary: 'The model paper in closed form between two arrivals, all apps together in time order.',
  order: 'time',
  suits: isClosed,
  open(parts) {
    const world = new PaperWorld(parts)
    const apps = Array.from({ length: parts.trace.apps.count }, (_, row) => {
      const app = new PaperApp(world)
      app.open(row)
      return app
    })
    return {
      put({ length, app, timeMs, fn, count }) {
        for (let row = 0; row < length; row += 1) apps[app[row]!]!.arrive(timeMs[row]!, fn[row]!, count[row]!)
      },
      close() {
        for (const app of apps) app.close()
      },
    }
  },
}
