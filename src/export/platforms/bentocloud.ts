import { MINUTE } from '../../core/units.ts'
import { constantFloor } from '../../policy/plan/floor.ts'
import { LABEL } from '../files/name-rule.ts'
import { plainPlatform } from '../fit/plain-scale.ts'
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
  sources: ["min_replicas and scale_down_stabilization_window of 0 to 3600 s: BentoCloud's documentation of scaling"],
  assumed: ['an idle replica stays for the window', 'a window of 600 s by default'],
  lacks: 'Pre-warming, schedules.',
  names: LABEL,
  settings: {},
  byDefault: {
    prewarmMs: 0,
    keepAliveMs: 10 * MINUTE,
    floor: constantFloor(1),
    from: 'min_replicas: 1; window 600 s (assumed)',
  },
  window: { knob: 'scale_down_stabilization_window', minS: 0, maxS: 3600 },
  floor: { knob: 'min_replicas' },
  patch: ({ seconds, instances }) => ({
    scaling: { min_replicas: instances, policy: { scale_down_stabilization_window: seconds } },
  }),
  read: ({ scaling }) => ({
    seconds: Number(scaling?.['policy']?.['scale_down_stabilization_window'] ?? 600),
    instances: Number(scaling?.['min_replicas'] ?? 1),
  }),
  byHand: () => [
    'for f in apps/*.json; do bentoml deployment update "$(basename "$f" .json)" --config-file "$f"; done',
  ],
  before: ['What a deployment has now is not read: look at it before, as with bentoml deployment get.'],
})
