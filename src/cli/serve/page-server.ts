import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { UserError } from '../../core/user-error.ts'
import { escapeXml } from '../../report/drawing/safe-html.ts'
import { stripRun } from '../../report/page/app-strips.ts'
import type { AppStrip } from '../../report/page/page-contents.ts'
import { KEY_LENGTH } from '../../report/page/page-data.ts'
import type { Arguments } from '../arguments/command.ts'
import { ENGLISH, type Language, told } from '../../language/language.ts'
import { explanationOf } from '../../study/explained-app.ts'
import { foundBy } from '../trace/trace-of.ts'
import { ServedResults } from './served-results.ts'

const HOST = '127.0.0.1'
/** Connections at a time, and how long a request may take to come, in ms. */
const MOST_CONNECTIONS = 64
const REQUEST_MS = 10_000
/** Runs that one answer explains. */
const MOST_EXPLAINED = 4

const HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
} as const

/** A page that is served. */
export interface ServedPage {
  readonly url: string
  close(): Promise<void>
}

/** An answer: its status, its kind and its text. */
type PageAnswer = readonly [status: number, type: string, text: string]

/** Serves the page of an experiment on the loopback address. Throws a UserError where the port cannot be had. */
export async function servePage(args: Arguments, port: number, language: Language = ENGLISH): Promise<ServedPage> {
  const served = await ServedResults.of(args.needed('experiment'), language)
  const explain = oneAtATime((query: URLSearchParams) => explained(served, query, args))
  const server = createServer({ requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS }, (request, response) => {
    answer(request, served, explain)
      .catch((error: unknown): PageAnswer => {
        const text = error instanceof UserError ? error.message : 'This is a bug in pilotlight.'
        if (!(error instanceof UserError)) console.error(error)
        return [error instanceof UserError ? 422 : 500, 'text/plain', text]
      })
      .then((told) => send(response, told, request.method === 'HEAD'))
  })
  server.maxConnections = MOST_CONNECTIONS
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const problem = `the port ${port} cannot be listened at (${error.code ?? error.message})`
      reject(new UserError({ where: '--port', problem, hint: 'Choose another one, or leave it out.' }))
    })
    server.listen(port, HOST, resolve)
  })
  const { port: taken } = server.address() as AddressInfo
  return {
    url: `http://${HOST}:${taken}/`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
      served.close()
    },
  }
}

function send(response: ServerResponse, [status, type, text]: PageAnswer, isHead: boolean): void {
  response.writeHead(status, { ...HEADERS, 'content-type': `${type}; charset=utf-8` }).end(isHead ? '' : text)
}

type Explain = (query: URLSearchParams) => Promise<PageAnswer>

async function answer(request: IncomingMessage, served: ServedResults, explain: Explain): Promise<PageAnswer> {
  // A page of another site that has its name point here is not let in.
  const { port } = request.socket.address() as AddressInfo
  const hosts = [`${HOST}:${port}`, `localhost:${port}`]
  if (!hosts.includes(request.headers.host ?? '')) return [403, 'text/plain', 'This host is not served.']
  if (request.method !== 'GET' && request.method !== 'HEAD') return [405, 'text/plain', 'Only GET is answered.']
  const { pathname, searchParams } = new URL(request.url ?? '/', `http://${HOST}`)
  if (pathname === '/') {
    const { page, waits } = await served.page()
    return [200, 'text/html', page ?? waitingPage(waits, served.language)]
  }
  if (pathname === '/state') return [200, 'application/json', JSON.stringify(await served.state())]
  if (pathname === '/explain') return await explain(searchParams)
  return [404, 'text/plain', 'There is nothing at this path.']
}

function waitingPage(waits: string, language: Language): string {
  const [why, again] = [told(language, 'served.waits', { why: waits }), told(language, 'served.again')]
  return `<!doctype html>
<html lang="${language.tag}"><head><meta charset="utf-8"><meta http-equiv="refresh" content="2"><title>pilotlight</title></head>
<body><p>${escapeXml(why)}</p><p>${escapeXml(again)}</p></body></html>
`
}

/** What some runs did to an app over time, for the page to draw. */
async function explained(served: ServedResults, query: URLSearchParams, args: Arguments): Promise<PageAnswer> {
  const { results } = served
  const keys = query.getAll('run').filter((key) => /^[\da-f]{10}$/.test(key))
  const runs = results?.finished.filter(({ digest }) => keys.some((key) => digest.startsWith(key))) ?? []
  const app = query.get('app') ?? ''
  if (results === undefined || runs.length === 0 || runs.length > MOST_EXPLAINED || app === '') {
    return [400, 'text/plain', 'Name an app, and one to four finished runs.']
  }
  const told = await explanationOf(app, results, runs, foundBy(args))
  const parts = runs.map(({ judged, horizonMs }) => judged ?? { fromMs: 0, toMs: horizonMs })
  const time = {
    fromMs: Math.min(...parts.map(({ fromMs }) => fromMs)),
    toMs: Math.max(...parts.map(({ toMs }) => toMs)),
    midnightMs: told.midnightMs,
  }
  const lines = told.runs.map((run, at) =>
    stripRun({ ...run, key: runs[at]!.digest.slice(0, KEY_LENGTH) }, time, served.language),
  )
  const strip: AppStrip = { app: told.app, ...time, runs: lines }
  return [200, 'application/json', JSON.stringify(strip)]
}

/** Making runs again takes the whole machine: another one that is asked for meanwhile is told to come later. */
function oneAtATime(work: Explain): Explain {
  let isBusy = false
  return async (query) => {
    if (isBusy) return [503, 'text/plain', 'Another app is being explained: open the row again in a moment.']
    isBusy = true
    try {
      return await work(query)
    } finally {
      isBusy = false
    }
  }
}
