import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { PassThrough } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'

/** A file that is written line by line. */
export interface WrittenTable {
  write(line: string): void
  /** Resolves when the disk has caught up; to be awaited now and then, so that nothing piles up in memory. */
  flush(): Promise<void>
  close(): Promise<void>
}

/** Lines are gathered up to this many characters before they are passed on. */
const CHUNK = 1 << 18

/** Begins a file, packed when its name ends in `.gz`. Errors of the disk reject `flush` and `close`. */
export function createTableFile(path: string): WrittenTable {
  const input = new PassThrough({ highWaterMark: 2 * CHUNK })
  const output = createWriteStream(path, { flags: 'wx' })
  const written = path.endsWith('.gz') ? pipeline(input, createGzip({ level: 9 }), output) : pipeline(input, output)
  let failure: unknown
  written.catch((error: unknown) => {
    failure = error
  })
  let lines: string[] = []
  let length = 0
  const pass = () => {
    if (length > 0) input.write(lines.join(''))
    lines = []
    length = 0
  }
  return {
    write(line) {
      lines.push(line, '\n')
      length += line.length + 1
      if (length >= CHUNK) pass()
    },
    async flush() {
      if (failure !== undefined) throw failure
      if (input.writableNeedDrain) await Promise.race([once(input, 'drain'), written])
    },
    async close() {
      pass()
      input.end()
      await written
    },
  }
}
