// OpenWhisk's action proxy in small: code by /init, once; then calls by /run. Contract openwhisk.
import { createServer } from 'node:http'
import { behave } from './behaviour.mjs'

let action
/** As the runtimes have it: a throw of the action stops them, and a rejection is told as its error. */
let isStopped = false

async function handle(url, { value, ...about }) {
  if (url === '/init') {
    if (action !== undefined) return [403, { error: 'Cannot initialize the action more than once.' }]
    const make = new Function('behave', `${value.code}\nreturn ${value.main}`)
    action = make(behave)
    return [200, { ok: true }]
  }
  if (action === undefined) return [403, { error: 'not initialized' }]
  if (isStopped) return [403, { error: 'System not ready, status is stopped.' }]
  if (value.act === 'throw') {
    isStopped = true
    return [502, { error: 'An error has occurred: thrown at once' }]
  }
  return [200, await action(value, about).catch((error) => ({ error: String(error) }))]
}

createServer(async (request, response) => {
  const parts = []
  for await (const part of request) parts.push(part)
  const [status, answer] = await handle(request.url, JSON.parse(Buffer.concat(parts).toString())).catch((error) => [
    502,
    { error: String(error) },
  ])
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  console.log('XXX_THE_END_OF_A_WHISK_ACTIVATION_XXX')
}).listen(Number(process.env.PORT))
