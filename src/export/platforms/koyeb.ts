import { MINUTE } from '../../core/units.ts'
import { NO_FLOOR } from '../../policy/plan/floor.ts'
import { type Data, listOf, pick } from '../files/export-file.ts'
import { entriesAt, isText, type Listed } from '../files/listing.ts'
import { DNS_LABEL } from '../files/name-rule.ts'
import { plainPlatform } from '../fit/plain-scale.ts'
import { filtered } from '../apply/tool.ts'
import type { Platform } from '../platform.ts'

/**
 * The scale of a deployment, as flags of the command. A delay together with a minimum has no effect. `others`: the command
 * drops all other targets of a service whose minimum and maximum are made the same.
 */
function scaleOf(scaling: Data | undefined): Data {
  const targets = listOf(scaling?.['targets'])
  const delays = targets.map((target) => target['sleep_idle_delay']?.['deep_sleep_value'])
  const hasOthers = targets.some((target) => {
    return target['sleep_idle_delay'] === undefined || target['sleep_idle_delay']['light_sleep_value'] !== undefined
  })
  const scale = {
    deepSleepDelay: Number(scaling?.['min'] ?? 0) > 0 ? undefined : delays.find((each) => each !== undefined),
    minScale: scaling?.['min'],
    maxScale: scaling?.['max'],
    ...(hasOthers ? { others: true } : {}),
  }
  return pick(scale as unknown as Data, Object.keys(scale))
}

/** The same in jq. */
const SCALE_JQ = `.definition.scalings[0] | {deepSleepDelay: (if (.min // 0) > 0 then null else [.targets[]?.sleep_idle_delay.deep_sleep_value // empty][0] end), minScale: .min, maxScale: .max, others: (if any(.targets[]?; (.sleep_idle_delay | not) or .sleep_idle_delay.light_sleep_value != null) then true else null end)} | with_entries(select(.value != null))`

/**
 * Koyeb: `--deep-sleep-delay` and `--min-scale` of its command (koyeb-cli), which takes a delay only with a minimum of 0. Light sleep, from which a service wakes within a fraction of a second, stays as it is.
 */
export const koyeb: Platform = plainPlatform({
  id: 'koyeb',
  title: 'Koyeb',
  summary: 'A delay after which an idle service goes to deep sleep, up to 6 h, or a minimum of instances.',
  sets: '`--deep-sleep-delay` and `--min-scale` of a service',
  sources: [
    {
      about: 'keys',
      says: '--deep-sleep-delay 0 removes the delay; a delay together with a minimum is an error',
      at: 'koyeb/koyeb-cli, pkg/koyeb, help of services update and the flags of sandboxes and pools',
      read: '2026-11-30',
    },
    {
      about: 'keys',
      says: 'setting a minimum or maximum keeps the delay; where the two are equal, all targets are dropped',
      at: 'koyeb/koyeb-cli, pkg/koyeb/services.go, parseScalings and setScalingsTargets',
      read: '2026-11-30',
    },
    {
      about: 'keys',
      says: 'a service sleeps only with a minimum of 0',
      at: 'Koyeb, "Scale-to-Zero"',
      read: '2026-11-30',
    },
    {
      about: 'keys',
      says: 'the least and the longest delay are quotas of the organisation: deep_sleep_idle_delay_min and _max',
      at: 'koyeb/koyeb-python-sdk, ScaleToZeroQuotas',
      read: '2026-11-30',
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
    { about: 'keys', says: 'the quota of the least delay is a minute or less' },
    { about: 'keys', says: 'the API accepts a minimum together with a delay; the delay then has no effect' },
  ],
  lacks:
    'Pre-warming, schedules. The shortest delay is a quota of your organisation; no less than a minute is written.',
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
  // The command refuses a delay together with a minimum, even a delay of 0.
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
    get: filtered(
      `koyeb deployments list --service "${app}/$1" --output json`,
      `[.deployments[]] | max_by(.created_at) // empty | ${SCALE_JQ}`,
    ),
    // Where the maximum is above the minimum, other targets stay.
    patch: [
      `jq --slurpfile now "$2" 'if $now[0].others and .minScale > 0 and .minScale >= ([.maxScale, $now[0].maxScale // 0] | max) then .maxScale = .minScale + 1 else . end' "$1"`,
    ],
    put: [
      `flags=$(jq -r 'if .minScale > 0 then empty else "--deep-sleep-delay=\\(.deepSleepDelay // 0)s" end, "--min-scale=\\(.minScale)", "--max-scale=\\(.maxScale)"' "$2")`,
      `printf '%s\\n' "$flags" | xargs koyeb services update "${app}/$1"`,
    ],
  }),
  before: [
    'An updated service is deployed again: its instances are replaced.',
    'Delays above 5 min need the plan Pro. A free instance always sleeps after an hour.',
    'A delay outside of the quotas of your organisation is refused, and the service stays as it is. The quotas are at /v1/organizations/<id>/quotas of the API, under scale_to_zero.',
    'It is assumed that Koyeb accepts a minimum for a service which has a delay. Where it refuses, run koyeb services update <app>/<service> --deep-sleep-delay 0, and then apply.sh again.',
    'Where a service scales by targets of its own, its maximum is set to at least one more than the minimum: Koyeb drops the targets of a service whose minimum and maximum are equal.',
  ],
})
