import { MINUTE } from '../../core/units.ts'
import { constantFloor } from '../../policy/plan/floor.ts'
import type { Data } from '../files/export-file.ts'
import { entriesAt, isText, type Listed } from '../files/listing.ts'
import { DNS_LABEL } from '../files/name-rule.ts'
import { plainPlatform } from '../fit/plain-scale.ts'
import { filtered } from '../apply/tool.ts'
import type { Platform } from '../platform.ts'

/**
 * BentoCloud: `scaling` of a service in a deployment's configuration, with `min_replicas` and the policy's
 * `scale_down_stabilization_window` of 0 to 3600 s. That the window is what an idle replica stays for is assumed.
 */
export const bentocloud: Platform = plainPlatform({
  id: 'bentocloud',
  title: 'BentoCloud',
  summary: 'A stabilisation window before replicas go, up to 1 h, and a minimum of replicas.',
  sets: '`scaling.min_replicas` and `scaling.policy.scale_down_stabilization_window` of a deployment',
  sources: [
    {
      about: 'keys',
      says: 'min_replicas and max_replicas of a service, and its policy',
      at: 'bentoml/BentoML, docs/source/scale-with-bentocloud/scaling/autoscaling.rst at 1087f9e6',
      read: '2026-11-30',
    },
    {
      about: 'keys',
      says: 'each service of a deployment has its scaling, and an update keeps what it does not name',
      at: 'bentoml/BentoML, src/bentoml/_internal/cloud/deployment.py',
      read: '2026-11-30',
    },
    {
      about: 'default',
      says: 'scale_down_behavior is stable by default: 600 s',
      at: 'bentoml/BentoML, docs, "Concurrency and autoscaling", Autoscaling policies',
      read: '2026-11-30',
    },
  ],
  assumed: [
    { about: 'keys', says: 'a scale_down_stabilization_window of 0 to 3600 s' },
    { about: 'default', says: 'an idle replica stays for the window' },
  ],
  lacks: 'Pre-warming, schedules.',
  present: {
    commands: () => [
      `for d in $(bentoml deployment list --output json | jq -r '.[].name'); do bentoml deployment get "$d" --output json; done`,
    ],
    objects: (documents, { service }) =>
      [...documents.filter((each) => !Array.isArray(each)), ...entriesAt(documents)].flatMap(
        ({ name, config }): Listed[] => {
          const services = Object.entries(config?.['services'] ?? {})
          const found = services.length === 1 ? services[0] : services.find(([each]) => each === service)
          if (found === undefined || !isText(name)) return []
          return [[name, { service: found[0], scaling: found[1]['scaling'] ?? {} } as unknown as Data]]
        },
      ),
  },
  maxima: { max_replicas: 1 },
  names: DNS_LABEL,
  settings: {
    service: {
      describe: 'The service that is set, where a deployment has several.',
      default: 'Service',
      pattern: /^[A-Za-z_][\w-]{0,127}$/,
    },
  },
  byDefault: {
    prewarmMs: 0,
    keepAliveMs: 10 * MINUTE,
    floor: constantFloor(1),
    from: 'min_replicas: 1; window 600 s',
  },
  window: { knob: 'scale_down_stabilization_window', minS: 0, maxS: 3600 },
  floor: { knob: 'min_replicas' },
  patch: ({ seconds, instances }) => ({
    scaling: {
      min_replicas: instances,
      max_replicas: Math.max(1, instances),
      policy: { scale_down_stabilization_window: seconds },
    },
  }),
  read: ({ scaling }) => ({
    seconds: Number(scaling?.['policy']?.['scale_down_stabilization_window'] ?? 600),
    instances: Number(scaling?.['min_replicas'] ?? 1),
  }),
  tool: ({ service }) => ({
    needs: ['bentoml'],
    get: filtered(
      `bentoml deployment get "$1" --output json`,
      `.config.services | to_entries | (if length == 1 then .[0] else (map(select(.key == "${service}"))[0] // error("none of its services is called ${service}: see the setting service")) end) | {service: .key, scaling: (.value.scaling // {})}`,
    ),
    // Keys that are not named stay. So a window that was not there before is set to none.
    put: [
      `jq '{services: {(.service): {scaling: (.scaling | {min_replicas, max_replicas, policy: {scale_down_stabilization_window: .policy.scale_down_stabilization_window}})}}}' "$2" >"$2.body"`,
      'bentoml deployment update "$1" --config-file "$2.body"',
    ],
  }),
  before: ['A changed deployment is rolled out again (assumed).'],
})
