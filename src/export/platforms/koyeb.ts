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
  sources: ['koyeb/koyeb-cli: --deep-sleep-delay and --min-scale, and that a delay beside a minimum is an error'],
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
  // A delay beside a minimum is an error of the command, even one of 0.
  patch: ({ seconds, instances }) => ({
    ...(instances > 0 ? {} : { deepSleepDelay: seconds }),
    minScale: instances,
  }),
  read: (scale) => ({
    seconds: Number(scale['deepSleepDelay'] ?? 300),
    instances: Number(scale['minScale'] ?? 0),
  }),
  byHand: (_all, { app }) => [
    'for f in apps/*.json; do',
    `  jq -r 'if .deepSleepDelay then "--deep-sleep-delay=\\(.deepSleepDelay)s" else empty end, "--min-scale=\\(.minScale)"' "$f" |`,
    `    xargs koyeb services update "${app}/$(basename "$f" .json)"`,
    'done',
  ],
  before: [
    'An updated service is deployed again: its instances are replaced.',
    'What a service has now is not read: look at it before.',
  ],
})
