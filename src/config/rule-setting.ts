import type { EvictionDefinition } from '../sim/cluster/idle-pool.ts'
import type { PlacementDefinition } from '../sim/cluster/placement.ts'
import type { Registry } from '../core/registry.ts'
import { isOwnModule, OWN_MODULE_PATTERN } from './own-file.ts'
import { loadOwnEviction, loadOwnPlacement } from './own-plugins.ts'
import { type Setting, type SettingKind, settingKind, type Value } from './setting.ts'

/** A rule of a cluster. */
export type Rule = EvictionDefinition | PlacementDefinition

/** Options of a model that name a rule, and how one of a user's own is loaded. */
const LOADERS = { eviction: loadOwnEviction, placement: loadOwnPlacement } as const

/** A rule of a cluster: the id of a listed one, or the path of a user's own. */
export function ruleSetting(describe: string, standard: string, { ids }: Pick<Registry<Rule>, 'ids'>): SettingKind {
  const listed = settingKind({ kind: 'choice', describe, default: standard, options: ids })
  return {
    jsonSchema: {
      anyOf: [{ enum: ids }, { type: 'string', pattern: OWN_MODULE_PATTERN }],
      description: `${describe} An id, or the path of your own (.ts, .js).`,
      default: standard,
    },
    read(raw) {
      if (typeof raw === 'string' && isOwnModule(raw)) return { value: raw, written: raw, canonical: raw }
      return listed.read(raw)
    },
    spell: (value) => String(value).split('@')[0]!,
  }
}

/** The id of a rule; one of a user's own is told with the SHA-256 of its file, because another text is another rule. */
export function ruleInForce(rule: string | Rule): string {
  if (typeof rule === 'string') return rule
  return rule.code?.sha256 === undefined ? rule.id : `${rule.id}@${rule.code.sha256}`
}

/**
 * A value of an option with its rule loaded, where it is the path of a user's own; `path` makes it relative to the
 * current folder, `where` is its place. Throws a UserError for whatever is wrong with that file.
 */
export async function withRule(
  option: string,
  setting: Setting,
  { path, where }: { path(written: string): string; readonly where: string },
): Promise<Setting> {
  const { value } = setting
  if (!isRuleOption(option) || typeof value !== 'string' || !isOwnModule(value)) return setting
  const rule: Rule = await LOADERS[option](path(value), where)
  return { ...setting, value: ruleInForce(rule), rule }
}

function isRuleOption(option: string): option is keyof typeof LOADERS {
  return option in LOADERS
}

/** What a setting means to a model. */
export function meaning({ value, rule }: Setting): Value | Rule {
  return rule ?? value
}
