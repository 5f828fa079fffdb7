import { DAY_MINUTES } from '../../core/units.ts'
import { join } from 'node:path'
import { MEMORY_DAYS, type RowSink } from './synthetic-rows.ts'
import { createTableFile, type WrittenTable } from './table-file.ts'

/** The data set's own files, as a sink of rows; all days are open at once, so that no row has to be kept. */
export interface AzureFiles extends RowSink {
  /** Resolves when the disk has caught up. */
  flush(): Promise<void>
  close(): Promise<void>
}

const MINUTES = Array.from({ length: DAY_MINUTES }, (_, minute) => minute + 1)
const INVOCATIONS_HEADER = ['HashOwner', 'HashApp', 'HashFunction', 'Trigger', ...MINUTES].join()
const DURATIONS_HEADER = [
  'HashOwner,HashApp,HashFunction,Average,Count,Minimum,Maximum',
  ...[0, 1, 25, 50, 75, 99, 100].map((percent) => `percentile_Average_${percent}`),
].join()
const MEMORY_HEADER = [
  'HashOwner,HashApp,SampleCount,AverageAllocatedMb',
  ...[1, 5, 25, 50, 75, 95, 99, 100].map((percent) => `AverageAllocatedMb_pct${percent}`),
].join()

/** The three tables of one day. Days after the data set's last with memory have none. */
interface DayFiles {
  readonly invocations: WrittenTable
  readonly durations: WrittenTable
  readonly memory: WrittenTable | undefined
}

/** Begins the files of so many days in a folder, in the layout of Azure's data set of 2019. */
export function createAzureFiles(folder: string, days: number, gzip: boolean): AzureFiles {
  const files = Array.from({ length: days }, (_, day) => dayFiles(folder, day, gzip))
  const all = files.flatMap(({ invocations, durations, memory }) => [invocations, durations, memory ?? []].flat())
  return {
    invocations(day, { owner, name }, fn, counts) {
      files[day]!.invocations.write(`${owner},${name},${fn.name},${fn.trigger},${counts.join()}`)
    },
    durations(day, { owner, name }, fn, { average, count, minimum, maximum, percentiles }) {
      const figures = [average, count, float(minimum), float(maximum), ...percentiles]
      files[day]!.durations.write(`${owner},${name},${fn.name},${figures.join()}`)
    },
    memory(day, { owner, name }, { samples, averageMb, percentiles }) {
      files[day]!.memory?.write(`${owner},${name},${samples},${averageMb},${percentiles.join()}`)
    },
    async flush() {
      for (const file of all) await file.flush()
    },
    async close() {
      await Promise.all(all.map((file) => file.close()))
    },
  }
}

function dayFiles(folder: string, day: number, gzip: boolean): DayFiles {
  const begin = (table: string, header: string) => {
    const number = String(day + 1).padStart(2, '0')
    const file = createTableFile(join(folder, `${table}.anon.d${number}.csv${gzip ? '.gz' : ''}`))
    file.write(header)
    return file
  }
  return {
    invocations: begin('invocations_per_function_md', INVOCATIONS_HEADER),
    durations: begin('function_durations_percentiles', DURATIONS_HEADER),
    memory: day < MEMORY_DAYS ? begin('app_memory_percentiles', MEMORY_HEADER) : undefined,
  }
}

/** Minimum and Maximum are floats in the data set, and whole ones are written with a zero. */
function float(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value)
}
