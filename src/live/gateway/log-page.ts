import type { ServerResponse } from 'node:http'
import { sendError } from './answer.ts'
import type { FunctionLogs, PrintedLine } from '../logs.ts'

/** How many past lines are shown by default, before new ones. */
const LINES = 100
/** A reader that is so many bytes behind is disconnected. */
const MOST_BEHIND = 1024 * 1024

/** Answers with an app's last lines, and goes on with those that come until the reader leaves, unless `follow=0` is asked. */
export function sendLogs(response: ServerResponse, logs: FunctionLogs, app: string, query: URLSearchParams): void {
  const [lines, follow] = [query.get('lines') ?? String(LINES), query.get('follow') ?? '1']
  if (!/^\d{1,9}$/.test(lines))
    return refuse(response, `lines: expected a whole number, found ${JSON.stringify(lines)}`)
  if (!/^[01]$/.test(follow)) return refuse(response, `follow: expected 0 or 1, found ${JSON.stringify(follow)}`)
  const head = {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  }
  response.writeHead(200, head)
  for (const line of logs.last(app, Number(lines))) response.write(written(line))
  // A request of the head only does not wait for lines.
  if (follow === '0' || response.req.method === 'HEAD') return void response.end()
  response.flushHeaders()
  const leave = logs.follow(app, (line) => {
    response.write(written(line))
    if (response.writableLength > MOST_BEHIND) response.destroy()
  })
  response.on('close', leave)
}

function refuse(response: ServerResponse, message: string): void {
  sendError(response, 400, 'badRequest', message)
}

function written({ at, instance, text }: PrintedLine): string {
  return `${new Date(at).toISOString()} ${instance} ${text}\n`
}
