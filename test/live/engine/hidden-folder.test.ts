import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { BACKENDS } from '../../../src/live/backends/index.ts'
import { appOf } from '../deployed.ts'

it('An engine that does not see the adapter’s folder, as a private one of systemd’s: the fault says so, and what to set', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pl-hidden-'))
  const socket = join(folder, 'docker.sock')
  const asked: string[] = []
  // What Docker Engine 20.10 answers there.
  const refusal = { message: 'invalid mount config for type "bind": bind source path does not exist: /tmp/x' }
  const engine = createServer((request: IncomingMessage, response: ServerResponse) => {
    const path = request.url!.split('?')[0]!
    asked.push(`${request.method} ${path}`)
    if (path === '/events') return void response.writeHead(200).flushHeaders()
    if (path === '/containers/create') return void response.writeHead(400).end(JSON.stringify(refusal))
    response.end('{}')
  }).listen(socket)
  try {
    const backend = await BACKENDS.get('docker', 'test').open({ label: 'hidden', folder, socket })
    const ground = await backend.prepare({ port: false, callback: false, folder: '/tmp/iofs' }, 'one')
    await expect(backend.start(appOf('docker', 'fn', 'fdk'), {}, ground)).rejects.toMatchObject({
      kind: 'backend',
      message: expect.stringMatching(
        new RegExp(`does not see the folder ${folder}/one: .* private temporary folder, set "folder"`),
      ),
    })
    expect(asked).toContain('POST /containers/create')
    await backend.close()
  } finally {
    engine.closeAllConnections()
    await new Promise((resolve) => engine.close(resolve))
    rmSync(folder, { recursive: true })
  }
})
