import { join } from 'node:path'
import { type FolderOptions, writeOwnFolder } from '../../files/own-folder.ts'
import { csvRow } from '../../metrics/csv-row.ts'
import { curvePicture } from '../../report/curve/curve-picture.ts'
import { pngOf } from '../../report/drawing/png.ts'
import type { Fact } from '../../report/comparison/provenance.ts'
import { type ReportFile, textFile } from '../../report/renderer.ts'
import type { CurveStudy } from './curve-study.ts'

/** Writes a study's curve as CSV and as pictures to a folder; gives their paths. Nothing is written unless all is drawn. */
export async function writeCurve(
  study: CurveStudy,
  facts: readonly Fact[],
  folder: string,
  options: FolderOptions,
): Promise<string[]> {
  const { curve, landmarks, trace } = study
  const svg = await curvePicture({
    points: curve.points,
    knee: landmarks.knee,
    floorShare: trace.invocations === 0 ? 0 : curve.firstUses / trace.invocations,
    facts,
  })
  const files: readonly ReportFile[] = [
    textFile('curve.csv', curveCsv(study)),
    textFile('curve.svg', svg),
    { name: 'curve.png', bytes: await pngOf(svg) },
  ]
  await writeOwnFolder(
    folder,
    files.map(({ name, bytes }) => ({ path: name, content: bytes })),
    options,
  )
  return files.map(({ name }) => join(folder, name))
}

/** One row a point of the curve, and where it comes from. */
function curveCsv({ curve, eviction, model, seed, trace, version }: CurveStudy): string {
  const header = ['memory [MB]', 'cold-starts', 'cold-share [%]', 'eviction']
  const origin = [trace.id, trace.digest, JSON.stringify(model), seed, version]
  const rows = curve.points.map(({ memoryMb, coldStarts, coldShare }) =>
    csvRow([memoryMb, coldStarts, 100 * coldShare, eviction, ...origin]),
  )
  return `${[csvRow([...header, 'trace', 'trace digest', 'model', 'seed', 'version']), ...rows].join('\n')}\n`
}
