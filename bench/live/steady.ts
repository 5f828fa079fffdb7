// Calls at a steady rate to each of some URLs, in turn, so that all see the same moments of the machine. Prints for each the
// milliseconds from sending a call to the end of its answer, as JSON: [[…], […], …].
//   node bench/live/steady.ts <calls a second to each> <seconds> <url> [url …]
import { connect, type Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { isWhole } from './answer.ts'

const [rate = '200', seconds = '10', ...urls] = process.argv.slice(2)
/** Calls before those that are measured, to each: who has served for a while runs compiled code. */
const WARMING = 2000

/** A way to send calls; it opens a connection where none is idle. */
class Way {
  readonly took: number[] = []
  private readonly url: URL
  private readonly call: string
  private readonly idle: Socket[] = []

  constructor(url: string) {
    this.url = new URL(url)
    this.call = `POST ${this.url.pathname} HTTP/1.1\r\nhost: ${this.url.host}\r\ncontent-length: 2\r\n\r\n{}`
  }

  send(): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = this.idle.pop() ?? connect(Number(this.url.port), this.url.hostname).setNoDelay()
      let text = ''
      const from = performance.now()
      const take = (part: Buffer): void => {
        text += part.toString('latin1')
        if (!isWhole(text)) return
        this.took.push(performance.now() - from)
        socket.off('data', take).off('error', reject)
        this.idle.push(socket)
        if (text.startsWith('HTTP/1.1 200')) resolve()
        else reject(new Error(`no answer of the function: ${text.slice(0, 200)}`))
      }
      socket.on('data', take).on('error', reject)
      socket.write(this.call)
    })
  }
}

const ways = urls.map((url) => new Way(url))
for (let round = 0; round < WARMING; round += 1) for (const way of ways) await way.send()
for (const way of ways) way.took.length = 0

const answers: Promise<void>[] = []
const everyMs = 1000 / (ways.length * Number(rate))
const begun = performance.now()
for (let index = 0; index < ways.length * Number(rate) * Number(seconds); index += 1) {
  const wait = begun + index * everyMs - performance.now()
  if (wait > 0) await sleep(wait)
  answers.push(ways[index % ways.length]!.send())
}
await Promise.all(answers)
process.stdout.write(JSON.stringify(ways.map(({ took }) => took)), () => process.exit())
