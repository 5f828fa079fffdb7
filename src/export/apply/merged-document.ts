import type { Data } from '../files/export-file.ts'

/** Names of actions, rules and triggers made by an export begin with this. So a later export can remove them. */
export const OWN = 'pilotlight-'

/**
 * The name of an entry that holds nothing. An object with a list of this one entry is left out: it is needed only beside
 * entries of the operator's own, so that nothing holds around those.
 */
export const NOTHING = `${OWN}nothing`

/** Keys by which the entries of a list are known. */
const NAME_KEYS = ['name', 'ScheduledActionName', 'TriggerName', 'metricName'] as const
/**
 * Keys whose numbers are only raised, each with the value that holds where an object does not have it. So an app may have as
 * many instances as it needs, and not fewer than before. A maximum of 0 means none.
 */
export type Maxima = Readonly<Record<string, number>>

/**
 * An object of a platform with the changes of an export, as merge.jq makes them in apply.sh: a JSON merge patch (RFC 7396)
 * with three exceptions: in lists of named entries the operator's own stay, maxima are never lowered, and objects that hold
 * {@link NOTHING} are left out.
 */
export function merged(present: Data | undefined, patch: Data, maxima: Maxima = {}): Data {
  return mergedAt(present as unknown, patch as unknown, maxima) as Data
}

type DocumentKeys = Record<string, unknown>

function mergedAt(present: unknown, patch: unknown, maxima: Maxima): unknown {
  if (Array.isArray(patch)) {
    return mergedList(Array.isArray(present) ? (present as unknown[]) : [], patch as unknown[], maxima)
  }
  if (!isMapping(patch)) return patch
  const whole: DocumentKeys = isMapping(present) ? { ...present } : {}
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete whole[name]
    else if (!Object.hasOwn(maxima, name)) whole[name] = mergedAt(whole[name], value, maxima)
    else if (Number(value) > mostOf(whole[name], maxima[name]!)) whole[name] = value
    if (holdsNothing(whole[name])) delete whole[name]
  }
  return whole
}

/** Whether an object is one that is left out; see {@link NOTHING}. */
export function holdsNothing(value: unknown): boolean {
  if (!isMapping(value)) return false
  return Object.values(value).some((list) => Array.isArray(list) && list.length === 1 && nameOf(list[0]) === NOTHING)
}

function mostOf(present: unknown, otherwise: number): number {
  const most = present === undefined || present === null ? otherwise : Number(present)
  return most === 0 ? Number.POSITIVE_INFINITY : most
}

function mergedList(present: readonly unknown[], patch: readonly unknown[], maxima: Maxima): unknown[] {
  const own = new Map(patch.map((entry) => [nameOf(entry), entry]))
  const kept = present.flatMap((entry) => {
    const name = nameOf(entry)
    if (name === undefined) return [entry]
    const same = own.get(name)
    if (name.startsWith(OWN)) return []
    return [same === undefined ? entry : mergedAt(entry, same, maxima)]
  })
  const known = new Set(present.map((entry) => nameOf(entry)).filter((name) => name?.startsWith(OWN) !== true))
  return [...kept, ...patch.filter((entry) => !known.has(nameOf(entry)))]
}

function nameOf(entry: unknown): string | undefined {
  if (!isMapping(entry)) return undefined
  const key = NAME_KEYS.find((each) => typeof entry[each] === 'string')
  return key === undefined ? undefined : (entry[key] as string)
}

function isMapping(value: unknown): value is DocumentKeys {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const NAMES_JQ = `def named: if type == "object" then [.[${NAME_KEYS.map((key) => `"${key}"`).join(', ')}] | strings][0] else null end;
def own: named as $n | $n != null and ($n | startswith("${OWN}"));
`

/** The same as {@link merged}, in the language of jq: `jq -s -f merge.jq present.json patch.json`. */
export function mergeJq(maxima: Maxima = {}): string {
  const most = Object.entries(maxima).map(([key, otherwise]) => {
    return `${JSON.stringify(key)}: ${Number.isFinite(otherwise) ? otherwise : 'infinite'}`
  })
  return `# An object of the platform with what the export sets in it: a JSON merge patch, but that
# lists are merged by the names of their entries, that maxima are never lowered, and that an object which holds nothing
# is left out.
${NAMES_JQ}def nothing: type == "object" and any(.[]; type == "array" and length == 1 and (.[0] | named) == "${NOTHING}");
def maxima: {${most.join(', ')}};
def most($otherwise): if . == null then $otherwise else tonumber end | if . == 0 then infinite else . end;
def merge($old; $new):
  if ($new | type) == "array" then
    (if ($old | type) == "array" then $old else [] end) as $list
    | [$list[] | select(own | not) | named as $n
        | . as $entry | ([$new[] | select($n != null and named == $n)][0]) as $same
        | if $same == null then $entry else merge($entry; $same) end]
      + [$new[] | . as $entry | named as $n
        | select(($n == null) or ([$list[] | select((own | not) and named == $n)] | length == 0))]
  elif ($new | type) == "object" then
    reduce ($new | keys_unsorted[]) as $k ((if ($old | type) == "object" then $old else {} end);
      if $new[$k] == null then del(.[$k])
      elif maxima | has($k) | not then .[$k] = merge(.[$k]; $new[$k]) | if .[$k] | nothing then del(.[$k]) else . end
      elif ($new[$k] | tonumber) > (.[$k] | most(maxima[$k])) then .[$k] = $new[$k]
      else . end)
  else $new end;
merge(.[0]; .[1])
`
}

/**
 * Undoes an export: `jq -s -f restore.jq now.json before.json patch.json`. What the patch names becomes what it was
 * before. All else stays as it is now, since others may have changed it in between.
 */
export const RESTORE_JQ = `# An object of the platform as it is now, with what an export set in it as it was before the export.
${NAMES_JQ}def same($n): [.[]? | select($n != null and named == $n)][0];
def emptied($before): if $before == null and length == 0 then null else . end;
def restore($now; $before; $patch):
  if ($patch | type) == "array" then
    (if ($now | type) == "array" then $now else [] end) as $list
    | (if ($before | type) == "array" then $before else [] end) as $old
    | [$list[] | select(own | not) | . as $entry | named as $n
        | ($patch | same($n)) as $set | ($old | same($n)) as $was
        | if $set == null then $entry elif $was == null then empty else restore($entry; $was; $set) end]
      + [$old[] | named as $n | select(own or (($patch | same($n)) != null and ($list | same($n)) == null))]
    | emptied($before)
  elif ($patch | type) == "object" then
    reduce ($patch | keys_unsorted[]) as $k ((if ($now | type) == "object" then $now else {} end);
      restore(.[$k]; (if ($before | type) == "object" then $before[$k] else null end); $patch[$k]) as $value
      | if $value == null then del(.[$k]) else .[$k] = $value end)
    | emptied($before)
  else $before end;
restore(.[0]; .[1]; .[2])
`
