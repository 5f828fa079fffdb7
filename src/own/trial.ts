import { pathToFileURL } from 'node:url'
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads'
import { UserError } from '../core/user-error.ts'
import { toldOf } from './told.ts'

/** A file that takes longer to load waits for something that does not come; so does a call. */
const LONGEST_MS = 20_000
/** Rejected promises and timers of no delay are heard of a moment after a file has loaded. */
const SETTLE_MS = 20
const HINT = 'Code of your own leaves the process, timers and promises alone.'

/**
 * Loads a user's own module in a thread of its own first, where all that it can end is that thread. Throws a UserError
 * for one that ends it, throws while nobody listens, or never comes to its end; `file` is the name that it gives. Gives what
 * the file leaves at work once it has loaded, in Node's words, as `Timeout`.
 */
export async function tryLoading(path: string, file: string, longestMs = LONGEST_MS): Promise<readonly string[]> {
  const thread = new LoadingThread(path, file)
  try {
    return (await thread.loaded(longestMs)).left
  } finally {
    await thread.end()
  }
}

/**
 * Loads a user's own module in a thread of its own and nowhere else, and gives its default export: plain values as they
 * are, and for each function another. Those of the definition itself that `asked` names ask the thread and wait for its
 * answer; the rest, which a worker calls that loads the file itself, throw. Throws what the module throws, and a UserError for
 * what {@link tryLoading} refuses, and for a function that does not answer.
 */
export async function loadApart(
  path: string,
  file: string,
  asked: readonly string[],
  longestCallMs = LONGEST_MS,
): Promise<unknown> {
  const thread = new LoadingThread(path, file)
  let isAsked = false
  try {
    const { outcome } = await thread.loaded(LONGEST_MS)
    if ('threw' in outcome) throw thrownOf(outcome.threw)
    return rebuilt(outcome.found, (name, number, depth) => {
      if (depth !== 1 || !asked.includes(name)) return () => notHere(name)
      isAsked = true
      return (...given) => thread.ask(name, number, given, longestCallMs)
    })
  } finally {
    if (isAsked) thread.unref()
    else await thread.end()
  }
}

function notHere(name: string): never {
  throw new Error(`${name}() is called by workers alone`)
}

/** What was thrown, as it goes from thread to thread. */
type Thrown =
  | { readonly name: string; readonly message: string; readonly stack: string; readonly code?: string }
  | { readonly value: unknown }

/** A value as it goes from thread to thread: a plain one, functions by their numbers, lists and objects of them. */
type SentValue =
  | { readonly plain: unknown }
  | { readonly number: number }
  | { readonly list: readonly SentValue[] }
  | { readonly entries: readonly (readonly [string, SentValue])[] }

interface Loaded {
  readonly left: readonly string[]
  readonly outcome: { readonly found: SentValue } | { readonly threw: Thrown }
}

/** A thread that loads one module. */
class LoadingThread {
  private readonly file: string
  private readonly worker: Worker
  private readonly answers = new MessageChannel()
  /** Counts the answers, so that they can be waited for. */
  private readonly given = new Int32Array(new SharedArrayBuffer(4))

  constructor(path: string, file: string) {
    this.file = file
    const { port2: answers } = this.answers
    const workerData = { url: pathToFileURL(path).href, answers, given: this.given }
    this.worker = new Worker(LOADING, { eval: true, workerData, transferList: [answers], stdin: false })
    // What it throws later is nobody's; whoever asks it waits for an answer, and tells that there is none.
    this.worker.on('error', () => undefined)
  }

  /** What came of loading. Throws a UserError where nothing did. */
  async loaded(longestMs: number): Promise<Loaded> {
    let timer: NodeJS.Timeout | undefined
    try {
      const end = await new Promise<string | Loaded>((resolve) => {
        timer = setTimeout(() => resolve(`it does not come to its end within ${longestMs / 1000} s`), longestMs)
        this.worker.once('message', (loaded: Loaded | null) => resolve(loaded ?? 'it awaits what never comes'))
        this.worker.once('error', (error: unknown) => resolve(`it throws while nobody listens: ${toldOf(error)}`))
        this.worker.once('exit', () => resolve('it ends the process'))
      })
      if (typeof end !== 'string') return end
      throw new UserError({ where: this.file, problem: `the file does not load: ${end}`, hint: HINT })
    } finally {
      clearTimeout(timer)
    }
  }

