import { definePolicy } from '../policy.ts'

/** Two pools of memory, so that a large app takes no room of many small ones. */
export const kiss = definePolicy({
  id: 'kiss',
  summary:
    'Divides the memory of each node into a pool for small apps and one for large ones, and keeps until it is short.',
  paper:
    'KiSS, "Keep it separated serverless", 2025 (abstract): 80 % of the memory for small containers, on the FaasCache simulator',
  departures: [
    'Which apps are small is ours: those of at most border.',
    'The eviction order of the model decides within each pool.',
    'Where memory has no limit, nothing is ever unloaded.',
  ],
  parameters: {
    small: {
      kind: 'number',
      unit: '%',
      describe: 'So much of each node’s memory is for small apps.',
      default: 80,
      min: 1,
      max: 99,
    },
    border: { kind: 'number', unit: 'MB', describe: 'Apps of at most so much memory are small.', default: 225, min: 0 },
  },
  scope: 'app',
  neverUnloads: true,
  needs: ['memory'],
  world: ({ small, border }) => ({
    pools: [
      { upToMb: border, share: small / 100 },
      { upToMb: Number.POSITIVE_INFINITY, share: (100 - small) / 100 },
    ],
  }),
  create: () => ({
    arrived() {},
    decide(_app, _now, out) {
      out.prewarmMs = 0
      out.keepAliveMs = Number.POSITIVE_INFINITY
    },
  }),
})
