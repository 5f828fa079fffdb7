import type { Cloud } from './cloud.ts'
import { ENDPOINTS } from './endpoints.ts'
import { CLUSTERS } from './kubernetes.ts'
import { VENDORS } from './vendors.ts'

/** Every cloud whose objects the scripts of an export read and set. */
export const CLOUDS: readonly Cloud[] = [...CLUSTERS, ...VENDORS, ...ENDPOINTS]
