import { PER_APP_HEADER } from '../../metrics/per-app.ts'
import { replaceFile } from '../../files/replace-file.ts'

/** Writes per-app rows under their header; no more than some of them are held at a time. */
export async function writePerApp(path: string, rows: Iterable<string>): Promise<void> {
  await replaceFile(path, lines(rows))
}

function* lines(rows: Iterable<string>): Generator<string> {
  yield `${PER_APP_HEADER}\n`
  for (const row of rows) yield `${row}\n`
}
