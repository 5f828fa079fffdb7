import { registry, type Registry } from '../../core/registry.ts'
import type { BackendDefinition } from '../instance/backend.ts'
import { docker } from './docker.ts'
import { processes } from './process.ts'

/** Everything that instances may run on. */
export const BACKENDS: Registry<BackendDefinition> = registry<BackendDefinition>('backend', [processes, docker])
