/** A part of a page, as the index has it: its address, the page's title, its heading and its text. */
export interface Part {
  readonly address: string
  readonly page: string
  readonly heading: string
  readonly text: string
}

declare global {
  /** Loaded before this script. */
  var SEARCH_INDEX: readonly Part[]
}

const MOST_SHOWN = 12
const AROUND = 70

const box = document.querySelector<HTMLInputElement>('#search')!
const list = document.querySelector<HTMLElement>('#found')!

/** How well a part answers the words: all must be in it; headings count more than text. */
function score({ page, heading, text }: Part, words: readonly string[]): number {
  let sum = 0
  for (const word of words) {
    const found =
      (heading.toLowerCase().includes(word) ? 8 : 0) +
      (page.toLowerCase().includes(word) ? 4 : 0) +
      (text.toLowerCase().includes(word) ? 1 : 0)
    if (found === 0) return 0
    sum += found
  }
  return sum
}

function excerpt(text: string, word: string): string {
  const at = Math.max(0, text.toLowerCase().indexOf(word) - AROUND)
  const piece = text.slice(at, at + 3 * AROUND)
  return `${at === 0 ? '' : '…'}${piece}${at + piece.length < text.length ? '…' : ''}`
}

function show(): void {
  const words = box.value.toLowerCase().split(/\s+/).filter(Boolean)
  const found = words.length === 0 ? [] : SEARCH_INDEX.map((part) => ({ part, points: score(part, words) }))
  const best = found.filter(({ points }) => points > 0).sort((one, other) => other.points - one.points)
  list.replaceChildren(...best.slice(0, MOST_SHOWN).map(({ part }) => entry(part, words[0]!)))
  if (words.length > 0 && best.length === 0) list.append(nothing())
  list.hidden = words.length === 0
}

function entry({ address, page, heading, text }: Part, word: string): HTMLElement {
  const item = document.createElement('li')
  const link = document.createElement('a')
  link.href = address
  link.textContent = page === heading ? page : `${page}: ${heading}`
  const small = document.createElement('small')
  small.textContent = excerpt(text, word)
  link.append(small)
  item.append(link)
  return item
}

function nothing(): HTMLElement {
  const item = document.createElement('li')
  item.textContent = 'Nothing has all of these words.'
  item.style.padding = '0.4rem 0.8rem'
  return item
}

box.addEventListener('input', show)
document.addEventListener('keydown', (event) => {
  if (event.key === '/' && document.activeElement !== box) {
    event.preventDefault()
    box.focus()
  }
  if (event.key === 'Escape') {
    box.value = ''
    show()
  }
  const links = [...list.querySelectorAll('a')]
  const at = links.indexOf(document.activeElement as HTMLAnchorElement)
  const isInSearch = document.activeElement === box || at >= 0
  if (!isInSearch || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return
  event.preventDefault()
  const next = at + (event.key === 'ArrowDown' ? 1 : -1)
  if (next < 0) box.focus()
  else links[next]?.focus()
})
document.addEventListener('click', (event) => {
  if (!(event.target instanceof Element) || event.target.closest('.search') === null) list.hidden = true
})
if (matchMedia('(max-width: 800px)').matches) document.querySelector('nav.pages details')?.removeAttribute('open')
