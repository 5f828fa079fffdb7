import { type Data, type ExportFile, yamlFile } from '../files/export-file.ts'
import { holdsNothing, type Maxima } from './merged-document.ts'
import type { Change, KubernetesKind } from './tool.ts'

const ABOUT = `# Makes the changes that the policy needs in objects that Kustomize makes from your files. In their kustomization.yaml:
#   components: [path/to/this/folder]
# Unlike apply.sh it does not look at the cluster. So maxima stay as your files have them, objects that are not in
# your files are not made, and an annotation of an object itself that this policy does not need is not removed.
`

const POST_RENDER = `#!/bin/sh
# Makes the same changes in what Helm 3 renders: helm upgrade … --post-renderer ./helm/post-render.sh
# It needs kubectl of Kubernetes 1.21 or later, which includes Kustomize.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/rendered.yaml"
cp -R "$here/../kustomize" "$work/component"
printf 'resources: [rendered.yaml]\\ncomponents: [component]\\n' >"$work/kustomization.yaml"
kubectl kustomize "$work"
`

const VALUES = `# The same changes as values for charts of your own, by kubectl's names of the objects. A template merges them, as in
#   {{- $own := index .Values.pilotlight "ksvc/checkout" }}
#   {{- toYaml (mergeOverwrite $object (deepCopy $own)) }}
# A key that is null here must not be set.
`

/**
 * Changes of Kubernetes objects for those who keep objects in files: a component of Kustomize with a patch per object, a
 * post-renderer of Helm that applies it, and values for charts.
 */
export function kustomizeFiles(
  changes: readonly Change[],
  files: readonly ExportFile[],
  kinds: Readonly<Record<string, KubernetesKind>>,
  maxima: Maxima = {},
): ExportFile[] {
  const textOf = new Map(files.map(({ path, text }) => [path, text]))
  const patched = changes.map(({ object, patch }) => {
    const [resource = '', name = ''] = object.split('/')
    const kind = kinds[resource]
    const text = textOf.get(patch)
    if (kind === undefined || text === undefined) throw new Error(`${object}: its kind or patch is not known`)
    const stem = `${resource.replaceAll('.', '-')}-${name}`
    const set = JSON.parse(text, (_, value: unknown) => (holdsNothing(value) ? null : value)) as Data
    return { object, ...patchesOf(withoutMaxima(set, maxima), kind, name, stem) }
  })
  const component = {
    apiVersion: 'kustomize.config.k8s.io/v1alpha1',
    kind: 'Component',
    patches: patched.flatMap(({ patches }) => patches),
  }
  const values = { pilotlight: Object.fromEntries(patched.map(({ object, set }) => [object, set])) }
  return [
    ...patched.flatMap(({ written }) => written),
    headed(ABOUT, yamlFile('kustomize/kustomization.yaml', [component])),
    { path: 'helm/post-render.sh', text: POST_RENDER },
    headed(VALUES, yamlFile('helm/values.yaml', [values])),
  ]
}

/** A patch of what an object has by its keys, and where entries are added to a list of yours, one in steps for those. */
function patchesOf(set: Data, { apiVersion, kind, appends }: KubernetesKind, name: string, stem: string) {
  const list = appends?.reduce<Data | undefined>((at, key) => at?.[key], set)
  const entries = Array.isArray(list) ? (list as readonly Data[]) : []
  const rest = appends === undefined ? set : without(set, appends)
  const { metadata, ...others } = withoutNullAnnotations(rest)
  const target = { kind, name }
  const merge = yamlFile(`kustomize/${stem}.yaml`, [{ apiVersion, kind, metadata: { name, ...metadata }, ...others }])
  const steps = entries.map((value) => ({ op: 'add', path: `/${appends!.join('/')}/-`, value }))
  return {
    set,
    written: [merge, ...(steps.length === 0 ? [] : [yamlFile(`kustomize/${stem}-added.yaml`, [steps])])],
    patches: [
      { path: `${stem}.yaml`, target },
      ...(steps.length === 0 ? [] : [{ path: `${stem}-added.yaml`, target }]),
    ],
  }
}

function withoutMaxima(data: Data, maxima: Maxima): Data {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return data
  const kept = Object.entries(data).filter(([key]) => !Object.hasOwn(maxima, key))
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutMaxima(value, maxima)])) as Data
}

/** Where an annotation is null in a patch and was not there before, Kustomize writes the text "null". */
function withoutNullAnnotations(object: Data): Data {
  const { metadata, ...others } = object
  if (metadata?.['annotations'] === undefined) return object
  const kept = Object.entries(metadata['annotations']).filter(([, value]) => value !== null)
  return { metadata: { ...metadata, annotations: Object.fromEntries(kept) }, ...others } as unknown as Data
}

/** An object without what stands at these keys. */
function without(data: Data, [key, ...deeper]: readonly string[]): Data {
  if (key === undefined || data[key] === undefined) return data
  const { [key]: inner, ...others } = data
  return (deeper.length === 0 ? others : { ...others, [key]: without(inner!, deeper) }) as Data
}

function headed(about: string, { path, text }: ExportFile): ExportFile {
  return { path, text: about + text }
}
