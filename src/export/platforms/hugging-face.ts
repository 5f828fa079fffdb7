import { HOUR } from '../../core/units.ts'
import { omit } from '../files/export-file.ts'
import { namedListing } from '../files/listing.ts'
import { constantFloor } from '../../policy/plan/floor.ts'
import { DNS_LABEL } from '../files/name-rule.ts'
import { plainPlatform } from '../fit/plain-scale.ts'
import { filtered } from '../apply/tool.ts'
import type { Platform } from '../platform.ts'

/**
 * Hugging Face Inference Endpoints: `compute.scaling` with `minReplica` and `scaleToZeroTimeout` in minutes, as its Terraform
 * provider and clients have them (read in November 2026). The least time could not be looked up: a minute is written.
 */
export const huggingFace: Platform = plainPlatform({
  id: 'hugging-face',
  title: 'Hugging Face endpoints',
  summary: 'A time in minutes after which an idle endpoint goes to zero, and a minimum of replicas.',
  sets: '`scaleToZeroTimeout` and `minReplica` of an endpoint',
  sources: [
    {
      about: 'keys',
      says: 'minReplica, maxReplica and scaleToZeroTimeout of compute.scaling',
      at: 'the Go types of its Terraform provider, and clients in public repositories',
      read: '2026-11-30',
    },
    {
      about: 'default',
      says: 'an endpoint that may go to zero does so after 1 h by default; other replicas go after 300 s, checked every 2 min',
      at: 'Hugging Face, Inference Endpoints, "Autoscaling"',
      read: '2026-11-30',
    },
  ],
  assumed: [
    { about: 'default', says: 'one replica stays by default' },
    { about: 'keys', says: 'the time is in minutes, as clients give it, and the least is a minute' },
    { about: 'default', says: 'replicas beyond the last stay as long as that one' },
  ],
  lacks: 'Pre-warming, schedules, seconds. The range of the time was not found.',
  present: namedListing(
    ({ account }) => [
      `curl --fail --silent --show-error -H "Authorization: Bearer $HF_TOKEN" "https://api.endpoints.huggingface.cloud/v2/endpoint/${account}"`,
    ],
    { key: 'name', lists: ['items'], of: (endpoint) => omit(endpoint, ['status']) },
  ),
  maxima: { maxReplica: 1 },
  names: {
    ...DNS_LABEL,
    pattern: /^[a-z0-9]([-a-z0-9]{0,30}[a-z0-9])?$/,
    words: 'at most 32 small letters, digits and "-"',
    most: 32,
  },
  settings: {
    account: {
      describe: 'The user or organisation that has the endpoints.',
      default: 'my-account',
      pattern: /^[-\w.]{1,96}$/,
    },
  },
  byDefault: { prewarmMs: 0, keepAliveMs: HOUR, floor: constantFloor(1), from: 'one replica stays (assumed)' },
  window: { knob: 'scaleToZeroTimeout', minS: 60, maxS: 7 * 24 * 3600, stepS: 60 },
  floor: { knob: 'minReplica' },
  patch: ({ seconds, instances }) => ({
    compute: {
      scaling: { minReplica: instances, maxReplica: Math.max(1, instances), scaleToZeroTimeout: seconds / 60 },
    },
  }),
  read: ({ compute }) => {
    const minutes = compute?.['scaling']?.['scaleToZeroTimeout']
    const instances = Number(compute?.['scaling']?.['minReplica'] ?? 1)
    return minutes === undefined || minutes === null ? { instances } : { seconds: Number(minutes) * 60, instances }
  },
  tool: ({ account }) => {
    const url = `"https://api.endpoints.huggingface.cloud/v2/endpoint/${account}/$1"`
    const call = 'curl --fail --silent --show-error -H "Authorization: Bearer $HF_TOKEN"'
    return {
      needs: ['curl'],
      variables: { HF_TOKEN: 'a token of Hugging Face that may write Inference Endpoints' },
      get: filtered(`${call} ${url}`, `del(.status)`),
      put: [
        `jq '{compute: {scaling: (.compute.scaling | {minReplica, maxReplica, scaleToZeroTimeout})}}' "$2" >"$2.body"`,
        `${call} -X PUT -H 'Content-Type: application/json' --data @"$2.body" ${url}`,
      ],
    }
  },
  before: ['A changed endpoint is rolled out again (assumed).'],
})
