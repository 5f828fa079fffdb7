import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/** So many files are looked at, each for so long (ms). */
const MOST_FILES = 50
const LONGEST_MS = 10_000

/**
 * `file:line` of a syntax error in a module, or in one that it imports by a relative path: Node itself does not say in which.
 * Undefined where it is found in none.
 */
export function syntaxPlace(path: string): string | undefined {
  const files = [path]
  // The list grows while it is gone through.
  for (const file of files) {
    const line = lineOf(file)
    if (line !== undefined) return `${file}:${line}`
    for (const imported of importsOf(file)) {
      if (files.length < MOST_FILES && !files.includes(imported)) files.push(imported)
    }
  }
  return undefined
}

function lineOf(file: string): string | undefined {
  // What is wrong with TypeScript has its place already.
  if (!/\.m?js$/.test(file)) return undefined
  const { stderr } = spawnSync(process.execPath, ['--check', file], { encoding: 'utf8', timeout: LONGEST_MS })
  return stderr.includes('SyntaxError') ? /:(\d+)$/m.exec(stderr)?.[1] : undefined
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8')
  const named = [...text.matchAll(/(?:from|import)\s*\(?\s*['"](\.{1,2}\/[^'"]+)['"]/g)]
  return named.map(([, path]) => resolve(dirname(file), path!)).filter((path) => existsSync(path))
}
