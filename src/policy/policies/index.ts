import { registry, type Registry } from '../../core/registry.ts'
import type { PolicyDefinition } from '../policy.ts'
import { fixed } from './fixed.ts'
import { hybridHistogram } from './hybrid-histogram.ts'
import { noUnload } from './no-unload.ts'
import { none } from './none.ts'
import { provisioned } from './provisioned.ts'

/** Every policy that comes with the package. */
export const policies: Registry<PolicyDefinition> = registry<PolicyDefinition>('policy', [
  fixed,
  noUnload,
  none,
  hybridHistogram,
  provisioned,
])
