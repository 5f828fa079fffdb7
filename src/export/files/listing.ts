import type { KubernetesKind } from '../apply/tool.ts'
import { type Data, listOf, omit, userDocuments } from './export-file.ts'

/** Objects of a platform, as `get` of an export's tool prints them, by the tool's names for them. */
export type Listed = readonly [object: string, data: Data]

type Settings = Readonly<Record<string, string>>

/** How a platform's present objects are read from the output of its own commands. */
export interface PresentListing {
  /** The commands, as lines of a shell: what they print, one after the other in a file, is a listing. */
  commands(settings: Settings): readonly string[]
  /** The objects in their output; none for a text that is not their output. */
  objects(documents: readonly Data[], settings: Settings): readonly Listed[]
}

/** The documents of a listing: JSON or YAML, and several one after the other, as commands print them into one file. */
export function listingDocuments(text: string, where: string): readonly Data[] {
  return jsonDocuments(text) ?? userDocuments(text, where)
}

/** JSON documents one after the other; undefined where that is not what the text has. */
function jsonDocuments(text: string): Data[] | undefined {
  const documents: Data[] = []
  // Commands indent the inner lines of a document. So it ends before the next line that begins a document at the left.
  for (const part of text.split(/(?<=[}\]])\s*\n(?=[[{])/)) {
    if (part.trim() === '') continue
    try {
      documents.push(JSON.parse(part) as Data)
    } catch {
      return undefined
    }
  }
  return documents
}

/** The entries of documents that are lists, or that have a list at one of these keys. */
export function entriesAt(documents: readonly Data[], ...keys: readonly string[]): readonly Data[] {
  return documents.flatMap((document) => {
    const found = keys.find((key) => Array.isArray(document[key]))
    const list = found === undefined ? listOf(document) : listOf(document[found])
    return list.filter((entry) => typeof entry === 'object' && (entry as unknown) !== null)
  })
}

/** Whether a value is text that says something. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

/** What `kubectl get` prints of kinds of objects in a namespace. */
export function kubernetesListing(kinds: Readonly<Record<string, KubernetesKind>>): PresentListing {
  // A kind may exist in two groups: Service is a kind of Kubernetes and of Knative.
  const resourceOf = new Map(Object.entries(kinds).map(([resource, each]) => [groupKind(each), resource]))
  return {
    commands: ({ namespace }) =>
      Object.keys(kinds).map((resource) => `kubectl get ${resource} --namespace ${namespace} --output json`),
    objects: (documents, { namespace }) => {
      const all = documents.flatMap((each) => (Array.isArray(each) || each['items'] !== undefined ? [] : [each]))
      return [...all, ...entriesAt(documents, 'items')].flatMap((entry): Listed[] => {
        const { apiVersion, kind, metadata } = entry
        const resource = resourceOf.get(groupKind({ apiVersion: String(apiVersion), kind: String(kind) }))
        const isHere = (metadata?.['namespace'] ?? namespace) === namespace
        if (resource === undefined || !isHere || !isText(metadata?.['name'])) return []
        return [[`${resource}/${String(metadata['name'])}`, withoutStatus(entry)]]
      })
    },
  }
}

function groupKind({ apiVersion, kind }: Pick<KubernetesKind, 'apiVersion' | 'kind'>): string {
  return `${apiVersion.split('/')[0]} ${kind}`
}

/** As {@link kubectl} of the tool prints it. */
function withoutStatus(object: Data): Data {
  return { ...omit(object, ['status']), metadata: omit(object['metadata']!, ['managedFields']) }
}

/** The list that one call of an API prints, or the objects that several calls print: entries by the name at a key. */
export function namedListing(
  commands: PresentListing['commands'],
  { key, lists, of = (entry) => entry }: { key: string; lists: readonly string[]; of?(entry: Data): Data },
): PresentListing {
  return {
    commands,
    objects: (documents) => {
      const single = documents.filter((each) => !Array.isArray(each) && isText(each[key]))
      return [...single, ...entriesAt(documents, ...lists)].flatMap((entry): Listed[] => {
        const name: unknown = entry[key]
        return isText(name) ? [[name, of(entry)]] : []
      })
    },
  }
}
