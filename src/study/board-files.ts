import { basename } from 'node:path'
import { readCard } from '../config/card-file.ts'
import { UserError } from '../core/user-error.ts'
import { cardFaultOf } from '../experiment/card-faults.ts'
import { fileDigest } from '../files/file-digest.ts'
import { refused } from '../files/system-error.ts'
import type { FolderFile } from '../files/own-folder.ts'
import type { BoardEntry } from '../report/board/board.ts'
import { boardCsv } from '../report/board/board-csv.ts'
import { boardPage } from '../report/board/board-page.ts'

/**
 * The files of a board: a static page, its runs as CSV, and the cards. `paths` are those of cards (.json) and of pages of
 * reports (.html); one that is no card is a row as well, with the reason. Throws a UserError where a file is not there.
 */
export async function boardFiles(paths: readonly string[], title = 'Keep-alive policies'): Promise<FolderFile[]> {
  const read = []
  for (const path of new Set(paths)) read.push(await boardEntry(path))
  const entries = distinctNames(read)
  const cards = entries.flatMap(({ name, card }) =>
    card === null ? [] : [{ path: `cards/${name}`, content: `${JSON.stringify(card, null, 2)}\n` }],
  )
  const page = await boardPage(entries, title)
  return [{ path: 'index.html', content: page }, { path: 'board.csv', content: boardCsv(entries) }, ...cards]
}

/** A card for a board. What is no card is an entry as well, with the reason; what is not there is an error. */
export async function boardEntry(path: string): Promise<BoardEntry> {
  const sha256 = await fileDigest(path).catch((error: unknown) => {
    throw refused(path, 'read', error)
  })
  const about = { name: basename(path), sha256 }
  try {
    const card = await readCard(path)
    const faults = card.runs.map((run) => ({ label: run.label, reason: cardFaultOf(card, run) }))
    const found = faults.flatMap(({ label, reason }) => (reason === undefined ? [] : [{ label, reason }]))
    return { ...about, card, refused: found }
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    const { problem } = error.complaint
    return {
      ...about,
      card: null,
      refused: [{ label: null, reason: `${problem.charAt(0).toUpperCase()}${problem.slice(1)}.` }],
    }
  }
}

/** Entries with names of their own: cards of several folders are often called the same. Each name is that of a JSON file. */
function distinctNames(entries: readonly BoardEntry[]): readonly BoardEntry[] {
  const taken = new Set<string>()
  return entries.map((entry) => {
    const stem = entry.name.replace(/\.(json|html?)$/i, '').replaceAll(/[^\w.-]+/g, '-')
    const name = [stem, ...Array.from({ length: entries.length }, (_, index) => `${stem}-${index + 2}`)]
      .map((each) => `${each}.json`)
      .find((each) => !taken.has(each))!
    taken.add(name)
    return { ...entry, name }
  })
}
