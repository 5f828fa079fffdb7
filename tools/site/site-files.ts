import { existsSync, readFileSync } from 'node:fs'
import { basename, extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Plugin, rolldown } from 'rolldown'
import { API_FOLDER, type ApiReference } from './api-reference.ts'
import { CONTENTS } from './contents.ts'
import { renderMarkdown, type RenderedPage } from './markdown.ts'
import { sitePage, type SiteList } from './site-page.ts'
import { tryPage } from './try-page.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const API = { name: 'API of the library', address: `${API_FOLDER}/index.html` }
const TRY = { name: 'Try it in your browser', address: 'try.html' }

/** A file of the site, by its path in the site's folder. */
export interface SiteFile {
  readonly path: string
  readonly content: string | Uint8Array
}

/**
 * The whole site: pages, style, search, the page that simulates, every file of the project that a page leads to, and the
 * reference of the library where that was made.
 */
export async function siteFiles(api?: ApiReference): Promise<readonly SiteFile[]> {
  const all = CONTENTS.flatMap(({ pages }) => pages)
  const addresses = new Map(all.map(({ file, address }) => [file, address ?? `${basename(file, '.md')}.html`]))
  const linked = new Set<string>()
  const href = (target: string): string => {
    const page = addresses.get(target)
    if (page !== undefined) return page
    const isFile = existsSync(`${ROOT}${target}`) && extname(target) !== ''
    if (!isFile) return 'index.html'
    linked.add(target)
    return `files/${target.endsWith('.md') ? `${target.replaceAll('/', '-')}.txt` : target.replaceAll('/', '-')}`
  }
  const rendered = new Map<string, RenderedPage>()
  for (const file of addresses.keys())
    rendered.set(file, renderMarkdown(readFileSync(`${ROOT}${file}`, 'utf8'), file, href))
  const list: SiteList = CONTENTS.map(({ title, pages }, part) => ({
    title,
    pages: [
      ...pages.map(({ file, name }) => ({ name: name ?? rendered.get(file)!.title, address: addresses.get(file)! })),
      ...(part === 0 ? [TRY] : []),
      ...(title === 'Reference' && api !== undefined ? [API] : []),
    ],
  }))
  const index = [...rendered].flatMap(([file, { title, sections }]) =>
    sections.map(({ id, heading, text }) => ({
      address: `${addresses.get(file)!}#${id}`,
      page: title,
      heading,
      text: text.slice(0, 4000),
    })),
  )
  const names = (api?.sections ?? []).map((section) => ({ ...section, page: API.name }))
  const style = readFileSync(new URL('./browser/site.css', import.meta.url), 'utf8')
  return [
    ...all.map(({ file, lang = 'en' }) => ({
      path: addresses.get(file)!,
      content: sitePage(rendered.get(file)!, addresses.get(file)!, lang, list),
    })),
    ...[...linked].map((file) => ({ path: href(file), content: readFileSync(`${ROOT}${file}`) })),
    { path: 'site.css', content: style },
    { path: 'search.js', content: await bundled('search.ts') },
    { path: 'search-index.js', content: `var SEARCH_INDEX = ${JSON.stringify([...index, ...names])}\n` },
    ...(api?.files ?? []),
    { path: TRY.address, content: await tryPage(await bundled('try.ts'), style) },
  ]
}

/** Traces by function have digests, which Node makes; in the world of the page nobody asks for one. */
const WITHOUT_NODE: Plugin = {
  name: 'without-node',
  resolveId: (id) => (id.startsWith('node:') ? `\0${id}` : undefined),
  load: (id) =>
    id === '\0node:crypto' ? 'export const createHash = () => { throw new Error("no digests in a page") }' : undefined,
}

/** A program of the site in one script, without anything of Node's in it. */
export async function bundled(name: string): Promise<string> {
  const input = fileURLToPath(new URL(`./browser/${name}`, import.meta.url))
  const bundle = await rolldown({ input, platform: 'browser', logLevel: 'silent', plugins: [WITHOUT_NODE] })
  try {
    const { output } = await bundle.generate({ format: 'iife', minify: true })
    return output[0].code
  } finally {
    await bundle.close()
  }
}
