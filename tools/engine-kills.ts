// Calls of two apps in containers while their engine is killed again and again at random moments, and judges the answers:
// none of the wrong app, each call answered once or with a documented error, executed once at most, accounts that add up.
// Exits 1 where anything is wrong. The engine is one of this program's own.
//   node tools/engine-kills.ts [calls] [kills] [seed]
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { MINUTE, SECOND } from '../src/core/units.ts'
import { policies } from '../src/policy/policies/index.ts'
import { serve } from '../src/live/serve.ts'
import { checkLedger } from '../src/metrics/check-ledger.ts'
import { appOf } from '../test/live/deployed.ts'
import { importImage } from '../test/live/engine-image.ts'
import { OwnEngine } from '../test/live/own-engine.ts'
import { configOf } from '../test/live/serving.ts'

const [calls = '100000', kills = '10', seed = '1'] = process.argv.slice(2)
/** Calls under way at a time. */
const WORKERS = 40
/** The errors of docs/live.md that an engine which is killed explains. */
const DOCUMENTED = new Set(['backend', 'broken', 'exited', 'notReady', 'unknown', 'noRoom', 'timeout'])

const engine = new OwnEngine()
const folder = mkdtempSync(join(tmpdir(), 'pl-kills-'))
await engine.start()
await importImage(engine.socket)
const names = ['one', 'two']
const more = { concurrency: 10, timeoutMs: 20 * SECOND, startTimeoutMs: 30 * SECOND }
const apps = names.map((name) => appOf('docker', 'http', 'http-server', { ...more, name, env: { SECRET: name } }))
const config = {
  ...configOf('docker', apps, folder),
  backend: { id: 'docker', socket: engine.socket },
  policy: { definition: policies.get('fixed', 'kills'), params: { keepAlive: MINUTE }, seed: 1 },
  limits: {
    calls: 1000,
    connections: 1000,
    graceMs: 5 * SECOND,
    queue: 1000,
    waitMs: 20 * SECOND,
    silenceMs: MINUTE,
    policyMs: 100,
  },
}
const serving = await serve(config, { log: () => undefined })

let drawn = Number(seed)
/** A number from 0 to 1 (Lehmer's generator). */
const draw = (): number => (drawn = (drawn * 48_271) % 2_147_483_647) / 2_147_483_647
const outcomes = new Map<string, number>()
const wrong: string[] = []
const executed = new Map<string, number>()
const progress = { sent: 0, answered: 0 }

/** Notes what the programs say that they executed. */
async function hear(name: string): Promise<void> {
  const response = await fetch(`${serving.url}/logs/${name}?lines=0`)
  let rest = ''
  for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + part).split('\n')
    rest = lines.pop()!
    for (const line of lines) {
      const [, id] = /executed (\S+)$/.exec(line) ?? []
      if (id !== undefined) executed.set(id, (executed.get(id) ?? 0) + 1)
    }
  }
}

async function work(): Promise<void> {
  while (progress.sent < Number(calls)) {
    progress.sent += 1
    const { sent } = progress
    const [id, name] = [`c${sent}`, names[sent % 2]!]
    const url = `${serving.url}/call/${name}/f/once/${id}`
    const response = await fetch(url, { method: 'POST', body: '' }).catch((error: Error) => {
      wrong.push(`${id} of ${name}: no answer (${String(error.cause)})`)
    })
    if (response === undefined) continue
    const { secret, id: told, error = '' } = (await response.json()) as Record<string, string>
    progress.answered += 1
    const outcome = response.status === 200 ? '200' : error
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
    const isRight = response.status === 200 ? secret === name && told === id : DOCUMENTED.has(error)
    if (!isRight) wrong.push(`${id} of ${name}: ${response.status} ${error} ${secret} ${told}`)
    // What was refused is no reason to hurry.
    if (response.status !== 200) await sleep(20)
  }
}

async function killing(): Promise<void> {
  for (let kill = 1; kill <= Number(kills); kill += 1) {
    const at = ((kill - 0.9 + 0.8 * draw()) / Number(kills)) * Number(calls)
    const isTime = (): boolean => progress.answered >= at || progress.sent >= Number(calls)
    while (!isTime()) await sleep(5)
    await engine.kill()
    await sleep(2000 * draw())
    await engine.start()
    process.stderr.write(`killed ${kill} times, ${progress.answered} calls answered\n`)
  }
}

for (const name of names) hear(name).catch(() => undefined)
await Promise.all([killing(), ...Array.from({ length: WORKERS }, work)])
const left = serving.adapter.underWay
await sleep(1500)
await serving.close()
await engine.remove()
rmSync(folder, { recursive: true })

const { ledger } = serving.adapter
const invocations = ledger.invocations.reduce((sum, count) => sum + count, 0)
const verdicts: Readonly<Record<string, boolean>> = {
  'no answer is from the wrong app, and every error is documented': wrong.length === 0,
  'every call was answered once': progress.answered === Number(calls),
  'no call was executed twice, as far as programs were heard': [...executed.values()].every((count) => count === 1),
  'the accounts add up': checkLedger(ledger).length === 0 && invocations === Number(calls),
  'no call is left': left === 0,
  'most calls were served': (outcomes.get('200') ?? 0) > Number(calls) / 2,
}
const counts = Object.fromEntries([...outcomes].toSorted())
const report = {
  calls: Number(calls),
  kills: Number(kills),
  outcomes: counts,
  heard: executed.size,
  wrong: wrong.slice(0, 5),
}
console.log(JSON.stringify({ ...report, verdicts }, null, 2))
process.exit(Object.values(verdicts).every(Boolean) ? 0 : 1)
