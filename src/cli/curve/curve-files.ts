import { join } from 'node:path'
import { type FolderOptions, writeOwnFolder } from '../../files/own-folder.ts'
import { type CsvColumn, csvTable } from '../../metrics/csv-table.ts'
import { ORIGIN_COLUMNS } from '../../metrics/run-columns.ts'
import { curvePicture } from '../../report/curve/curve-picture.ts'
import { pngOf } from '../../report/drawing/png.ts'
import type { Fact } from '../../report/comparison/provenance.ts'
import { type ReportFile, textFile } from '../../report/renderer.ts'
import type { CurvePoint } from '../../sim/curve/curve-points.ts'
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
    textFile('curve.csv', csvTable(curveColumns(study), curve.points)),
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

/** What a point of a curve is told by, and where it comes from. */
export function curveColumns({
  eviction,
  model,
  seed,
  trace,
  version,
}: Pick<CurveStudy, 'eviction' | 'model' | 'seed' | 'trace' | 'version'>): CsvColumn<CurvePoint>[] {
  return [
    { name: 'memory [MB]', describe: 'Memory of the cluster.', of: ({ memoryMb }) => memoryMb },
    { name: 'cold-starts', describe: 'Cold starts at that memory.', of: ({ coldStarts }) => coldStarts },
    { name: 'cold-share [%]', describe: 'Cold starts over invocations.', of: ({ coldShare }) => 100 * coldShare },
    { name: 'eviction', describe: 'What is unloaded first when memory is short.', of: () => eviction },
    { ...ORIGIN_COLUMNS.trace, of: () => trace.id },
    { ...ORIGIN_COLUMNS.traceDigest, of: () => trace.digest },
    { ...ORIGIN_COLUMNS.model, of: () => JSON.stringify(model) },
    { ...ORIGIN_COLUMNS.seed, of: () => seed },
    { ...ORIGIN_COLUMNS.version, of: () => version },
  ]
}
