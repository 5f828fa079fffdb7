import { fileURLToPath } from 'node:url'

/** Where our own code is: in front of it stands whoever called it wrongly. */
const OURS = fileURLToPath(new URL('..', import.meta.url))

/** `file:line:column` of an error in the file of a user's own, or in one that it imports, as far as its stack tells. */
export function stackPlace(path: string, error: unknown): string {
  const stack = stackOf(error)
  for (const [, url, place, line] of stack.matchAll(
    /(file:\/\/[^\s()]+?|(?<=[\s(]|^)\/[^\s()]+?)(:(\d+)(?::\d+)?)(?=[\s)]|$)/gm,
  )) {
    const file = pathOf(url!)
    const isTheirs = !file.startsWith(OURS) && !file.includes('/node_modules/')
    if (line !== undefined && (file === path || isTheirs)) return file + place!
  }
  return path
}

/** The stack of an error; it is written when it is first read, and what was thrown may make even that throw. */
function stackOf(error: unknown): string {
  try {
    return error instanceof Error && typeof error.stack === 'string' ? error.stack : ''
  } catch {
    return ''
  }
}

function pathOf(url: string): string {
  try {
    // A module that was loaded anew has a query.
    return url.startsWith('file:') ? fileURLToPath(url.replace(/[?#].*$/, '')) : url
  } catch {
    return url
  }
}
