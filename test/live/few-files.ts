// Serves apps in a process that may open few files, and opens all of them. Prints what happened meanwhile, as JSON; the
// test beside it starts this with a low limit.
import { closeSync, existsSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { appOf } from './deployed.ts'
import { configOf, serving } from './serving.ts'

const folder = mkdtempSync(join(tmpdir(), 'pl-files-'))
const app = (name: string, contract: string, program: string) => appOf('process', contract, program, { name })
const fdk = app('late', 'fn', 'fdk')
/** Its socket appears while no file can be opened. */
const late = { ...fdk, command: ['sh', '-c', 'sleep 1; exec "$0" "$@"', ...fdk.command] }
const apps = [
  app('warm', 'http', 'http-server'),
  app('http', 'http', 'http-server'),
  app('fn', 'fn', 'fdk'),
  app('lambda', 'lambda', 'lambda-runtime'),
  late,
]
const state = { file: join(folder, 'state.json'), everyMs: 100 }
const here = await serving(configOf('process', apps, folder, { state, accessLog: join(folder, 'access.log') }))
/** Connections that are there already: a new one could not be accepted. */
const agent = new Agent({ keepAlive: true })

function call(name: string): Promise<string> {
  return new Promise((resolve) => {
    const sent = request(`${here.url}/call/${name}`, { method: 'POST', agent }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => (text += part))
      response.on('end', () => {
        const { error } = JSON.parse(text) as { error?: string }
        resolve(error === undefined ? String(response.statusCode) : `${response.statusCode} ${error}`)
      })
    })
    sent.on('error', ({ message }) => resolve(message)).end('{}')
  })
}

const names = apps.map(({ name }) => name)
const before = await call('warm')
/** One connection to the gateway for each of the calls that come later. */
await Promise.all(names.map(() => call('warm')))
const slow = call('late')
await sleep(500)
const taken: number[] = []
try {
  for (;;) taken.push(openSync('/dev/null', 'r'))
} catch {
  // All are taken.
}
// Until memory was looked at, the state saved, and the connections to instances have become too old to be used.
await sleep(2500)
const meanwhile = await Promise.all(names.slice(0, 4).map((name) => call(name)))
for (const file of taken) closeSync(file)
const after = [await slow]
for (const name of names) after.push(await call(name))
await here.save()
const failures = here.lines.filter(({ event }) => event === 'instance failed').map(({ kind }) => kind)
const isSaved = existsSync(state.file)
await here.close()
agent.destroy()
rmSync(folder, { recursive: true })
process.stdout.write(JSON.stringify({ before, meanwhile, after, failures, isSaved }))
