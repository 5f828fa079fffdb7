import { once } from 'node:events'
import { createWriteStream, existsSync } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { UserError } from '../../core/user-error.ts'

/** What is to be fetched, and where it goes. */
export interface Fetching {
  readonly url: string
  /** The file that it becomes once it is whole; until then it is a file of that name with `.part` after it. */
  readonly file: string
  /** How many bytes it has; where that is not known, the server is asked. */
  readonly bytes?: number
  /** More bytes than this are refused. */
  readonly most: number
  /** How long a server may be silent, in ms. */
  readonly patienceMs: number
  readonly onProgress: (done: number, total: number) => void
}

/**
 * Fetches a file, going on where an earlier attempt was cut off. Throws a UserError for everything that the network or
 * the server does wrong; what was fetched by then stays for the next attempt.
 */
export async function fetchArchive(fetching: Fetching): Promise<void> {
  const { url, file, bytes, most } = fetching
  if (existsSync(file)) return
  const part = `${file}.part`
  const done = await sizeOf(part)
  if (bytes === undefined || done < bytes) await fetchRest(fetching, part, done)
  const size = await sizeOf(part)
  if (bytes !== undefined && size !== bytes) {
    await rm(part, { force: true })
    const problem = `expected ${bytes} bytes, got ${size}, which is another file`
    throw new UserError({ where: url, problem, hint: 'Name a mirror with --from, or try again later.' })
  }
  if (size > most) throw tooLarge(url, most)
  await rename(part, file)
}

/** Fetches what is missing behind the first `done` bytes, giving up on a server that is silent for too long. */
async function fetchRest(fetching: Fetching, part: string, done: number): Promise<void> {
  const { url, patienceMs } = fetching
  const silence = new AbortController()
  const timer = setTimeout(() => silence.abort(), patienceMs)
  try {
    const headers = done > 0 ? { range: `bytes=${done}-` } : {}
    const response = await fetch(url, { headers, signal: silence.signal })
    // 416: the part is whole already, or longer than the file; the sizes tell which.
    if (response.status === 416) return await checkWhole(url, response, part, done)
    if (!response.ok || response.body === null) {
      const problem = `the server answered ${response.status} ${response.statusText}`.trimEnd()
      throw new UserError({ where: url, problem, hint: RETRY })
    }
    const from = response.status === 206 ? done : 0
    const length = Number(response.headers.get('content-length') ?? Number.NaN)
    const writing = createWriteStream(part, { flags: from > 0 ? 'a' : 'w' })
    const received = counted(response.body, fetching, { from, total: from + length, onData: () => timer.refresh() })
    try {
      await pipeline(received, writing)
    } finally {
      // A file that was being opened when the transfer was refused is there only afterwards.
      if (!writing.closed) await once(writing, 'close')
    }
  } catch (error) {
    throw explained(url, error, silence.signal.aborted ? patienceMs : undefined)
  } finally {
    clearTimeout(timer)
  }
}

/** The bytes of a body as they come, refused when they are too many or, at the end, fewer than `total` (if known). */
async function* counted(
  body: AsyncIterable<Uint8Array>,
  { url, most, onProgress }: Fetching,
  { from, total, onData }: { from: number; total: number; onData: () => void },
): AsyncGenerator<Uint8Array> {
  if (total > most) throw tooLarge(url, most)
  let received = from
  for await (const chunk of body) {
    onData()
    received += chunk.length
    if (received > most) throw tooLarge(url, most)
    onProgress(received, Number.isNaN(total) ? most : total)
    yield chunk
  }
  if (Number.isNaN(total) || received === total) return
  const problem = `the connection ended after ${received} of ${total} bytes`
  throw new UserError({ where: url, problem, hint: RETRY })
}

const RETRY = 'Run the command again to go on, or name a mirror with --from.'

/** `bytes *` + `/size` of a refused range tells how long the file is. */
async function checkWhole(url: string, response: Response, part: string, done: number): Promise<void> {
  const size = /\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1]
  if (size !== undefined && Number(size) === done) return
  await rm(part, { force: true })
  throw new UserError({
    where: url,
    problem: 'what was fetched before is not the beginning of this file',
    hint: 'Run the command again.',
  })
}

function tooLarge(url: string, most: number): UserError {
  return new UserError({
    where: url,
    problem: `expected at most ${most} bytes, and there are more`,
    hint: 'Name the right file with --from.',
  })
}

/** Errors of the network and the disk as errors the user can fix; others as they are. */
function explained(url: string, error: unknown, silentMs: number | undefined): unknown {
  if (error instanceof UserError) return error
  if (silentMs !== undefined) {
    return new UserError({ where: url, problem: `the server was silent for ${silentMs / 1000} s`, hint: RETRY })
  }
  const { message, cause, code } = error as Error & { code?: string }
  // fetch tells of the network by a TypeError whose cause says what it was.
  const reason = cause instanceof Error ? cause.message || String((cause as { code?: string }).code) : message
  if (error instanceof TypeError || code !== undefined) {
    return new UserError({ where: url, problem: `cannot be fetched: ${reason.replace(/\.$/, '')}`, hint: RETRY })
  }
  return error
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  )
}
