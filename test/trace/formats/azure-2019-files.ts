import { formats } from '../../../src/trace/formats/index.ts'
import { plainCells } from '../../../src/trace/cells/unpacked-cells.ts'
import { TRIGGERS, type Trace } from '../../../src/trace/trace.ts'
import { inFolder } from '../temporary-folder.ts'

export type Files = Readonly<Record<string, string | Uint8Array>>

export const azure2019 = formats.get('azure-2019', 'test')
/** The trace of a folder with these files. */
export const read = (files: Files): Promise<Trace> => inFolder(files, (folder) => azure2019.read(folder))

/** Headers of the three tables, the first with three minutes. */
export const INVOCATIONS = 'HashOwner,HashApp,HashFunction,Trigger,1,2,3'
export const DURATIONS = 'HashOwner,HashApp,HashFunction,Average,Count,Minimum,Maximum,percentile_Average_50'
export const MEMORY = 'HashOwner,HashApp,SampleCount,AverageAllocatedMb'
/** Lines of a file. */
export const lines = (...rows: readonly string[]): string => `${rows.join('\n')}\n`
/** A table of one invocation. */
export const ONE = lines(INVOCATIONS, 'o,a,f,http,0,1,0')

/** What the trace holds, in words. */
export function told(trace: Trace) {
  const { apps, functions } = trace
  const plain = plainCells(trace)
  return Array.from({ length: functions.count }, (_, fn) => {
    const app = functions.app[fn]!
    const cells = Array.from(plain.minute.subarray(plain.firstCell[fn], plain.firstCell[fn + 1]), (minute, cell) => {
      return `${minute}x${plain.count[plain.firstCell[fn]! + cell]}`
    })
    return {
      name: `${apps.name.at(app)}:${functions.name.at(fn)}`,
      trigger: TRIGGERS[functions.trigger[fn]!],
      ms: functions.durationMs[fn],
      mb: apps.memoryMb[app],
      cells: cells.join(' '),
    }
  })
}

/** The defects that were found, with their examples. */
export function found(trace: Trace): Record<string, readonly [number, ...string[]]> {
  const lines = trace.join.defects.filter(({ count }) => count > 0)
  return Object.fromEntries(lines.map(({ id, count, examples }) => [id, [count, ...examples]]))
}

/** The count of one kind of defect. */
export function countOf(trace: Trace, id: string): number | undefined {
  return trace.join.defects.find((defect) => defect.id === id)?.count
}
