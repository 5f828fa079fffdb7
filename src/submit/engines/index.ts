import { registry } from '../../core/registry.ts'
import { awsBatch } from './aws-batch.ts'
import { kubernetes } from './kubernetes.ts'
import { slurm } from './slurm.ts'

/** The engines that `pilotlight submit --to` names. */
export const BATCH_ENGINES = registry('batch engine', [slurm, kubernetes, awsBatch])
