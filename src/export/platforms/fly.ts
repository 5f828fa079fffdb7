import { MINUTE } from '../../core/units.ts'
import { NO_FLOOR } from '../../policy/plan/floor.ts'
import { listOf, pick } from '../files/export-file.ts'
import { isText, type Listed } from '../files/listing.ts'
import { DNS_LABEL } from '../files/name-rule.ts'
import { plainPlatform, type PlainValues } from '../fit/plain-scale.ts'
import type { Platform } from '../platform.ts'

function toml({ instances }: PlainValues): string {
  return [
    '[http_service]',
    '  auto_stop_machines = "stop"',
    '  auto_start_machines = true',
    `  min_machines_running = ${instances}`,
    '',
  ].join('\n')
}

/**
 * Fly.io: `min_machines_running`, `auto_stop_machines` and `auto_start_machines` of fly.toml. Its proxy stops one machine of a
 * region at a pass; that a pass comes every five minutes is assumed.
 */
export const fly: Platform = plainPlatform({
  id: 'fly',
  title: 'Fly.io',
  summary: 'No window that can be set; a minimum of machines in the primary region, and machines that stop when idle.',
  sets: '`min_machines_running`, `auto_stop_machines` and `auto_start_machines` of fly.toml',
  sources: [
    {
      about: 'keys',
      says: 'min_machines_running, auto_stop_machines and auto_start_machines',
      at: "fly.io's reference of fly.toml",
      read: '2026-11',
    },
    {
      about: 'default',
      says: 'the proxy looks every few minutes',
      at: 'fly.io, "Long-running tasks and machine lifecycle", How autostop actually decides',
      read: '2026-11-30',
    },
  ],
  assumed: [{ about: 'default', says: 'that is every five minutes' }],
  lacks: 'Windows and schedules. The proxy looks every few minutes: 5 min are assumed.',
  present: {
    commands: () => ['for app in $(fly apps list --json | jq -r ".[].Name"); do fly config show --app "$app"; done'],
    objects: (documents) =>
      documents.flatMap(({ app, http_service, services }): Listed[] => {
        const service = http_service ?? listOf(services)[0]
        const keys = ['min_machines_running', 'auto_stop_machines', 'auto_start_machines']
        return service === undefined || !isText(app) ? [] : [[app, pick(service, keys)]]
      }),
  },
  names: DNS_LABEL,
  settings: {},
  byDefault: {
    prewarmMs: 0,
    keepAliveMs: 5 * MINUTE,
    floor: NO_FLOOR,
    from: 'stopped by the proxy when idle: 5 min are assumed',
  },
  floor: { knob: 'min_machines_running' },
  patch: ({ instances }) => ({
    min_machines_running: instances,
    auto_stop_machines: 'stop',
    auto_start_machines: true,
  }),
  read: (service) => {
    const instances = Number(service['min_machines_running'] ?? 0)
    // A machine that is not stopped by the proxy runs for ever.
    const isStopped = !['off', 'false', 'undefined'].includes(String(service['auto_stop_machines']))
    return isStopped ? { instances } : { instances, seconds: Number.POSITIVE_INFINITY }
  },
  files: (all) => all.map((values) => ({ path: `fly/${values.app.name}.toml`, text: toml(values) })),
  byHand: () => [
    '# Take the three lines of fly/<app>.toml over into the fly.toml of each app, then: fly deploy --app <app>',
  ],
  back: 'Deploy the fly.toml that you had; with --present, before/ has the lines of each app.',
  before: ['A deployment replaces machines.', 'Machines must be there to be started: fly scale count makes them.'],
})
