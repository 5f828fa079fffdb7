import { join } from 'node:path'
import { VERSION } from '../../core/version.ts'
import { formatDuration, formatSpan } from '../../core/units.ts'
import type { Calibration } from '../../experiment/calibrate.ts'
import { type FolderOptions, writeOwnFolder } from '../../files/own-folder.ts'
import { type CsvColumn, csvTable } from '../../metrics/csv-table.ts'
import { overTimePicture, perAppPicture } from '../../report/calibration/calibration-pictures.ts'
import type { Trace } from '../../trace/trace.ts'

const MEASURED = 'Cold starts that the platform had.'
const SIMULATED = 'Cold starts of the simulation that is nearest.'

/** What `per-app.csv` tells of an app. */
export const PER_APP_COLUMNS: readonly CsvColumn<Calibration['perApp'][number]>[] = [
  { name: 'app', describe: 'Name of the app.', of: ({ app }) => app },
  { name: 'invocations', describe: 'Its invocations.', of: ({ invocations }) => invocations },
  { name: 'measured', describe: MEASURED, of: ({ measured }) => measured },
  { name: 'simulated', describe: SIMULATED, of: ({ simulated }) => simulated },
]

/** Cold starts in a part of the time. */
interface PartOfTime {
  readonly fromMs: number
  readonly measured: number
  readonly simulated: number
}

/** What `over-time.csv` tells of a part of the time. */
export const OVER_TIME_COLUMNS: readonly CsvColumn<PartOfTime>[] = [
  { name: 'from [ms]', describe: 'When the part begins, since the trace began.', of: ({ fromMs }) => fromMs },
  { name: 'measured', describe: MEASURED, of: ({ measured }) => measured },
  { name: 'simulated', describe: SIMULATED, of: ({ simulated }) => simulated },
]

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
      content: csvTable(PER_APP_COLUMNS, perApp),
    },
    {
      path: 'over-time.csv',
      content: csvTable(
        OVER_TIME_COLUMNS,
        overTime.measured.map((measured, part) => ({
          fromMs: part * overTime.partMs,
          measured,
          simulated: overTime.simulated[part]!,
        })),
      ),
    },
    { path: 'per-app.svg', content: await perAppPicture(calibration, facts) },
    { path: 'over-time.svg', content: await overTimePicture(calibration, facts) },
  ]
  await writeOwnFolder(folder, files, options)
  return files.map(({ path }) => join(folder, path))
}
