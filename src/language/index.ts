import { registry } from '../core/registry.ts'
import { chinese } from './chinese.ts'
import { ENGLISH, type Language } from './language.ts'

/** Every language that a report is written in. */
export const LANGUAGES = registry<Language>('language', [ENGLISH, chinese])
