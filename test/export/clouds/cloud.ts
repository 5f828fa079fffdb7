/**
 * A cloud that an operator has something in, as far as an export's scripts see it: its programs stand in for the vendor's and
 * change files as the vendor's documentation says that its calls change objects.
 */
export interface Cloud {
  readonly platform: string
  readonly settings?: Readonly<Record<string, string>>
  /** What the operator has: files in $CLOUD, of objects with images, secrets, triggers and limits of their own. */
  readonly has: Readonly<Record<string, unknown>>
  /** The vendor's programs, in sh; they run in $CLOUD. */
  readonly programs: Readonly<Record<string, string>>
  readonly environment?: Readonly<Record<string, string>>
  /** What the commands of the platform's listing print of `has`, one document after the other. */
  readonly listing: readonly unknown[]
  /** Calls that change nothing. */
  readonly reads: RegExp
  /** What an export may change: leaves of those files, as in `shop.json: spec.cooldownPeriod`. */
  readonly sets: RegExp
  /** Leaves that count changes, and are never the same again. */
  readonly counters?: RegExp
  /** How the app "shop" is kept before anything is applied: its windows, and what is held on Monday at ten and at three. */
  readonly asItIs: { readonly keepAliveS: number; readonly lastS?: number; readonly at10: number; readonly at3: number }
}

/** The beginning of every program: what it was called with, in one line. */
export const RECORDED = `#!/bin/sh
set -eu
printf '%s\\n' "$(basename "$0") $*" | tr '\\n' ' ' >>"$CALLS"
echo >>"$CALLS"
`

/** curl in front of an API: \`routes\` are cases of "METHOD url", with the body in the file "body". */
export function curl(routes: string): string {
  return `method=GET url= data=
while [ "$#" -gt 0 ]; do
  case $1 in
    -X) method=$2; shift ;;
    -H | --user) shift ;;
    --data) data=$2; [ "$method" != GET ] || method=POST; shift ;;
    http*) url=$1 ;;
  esac
  shift
done
case $data in @*) body=$(cat "\${data#@}") ;; *) body=$data ;; esac
cd "$CLOUD"
printf %s "$body" >"$CALLS.body"
body=$CALLS.body
missing() { echo "curl: (22) The requested URL returned error: 404" >&2; exit 22; }
there() { if [ -e "$1" ]; then cat "$1"; else missing; fi; }
# JSON merge patch (RFC 7396) of the file $1 by the body.
patched() { [ -e "$1" ] || missing; jq -s 'def patch($p): if ($p | type) == "object" then reduce ($p | keys_unsorted[]) as $k (if type == "object" then . else {} end; if $p[$k] == null then del(.[$k]) else .[$k] |= patch($p[$k]) end) else $p end; .[1] as $p | .[0] | patch($p)' "$1" "$body" >"$1.new"; mv "$1.new" "$1"; cat "$1"; }
name=\${url%%\\?*} name=\${name##*/}
case "$method $url" in
${routes}
  *) echo "curl: no route for $method $url" >&2; exit 7 ;;
esac
`
}
