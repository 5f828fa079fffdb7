// A policy of one's own, as docs/own-policy.md explains it: keep an app for as long as its longest idle time so far.
import type { Policy, PolicyDefinition } from 'pilotlight'

const MINUTE = 60_000

const parameters = {
  first: { kind: 'duration', describe: 'Keep-alive before anything was learnt.', default: 10 * MINUTE, min: 0 },
  longest: {
    kind: 'duration',
    describe: 'Keep-alive is never longer than this.',
    default: 240 * MINUTE,
    min: 0,
    isWindow: true,
  },
} as const

/** Remembers the longest idle time of every app, up to a limit. */
function longestIdle(first: number, longest: number, apps: number): Policy {
  const longestMs = new Float64Array(apps).fill(-1)
  return {
    arrived(app, _now, idleMs) {
      if (idleMs > longestMs[app]!) longestMs[app] = idleMs
    },
    decide(app, _now, out) {
      const learnt = longestMs[app]!
      out.prewarmMs = 0
      out.keepAliveMs = learnt < 0 ? first : Math.min(learnt, longest)
    },
  }
}

export default {
  id: 'longest-idle',
  summary: 'Keeps an app for as long as its longest idle time so far.',
  parameters,
  scope: 'app',
  needs: [],
  create: ({ first, longest }, { apps }) => longestIdle(first, longest, apps),
} satisfies PolicyDefinition<typeof parameters>
