import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { build, buildImage, docker, removeImage } from '../image.ts'
import { IMAGE, importImage, SKIPPED, SOCKET } from './engine-image.ts'
import { eventually } from './serving.ts'

const EXAMPLES = fileURLToPath(new URL('../../experiments/live/', import.meta.url))
const NAME = `image-${process.pid}`
const CONTAINER = `pilotlight-adapter-${process.pid}`

/** The adapter's containers that there are now. */
const instances = (): readonly string[] =>
  docker('ps', '--all', '--quiet', '--filter', `label=pilotlight.live=${NAME}`).split('\n').filter(Boolean)

describe.skipIf(SOCKET === undefined)(`the image of the adapter ${SOCKET === undefined ? SKIPPED : ''}`, () => {
  let folder: string
  let shared: string
  let images: readonly string[] = []
  let url: string

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pl-adapter-image-'))
    await importImage(SOCKET!)
    const image = buildImage(folder)
    images = [build('live', image, join(EXAMPLES, 'Dockerfile'), EXAMPLES), image]
    // What the adapter's user and the engine both see.
    shared = mkdtempSync(join(tmpdir(), 'pl-shared-'))
    chmodSync(shared, 0o777)
    url = `http://127.0.0.1:${await freePort()}`
    const node = '/usr/local/bin/node'
    const text = `name: ${NAME}
backend: docker
socket: ${SOCKET}
listen: { port: ${new URL(url).port} }
folder: ${shared}
state: { file: ${join(shared, 'state.json')} }
policy: { policy: fixed, keepAlive: 10m }
memory: 1GB
limits: { grace: 3s }
apps:
  web: { contract: http, image: ${IMAGE}, command: [${node}, /app/programs/http-server.mjs], memory: 128MB }
  sock: { contract: fn, image: ${IMAGE}, command: [${node}, /app/programs/fdk.mjs], memory: 128MB }
`
    writeFileSync(join(folder, 'live.yaml'), text)
  }, 900_000)
  afterAll(() => {
    if (folder === undefined) return
    docker('rm', '--force', CONTAINER)
    for (const image of images) removeImage(image)
    for (const each of [folder, shared]) rmSync(each, { recursive: true, force: true })
  })

  const start = async (): Promise<void> => {
    docker(
      'run',
      '--detach',
      '--init',
      '--name',
      CONTAINER,
      '--network=host',
      '--group-add',
      String(statSync(SOCKET!).gid),
      '-v',
      `${SOCKET}:${SOCKET}`,
      '-v',
      `${shared}:${shared}`,
      '-v',
      `${join(folder, 'live.yaml')}:/etc/pilotlight/live.yaml:ro`,
      images[0]!,
    )
    await eventually(async () => (await fetch(`${url}/healthz`).catch(() => undefined))?.ok ?? false, 60)
  }

  it('calls apps in containers beside its own, and ends by SIGTERM with all that it started', async () => {
    await start()
    for (const app of ['web', 'sock']) {
      const answer = await fetch(`${url}/call/${app}`, { method: 'POST', body: JSON.stringify({ word: app }) })
      expect([answer.status, await answer.json()]).toMatchObject([200, { word: app }])
    }
    expect(instances()).toHaveLength(2)

    const under = fetch(`${url}/call/web`, { method: 'POST', body: JSON.stringify({ act: 'sleep', ms: 1000 }) })
    await eventually(
      async () => ((await (await fetch(`${url}/admin/state`)).json()) as { underWay: number }).underWay === 1,
    )
    docker('stop', '--time', '20', CONTAINER)
    // What was under way was answered first.
    expect((await under).status).toBe(200)
    expect(docker('inspect', '--format', '{{.State.ExitCode}}', CONTAINER).trim()).toBe('0')
    expect(docker('logs', CONTAINER)).toContain(`${NAME} listens at ${url}`)
    expect(instances()).toEqual([])
  })

  it('goes on from its state when it is started again', async () => {
    docker('rm', '--force', CONTAINER)
    await start()
    // Both apps were to be kept, and so were loaded again.
    await eventually(() => instances().length === 2, 30)
    docker('stop', '--time', '20', CONTAINER)
    expect(instances()).toEqual([])
  })
})

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
