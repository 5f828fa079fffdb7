import { createWriteStream } from 'node:fs'
import { once } from 'node:events'
import { COLD, JOINED, REFUSED } from '../engine/contract.ts'
import type { Watcher } from './fleet/watcher.ts'
import type { LiveApp } from './live-app.ts'

/** Bytes that wait to be written at most: a disk that is slow or full holds up no call. */
const MOST_WAITING = 8 * 1024 * 1024

/** Writes down every call: a line of JSON each, without headers, bodies and queries, which may hold secrets. */
export interface AccessLog {
  readonly watcher: Watcher
  close(): Promise<void>
}

/** `file` is written on at its end; one that is moved away is written on until the next start. */
export function accessLog(file: string, apps: readonly LiveApp[], originMs: number): AccessLog {
  const stream = createWriteStream(file, { flags: 'a', mode: 0o600 })
  let lost = 0
  stream.on('error', () => (lost += 1))
  return {
    watcher: {
      visited({ app, call, arrivedAt, outcome, waits, waitedMs, ranMs, status, fault }) {
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
        stream.write(`${JSON.stringify(line)}\n`)
      },
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
