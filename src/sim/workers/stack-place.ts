import { pathToFileURL } from 'node:url'

/** `file:line:column` of an error in a file, as far as its stack tells; else the file alone. */
export function stackPlace(path: string, error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  for (const name of [pathToFileURL(path).href, path]) {
    const at = stack.indexOf(`${name}:`)
    const place = at === -1 ? null : /^:\d+(?::\d+)?/.exec(stack.slice(at + name.length))
    if (place !== null) return path + place[0]
  }
  return path
}
