import { once } from 'node:events'
import { createWriteStream, type WriteStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { performance } from 'node:perf_hooks'
import { refused } from '../files/system-error.ts'
import { COLD, JOINED, REFUSED } from '../engine/outcomes.ts'
import type { Watcher } from './fleet/watcher.ts'
import type { LiveApp } from './live-app.ts'
import type { LogLine } from './log.ts'

/** Bytes that wait to be written at most. A slow or full disk does not delay calls. */
const MOST_WAITING = 8 * 1024 * 1024
/** How long after it could not be written the file is opened again, in ms. */
const REOPEN_MS = 1000

/** Writes down every call: a line of JSON each, without headers, bodies and queries, which may hold secrets. */
export interface AccessLog {
  readonly watcher: Watcher
  /** Opens the file anew, which may have been moved meanwhile. */
  reopen(): void
  close(): Promise<void>
}

/** Throws a UserError where the file cannot be written on. It is made where there is none. */
export async function demandAccessLog(file: string): Promise<void> {
  try {
    await (await open(file, 'a', 0o600)).close()
  } catch (error) {
    throw refused(file, 'written', error, 'It is the "accessLog" of the live file.')
  }
}

/**
 * Lines are added to the end of `file`; after it was moved, to the moved one until it is opened anew. Where it cannot be
 * written, as on a full disk, `log` gets an event, and it is tried again. The next line says how many were lost.
 */
export function accessLog(
  file: string,
  apps: readonly LiveApp[],
  originMs: number,
  log: (line: LogLine) => void,
): AccessLog {
  let lost = 0
  let brokeAt = Number.NEGATIVE_INFINITY
  const opened = (): WriteStream =>
    createWriteStream(file, { flags: 'a', mode: 0o600 }).on('error', (error: NodeJS.ErrnoException) => {
      brokeAt = performance.now()
      log({ event: 'access log not written', file, why: error.code ?? error.message })
    })
  let stream = opened()
  const onWritten = (error: Error | null | undefined): void => {
    if (error) lost += 1
  }
  return {
    watcher: {
      visited({ app, call, arrivedAt, outcome, waits, waitedMs, ranMs, status, fault }) {
        if (stream.destroyed && performance.now() - brokeAt >= REOPEN_MS) stream = opened()
        if (stream.writableLength > MOST_WAITING || stream.destroyed) {
          lost += 1
          return
        }
        const path = call.path.split('?')[0]
        const line = {
          time: new Date(originMs + arrivedAt).toISOString(),
          id: call.id,
          app: apps[app]!.name,
          function: call.fn,
          method: call.method,
          path,
          status,
          start: outcome === COLD ? 'cold' : outcome === JOINED ? 'joined' : outcome === REFUSED ? 'none' : 'warm',
          ...(waits ? { waitedForRoom: true } : {}),
          waitedMs: rounded(waitedMs),
          ranMs: rounded(ranMs),
          ...(fault === undefined ? {} : { error: fault.kind }),
          ...(lost === 0 ? {} : { linesLost: lost }),
        }
        lost = 0
        stream.write(`${JSON.stringify(line)}\n`, onWritten)
      },
    },
    reopen() {
      stream.end()
      stream = opened()
    },
    async close() {
      if (stream.destroyed) return
      stream.end()
      await once(stream, 'close').catch(() => undefined)
    },
  }
}

function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000
}
