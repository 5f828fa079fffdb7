import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { UserError } from '../core/user-error.ts'

/** A file that takes longer to load waits for something that does not come. */
const LONGEST_LOAD_MS = 20_000
/** Rejected promises and timers of no delay are heard of a moment after a file has loaded. */
const SETTLE_MS = 20

/**
 * Loads a user's own module in a thread of its own first, where all that it can end is that thread. Throws a UserError
 * for one that ends it, throws while nobody listens, or never comes to its end; `file` is the name that it gives. Gives what
 * the file leaves at work once it has loaded, in Node's words, as `Timeout`.
 */
export async function tryLoading(path: string, file: string, longestMs = LONGEST_LOAD_MS): Promise<readonly string[]> {
  const hint = 'Code of your own leaves the process, timers and promises alone.'
  const worker = new Worker(TRIAL, { eval: true, workerData: pathToFileURL(path).href, stdin: false })
  let timer: NodeJS.Timeout | undefined
  try {
    const end = await new Promise<string | readonly string[]>((resolve) => {
      timer = setTimeout(() => resolve(`it does not come to its end within ${longestMs / 1000} s`), longestMs)
      // What importing itself throws is told by the import that follows, with its place.
      worker.once('message', (left: readonly string[] | null) => resolve(left ?? 'it awaits what never comes'))
      worker.once('error', (error: unknown) => resolve(`it throws while nobody listens: ${told(error)}`))
      worker.once('exit', () => resolve('it ends the process'))
    })
    if (typeof end !== 'string') return end
    throw new UserError({ where: file, problem: `the file does not load: ${end}`, hint })
  } finally {
    clearTimeout(timer)
    await worker.terminate()
  }
}

/** As text, because it is the same from source and built. */
const TRIAL = `
const { parentPort, workerData } = require('node:worker_threads')
const done = () => setTimeout(() => {
  const left = process.getActiveResourcesInfo()
  // This very timer.
  left.splice(left.indexOf('Timeout'), 1)
  parentPort.postMessage(left)
}, ${SETTLE_MS})
process.once('beforeExit', () => parentPort.postMessage(null))
import(workerData).then(done, done)
`

function told(error: unknown): string {
  return (error instanceof Error ? error.message : JSON.stringify(error)).split('\n')[0]!.replace(/\.$/, '')
}
