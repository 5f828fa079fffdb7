import { MINUTE, SECOND } from '../../core/units.ts'
import { namedListing } from '../files/listing.ts'
import { NO_FLOOR } from '../../policy/plan/floor.ts'
import { plainPlatform } from '../fit/plain-scale.ts'
import type { Platform } from '../platform.ts'

/**
 * Scaleway Serverless Containers and Functions: `min_scale` and `max_scale` of its API v1beta1. The last idle
 * instance goes after 15 min, others after 30 s, as its references say.
 */
export const scaleway: Platform = plainPlatform({
  id: 'scaleway',
  title: 'Scaleway',
  summary: 'No windows; a minimum of instances per container or function.',
  sets: '`min_scale` of a container or function',
  sources: [
    {
      about: 'keys',
      says: 'keys and calls',
      at: '@scaleway/sdk-container 1.8.0 and @scaleway/sdk-function 1.7.0, API v1beta1',
      read: '2026-11-30',
    },
    {
      about: 'default',
      says: 'with a minimum of 0 all instances go after 15 idle minutes',
      at: 'Scaleway, "Containers autoscaling reference", Minimum scale',
      read: '2026-11-30',
    },
    {
      about: 'default',
      says: 'instances other than the last go after 30 s',
      at: 'Scaleway, "Containers limitations", Time before scale down',
      read: '2026-11-30',
    },
  ],
  assumed: [{ about: 'default', says: 'functions do as containers do' }],
  lacks: 'Windows and schedules: the last idle instance stays for 15 min, others for 30 s.',
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
    kind: {
      describe: 'What is deployed: container or function.',
      default: 'container',
      pattern: /^(container|function)$/,
    },
    region: { describe: 'The region.', default: 'fr-par', pattern: /^[a-z]{2}-[a-z]{3}$/ },
  },
  byDefault: {
    prewarmMs: 0,
    keepAliveMs: 30 * SECOND,
    lastKeepAliveMs: 15 * MINUTE,
    floor: NO_FLOOR,
    from: 'Scaleway: 15 min after the last use; instances other than the last, 30 s',
  },
  floor: { knob: 'min_scale' },
  patch: ({ instances }) => ({ min_scale: instances, max_scale: Math.max(1, instances) }),
  read: (container) => ({ instances: Number(container['min_scale'] ?? 0) }),
  tool: ({ kind, region }) => {
    const url = `"https://api.scaleway.com/${kind}s/v1beta1/regions/${region}/${kind}s/$1"`
    const call = 'curl --fail --silent --show-error -H "X-Auth-Token: $SCW_SECRET_KEY"'
    return {
      needs: ['curl'],
      variables: { SCW_SECRET_KEY: 'the secret key of an API key' },
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
