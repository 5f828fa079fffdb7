import { parentPort, workerData } from 'node:worker_threads'
import { UserError } from '../../core/user-error.ts'
import { exportOf } from '../../own/own-code.ts'
import { toldOf } from '../../own/told.ts'
import type { TraceFormat } from '../../trace/trace-format.ts'
import { failedCall } from '../own-file.ts'
import type { FormatAnswer, FormatCall, FormatTask } from './format-apart.ts'
import { partsOfAnswer } from './parts-of-answer.ts'

/** Between two signs of life, in ms. */
const BEAT_MS = 200

const { code, file, beats } = workerData as FormatTask
const port = parentPort!
let method: FormatCall['method'] = 'read'

function beat(): void {
  Atomics.add(beats, 0, 1)
}

function tell(answer: FormatAnswer): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  port.postMessage(answer)
}

function onProgress(done: number, of: number): void {
  beat()
  tell({ done, of })
}

async function answered({ paths, origin }: FormatCall): Promise<FormatAnswer> {
  const format = (await exportOf(code)) as TraceFormat
  if (method === 'recognises') {
    const recognised: unknown = await format.recognises(paths[0]!)
    return typeof recognised === 'boolean'
      ? { recognised }
      : wrong(`must give true or false, found ${toldOf(recognised)}`)
  }
  const options = { onProgress, origin }
  const given: unknown = await (method === 'read' ? format.read(paths[0]!, options) : format.readAll!(paths, options))
  const parts = partsOfAnswer(given)
  return typeof parts === 'string' ? wrong(parts) : { parts }
}

function wrong(mistake: string): FormatAnswer {
  return { complaint: new UserError({ where: file, problem: `${method}() ${mistake}` }).complaint }
}

setInterval(beat, BEAT_MS).unref()
process.on('beforeExit', () => tell(wrong('waits for what never comes')))
port.on('message', async (call: FormatCall) => {
  ;({ method } = call)
  // While the format works, this thread ends once nothing is left that could come.
  port.unref()
  try {
    tell(await answered(call))
  } catch (error) {
    tell({ complaint: failedCall(file, method, error).complaint })
  }
  port.ref()
})
