import { join } from 'node:path'
import type { Comparison } from '../../metrics/comparison.ts'
import type { Renderer } from '../../report/renderer.ts'
import { makeFolder, replaceFile } from './disk.ts'

/** Renders a comparison and writes the files to a folder; gives their paths. Nothing is written unless all is rendered. */
export async function writeReport(
  comparison: Comparison,
  renderers: readonly Renderer[],
  folder: string,
): Promise<string[]> {
  const files = []
  for (const renderer of renderers) files.push(...(await renderer.render(comparison)))
  await makeFolder(folder)
  for (const { name, bytes } of files) await replaceFile(join(folder, name), bytes)
  return files.map(({ name }) => join(folder, name))
}
