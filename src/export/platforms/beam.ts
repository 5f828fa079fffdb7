import { MINUTE } from '../../core/units.ts'
import { NO_FLOOR } from '../../policy/plan/floor.ts'
import { MOST_SECONDS } from '../fit/fit.ts'
import { plainPlatform, type PlainValues } from '../fit/plain-scale.ts'
import type { Platform } from '../platform.ts'

function moduleOf(all: readonly PlainValues[]): string {
  const lines = all.map(({ app, seconds, instances }) => {
    return `    ${JSON.stringify(app.name)}: {"keep_warm_seconds": ${seconds}, "min_containers": ${instances}},`
  })
  return [
    '# @endpoint(keep_warm_seconds=KEEP_WARM["shop"]["keep_warm_seconds"], …)',
    'KEEP_WARM = {',
    ...lines,
    '}',
    '',
  ].join('\n')
}

/** Beam: `keep_warm_seconds` of an endpoint or task queue, 180 s, and `min_containers` of its autoscaler (beta9). */
export const beam: Platform = plainPlatform({
  id: 'beam',
  title: 'Beam',
  summary: 'Seconds for which an idle container stays, per endpoint, in the code of the app.',
  sets: '`keep_warm_seconds` and `min_containers`, as a module for the app to import',
  sources: [
    {
      about: 'default',
      says: 'keep_warm_seconds of 180 for endpoints, 10 for task queues and 600 for pods',
      at: 'docs.beam.cloud, "Keep warm"',
      read: '2026-11-30',
    },
    { about: 'keys', says: 'min_containers always run', at: 'docs.beam.cloud, "Keep warm"', read: '2026-11-30' },
  ],
  assumed: [{ about: 'keys', says: 'keep_warm_seconds has no limit' }],
  lacks: 'Pre-warming, schedules. A limit of the time was not found.',
  present: 'Beam has no call that prints the settings of a deployment: they are in the code of the app.',
  names: { pattern: /^[a-zA-Z0-9][-\w]{0,63}$/, words: 'at most 64 letters, digits, "-" and "_"' },
  settings: {},
  byDefault: { prewarmMs: 0, keepAliveMs: 3 * MINUTE, floor: NO_FLOOR, from: 'keep_warm_seconds of an endpoint: 180' },
  window: { knob: 'keep_warm_seconds', minS: 0, maxS: MOST_SECONDS },
  floor: { knob: 'min_containers' },
  patch: ({ seconds, instances }) => ({ keep_warm_seconds: seconds, min_containers: instances }),
  read: (scale) => ({
    seconds: Number(scale['keep_warm_seconds'] ?? 180),
    instances: Number(scale['min_containers'] ?? 0),
  }),
  files: (all) => [{ path: 'keep_warm.py', text: moduleOf(all) }],
  byHand: () => ['# Import KEEP_WARM of keep_warm.py in the app, and deploy it: beam deploy app.py:handler'],
  back: 'Remove the import of keep_warm.py from the code, and deploy it again.',
  before: ['A deployment restarts containers.'],
})
