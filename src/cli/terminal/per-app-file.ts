import { PER_APP_HEADER } from '../../metrics/per-app.ts'
import { replaceFile } from '../../files/replace-file.ts'

const ROWS_PER_WRITE = 1000

/** Writes per-app rows under their header; no more than some of them are held at a time. */
export async function writePerApp(path: string, rows: Iterable<string>): Promise<void> {
  await replaceFile(path, pieces(rows))
}

function* pieces(rows: Iterable<string>): Generator<string> {
  let lines = [PER_APP_HEADER]
  for (const row of rows) {
    lines.push(row)
    if (lines.length < ROWS_PER_WRITE) continue
    yield `${lines.join('\n')}\n`
    lines = []
  }
  if (lines.length > 0) yield `${lines.join('\n')}\n`
}
