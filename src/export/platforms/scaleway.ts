import { MINUTE } from '../../core/units.ts'
import { namedListing } from '../files/listing.ts'
import { NO_FLOOR } from '../../policy/plan/floor.ts'
import { plainPlatform } from '../fit/plain-scale.ts'
import type { Platform } from '../platform.ts'

/**
 * Scaleway Serverless Containers and Functions: `min_scale` and `max_scale` of its API v1beta1. Idle
 * instances go after 15 min, as its autoscaling references say.
 */
export const scaleway: Platform = plainPlatform({
  id: 'scaleway',
  title: 'Scaleway',
  summary: 'No windows; a minimum of instances per container or function.',
  sets: '`min_scale` of a container or function',
  sources: [
    'keys and calls: @scaleway/sdk-container 1.8.0 and @scaleway/sdk-function 1.7.0, API v1beta1',
    "with a minimum of 0 all instances go after 15 idle minutes: Scaleway's autoscaling references of containers (validated in September 2025) and functions",
  ],
  assumed: ['beside a minimum of 1 or more, the others go after 15 min as well'],
  lacks: 'Windows and schedules: an idle instance stays for 15 min.',
  present: namedListing(
    ({ kind, region }) => [
      `curl --fail --silent --show-error -H "X-Auth-Token: $SCW_SECRET_KEY" "https://api.scaleway.com/${kind}s/v1beta1/regions/${region}/${kind}s?page_size=100"`,
    ],
    { key: 'id', lists: ['containers', 'functions'] },
  ),
  maxima: { max_scale: 20 },
  names: {
    pattern: /^[a-zA-Z0-9][-a-zA-Z0-9]{0,63}$/,
    words: 'the id of a container or function: letters, digits and "-"',
  },
  settings: {
    kind: { describe: 'container or function.', default: 'container', pattern: /^(container|function)$/ },
    region: { describe: 'The region.', default: 'fr-par', pattern: /^[a-z]{2}-[a-z]{3}$/ },
  },
  byDefault: { prewarmMs: 0, keepAliveMs: 15 * MINUTE, floor: NO_FLOOR, from: 'Scaleway: 15 min of inactivity' },
  floor: { knob: 'min_scale' },
  patch: ({ instances }) => ({ min_scale: instances, max_scale: Math.max(1, instances) }),
  read: (container) => ({ instances: Number(container['min_scale'] ?? 0) }),
  tool: ({ kind, region }) => {
    const url = `"https://api.scaleway.com/${kind}s/v1beta1/regions/${region}/${kind}s/$1"`
    const call = 'curl --fail --silent --show-error -H "X-Auth-Token: $SCW_SECRET_KEY"'
    return {
      needs: ['curl'],
      get: [`${call} ${url}`],
      put: [
        `jq '{min_scale, max_scale} | del(..|nulls)' "$2" >"$2.body"`,
        `${call} -X PATCH -H 'Content-Type: application/json' --data @"$2.body" ${url}`,
      ],
    }
  },
  before: [
    'The names of apps must be ids: map them with --names.',
    'A changed container is deployed again.',
    'Minimum instances are charged while they are idle.',
  ],
})
