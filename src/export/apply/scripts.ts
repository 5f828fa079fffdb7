import type { ExportFile } from '../files/export-file.ts'
import { type Maxima, mergeJq, RESTORE_JQ } from './merged-document.ts'
import { type Change, environmentOf, type Tool } from './tool.ts'

/** A file that is in the folder of an export from apply.sh to rollback.sh: then before/ has what an operator had. */
export const APPLIED = 'applied.txt'

const APPLY = `#!/bin/sh
# Makes the changes that the policy needs, and no others: sh apply.sh [--dry-run]
# Every object is read first, and only differences are shown and set. Objects as they were before are kept in before/;
# rollback.sh restores them. A second run finds nothing to change. JOBS objects are set at a time, by default 4.
set -eu
cd "$(dirname "$0")"
. ./tool.sh
mode=apply
if [ "\${1:-}" = --dry-run ]; then mode=dry-run; fi
if [ "\${1:-}" != --one ]; then
  check_needs
  mkdir -p before
  xargs -P "\${JOBS:-4}" -n 3 sh apply.sh --one "$mode" <changes.txt && exit 0
  echo 'Some objects were not changed: see above.' >&2
  exit 1
fi
mode=$2 object=$3 patch=$4 create=$5
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if ! get_now "$object" >"$work/now.json" 2>"$work/why"; then
  echo "$object: could not be read: $(cat "$work/why")" >&2
  exit 1
fi
cp "$work/now.json" "$work/base.json"
if [ "$(cat "$work/now.json")" = null ]; then
  if [ "$create" = - ]; then
    echo "$object: it does not exist; deploy it first" >&2
    exit 1
  fi
  cp "$create" "$work/base.json"
fi
set_now "$patch" "$work/base.json" >"$work/patch.json"
jq -s -f merge.jq "$work/base.json" "$work/patch.json" >"$work/whole.json"
jq -S . "$work/now.json" >"$work/a"
jq -S . "$work/whole.json" >"$work/b"
if cmp -s "$work/a" "$work/b"; then
  echo "$object: nothing to change"
  exit 0
fi
{ echo "$object:"; diff -U 2 "$work/a" "$work/b" | tail -n +3 || true; } >"$work/shown"
cat "$work/shown"
if [ "$mode" = dry-run ]; then exit 0; fi
saved=before/$(printf %s "$object" | tr -c 'A-Za-z0-9._-' _).json
if [ ! -e ${APPLIED} ]; then date >${APPLIED}; fi
if [ ! -e "$saved" ]; then
  jq -n --arg object "$object" --arg file "$patch" --slurpfile present "$work/now.json" --slurpfile all "$patch" \\
    --slurpfile now "$work/patch.json" '{object: $object, file: $file, present: $present[0], patch: ($all[0] * $now[0])}' >"$saved"
fi
put "$object" "$work/whole.json" "$work/patch.json" "$work/now.json" >/dev/null
`

const ROLLBACK = `#!/bin/sh
# Undoes what apply.sh set, in every object in before/: sh rollback.sh [--dry-run]
# What the export set becomes what it was before the first apply.sh. What others changed since then stays. An object that
# is done is removed from before/, so after a failure it goes on where it stopped. JOBS objects are set at a time.
set -eu
cd "$(dirname "$0")"
. ./tool.sh
mode=apply
if [ "\${1:-}" = --dry-run ]; then mode=dry-run; fi
if [ "\${1:-}" != --one ]; then
  check_needs
  if ! ls before/*.json >/dev/null 2>&1; then
    echo 'before/ has no object: nothing was set from here, or all of it was undone'
    exit 0
  fi
  for saved in before/*.json; do echo "$saved"; done | xargs -P "\${JOBS:-4}" -n 1 sh rollback.sh --one "$mode" && {
    if [ "$mode" = apply ]; then rm -f ${APPLIED}; fi
    exit 0
  }
  echo 'Some objects were not undone: see above. They are still in before/: run rollback.sh again.' >&2
  exit 1
fi
mode=$2 saved=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/then"
object=$(jq -r .object "$saved")
jq .present "$saved" >"$work/before.json"
if ! get_now "$object" >"$work/now.json" 2>"$work/why"; then
  echo "$object: could not be read: $(cat "$work/why")" >&2
  exit 1
fi
if [ "$(cat "$work/before.json")" = null ]; then
  echo null >"$work/whole.json"
elif [ "$(cat "$work/now.json")" = null ]; then
  echo "$object: it no longer exists; nothing is set" >&2
  exit 1
else
  # What is set may depend on the time of day. So this looks at what was set then and at what would be set now.
  then=$work/then/$(basename "$(jq -r .file "$saved")")
  jq .patch "$saved" >"$then"
  set_now "$then" "$work/now.json" >"$work/patch.json" 2>/dev/null || cp "$then" "$work/patch.json"
  jq -s -f restore.jq "$work/now.json" "$work/before.json" "$work/patch.json" >"$work/half.json"
  jq -s -f restore.jq "$work/half.json" "$work/before.json" "$then" >"$work/whole.json"
fi
jq -S . "$work/now.json" >"$work/a"
jq -S . "$work/whole.json" >"$work/b"
if cmp -s "$work/a" "$work/b"; then
  echo "$object: nothing to change"
  if [ "$mode" = apply ]; then rm "$saved"; fi
  exit 0
fi
{ echo "$object:"; diff -U 2 "$work/a" "$work/b" | tail -n +3 || true; } >"$work/shown"
cat "$work/shown"
if [ "$mode" = dry-run ]; then exit 0; fi
if [ "$(cat "$work/whole.json")" = null ]; then
  drop "$object" >/dev/null
else
  put "$object" "$work/whole.json" "$work/patch.json" "$work/now.json" >/dev/null
fi
rm "$saved"
`

