import { MINUTE } from '../../core/units.ts'
import { NO_FLOOR } from '../../policy/plan/floor.ts'
import { listOf, pick } from '../files/export-file.ts'
import { isText, type Listed } from '../files/listing.ts'
import { DNS_LABEL } from '../files/name-rule.ts'
import type { Tool } from '../apply/tool.ts'
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

const KEYS = ['min_machines_running', 'auto_stop_machines', 'auto_start_machines']

/**
 * The configuration that Fly holds of an app is deployed again with these keys of its service, and with the image that its
 * machines run. Nothing is built; environment, mounts, checks and other services stay.
 */
const TOOL: Tool = {
  needs: ['fly'],
  get: [
    'config=$(fly config show --app "$1") || return 1',
    `printf %s "$config" | jq '(.http_service // .services[0] // error("it has no service that the proxy starts and stops machines by")) | {${KEYS.join(', ')}} | with_entries(select(.value != null))'`,
  ],
  put: [
    'fly config show --app "$1" >"$2.now"',
    `jq --slurpfile set "$2" 'def kept: del(.${KEYS.join(', .')}) + $set[0]; if .http_service then .http_service |= kept else .services[0] |= kept end' "$2.now" >"$2.app.json"`,
    `image=$(fly image show --app "$1" --json | jq -r '.[0] // error("it has no machine whose image could be deployed again") | "\\(.Registry)/\\(.Repository)" + (if (.Digest // "") == "" then ":\\(.Tag)" else "@\\(.Digest)" end)')`,
    '[ -n "$image" ] || { echo "the image of $1 could not be read" >&2; return 1; }',
    'fly deploy --app "$1" --config "$2.app.json" --image "$image" --yes',
  ],
}

/**
 * Fly.io: `min_machines_running`, `auto_stop_machines` and `auto_start_machines` of an app's service. Its proxy stops one
 * machine of a region at each pass. It is assumed that a pass comes every five minutes.
 */
export const fly: Platform = plainPlatform({
  id: 'fly',
  title: 'Fly.io',
  summary: 'No window that can be set; a minimum of machines in the primary region, and machines that stop when idle.',
  sets: '`min_machines_running`, `auto_stop_machines` and `auto_start_machines` of the service of an app',
  sources: [
    {
      about: 'keys',
      says: 'min_machines_running, auto_stop_machines and auto_start_machines',
      at: 'superfly/docs, reference/configuration.html.markerb at 0153c2ad, The http_service section',
      read: '2026-11-30',
    },
    {
      about: 'keys',
      says: 'config show prints the configuration that Fly holds of an app, as JSON; a configuration may be JSON; image show prints the images of machines',
      at: 'superfly/flyctl, internal/command/config/show.go at 0b4b906f, internal/appconfig/testdata/full-reference.json at 644ef814, internal/command/image/show.go at 020c47fa',
      read: '2026-11-30',
    },
    {
      about: 'default',
      says: 'the proxy looks every few minutes',
      at: 'fly.io, "Long-running tasks and machine lifecycle", How autostop actually decides',
      read: '2026-11-30',
    },
  ],
  assumed: [
    { about: 'default', says: 'the proxy looks every five minutes' },
    { about: 'keys', says: 'fly deploy takes the digest of an image that its registry has' },
  ],
  lacks: 'Windows and schedules. The proxy looks every few minutes: 5 min are assumed.',
  present: {
    commands: () => ['for app in $(fly apps list --json | jq -r ".[].Name"); do fly config show --app "$app"; done'],
    objects: (documents) =>
      documents.flatMap(({ app, http_service, services }): Listed[] => {
        const service = http_service ?? listOf(services)[0]
        return service === undefined || !isText(app) ? [] : [[app, pick(service, KEYS)]]
      }),
  },
  names: DNS_LABEL,
  settings: {},
  byDefault: {
    prewarmMs: 0,
    keepAliveMs: 5 * MINUTE,
    floor: NO_FLOOR,
    from: 'the proxy stops idle machines: after 5 min (assumed)',
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
  tool: () => TOOL,
  byHand: () => [
    '# Take the three lines of fly/<app>.toml over into the fly.toml of each app as well: the next fly deploy sets what that says.',
  ],
  back: 'What your fly.toml says holds again after the next fly deploy.',
  before: [
    'An app is deployed again with its present image. Machines are replaced one after the other, and a release command runs once more.',
    'A file that a configuration names by a path on your machine (local_path of [[files]]) must be in the folder of apply.sh.',
    'Only machines that exist can be started. fly scale count makes them.',
  ],
})
