import { MINUTE } from '../../core/units.ts'
import { definePolicy } from '../policy.ts'

/** Least recently used first, so that all instances of an app stay warm for long. */
export const lcs = definePolicy({
  id: 'lcs',
  summary: 'Serves with the instance that has been idle longest, so that the windows of all begin anew by turns.',
  paper:
    'Sethi et al., "LCS: alleviating total cold start latency in serverless applications with LRU warm container approach", ICDCN 2023',
  departures: [
    'The keep-alive time is ours: that of OpenWhisk, and of the other fixed windows here.',
    'In the model paper, where an app has one instance, it is a fixed window.',
  ],
  parameters: {
    keepAlive: {
      kind: 'duration',
      isWindow: true,
      describe: 'How long an instance stays loaded after it became idle.',
      default: 10 * MINUTE,
      min: 0,
    },
  },
  scope: 'app',
  needs: [],
  world: () => ({ reuse: 'oldest' }),
  create: ({ keepAlive }) => ({
    arrived() {},
    decide(_app, _now, out) {
      out.prewarmMs = 0
      out.keepAliveMs = keepAlive
    },
  }),
})
