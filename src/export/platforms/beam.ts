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
    '# The lines that an endpoint, task queue or web server of yours needs, by the example of "shop":',
    '#   from keep_warm import KEEP_WARM',
    '#   @endpoint(',
    '#       keep_warm_seconds=KEEP_WARM["shop"]["keep_warm_seconds"],',
    '#       autoscaler=QueueDepthAutoscaler(min_containers=KEEP_WARM["shop"]["min_containers"]),',
    '#   )',
    '# Where it has an autoscaler, keep its other arguments, such as max_containers and tasks_per_container.',
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
    {
      about: 'keys',
      says: 'min_containers of an autoscaler always run, also those of earlier versions until they are stopped',
      at: 'docs.beam.cloud, "Keep warm"',
      read: '2026-11-30',
    },
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
  byHand: () => [
    '# 1. Copy keep_warm.py beside the code of each app.',
    '# 2. Change the decorator of each endpoint as the first lines of keep_warm.py show, by its name in that file.',
    '# 3. Look at what changed (git diff), and deploy it: beam deploy app.py:handler',
    '# 4. Stop earlier versions whose minimum was above 0: beam deployment list, beam deployment stop <id>',
  ],
  back: 'Put the decorators back as they were (git revert), deploy again, and stop the versions with a minimum.',
  before: [
    'There is no apply.sh, no dry run and no rollback.sh: the settings are in your code, and your version control has what they were.',
    'A deployment restarts containers. Those of a minimum run, and are charged, until their version is stopped, also after the next deployment.',
  ],
})
