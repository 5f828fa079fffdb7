import { join } from 'node:path'
import { VERSION } from '../../core/version.ts'
import { formatDuration, formatSpan } from '../../core/units.ts'
import type { Calibration } from '../../experiment/calibrate.ts'
import { type FolderOptions, writeOwnFolder } from '../../files/own-folder.ts'
import { csvRow } from '../../metrics/csv-row.ts'
import { overTimePicture, perAppPicture } from '../../report/calibration/calibration-pictures.ts'
import type { Trace } from '../../trace/trace.ts'

/** Writes measured beside simulated cold starts to a folder: per app and over time, as CSV and as pictures; gives their paths. */
export async function writeCalibration(
  trace: Trace,
  calibration: Calibration,
  folder: string,
  options: FolderOptions,
): Promise<string[]> {
  const { fit, apparent, perApp, overTime } = calibration
  const load = fit.coldStart === 'trace' ? 'as measured' : formatDuration(fit.coldStart)
  const facts = [
    { term: 'trace', text: `${trace.id} (${trace.format})` },
    { term: 'digest', text: trace.digest },
    {
      term: 'simulated',
      text: `fixed(keepAlive=${formatDuration(fit.keepAliveMs)}), model instances, concurrency ${fit.concurrency}, cold start ${load}, seed 1`,
    },
    {
      term: 'idle times',
      text: `${apparent.survived} survived, the longest of ${formatSpan(apparent.longestSurvivedMs)}; ${apparent.ended} not`,
    },
    { term: 'version', text: `pilotlight ${VERSION}` },
  ]
  const files = [
    {
      path: 'per-app.csv',
      content: table([
        ['app', 'invocations', 'measured', 'simulated'],
        ...perApp.map(({ app, invocations, measured, simulated }) => [app, invocations, measured, simulated]),
      ]),
    },
    {
      path: 'over-time.csv',
      content: table([
        ['from [ms]', 'measured', 'simulated'],
        ...overTime.measured.map((measured, part) => [part * overTime.partMs, measured, overTime.simulated[part]!]),
      ]),
    },
    { path: 'per-app.svg', content: await perAppPicture(calibration, facts) },
    { path: 'over-time.svg', content: await overTimePicture(calibration, facts) },
  ]
  await writeOwnFolder(folder, files, options)
  return files.map(({ path }) => join(folder, path))
}

function table(rows: readonly (readonly (string | number)[])[]): string {
  return `${rows.map((row) => csvRow(row)).join('\n')}\n`
}
