import { readdirSync } from 'node:fs'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runInNewContext } from 'node:vm'
import { beforeAll, describe, expect, it } from 'vitest'
import { CONTENTS } from '../../tools/site/contents.ts'
import { renderMarkdown } from '../../tools/site/markdown.ts'
import { type SiteFile, siteFiles } from '../../tools/site/site-files.ts'

const DOCS = fileURLToPath(new URL('../../docs/', import.meta.url))
let files: readonly SiteFile[]
const content = (path: string): string => String(files.find((file) => file.path === path)?.content)

beforeAll(async () => {
  files = await siteFiles()
})

describe('the site of the documentation', () => {
  it('has every page of docs/ in its list, once', () => {
    const listed = CONTENTS.flatMap(({ pages }) => pages.map(({ file }) => file))
    const pages = readdirSync(DOCS).filter((name) => name.endsWith('.md'))
    const others = ['README.md', 'README.zh-CN.md', 'traces/README.md', 'CONTRIBUTING.md', 'CHANGELOG.md']
    expect(listed.toSorted()).toEqual([...others, ...pages.map((name) => `docs/${name}`)].toSorted())
  })

  it('has links that lead to a file of its own, and to a heading that is there', () => {
    const paths = new Set(files.map(({ path }) => path))
    const broken: string[] = []
    for (const { path, content: page } of files.filter((file) => file.path.endsWith('.html'))) {
      for (const [, link] of String(page).matchAll(/(?:href|src)="([^"]+)"/g)) {
        if (/^(https?:|mailto:)/.test(link!)) continue
        const [target = '', anchor] = link!.split('#')
        const place = target === '' ? path : posix.normalize(posix.join(posix.dirname(path), target))
        if (!paths.has(place)) broken.push(`${path}: ${link}`)
        else if (anchor !== undefined && anchor !== '' && !content(place).includes(`id="${anchor}"`))
          broken.push(`${path}: ${link}`)
      }
    }
    expect(broken).toEqual([])
  })

  it('gives each page a file of its own, in the language that it is in', () => {
    expect(new Set(files.map(({ path }) => path)).size).toBe(files.length)
    expect(content('index.html')).toContain('<html lang="en">')
    expect(content('zh.html')).toContain('<html lang="zh-Hans">')
  })

  it('asks no other machine for anything', () => {
    for (const { path, content: page } of files.filter((file) => /\.(html|css|js)$/.test(file.path)))
      expect(String(page), path).not.toMatch(/(?:src|href)="https?:[^"]*\.(?:js|css|woff2?|png)"|@import|url\(/)
  })

  it('finds in its index what is on its pages', () => {
    const sandbox: { SEARCH_INDEX?: readonly { address: string; page: string; heading: string; text: string }[] } = {}
    runInNewContext(content('search-index.js'), sandbox)
    const found = sandbox.SEARCH_INDEX!.find(({ address }) => address === 'repeat.html#a-colleagues-run')!
    expect(found.heading).toBe("A colleague's run")
    expect(found.text).toContain('Put the card into any folder')
    expect(found.text).not.toMatch(/<\/?(p|pre|code|a)\b/)
  })

  it('holds the page that simulates to its word: it may load and send nothing', () => {
    expect(content('try.html')).toContain(`content="default-src &#39;none&#39;; script-src &#39;unsafe-inline&#39;`)
    expect(/\bfetch\(|XMLHttpRequest|WebSocket|sendBeacon|["'`]node:/.exec(content('try.html'))).toBeNull()
  })
})

function render(text: string) {
  return renderMarkdown(text, 'docs/x.md', (target) => `to:${target}`)
}

describe('Markdown', () => {
  it('becomes HTML with anchors, and links that lead where the site has their pages', () => {
    const { html, title, sections } = render('# A `b` & c\n\n[d](../e.md#f) ![g](h.svg)\n\n## A `b` & c\n\ntext\n')
    expect(title).toBe('A b & c')
    expect(sections.map(({ id }) => id)).toEqual(['a-b--c', 'a-b--c-1'])
    expect(sections[1]!.text).toBe('text')
    expect(html).toContain('<a href="to:e.md#f">d</a>')
    expect(html).toContain('<img src="to:docs/h.svg" alt="g"')
  })

  it('lets no HTML of a page through', () => {
    expect(render('a <script>alert(1)</script> b\n\n<img src=x onerror=y>\n').html).not.toMatch(/<(script|img)/)
  })

  it('drops the marks for our own tools', () => {
    expect(render('<!-- table: x -->\n| a |\n| --- |\n| b |\n<!-- end -->\n').html).not.toContain('--')
  })
})
