// The function that `pilotlight live replay` runs in place of those of a trace: it takes as long as it is told to, computes
// for the share BURN of that (0 to 1) and waits for the rest, and holds as much memory as its app had. Contract fn: HTTP
// over the unix socket in FN_LISTENER, or http: a port in PORT.
import { chmodSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:http'
import { basename } from 'node:path'

const { FN_LISTENER, PORT, HOLD_MB = '0', BURN = '0.1' } = process.env
const share = Number(BURN)
if (!(share >= 0 && share <= 1)) throw new RangeError(`BURN: expected a number from 0 to 1, found ${BURN}`)

/** Computing and waiting take turns of this many ms together, so that others are answered in between. */
const TURN_MS = 10

/** Filled, since memory that was never written to is not resident. */
const held = Array.from({ length: Number(HOLD_MB) }, () => Buffer.alloc(1024 * 1024, 1))

/** Takes `ms` by the clock, turn by turn. */
function work(ms, done) {
  const until = performance.now() + ms
  const turn = () => {
    const left = until - performance.now()
    if (left <= 0) return done()
    const length = share === 0 ? left : Math.min(TURN_MS, left)
    const busyUntil = performance.now() + length * share
    while (performance.now() < busyUntil) Math.sqrt(busyUntil)
    if (share === 1) setImmediate(turn)
    else setTimeout(turn, length * (1 - share))
  }
  turn()
}

const server = createServer((request, response) => {
  const parts = []
  request.on('data', (part) => parts.push(part))
  request.on('end', () => {
    const { ms = 0 } = JSON.parse(Buffer.concat(parts).toString() || '{}')
    const begun = process.cpuUsage()
    work(ms, () => {
      const { user, system } = process.cpuUsage(begun)
      response.end(JSON.stringify({ ms, heldMb: held.length, cpuMs: Math.round((user + system) / 1000) }))
    })
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
