import { posix } from 'node:path'
import { Marked, type Tokens } from 'marked'
import { escapeXml } from '../../src/report/drawing/safe-html.ts'

/** A heading of a page, and the text below it up to the next one. */
export interface Section {
  readonly id: string
  readonly heading: string
  readonly depth: number
  text: string
}

/** A page of Markdown as HTML. */
export interface RenderedPage {
  readonly title: string
  readonly html: string
  readonly sections: readonly Section[]
}

/** Comments are marks for our own tools and no matter of a reader. */
const COMMENT = /^<!--.*?-->\n?/gm

/**
 * Renders a page. `href` gives for a link of the project, from its root, where it leads in the site. No HTML that a page
 * may hold gets through: it is shown as text.
 */
export function renderMarkdown(text: string, file: string, href: (target: string) => string): RenderedPage {
  const sections: Section[] = []
  const taken = new Map<string, number>()
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth }: Tokens.Heading): string {
        const inner = this.parser.parseInline(tokens)
        const heading = plain(inner.replaceAll(/<[^>]*>/g, ''))
        const id = slug(heading, taken)
        sections.push({ id, heading, depth, text: '' })
        return `<h${depth} id="${id}">${inner} <a class="anchor" href="#${id}" aria-label="Link to this part">#</a></h${depth}>\n`
      },
      link({ href: target, tokens }: Tokens.Link): string {
        return `<a href="${escapeXml(resolved(target, file, href))}">${this.parser.parseInline(tokens)}</a>`
      },
      image({ href: target, text: alt }: Tokens.Image): string {
        return `<img src="${escapeXml(resolved(target, file, href))}" alt="${escapeXml(alt)}" loading="lazy">`
      },
      html({ text: raw }: Tokens.HTML | Tokens.Tag): string {
        return escapeXml(raw)
      },
      table(token: Tokens.Table): string {
        const cells = (row: readonly Tokens.TableCell[], tag: string): string =>
          row.map(({ tokens }) => `<${tag}>${breakable(this.parser.parseInline(tokens))}</${tag}>`).join('')
        const body = token.rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('\n')
        return `<div class="scroll"><table><thead><tr>${cells(token.header, 'th')}</tr></thead><tbody>\n${body}</tbody></table></div>\n`
      },
    },
  })
  const html = marked.parse(text.replaceAll(COMMENT, ''), { async: false })
  fillTexts(html, sections)
  return { title: sections[0]?.heading ?? file, html, sections }
}

/** Longer code in a cell may be broken, so that the table fits the page. */
const UNBROKEN = 30

function breakable(cell: string): string {
  return cell.replaceAll(/<code>([^<]*)<\/code>/g, (code, text: string) =>
    plain(text).length > UNBROKEN ? `<code class="long">${text}</code>` : code,
  )
}

function resolved(target: string, file: string, href: (target: string) => string): string {
  if (/^(https?:|#|mailto:)/.test(target)) return target
  const [path = '', anchor] = target.split('#')
  const place = href(posix.normalize(posix.join(posix.dirname(file), path)))
  return anchor === undefined ? place : `${place}#${anchor}`
}

/** An id as GitHub makes it of a heading: letters, digits and dashes. */
function slug(heading: string, taken: Map<string, number>): string {
  const id = heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')
  const before = taken.get(id)
  taken.set(id, (before ?? 0) + 1)
  return before === undefined ? id : `${id}-${before}`
}

/** Gives each section the text of what stands below its heading, for the search. */
function fillTexts(html: string, sections: readonly Section[]): void {
  const parts = html.split(/<h[1-6] id="[^"]*">[\s\S]*?<\/h[1-6]>/)
  for (const [at, section] of sections.entries()) section.text = plain(parts[at + 1] ?? '')
}

/** HTML as plain text on one line. */
export function plain(html: string): string {
  return html
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ')
    .trim()
}
