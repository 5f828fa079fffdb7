// The function that `pilotlight live replay` runs in place of those of a trace: it works as long as it is told to, and
// holds as much memory as its app had. Contract fn: HTTP over the unix socket in FN_LISTENER, or http: a port in PORT.
import { chmodSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:http'
import { basename } from 'node:path'

const { FN_LISTENER, PORT, HOLD_MB = '0' } = process.env
const held = Array.from({ length: Number(HOLD_MB) }, () => Buffer.alloc(1024 * 1024, 1))

const server = createServer((request, response) => {
  const parts = []
  request.on('data', (part) => parts.push(part))
  request.on('end', () => {
    const { ms = 0 } = JSON.parse(Buffer.concat(parts).toString() || '{}')
    // It waits rather than computes, so that many apps share few cores as they would share many.
    const answer = () => response.end(JSON.stringify({ ms, heldMb: held.length }))
    if (ms === 0) answer()
    else setTimeout(answer, ms)
  })
})
server.keepAliveTimeout = 0

if (FN_LISTENER === undefined) server.listen(Number(PORT))
else {
  const link = FN_LISTENER.slice('unix:'.length)
  server.listen(`${link}.tmp`, () => {
    chmodSync(`${link}.tmp`, 0o666)
    symlinkSync(`${basename(link)}.tmp`, link)
  })
}
