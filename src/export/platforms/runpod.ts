import { SECOND } from '../../core/units.ts'
import { namedListing } from '../files/listing.ts'
import { NO_FLOOR } from '../../policy/plan/floor.ts'
import { plainPlatform } from '../fit/plain-scale.ts'
import type { Platform } from '../platform.ts'

/**
 * RunPod Serverless: `idleTimeout` and `workersMin` of an endpoint. The range of 1 s to 1 h is from general
 * knowledge: it was not found in the documentation.
 */
export const runpod: Platform = plainPlatform({
  id: 'runpod',
  title: 'RunPod Serverless',
  summary: 'An idle time-out per endpoint, and a minimum of workers.',
  sets: '`idleTimeout` and `workersMin` of an endpoint',
  sources: [
    {
      about: 'default',
      says: 'idle time-out of 5 s, no active workers, 3 at most',
      at: 'docs.runpod.io, "Endpoint settings"',
      read: '2026-11-30',
    },
    {
      about: 'keys',
      says: 'a PATCH of /endpoints/{id} changes only what it names',
      at: "RunPod's own MCP server, update-endpoint",
      read: '2026-11-30',
    },
    { about: 'keys', says: 'an update replaces all workers', at: 'docs.rs/runpod-sdk 0.1.0', read: '2026-11-30' },
  ],
  assumed: [{ about: 'keys', says: 'idleTimeout of 1 s to 1 h' }],
  lacks: 'Pre-warming, schedules. The range of the time-out was not found.',
  present: namedListing(
    () => [
      'curl --fail --silent --show-error -H "Authorization: Bearer $RUNPOD_API_KEY" "https://rest.runpod.io/v1/endpoints"',
    ],
    { key: 'id', lists: [] },
  ),
  maxima: { workersMax: 3 },
  names: {
    pattern: /^[a-zA-Z0-9][-\w]{0,63}$/,
    words: 'the id of an endpoint: at most 64 letters, digits, "-" and "_"',
  },
  settings: {},
  byDefault: { prewarmMs: 0, keepAliveMs: 5 * SECOND, floor: NO_FLOOR, from: 'idleTimeout: 5 s' },
  window: { knob: 'idleTimeout', minS: 1, maxS: 3600 },
  floor: { knob: 'workersMin' },
  patch: ({ seconds, instances }) => ({
    idleTimeout: seconds,
    workersMin: instances,
    workersMax: Math.max(1, instances),
  }),
  read: (endpoint) => ({
    seconds: Number(endpoint['idleTimeout'] ?? 5),
    instances: Number(endpoint['workersMin'] ?? 0),
  }),
  tool: () => ({
    needs: ['curl'],
    variables: { RUNPOD_API_KEY: 'an API key that may write endpoints' },
    get: [
      `curl --fail --silent --show-error -H "Authorization: Bearer $RUNPOD_API_KEY" "https://rest.runpod.io/v1/endpoints/$1"`,
    ],
    put: [
      `jq '{idleTimeout, workersMin, workersMax} | del(..|nulls)' "$2" >"$2.body"`,
      `curl --fail --silent --show-error -X PATCH -H "Authorization: Bearer $RUNPOD_API_KEY" -H 'Content-Type: application/json' --data @"$2.body" "https://rest.runpod.io/v1/endpoints/$1"`,
    ],
  }),
  before: [
    'The names of apps must be the ids of endpoints: map them with --names.',
    'A changed endpoint replaces its workers one after the other.',
    'Minimum workers are charged while they are idle.',
  ],
})
