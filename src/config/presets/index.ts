import { registry, type Registry } from '../../core/registry.ts'
import type { ModelPreset } from '../model-preset.ts'
import { dslab } from './dslab.ts'
import { faascache } from './faascache.ts'
import { opendc } from './opendc.ts'

/** Every simulator whose semantics can be named in place of single options. */
export const presets: Registry<ModelPreset> = registry<ModelPreset>('preset', [faascache, dslab, opendc])
