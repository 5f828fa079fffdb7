import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CheckedFile } from '../../../src/cli/live/live-check.ts'
import { certificate } from '../../live/own-certificate.ts'
import { eventually } from '../../live/serving.ts'
import { type Finished, MAIN, pilotlight } from '../pilotlight.ts'

const program = (name: string): string => fileURLToPath(new URL(`../../live/programs/${name}`, import.meta.url))
const http = (more = ''): string =>
  `{ command: [${process.execPath}, ${program('http-server.mjs')}], memory: 128MB${more} }`

let folder: string
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'pl-live-check-'))))
afterAll(() => rmSync(folder, { recursive: true }))

const reload = (): Promise<Finished> => pilotlight(folder, 'live', 'reload', 'served.yaml')

describe('live check', () => {
  it('starts each app once and calls it, and tells what became of it', async () => {
    writeFileSync(
      join(folder, 'check.yaml'),
      `name: check-${process.pid}
policy: { policy: fixed }
accessLog: access.log
apps:
  web: ${http()}
  fails: ${http(', env: { EXIT_AT_START: yes }')}
  mailer: { contract: fn, command: [${process.execPath}, ${program('fdk.mjs')}], memory: 128MB }
`,
    )
    const { code, stdout, stderr } = await pilotlight(folder, 'live', 'check', 'check.yaml')
    expect(code).toBe(2)
    expect(stdout).toMatch(/^ok      web     status 200, started in \d+ ms, answered in \d+ ms, \d+ of 128 MB$/m)
    expect(stdout).toMatch(
      /^failed  fails   fails ended: exit code 4\n        this program was told to end at its start$/m,
    )
    expect(stdout).toMatch(/^ok      mailer  status 200, /m)
    expect(stderr).toContain('web: ')
    // It serves nobody: no call is written down, and no state.
    expect(readdirSync(folder)).toEqual(['check.yaml'])
  })

  it('tells it as JSON, and exits with 0 where all answered', async () => {
    writeFileSync(
      join(folder, 'well.yaml'),
      `name: well-${process.pid}\npolicy: { policy: fixed }\napps:\n  web: ${http()}\n`,
    )
    const { code, stdout } = await pilotlight(folder, 'live', 'check', 'well.yaml', '--json', '--quiet')
    const { apps, ...frame } = JSON.parse(stdout) as CheckedFile
    expect([code, frame]).toEqual([0, { schema: 1, name: `well-${process.pid}` }])
    expect(apps).toMatchObject([{ app: 'web', ok: true, status: 200, memoryMb: 128, error: null, printed: '' }])
    expect(apps[0]!.startMs).toBeGreaterThan(5)
  })

  it('tells a script that is missing before it starts anything', async () => {
    writeFileSync(
      join(folder, 'missing.yaml'),
      `name: missing\npolicy: { policy: fixed }\napps:\n  web: { command: [${process.execPath}, gone.mjs], memory: 128MB }\n`,
    )
    const { code, stderr } = await pilotlight(folder, 'live', 'serve', 'missing.yaml')
    expect([code, stderr]).toEqual([2, expect.stringContaining('apps.web: there is no script "gone.mjs"')])
  })
})

describe('live reload', () => {
  let serving: ChildProcess
  let said = ''
  let file: (apps: string) => void
  let port: number
  /** The fingerprint of the certificate that a new connection is shown. */
  const shown = (): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
        resolve(socket.getPeerCertificate().fingerprint256)
        socket.destroy()
      }).on('error', reject)
    })
  beforeAll(async () => {
    certificate(folder)
    port = await freePort()
    file = (apps) =>
      writeFileSync(
        join(folder, 'served.yaml'),
        `name: served-${process.pid}
policy: { policy: fixed }
listen: { port: ${port}, tls: { cert: cert.pem, key: key.pem }, tokens: { admin: $LIVE_RELOAD_TOKEN } }
apps:
${apps}`,
      )
    file(`  web: ${http()}\n`)
    process.env['LIVE_RELOAD_TOKEN'] = 'a-token-of-the-test'
    serving = spawn(process.execPath, [MAIN, 'live', 'serve', 'served.yaml'], { cwd: folder })
    for (const stream of [serving.stdout!, serving.stderr!]) {
      stream.setEncoding('utf8').on('data', (part: string) => (said += part))
    }
    await eventually(() => said.includes('listens at https://127.0.0.1'), 30)
  })
  afterAll(async () => {
    serving.kill('SIGTERM')
    await once(serving, 'exit')
    delete process.env['LIVE_RELOAD_TOKEN']
  })

  it('has the adapter of the file read it again, by its token and over TLS', async () => {
    file(`  web: ${http()}\n  more: ${http()}\n`)
    expect(await reload()).toMatchObject({ code: 0, stdout: 'added: more\nchanged: none\nremoved: none\n' })
    file(`  web: ${http(', timeout: 3s')}\n`)
    const { stdout } = await pilotlight(folder, 'live', 'reload', 'served.yaml', '--json')
    expect(JSON.parse(stdout)).toEqual({ schema: 1, added: [], changed: ['web'], removed: ['more'] })
  })

  it('secures new connections with a certificate that was renewed', async () => {
    const before = await shown()
    const renewed = new X509Certificate(readFileSync(certificate(folder).cert))
    expect((await reload()).stdout).toBe('added: none\nchanged: none\nremoved: none\ncertificate: new\n')
    expect(before).not.toBe(renewed.fingerprint256)
    expect(await shown()).toBe(renewed.fingerprint256)
    expect((await reload()).stdout).toBe('added: none\nchanged: none\nremoved: none\n')
  })

  it('is done by SIGHUP, too; a file with a mistake changes nothing and is told', async () => {
    file(`  web: ${http(', timeout: 3s')}\n  again: ${http()}\n`)
    serving.kill('SIGHUP')
    await eventually(() => /reloaded.*again/.test(said))
    file('  web: { memory: 1MB }\n  wrong\n')
    serving.kill('SIGHUP')
    await eventually(() => said.includes('not reloaded'))
    const { code, stderr } = await reload()
    expect([code, stderr]).toEqual([2, expect.stringContaining('served.yaml:')])
    expect(serving.exitCode).toBeNull()
  })

  it('says so where no adapter answers, or one that asks for another token', async () => {
    writeFileSync(
      join(folder, 'none.yaml'),
      `name: none\npolicy: { policy: fixed }\nlisten: { port: ${await freePort()} }\napps:\n  web: ${http()}\n`,
    )
    const none = await pilotlight(folder, 'live', 'reload', 'none.yaml')
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('no adapter "none" answers at 127.0.0.1:')])
    file(`  web: ${http()}\n`)
    process.env['LIVE_RELOAD_TOKEN'] = 'another-token-of-it'
    const refused = await reload()
    process.env['LIVE_RELOAD_TOKEN'] = 'a-token-of-the-test'
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('a token for admin is needed')])
  })
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
