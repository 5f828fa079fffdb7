import { MINUTE } from '../../core/units.ts'
import { NO_FLOOR } from '../../policy/plan/floor.ts'
import { MOST_SECONDS } from '../fit/fit.ts'
import { plainPlatform, type PlainValues } from '../fit/plain-scale.ts'
import type { Platform } from '../platform.ts'

function moduleOf(all: readonly PlainValues[]): string {
  const lines = all.map(({ app, seconds }) => `  ${JSON.stringify(app.name)}: "${seconds}s",`)
  return [
    '// The lines that a class of your worker needs, by the example of "shop":',
    '//   import { SLEEP_AFTER } from "./sleep-after.js"',
    '//   class Shop extends Container { sleepAfter = SLEEP_AFTER["shop"] }',
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
  byHand: () => [
    '# 1. Copy sleep-after.js beside the code of the worker.',
    '# 2. Change the field sleepAfter of each class as the first lines of sleep-after.js show, by its name in that file.',
    '# 3. Look at what changed (git diff; npx wrangler deploy --dry-run), and deploy it: npx wrangler deploy',
  ],
  back: 'Put the fields back as they were (git revert), and deploy the worker again.',
  before: [
    'There is no apply.sh and no rollback.sh: the settings are in your code, and your version control has what they were.',
    'A deployment restarts containers.',
  ],
})
