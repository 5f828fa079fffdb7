import { basename } from 'node:path'
import { readCard } from '../../config/card-file.ts'
import { UserError } from '../../core/user-error.ts'
import { cardFaultOf } from '../../experiment/card-faults.ts'
import { fileDigest } from '../../files/file-digest.ts'
import { refused } from '../../files/system-error.ts'
import type { BoardEntry } from '../../report/board/board.ts'

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