  /** Calls a function of the module and waits for what it gives. Throws what it throws. */
  ask(name: string, number: number, given: readonly unknown[], longestMs: number): unknown {
    const before = Atomics.load(this.given, 0)
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    this.worker.postMessage({ number, given })
    if (Atomics.wait(this.given, 0, before, longestMs) === 'timed-out') {
      void this.worker.terminate()
      const problem = `${name}() did not come back within ${longestMs / 1000} s`
      throw new UserError({ where: this.file, problem, hint: HINT })
    }
    const { message } = receiveMessageOnPort(this.answers.port1) as {
      readonly message: { readonly gave: unknown } | { readonly threw: Thrown }
    }
    if ('threw' in message) throw thrownOf(message.threw)
    return message.gave
  }

  /** Lets the process end though the thread is there to be asked. */
  unref(): void {
    this.worker.unref()
  }

  async end(): Promise<void> {
    this.answers.port1.close()
    await this.worker.terminate()
  }
}

/** As text, because it is the same from source and built. */
const LOADING = `
const { parentPort, workerData: { url, answers, given } } = require('node:worker_threads')
const functions = []
let definition
process.kill = () => {
  throw new Error('it sends signals to processes')
}
// Results go to stdout.
process.stdout.write = process.stderr.write.bind(process.stderr)
let parts = 0

const shapeOf = (value, depth) => {
  parts += 1
  if (parts > 100_000) throw new Error('its default export is too large')
  if (typeof value === 'function') return { number: functions.push(value) - 1 }
  if (value === null || typeof value !== 'object') return { plain: typeof value === 'symbol' ? undefined : value }
  if (depth > 9) return { plain: undefined }
  if (Array.isArray(value)) return { list: value.map((part) => shapeOf(part, depth + 1)) }
  const names = new Set()
  // An instance of a class has its methods in its prototype.
  for (let place = value; place !== null && place !== Object.prototype; place = Object.getPrototypeOf(place))
    for (const name of Object.getOwnPropertyNames(place)) if (name !== 'constructor') names.add(name)
  return { entries: [...names].map((name) => [name, shapeOf(value[name], depth + 1)]) }
}

const thrownOf = (error) => {
  if (!(error instanceof Error)) {
    try {
      return { value: structuredClone(error) }
    } catch {
      return { value: 'a ' + typeof error }
    }
  }
  const { name, message, stack, code } = error
  return { name: String(name), message: String(message), stack: String(stack), ...(typeof code === 'string' ? { code } : {}) }
}

const end = (outcome) => setTimeout(() => {
  const left = process.getActiveResourcesInfo()
  // This very timer.
  left.splice(left.indexOf('Timeout'), 1)
  parentPort.on('message', (asked) => {
    try {
      answers.postMessage({ gave: functions[asked.number].apply(definition, asked.given) })
    } catch (error) {
      answers.postMessage({ threw: thrownOf(error) })
    }
    Atomics.add(given, 0, 1)
    Atomics.notify(given, 0)
  })
  parentPort.postMessage({ left, outcome })
}, ${SETTLE_MS})
process.once('beforeExit', () => parentPort.postMessage(null))
import(url)
  .then((module) => {
    definition = module.default
    return { found: shapeOf(definition, 0) }
  })
  .then(end, (error) => end({ threw: thrownOf(error) }))
`

/** A value that came from the thread; `functionFor` gives what stands for a function of that name, number and depth. */
function rebuilt(
  shape: SentValue,
  functionFor: (name: string, number: number, depth: number) => (...given: unknown[]) => unknown,
  name = 'default',
  depth = 0,
): unknown {
  if ('plain' in shape) return shape.plain
  if ('number' in shape) return functionFor(name, shape.number, depth)
  if ('list' in shape) return shape.list.map((part) => rebuilt(part, functionFor, name, depth + 1))
  const entries = shape.entries.map(([key, part]) => [key, rebuilt(part, functionFor, key, depth + 1)] as const)
  return Object.fromEntries(entries)
}

/** What was thrown in the thread, to be thrown here. */
function thrownOf(thrown: Thrown): unknown {
  if ('value' in thrown) return thrown.value
  const { name, message, stack, code } = thrown
  const error = name === 'SyntaxError' ? new SyntaxError(message) : new Error(message)
  return Object.assign(error, { name, stack }, code === undefined ? {} : { code })
}
