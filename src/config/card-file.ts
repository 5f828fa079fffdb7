import { printableText } from '../core/printable.ts'
import { UserError } from '../core/user-error.ts'
import { readText } from '../files/read-text.ts'
import { CARD_KIND, type ResultCard } from '../metrics/card.ts'
import { cardSchema } from './card-schema.ts'
import { pathText } from './document.ts'

/** A page of a hundred runs has some megabytes. */
const MOST_BYTES = 256 * 1024 * 1024

const HINT = 'pilotlight report <experiment> --format card writes a card, and every page has one in it.'

/** Reads a card from its own file or from a page. Throws a {@link UserError} for anything that is none. */
export async function readCard(path: string): Promise<ResultCard> {
  const text = await readText(path, { what: 'a card (.json) or a page (.html)', hint: HINT, mostBytes: MOST_BYTES })
  return cardOfText(text, path)
}

/** The card in a text; `path` is what errors call it. */
export function cardOfText(text: string, path: string): ResultCard {
  const isPage = path.endsWith('.html') || text.trimStart().startsWith('<')
  const json = isPage ? cardInPage(text, path) : text
  const parsed = cardSchema.safeParse(parse(json, path))
  const issue = parsed.error?.issues[0]
  if (issue === undefined) return parsed.data as ResultCard
  const place = issue.path.length === 0 ? '' : `${pathText(issue.path as (string | number)[])}: `
  const problem = `it is no card of pilotlight: ${place}${issue.message.replace(/^Invalid input: /, '')}`
  throw new UserError({ where: path, problem, hint: HINT })
}

function cardInPage(page: string, path: string): string {
  const open = `<script type="application/json" id="${CARD_KIND}">`
  const from = page.indexOf(open)
  const to = from < 0 ? -1 : page.indexOf('</script>', from)
  if (to > 0) return page.slice(from + open.length, to)
  throw new UserError({ where: path, problem: 'the page has no card of pilotlight in it', hint: HINT })
}

function parse(json: string, path: string): unknown {
  try {
    return JSON.parse(json)
  } catch (error) {
    // Node tells a part of the text, with its ends of lines.
    const reason = printableText(error instanceof Error ? error.message : String(error))
    throw new UserError({ where: path, problem: `it is no card of pilotlight: not JSON: ${reason}`, hint: HINT })
  }
}
