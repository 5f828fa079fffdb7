import { type Described, registry, type Registry } from '../../core/registry.ts'
import type { PolicyDefinition } from '../policy.ts'
import { breakEven } from './break-even.ts'
import { ecolife } from './ecolife.ts'
import { elasticTtl } from './elastic-ttl.ts'
import { fixed } from './fixed.ts'
import { hawkes } from './hawkes.ts'
import { hazard } from './hazard.ts'
import { hybridHistogram } from './hybrid-histogram.ts'
import { noUnload } from './no-unload.ts'
import { none } from './none.ts'
import { p95Recent } from './p95-recent.ts'
import { productionHistogram } from './production-histogram.ts'
import { provisioned } from './provisioned.ts'
import { skiRental } from './ski-rental.ts'

/** Every policy that comes with the package. */
export const policies: Registry<PolicyDefinition> = registry<PolicyDefinition>(
  'policy',
  [
    fixed,
    noUnload,
    none,
    hybridHistogram,
    provisioned,
    breakEven,
    skiRental,
    elasticTtl,
    hazard,
    ecolife,
    hawkes,
    p95Recent,
    productionHistogram,
  ],
  'A plan (./plan.json) and a policy of your own (./my-policy.ts) are named by their files.',
)

/** What an experiment may name as a policy besides those: files, here as one would write them. */
export const POLICY_FILES: readonly Described[] = [
  {
    id: './plan.json',
    summary: 'Replays a plan, the windows and floors that a policy settled on: what export --to pilotlight writes.',
  },
  { id: './my-policy.ts', summary: 'A policy of your own; docs/own-policy.md shows how to write one.' },
]
