import type { Data } from '../files/export-file.ts'

/** What names of actions, rules and triggers begin with that an export made: an export takes away those of the one before. */
export const OWN = 'pilotlight-'

/** Keys by which the entries of a list are known. */
const NAME_KEYS = ['name', 'ScheduledActionName', 'TriggerName', 'metricName'] as const
/** Keys whose numbers are only raised: an export lets an app have as many instances as it needs, and takes none away. */
export const MAXIMA = ['maxReplicaCount', 'maxReplicas', 'scale_max_instances', 'com.openfaas.scale.max'] as const

/**
 * An object of a platform with what an export sets in it, as merge.jq does it in apply.sh: a JSON merge patch (RFC 7396)
 * but for lists of named entries, of which the operator's own stay, and for maxima, which are never lowered.
 */
export function merged(present: Data | undefined, patch: Data): Data {
  return mergedAt('', present as unknown, patch as unknown) as Data
}

type Mapping = Record<string, unknown>

function mergedAt(key: string, present: unknown, patch: unknown): unknown {
  if (Array.isArray(patch)) return mergedList(Array.isArray(present) ? (present as unknown[]) : [], patch as unknown[])
  if (isMapping(patch)) {
    const whole: Mapping = isMapping(present) ? { ...present } : {}
    for (const [name, value] of Object.entries(patch)) {
      if (value === null) delete whole[name]
      else whole[name] = mergedAt(name, whole[name], value)
    }
    return whole
  }
  const isMost = MAXIMA.some((name) => name === key) && present !== undefined && present !== null
  return isMost && Number(present) > Number(patch) ? present : patch
}

function mergedList(present: readonly unknown[], patch: readonly unknown[]): unknown[] {
  const own = new Map(patch.map((entry) => [nameOf(entry), entry]))
  const kept = present.flatMap((entry) => {
    const name = nameOf(entry)
    if (name === undefined) return [entry]
    const same = own.get(name)
    if (name.startsWith(OWN)) return []
    return [same === undefined ? entry : mergedAt('', entry, same)]
  })
  const known = new Set(present.map((entry) => nameOf(entry)).filter((name) => name?.startsWith(OWN) !== true))
  return [...kept, ...patch.filter((entry) => !known.has(nameOf(entry)))]
}

function nameOf(entry: unknown): string | undefined {
  if (!isMapping(entry)) return undefined
  const key = NAME_KEYS.find((each) => typeof entry[each] === 'string')
  return key === undefined ? undefined : (entry[key] as string)
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The same as {@link merged}, in the language of jq: `jq -s -f merge.jq present.json patch.json`. */
export const MERGE_JQ = `# An object of the platform with what the export sets in it: a JSON merge patch, but that
# lists are merged by the names of their entries, and that maxima are never lowered.
def named: if type == "object" then [.[${NAME_KEYS.map((key) => `"${key}"`).join(', ')}] | strings][0] else null end;
def own: named as $n | $n != null and ($n | startswith("${OWN}"));
def merge($key; $old; $new):
  if ($new | type) == "array" then
    (if ($old | type) == "array" then $old else [] end) as $list
    | [$list[] | select(own | not) | named as $n
        | . as $entry | ([$new[] | select($n != null and named == $n)][0]) as $same
        | if $same == null then $entry else merge(""; $entry; $same) end]
      + [$new[] | . as $entry | named as $n
        | select(($n == null) or ([$list[] | select((own | not) and named == $n)] | length == 0))]
  elif ($new | type) == "object" then
    reduce ($new | keys_unsorted[]) as $k ((if ($old | type) == "object" then $old else {} end);
      if $new[$k] == null then del(.[$k]) else .[$k] = merge($k; .[$k]; $new[$k]) end)
  elif ([${MAXIMA.map((key) => `"${key}"`).join(', ')}] | index($key)) != null and $old != null
    and ($old | tonumber) > ($new | tonumber) then $old
  else $new end;
merge(""; .[0]; .[1])
`
