import { MINUTE } from '../../core/units.ts'
import { NO_FLOOR } from '../../policy/plan/floor.ts'
import { type Data, listOf, pick } from '../files/export-file.ts'
import { entriesAt, isText, type Listed } from '../files/listing.ts'
import { DNS_LABEL } from '../files/name-rule.ts'
import { plainPlatform } from '../fit/plain-scale.ts'
import type { Platform } from '../platform.ts'

/** The scale that a deployment says, in the words of the command. */
function scaleOf(scaling: Data | undefined): Data {
  const delays = listOf(scaling?.['targets']).map((target) => target['sleep_idle_delay']?.['deep_sleep_value'])
  const scale = {
    deepSleepDelay: delays.find((each) => each !== undefined),
    minScale: scaling?.['min'],
    maxScale: scaling?.['max'],
  }
  return pick(scale as unknown as Data, Object.keys(scale))
}

/**
 * Koyeb: `--deep-sleep-delay` and `--min-scale` of its command (koyeb-cli, read in November 2026), which takes a delay only
 * with a minimum of 0. Light sleep, from which a service wakes within a fraction of a second, stays as it is.
 */
export const koyeb: Platform = plainPlatform({
  id: 'koyeb',
  title: 'Koyeb',
  summary: 'A delay after which an idle service goes to deep sleep, up to 6 h, or a minimum of instances.',
  sets: '`--deep-sleep-delay` and `--min-scale` of a service',
  sources: [
    {
      about: 'keys',
      says: '--deep-sleep-delay and --min-scale, that a delay beside a minimum is an error, and deployments list --service',
      at: 'koyeb/koyeb-cli',
      read: '2026-11',
    },
    {
      about: 'keys',
      says: 'up to 6 h with the plan Pro, 12 h with Scale and Enterprise',
      at: 'Koyeb, "Scale-to-Zero", Idle period',
      read: '2026-11-30',
    },
    {
      about: 'default',
      says: '5 min by default; a free instance an hour, which cannot be changed',
      at: 'Koyeb, "Scale-to-Zero", Idle period',
      read: '2026-11-30',
    },
  ],
  assumed: [
    { about: 'keys', says: 'the least delay is a minute' },
    { about: 'keys', says: 'a minimum that is set on a service which has a delay is taken, and ends the delay' },
  ],
  lacks: 'Pre-warming, schedules. The least delay could not be looked up: a minute is written at least.',
  present: {
    commands: ({ app }) => [`koyeb deployments list --app ${app} --output json`],
    objects: (documents) => {
      const deployments = entriesAt(documents, 'deployments').filter(({ definition }) => isText(definition?.['name']))
      const newest = new Map(
        deployments
          .toSorted((a, b) => (String(a['created_at']) < String(b['created_at']) ? -1 : 1))
          .map(({ definition }) => [String(definition!['name']), definition!] as const),
      )
      return [...newest].map(([name, { scalings }]): Listed => [name, scaleOf(listOf(scalings)[0])])
    },
  },
  maxima: { maxScale: 1 },
  names: DNS_LABEL,
  settings: {
    app: { describe: 'The Koyeb app that has the services.', default: 'pilotlight', pattern: DNS_LABEL.pattern },
  },
  byDefault: { prewarmMs: 0, keepAliveMs: 5 * MINUTE, floor: NO_FLOOR, from: 'deep sleep after 5 min' },
  either: true,
  window: { knob: 'deep-sleep-delay', minS: 60, maxS: 6 * 3600 },
  floor: { knob: 'min-scale' },
  // A delay beside a minimum is an error of the command, even one of 0.
  patch: ({ seconds, instances }) => ({
    deepSleepDelay: instances > 0 ? null : seconds,
    minScale: instances,
    maxScale: Math.max(1, instances),
  }),
  read: (scale) => ({
    seconds: Number(scale['deepSleepDelay'] ?? 300),
    instances: Number(scale['minScale'] ?? 0),
  }),
  tool: ({ app }) => ({
    needs: ['koyeb'],
    get: [
      `koyeb deployments list --service "${app}/$1" --output json | jq '[.deployments[]] | max_by(.created_at) // empty | .definition.scalings[0] | {deepSleepDelay: [.targets[]?.sleep_idle_delay.deep_sleep_value // empty][0], minScale: .min, maxScale: .max} | del(..|nulls)'`,
    ],
    put: [
      `flags=$(jq -r 'if .minScale > 0 then empty else "--deep-sleep-delay=\\(.deepSleepDelay // 0)s" end, "--min-scale=\\(.minScale)", "--max-scale=\\(.maxScale)"' "$2")`,
      `printf '%s\\n' "$flags" | xargs koyeb services update "${app}/$1"`,
    ],
  }),
  before: [
    'An updated service is deployed again: its instances are replaced.',
    'Delays above 5 min need the plan Pro; a free instance sleeps after an hour, whatever is set.',
    'That the command takes a minimum for a service which has a delay is assumed: where it refuses, take the delay away on the page of the service, and run apply.sh again.',
  ],
})
