import { registry, type Registry } from '../../core/registry.ts'
import type { Preset } from '../preset.ts'
import { dslab } from './dslab.ts'
import { faascache } from './faascache.ts'
import { opendc } from './opendc.ts'

/** Every simulator whose semantics can be named in place of single options. */
export const presets: Registry<Preset> = registry<Preset>('preset', [faascache, dslab, opendc])
