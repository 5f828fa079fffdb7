import { MINUTE } from '../../core/units.ts'
import { NO_FLOOR } from '../../policy/plan/floor.ts'
import { LABEL } from '../files/name-rule.ts'
import { plainPlatform } from '../fit/plain-scale.ts'
import type { Platform } from '../platform.ts'

/**
 * Koyeb: `--deep-sleep-delay` and `--min-scale` of its command (koyeb-cli, read in November 2026), which takes a delay only
 * with a minimum of 0. Light sleep, from which a service wakes within a fraction of a second, stays as it is.
 */
export const koyeb: Platform = plainPlatform({
  id: 'koyeb',
  title: 'Koyeb',
  summary: 'A delay after which an idle service goes to deep sleep, up to 6 h, or a minimum of instances.',
  sets: '`--deep-sleep-delay` and `--min-scale` of a service',
  sources: ['--deep-sleep-delay and --min-scale: koyeb/koyeb-cli'],
  assumed: ['the least delay is a minute'],
  lacks: 'Pre-warming, schedules. The least delay could not be looked up: a minute is written at least.',
  names: LABEL,
  settings: {
    app: { describe: 'The Koyeb app that has the services.', default: 'pilotlight', pattern: LABEL.pattern },
  },
  byDefault: { prewarmMs: 0, keepAliveMs: 5 * MINUTE, floor: NO_FLOOR, from: 'deep sleep after 5 min' },
  either: true,
  window: { knob: 'deep-sleep-delay', minS: 60, maxS: 6 * 3600 },
  floor: { knob: 'min-scale' },
  patch: ({ seconds, instances }) => ({ deepSleepDelay: instances > 0 ? 0 : seconds, minScale: instances }),
  read: (scale) => ({
    seconds: Number(scale['deepSleepDelay'] ?? 0) || 300,
    instances: Number(scale['minScale'] ?? 0),
  }),
  byHand: (_all, { app }) => [
    'for f in apps/*.json; do',
    `  koyeb services update "${app}/$(basename "$f" .json)" --deep-sleep-delay "$(jq .deepSleepDelay "$f")s" --min-scale "$(jq .minScale "$f")"`,
    'done',
  ],
  before: [
    'An updated service is deployed again: its instances are replaced.',
    'What a service has now is not read: look at it before.',
  ],
})
