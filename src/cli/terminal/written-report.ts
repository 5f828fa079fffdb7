import { join } from 'node:path'
import { demandOwnFolder, type FolderOptions, writeOwnFolder } from '../../files/own-folder.ts'
import type { Comparison } from '../../metrics/comparison.ts'
import type { Material, Renderer } from '../../report/renderer.ts'

/** Renders a comparison, for readers as it is `spoken` in their language, and writes the files to a folder; gives their paths. Nothing is written unless all is rendered. */
export async function writeReport(
  comparison: Comparison,
  renderers: readonly Renderer[],
  folder: string,
  options: FolderOptions,
  material: Material = {},
  spoken: Comparison = comparison,
): Promise<string[]> {
  await demandOwnFolder(folder, options)
  const files = []
  for (const renderer of renderers) {
    files.push(...(await renderer.render(renderer.isSpoken === true ? spoken : comparison, material)))
  }
  if (material.figures?.paper !== undefined) {
    const { besideFigures } = await import('../../report/drawing/beside-figure.ts')
    files.push(...(await besideFigures(spoken, material)))
  }
  await writeOwnFolder(
    folder,
    files.map(({ name, bytes }) => ({ path: name, content: bytes })),
    options,
  )
  return files.map(({ name }) => join(folder, name))
}
