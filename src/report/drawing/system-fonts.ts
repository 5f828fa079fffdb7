import { readdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where systems keep their fonts. */
const FOLDERS = [
  '/usr/share/fonts',
  '/usr/local/share/fonts',
  join(homedir(), '.local/share/fonts'),
  join(homedir(), '.fonts'),
  '/System/Library/Fonts',
  '/Library/Fonts',
  join(homedir(), 'Library/Fonts'),
  join(process.env['SystemRoot'] ?? String.raw`C:\Windows`, 'Fonts'),
]

/** Fonts with Chinese letters that systems usually have, the ones drawn for simplified letters first. */
const NAMES = [
  /^NotoSans(Mono)?(CJK)?sc/i,
  /^NotoSansCJK-Regular/i,
  /^SourceHanSans(SC|CN)?-Regular/i,
  /^PingFang/i,
  /^Hiragino Sans GB/i,
  /^STHeiti/i,
  /^msyh\./i,
  /^wqy-microhei/i,
  /^wqy-zenhei/i,
  /^DroidSansFallback/i,
  /^simhei/i,
  /^Arial ?Unicode/i,
]
const FONT_FILE = /\.(ttf|otf|ttc|otc)$/i

/** Files of fonts of this system that have Chinese letters, the most suitable first; the same order on every call. */
export async function systemFonts(): Promise<readonly string[]> {
  const lists = await Promise.all(
    FOLDERS.map(async (folder) => {
      const names = await readdir(folder, { recursive: true }).catch(() => [])
      return names.filter((name) => FONT_FILE.test(name)).map((name) => join(folder, name))
    }),
  )
  const files = lists.flat().toSorted()
  return NAMES.flatMap((name) => files.filter((file) => name.test(file.split(/[/\\]/).at(-1)!)))
}
