// A plain web server on PORT: contract http. It also knows how to answer garbage, which no framework does.
import { createServer } from 'node:http'
import { behave } from './behaviour.mjs'

// ANNOUNCED_IDLE_MS and SECRET_IDLE_MS: how long it keeps an idle connection, which it says or keeps to itself.
const { PORT, START_DELAY_MS = '0', NEVER_READY, EXIT_AT_START, ANNOUNCED_IDLE_MS, SECRET_IDLE_MS } = process.env
if (EXIT_AT_START) {
  console.error('this program was told to end at its start')
  process.exit(4)
}
if (NEVER_READY) setInterval(() => {}, 1000)
else setTimeout(listen, Number(START_DELAY_MS))

function listen() {
  const server = createServer(async (request, response) => {
    if (SECRET_IDLE_MS) closeWhenIdle(request.socket, response)
    if (served(request, response)) return
    const parts = []
    for await (const part of request) parts.push(part)
    const text = Buffer.concat(parts).toString()
    const asked = text === '' ? {} : JSON.parse(text)
    if (asked.act === 'reset') return response.socket.resetAndDestroy()
    if (asked.act === 'garbage') return response.socket.end('this is not HTTP\r\n\r\n')
    if (asked.act === 'status') return response.socket.end(`HTTP/1.1 ${asked.status} X\r\ncontent-length: 0\r\n\r\n`)
    if (asked.act === 'upgrade')
      return response.socket.write(`HTTP/1.1 101 X\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n`)
    if (asked.act === 'headers') return response.writeHead(200, asked.headers).end('{}')
    if (asked.act === 'large') return response.end(Buffer.alloc(asked.mb * 1024 * 1024))
    try {
      const answer = {
        ...(await behave(asked)),
        url: request.url,
        method: request.method,
        fn: request.headers['x-function'],
      }
      response.setHeader('content-type', 'application/json').end(JSON.stringify(answer))
    } catch (error) {
      response.writeHead(500).end(String(error))
    }
  })
  // Whatever comes goes back, as it is.
  server.on('upgrade', (request, socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: echo\r\nconnection: upgrade\r\n\r\n')
    socket.write(`hello ${request.url}\n`)
    socket.on('error', () => socket.destroy()).pipe(socket)
  })
  server.keepAliveTimeout = Number(ANNOUNCED_IDLE_MS ?? 0)
  server.listen(Number(PORT))
}

/** Closes a connection that was idle for so long after an answer. */
function closeWhenIdle(socket, response) {
  clearTimeout(socket.idling)
  response.on('finish', () => (socket.idling = setTimeout(() => socket.end(), Number(SECRET_IDLE_MS))))
}

/** Answers what paths ask for; false where it is for others to answer. */
function served(request, response) {
  const [, what, rest = ''] = /^\/([a-z]+)\/?(.*)$/.exec(request.url) ?? []
  if (what === 'raw') response.socket.end(Buffer.from(decodeURIComponent(rest), 'latin1'))
  else if (what === 'mirror') {
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith('K_')))
    response.end(JSON.stringify({ rawHeaders: request.rawHeaders, method: request.method, url: request.url, env }))
  } else if (what === 'events') {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    let count = 0
    const timer = setInterval(() => response.write(`data: ${(count += 1)}\n\n`), Number(rest))
    response.on('close', () => clearInterval(timer))
  } else if (what === 'upload') {
    let bytes = 0
    request.on('data', (part) => {
      if (bytes === 0) response.write('begun\n')
      bytes += part.length
    })
    request.on('end', () => response.end(`${bytes} bytes\n`))
  } else if (what === 'once') {
    console.log(`executed ${rest}`)
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ id: rest, secret: process.env.SECRET }))
  } else if (what === 'print') {
    console.log(`printed ${rest}`)
    response.end('{}')
  } else return false
  return true
}
