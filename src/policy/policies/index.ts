import { type Described, registry, type Registry } from '../../core/registry.ts'
import type { PolicyDefinition } from '../policy.ts'
import * as list from './list.ts'

/** Every policy that comes with the package. */
export const policies: Registry<PolicyDefinition> = registry<PolicyDefinition>(
  'policy',
  Object.values(list).toSorted((one, other) => (one.id < other.id ? -1 : 1)),
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
