// So many connections, each of which sends its next call when the last was answered; prints how many were answered a second.
//   node bench/live/load.ts <url> <connections> <seconds>
import { connect } from 'node:net'
import { performance } from 'node:perf_hooks'
import { isWhole } from './answer.ts'

const [url = '', connections = '100', seconds = '3'] = process.argv.slice(2)
const { hostname, port, pathname, host } = new URL(url)
const call = `GET ${pathname} HTTP/1.1\r\nhost: ${host}\r\n\r\n`
let answered = 0
let until = Number.POSITIVE_INFINITY

function open(): void {
  const socket = connect(Number(port), hostname)
  let text = ''
  socket.setNoDelay().setEncoding('latin1')
  socket.on('data', (part: string) => {
    text += part
    if (!isWhole(text)) return
    if (!text.startsWith('HTTP/1.1 200')) throw new Error(`no answer of the function: ${text.slice(0, 200)}`)
    text = ''
    answered += 1
    if (performance.now() < until) socket.write(call)
    else socket.destroy()
  })
  socket.write(call)
}

for (let each = 0; each < Number(connections); each += 1) open()
// The first second warms up.
setTimeout(() => {
  const [from, before] = [performance.now(), answered]
  until = from + Number(seconds) * 1000
  setTimeout(() => {
    console.log(Math.round((answered - before) / ((performance.now() - from) / 1000)))
    process.exit()
  }, Number(seconds) * 1000)
}, 1000)
