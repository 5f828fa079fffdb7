import { fileURLToPath } from 'node:url'

/** Where our own code is: in front of it stands whoever called it wrongly. */
const OURS = fileURLToPath(new URL('..', import.meta.url))

/** `file:line:column` of an error in the file of a user's own, or in one that it imports, as far as its stack tells. */
export function stackPlace(path: string, error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  for (const [, url, place, line] of stack.matchAll(
    /(file:\/\/[^\s()]+?|(?<=[\s(]|^)\/[^\s()]+?)(:(\d+)(?::\d+)?)(?=[\s)]|$)/gm,
  )) {
    const file = pathOf(url!)
    const isTheirs = !file.startsWith(OURS) && !file.includes('/node_modules/')
    if (line !== undefined && (file === path || isTheirs)) return file + place!
  }
  return path
}

function pathOf(url: string): string {
  try {
    // A module that was loaded anew has a query.
    return url.startsWith('file:') ? fileURLToPath(url.replace(/[?#].*$/, '')) : url
  } catch {
    return url
  }
}