const PRESENT = `#!/bin/sh
# Prints every object as it is now: sh present.sh >present.json. Then run pilotlight export … --present present.json
set -eu
cd "$(dirname "$0")"
. ./tool.sh
check_needs
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
while read -r object _rest <&3; do
  if ! get "$object" </dev/null >"$work/object"; then
    echo "$object: could not be read" >&2
    exit 1
  fi
  jq --arg object "$object" '{($object): .}' "$work/object"
done 3<changes.txt >"$work/all"
jq -s 'add // {}' "$work/all"
`

/** Shell functions of every tool: which programs are missing, what there is now, and which level a schedule in levels/ has now. */
const COMMON = `check_needs() {
  for program in jq diff xargs $NEEDS; do
    command -v "$program" >/dev/null || { echo "$program is needed" >&2; exit 2; }
  done
  for name in $ENVIRONMENT; do
    eval "[ -n \\"\\\${$name:-}\\" ]" || { echo "$name is not set in the environment" >&2; exit 2; }
  done
}
get_now() {
  found=$(get "$1") || return 1
  if [ -n "$found" ]; then printf '%s\\n' "$found"; elif [ -n "$EMPTY" ]; then cat "$EMPTY"; else echo null; fi
}
level() {
  TZ=$(jq -r .timeZone "$1") date '+%u %H %M' | jq -R --slurpfile floor "$1" '
    $floor[0] as $f | (split(" ") | map(tonumber)) as [$day, $hour, $minute]
    | ((if $f.cycle == "week" then $day - 1 else 0 end) * 1440 + $hour * 60 + $minute) as $now
    | (([$f.steps[] | select(.minute <= $now)] | last) // ($f.steps | last) // {instances: 0}) | .instances'
}`

function shell(name: string, lines: readonly string[]): string {
  return [`${name}() {`, ...lines.map((line) => `  ${line}`), '}'].join('\n')
}

/** The scripts that apply changes and undo them, and what they need. */
export function applyScripts(changes: readonly Change[], tool: Tool, maxima?: Maxima): ExportFile[] {
  const text = [
    '# Functions of apply.sh and rollback.sh that read and set objects of the platform.',
    `NEEDS='${tool.needs.join(' ')}'`,
    `ENVIRONMENT='${environmentOf(tool).join(' ')}'`,
    `EMPTY='${tool.empty ?? ''}'`,
    COMMON,
    shell('get', tool.get),
    shell('put', tool.put),
    shell(
      'drop',
      tool.drop ?? ['echo "$1: it was not there before apply.sh, and cannot be removed by a script" >&2', 'return 1'],
    ),
    shell('set_now', tool.patch ?? ['cat "$1"']),
    '',
  ].join('\n')
  const list = changes.map(({ object, patch, create = '-' }) => `${object} ${patch} ${create}\n`).join('')
  return [
    { path: 'apply.sh', text: APPLY },
    { path: 'rollback.sh', text: ROLLBACK },
    { path: 'present.sh', text: PRESENT },
    { path: 'tool.sh', text },
    { path: 'merge.jq', text: mergeJq(maxima) },
    { path: 'restore.jq', text: RESTORE_JQ },
    { path: 'changes.txt', text: list },
  ]
}
