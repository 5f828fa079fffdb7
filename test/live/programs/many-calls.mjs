// Sends so many requests at once, each on a connection of its own, and prints how many got which status.
import { Agent, request } from 'node:http'

const [url, count] = [process.argv[2], Number(process.argv[3])]
const agent = new Agent({ maxSockets: count })
const counts = {}

function call() {
  return new Promise((resolve) => {
    const note = (outcome) => {
      counts[outcome] = (counts[outcome] ?? 0) + 1
      resolve()
    }
    const sent = request(url, { method: 'POST', agent }, (response) => {
      response.resume().on('end', () => note(response.statusCode))
    })
    sent.on('error', (error) => note(error.code)).end()
  })
}

await Promise.all(Array.from({ length: count }, call))
console.log(JSON.stringify(counts))
process.exit()
