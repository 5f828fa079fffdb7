import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { UserError } from '../core/user-error.ts'
import type { Comparison } from '../metrics/comparison.ts'
import type { Renderer } from '../report/renderer.ts'

/** Renders a comparison and writes the files to a folder; gives their paths. A file is replaced whole or not at all. */
export async function writeReport(
  comparison: Comparison,
  renderers: readonly Renderer[],
  folder: string,
): Promise<string[]> {
  const files = []
  for (const renderer of renderers) files.push(...(await renderer.render(comparison)))
  await mkdir(folder, { recursive: true }).catch((error: unknown) => refuse(folder, error))
  const paths: string[] = []
  for (const { name, bytes } of files) {
    const path = join(folder, name)
    await replaceFile(path, bytes)
    paths.push(path)
  }
  return paths
}

/** Puts a file in place of the one at the path; at every moment the path holds one of them, whole. */
export async function replaceFile(path: string, content: Uint8Array | Iterable<string>): Promise<void> {
  const temporary = `${path}.${randomUUID()}.part`
  try {
    await writeFile(temporary, content)
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {})
    refuse(path, error)
  }
}

function refuse(path: string, error: unknown): never {
  if (!(error instanceof Error && 'code' in error && 'syscall' in error)) throw error
  throw new UserError({
    where: path,
    problem: `cannot be written (${String(error.code)})`,
    hint: 'Choose another place.',
  })
}
