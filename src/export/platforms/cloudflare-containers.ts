import { MINUTE } from '../../core/units.ts'
import { NO_FLOOR } from '../../policy/plan/floor.ts'
import { MOST_SECONDS } from '../fit/fit.ts'
import { plainPlatform, type PlainValues } from '../fit/plain-scale.ts'
import type { Platform } from '../platform.ts'

function moduleOf(all: readonly PlainValues[]): string {
  const lines = all.map(({ app, seconds }) => `  ${JSON.stringify(app.name)}: "${seconds}s",`)
  return [
    '// class Shop extends Container { sleepAfter = SLEEP_AFTER["shop"] }',
    'export const SLEEP_AFTER = {',
    ...lines,
    '}',
    '',
  ].join('\n')
}

/** Cloudflare Containers: `sleepAfter` of the class Container, 10 min where it says nothing; each fetch renews it. */
export const cloudflareContainers: Platform = plainPlatform({
  id: 'cloudflare-containers',
  title: 'Cloudflare Containers',
  summary: 'A time after which an idle container sleeps, per class, in the code of its worker.',
  sets: '`sleepAfter`, as a module for the worker to import',
  sources: [
    {
      about: 'keys',
      says: 'sleepAfter is a text such as "90s", and each fetch renews it',
      at: '@cloudflare/containers 0.3.7',
      read: '2026-11-30',
    },
    { about: 'default', says: '10 min by default', at: '@cloudflare/containers 0.3.7', read: '2026-11-30' },
  ],
  assumed: [{ about: 'keys', says: 'sleepAfter has no limit' }],
  lacks: 'Pre-warming, schedules, minimum instances. A limit of the time was not found.',
  // The name of a class in JavaScript may also have a $, which the names of our files do not have.
  present: 'sleepAfter is a field of a class in the code of the worker. No call of Cloudflare prints it.',
  names: { pattern: /^[a-zA-Z_][\w-]{0,63}$/, words: 'at most 64 letters, digits, "_" and "-"' },
  settings: {},
  byDefault: { prewarmMs: 0, keepAliveMs: 10 * MINUTE, floor: NO_FLOOR, from: 'sleepAfter: 10 min' },
  window: { knob: 'sleepAfter', minS: 1, maxS: MOST_SECONDS },
  patch: ({ seconds }) => ({ sleepAfter: `${seconds}s` }),
  read: (scale) => ({ seconds: Number.parseInt(String(scale['sleepAfter'] ?? '600s'), 10) }),
  files: (all) => [{ path: 'sleep-after.js', text: moduleOf(all) }],
  byHand: () => ['# Import SLEEP_AFTER of sleep-after.js in the worker, and deploy it: npx wrangler deploy'],
  back: 'Remove the import of sleep-after.js from the worker, and deploy it again.',
  before: ['A deployment restarts containers.'],
})
