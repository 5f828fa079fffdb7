import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readLiveFile } from '../../src/config/live-file.ts'
import { eventually, type Served, serving } from './serving.ts'

const PROGRAM = fileURLToPath(new URL('programs/http-server.mjs', import.meta.url))

// What it does wrong is named by the app.
const POLICY = `import { existsSync } from 'node:fs'
export default {
  id: 'wild', summary: 'x', parameters: {}, scope: 'fleet', needs: [],
  create(params, { appNames }) {
    if (existsSync(new URL('broken', import.meta.url))) throw new Error('not now')
    let learnt = 0
    return {
      arrived(app) {
        learnt += 1
        if (appNames.at(app) === 'ends') process.exit(7)
        if (appNames.at(app) === 'sleeps') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
      },
      decide(app, now, out) {
        if (appNames.at(app) === 'loops') for (;;);
        if (appNames.at(app) === 'throws') throw new Error('no idea')
        out.prewarmMs = 0
        out.keepAliveMs = 1e6 + learnt
      },
      saveAll: () => learnt,
      loadAll(state) { learnt = state },
    }
  },
}`

let folder: string
let served: Served
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pl-own-'))
  writeFileSync(join(folder, 'wild.mjs'), POLICY)
  const apps = ['calm', 'loops', 'throws', 'ends', 'sleeps'].map(
    (app) => `  ${app}: { command: ['${process.execPath}', '${PROGRAM}'], memory: 128MB }`,
  )
  const text = `name: own-${process.pid}
policy: { policy: ./wild.mjs }
memory: 2GB
listen: { port: 0 }
limits: { policy: 200ms }
apps:
${apps.join('\n')}
`
  writeFileSync(join(folder, 'live.yaml'), text)
  const reread = () => readLiveFile(join(folder, 'live.yaml'))
  served = await serving(await reread(), { reread })
})
afterAll(async () => {
  await served?.close()
  rmSync(folder, { recursive: true })
})

async function standing(): Promise<{ readonly state: string; readonly why: string | null }> {
  const { body } = await served.get('/admin/state')
  return body['policy'] as { readonly state: string; readonly why: string | null }
}

function told(event: string): readonly string[] {
  return served.lines.filter((line) => line.event === event).map(({ why }) => String(why))
}

async function metric(name: string): Promise<number> {
  const { text } = await served.get('/metrics')
  const lines = text.split('\n').filter((line) => line.startsWith(`pilotlight_${name}`))
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)
}

describe('a policy of a user’s own in front of live instances', () => {
  it('stops nobody’s calls by throwing, ending the process or never coming back, and is told of each', async () => {
    const { state, why } = await standing()
    expect([state, why, await metric('policy_answers')]).toEqual(['answers', null, 1])

    expect((await served.call('throws')).status).toBe(200)
    await eventually(() => told('policy failed').length === 1)
    expect(told('policy failed')[0]).toContain('decide() for the app throws threw Error: no idea')

    expect((await served.call('ends')).status).toBe(200)
    await eventually(() => told('policy failed').length === 2)
    expect(told('policy failed')[1]).toContain('arrived() for the app ends threw Error: it ends the process')

    // As long as it cannot be made anew, it is away.
    writeFileSync(join(folder, 'broken'), '')
    expect((await served.call('sleeps')).status).toBe(200)
    await eventually(async () => (await standing()).state === 'away', 30)
    expect(told('policy ended')[0]).toContain('arrived() for the app sleeps did not come back within 5 s')
    expect((await served.call('calm')).status).toBe(200)
    expect([await metric('policy_answers'), (await metric('policy_missed_total')) > 0]).toEqual([0, true])

    await eventually(async () => (await standing()).why?.includes('create() threw Error: not now') ?? false)
    rmSync(join(folder, 'broken'))
    await eventually(async () => (await standing()).state === 'answers', 30)
    expect((await served.call('calm')).status).toBe(200)
    expect(served.lines.findLast(({ event }) => event === 'decided')).toMatchObject({
      app: 'calm',
      keepAliveMs: 1_000_001,
    })

    expect((await served.call('loops')).status).toBe(200)
    await eventually(async () => (await standing()).state === 'late')
    expect((await standing()).why).toContain('decide() for the app loops has not answered within')
    const statuses = await Promise.all(Array.from({ length: 20 }, async () => (await served.call('calm')).status))
    expect(new Set(statuses)).toEqual(new Set([200]))
    await served.save()
    expect(told('state not saved')).toEqual([])
  })

  it('is not exchanged while the adapter runs: a file that was edited changes nothing', async () => {
    writeFileSync(join(folder, 'wild.mjs'), `${POLICY}\n`)
    await expect(served.reload()).rejects.toThrow(
      'policy: only apps and the certificate can be changed while the adapter runs',
    )
    writeFileSync(join(folder, 'wild.mjs'), `${POLICY}\nawait new Promise(() => {})`)
    await expect(served.reload()).rejects.toThrow('wild.mjs: the file does not load: it awaits what never comes')
    expect((await served.call('calm')).status).toBe(200)
  })
})
