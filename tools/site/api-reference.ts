import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, sep } from 'node:path'
import { Application } from 'typedoc'
import { plain } from './markdown.ts'

/** The folder of the reference within the site. */
export const API_FOLDER = 'api'

/** A link of every page that stands for the one to the documentation. */
const BACK = 'site:documentation'

/** The reference of the library: its files, and what the search of the site finds in it. */
export interface ApiReference {
  readonly files: readonly { readonly path: string; readonly content: Uint8Array }[]
  readonly sections: readonly ApiSection[]
}

interface ApiSection {
  readonly address: string
  readonly heading: string
  readonly text: string
}

/** The page of one exported name, as in `functions/index.compare.html`. */
const EXPORTED = /^(?:classes|functions|interfaces|types|variables|enums)\//

/** Makes the reference by the options of typedoc.json. Throws where the sources or their comments have an error. */
export async function apiReference(): Promise<ApiReference> {
  const folder = mkdtempSync(join(tmpdir(), 'pilotlight-api-'))
  try {
    const app = await Application.bootstrap({ logLevel: 'Error', navigationLinks: { Documentation: BACK } })
    const project = await app.convert()
    if (project === undefined) throw new Error('the reference of the library cannot be made: npm run api says why')
    await app.generateDocs(project, folder)
    const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((path) => path.replaceAll(sep, '/'))
      .filter((path) => /\.\w+$/.test(path))
      .toSorted()
    const pages = paths.map((path) => ({ path, content: readFileSync(join(folder, path)) }))
    return {
      files: pages.map(({ path, content }) => ({
        path: `${API_FOLDER}/${path}`,
        content: path.endsWith('.html') ? Buffer.from(backToSite(content.toString(), path)) : content,
      })),
      sections: pages.flatMap(({ path, content }) =>
        EXPORTED.test(path) ? [sectionOf(path, content.toString())] : [],
      ),
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The link back to the documentation, which every page has from its own depth. */
function backToSite(page: string, path: string): string {
  return page.replaceAll(`href="${BACK}"`, `href="${'../'.repeat(path.split('/').length)}index.html"`)
}

function sectionOf(path: string, page: string): ApiSection {
  const name = basename(path, '.html')
  const heading = name.slice(name.lastIndexOf('.') + 1)
  // Beside a page stand its settings and the list of all pages.
  const body = page.slice(page.indexOf('class="tsd-page-title"'), page.indexOf('class="col-sidebar"'))
  return { address: `${API_FOLDER}/${path}`, heading, text: plain(body.slice(body.indexOf('>') + 1)).slice(0, 1500) }
}
