import { parentPort, workerData } from 'node:worker_threads'
import { UserError } from '../../../core/user-error.ts'
import { FunctionRows } from '../../build/function-rows.ts'
import { type DayRows, memoryOf, newRows, readDay } from './day-rows.ts'
import type { DayTask, FunctionName, DayMessage, DayOrder } from './day-threads.ts'
import type { TableFile } from './table-files.ts'

// A thread that reads the tables of invocations that it is sent, one after the other. It numbers the functions as it meets
// them, and names each but once.
const { minuteAtZero } = workerData as DayTask
const functions = new FunctionRows()
const spares: DayRows[] = []
let named = 0

function say(message: DayMessage, moved: readonly ArrayBuffer[] = []): void {
  parentPort!.postMessage(message, moved)
}

function newNames(): FunctionName[] {
  const names: FunctionName[] = []
  for (; named < functions.count; named += 1)
    names.push([...functions.ownerAndApp(functions.appOf.at(named)), functions.functionNameOf(named)])
  return names
}

parentPort!.on('message', (task: DayOrder) => {
  if ('spare' in task) spares.push(task.spare)
  else void read(task)
})

function spare(): DayRows {
  return spares.pop() ?? newRows()
}

async function read(file: TableFile): Promise<void> {
  let bytes = 0
  const onRows = (rows: DayRows): void => say({ rows, names: newNames(), read: bytes }, memoryOf(rows))
  const onRead = (now: number): void => {
    bytes = now
  }
  try {
    say({ size: await readDay(file, minuteAtZero, functions, { onRows, onRead, spare }) })
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    say({ complaint: error.complaint })
  }
}
