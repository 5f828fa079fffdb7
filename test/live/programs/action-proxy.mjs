// OpenWhisk's action proxy in small: code by /init, once; then calls by /run. Contract openwhisk.
import { createServer } from 'node:http'
import { behave } from './behaviour.mjs'

let action

async function handle(url, { value, ...about }) {
  if (url === '/init') {
    if (action !== undefined) return [403, { error: 'Cannot initialize the action more than once.' }]
    const make = new Function('behave', `${value.code}\nreturn ${value.main}`)
    action = make(behave)
    return [200, { ok: true }]
  }
  if (action === undefined) return [403, { error: 'not initialized' }]
  return [200, await action(value, about)]
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
