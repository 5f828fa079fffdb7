/** An object of a platform that an export changes. */
export interface Change {
  /** Its name in the functions of the {@link Tool}. */
  readonly object: string
  /** The file with the changes. */
  readonly patch: string
  /** A file with what the object is made of where there is none yet; without one, a missing object is an error. */
  readonly create?: string
}

/** What an object of Kubernetes is, and which of its lists an export adds entries to. */
export interface KubernetesKind {
  readonly apiVersion: string
  readonly kind: string
  /** Keys from the top of the object, of a list that every such object has. */
  readonly appends?: readonly string[]
}

/** How objects of a platform are read and set, as lines of shell functions; they run where the files lie. */
export interface Tool {
  /** Programs that they need besides jq. */
  readonly needs: readonly string[]
  /** What the variables of the environment are that stand in the functions, each as part of a sentence. */
  readonly variables?: Readonly<Record<string, string>>
  /** Prints the object `$1` as it is now, as JSON; prints nothing where there is none. */
  readonly get: readonly string[]
  /** Sets the object `$1`: to the file `$2`, that is `$4`, the object as it is now, with the patch `$3` merged in. */
  readonly put: readonly string[]
  /** Removes the object `$1`, which an export had made; absent where exports make none. */
  readonly drop?: readonly string[]
  /**
   * A file with an object that sets nothing, where that is the same as none: `get` then prints nothing, and `put` of such an
   * object removes what there was.
   */
  readonly empty?: string
  /** Prints the patch `$1` for the object as it is now, `$2`; absent: as the file has it. */
  readonly patch?: readonly string[]
  /** Present where objects are those of Kubernetes: what they are, by the name before the "/" of an object. */
  readonly kinds?: Readonly<Record<string, KubernetesKind>>
}

/** Names that stand in shell functions as `$NAME` and come from the environment, as in `$SUBSCRIPTION`. */
export function environmentOf(tool: Tool): string[] {
  const lines = [...tool.get, ...tool.put, ...(tool.drop ?? []), ...(tool.patch ?? [])]
  const found = lines.flatMap((line) => [...line.matchAll(/(?<!\\)\$\{?([A-Z][A-Z_]+)\b/g)].map(([, name]) => name!))
  return [...new Set(found)].sort()
}

/**
 * Lines of {@link Tool.get} that print what a filter of jq makes of a call's answer. They are not a pipe, since a call that
 * fails would then be taken for an object that is not there.
 */
export function filtered(call: string, filter: string): string[] {
  return [`said=$(${call}) || return 1`, `printf '%s\\n' "$said" | jq '${filter}'`]
}

/** What tells on which account or cluster a program acts. */
const TELLING: Readonly<Record<string, readonly string[]>> = {
  aws: ['aws sts get-caller-identity', 'aws configure get region'],
  az: ['az account show'],
  gcloud: ['gcloud config get account'],
  kubectl: ['kubectl config current-context'],
  aliyun: ['aliyun configure list'],
  tccli: ['tccli configure list'],
  fly: ['fly auth whoami'],
  fn: ['fn list contexts'],
}

/** Commands that tell on which account or cluster the scripts of a tool act. */
export function tellingOf({ needs }: Tool): string[] {
  return needs.flatMap((program) => TELLING[program] ?? [])
}

/** kubectl, which replaces an object whole only if nobody changed it in between. */
export function kubectl(namespace: string, kinds: Readonly<Record<string, KubernetesKind>>): Tool {
  return {
    kinds,
    needs: ['kubectl'],
    get: filtered(
      `kubectl get "$1" --namespace ${namespace} --ignore-not-found --output json`,
      `del(.status, .metadata.managedFields)`,
    ),
    put: [
      'if [ "$(jq -r .metadata.uid "$4")" = null ]; then kubectl create --filename "$2"; else kubectl replace --filename "$2"; fi',
    ],
    drop: [`kubectl delete "$1" --namespace ${namespace}`],
  }
}
