import { VERSION } from '../../src/core/version.ts'
import { type Html, safeHtml } from '../../src/report/drawing/safe-html.ts'
import type { RenderedPage } from './markdown.ts'

/** The list of pages: parts with the names and addresses of their pages. */
export type SiteList = readonly {
  readonly title: string
  readonly pages: readonly { readonly name: string; readonly address: string }[]
}[]

/** A page of the site. Its scripts lie beside it, so that it works from a folder without any server. */
export function sitePage(
  { title, html: body, sections }: RenderedPage,
  address: string,
  lang: string,
  list: SiteList,
): string {
  const parts = list.map(({ title: name, pages }) => {
    const links = pages.map((page) => {
      const here = page.address === address ? safeHtml` aria-current="page"` : safeHtml``
      return safeHtml`<li><a href="${page.address}"${here}>${page.name}</a></li>
`
    })
    return safeHtml`<h2>${name}</h2><ul>
${links}</ul>
`
  })
  const inner = sections.filter(({ depth }) => depth === 2)
  const onPage = inner.map(
    ({ id, heading }) => safeHtml`<li><a href="#${id}">${heading}</a></li>
`,
  )
  const contents: Html =
    inner.length < 2
      ? safeHtml``
      : safeHtml`<nav class="on-page" aria-label="On this page"><ul>
${onPage}</ul></nav>`
  // What a page is about comes before the list of its parts, which on a narrow screen stands between the two.
  const end = body.indexOf('</h1>') + '</h1>'.length
  const [heading, rest] = body.includes('</h1>') ? [body.slice(0, end), body.slice(end)] : ['', body]
  return safeHtml`<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title === 'pilotlight' ? title : `${title} · pilotlight`}</title>
<link rel="stylesheet" href="site.css">
<script src="search-index.js" defer></script>
<script src="search.js" defer></script>
</head>
<body>
<a class="skip" href="#content">To the content</a>
<header><a class="home" href="index.html">pilotlight</a>
<div class="search" role="search"><input id="search" type="search" placeholder="Search (press /)" aria-label="Search the documentation" autocomplete="off"><ol id="found" hidden></ol></div></header>
<div class="columns">
<nav class="pages" aria-label="Pages"><details open><summary>Pages</summary>
${parts}</details></nav>
<main id="content">
${{ html: heading }}
${contents}
${{ html: rest }}
<footer>pilotlight ${VERSION}</footer>
</main>
</div>
</body>
</html>
`.html
}
