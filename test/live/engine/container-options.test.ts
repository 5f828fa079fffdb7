import { describe, expect, it } from 'vitest'
import { containerOptions } from '../../../src/live/engine/container-options.ts'
import { appOf } from '../deployed.ts'

const PLACE = { network: 'pilotlight-a', address: '10.0.0.7' }

describe('what an engine is asked for', () => {
  it('is the entry point, the user and the processors of the app where it names some, and else the image’s own', () => {
    const app = appOf('docker', 'http', 'http-server')
    const plain = containerOptions({ ...app, command: [] }, {}, {}, 'a', PLACE)
    expect(plain).not.toHaveProperty('Cmd')
    expect(plain).not.toHaveProperty('Entrypoint')
    expect(plain).not.toHaveProperty('User')
    expect(plain.HostConfig).not.toHaveProperty('NanoCpus')
    const own = { command: ['--port', '80'], entrypoint: ['/bin/serve'], user: '1000:1000', cpus: 0.5 }
    expect(containerOptions({ ...app, ...own }, {}, {}, 'a', PLACE)).toMatchObject({
      Cmd: ['--port', '80'],
      Entrypoint: ['/bin/serve'],
      User: '1000:1000',
      HostConfig: { NanoCpus: 500_000_000 },
    })
  })

  it('has what the contract says of the environment in the place of what the app says', () => {
    const { Env } = containerOptions(
      { ...appOf('docker', 'http', 'http-server'), env: { PORT: '1', OWN: 'a=b' } },
      { PORT: '8080' },
      {},
      'a',
      PLACE,
    )
    expect(Env).toEqual(['PORT=8080', 'OWN=a=b'])
  })

  it('is a network of the adapter’s own and an address on it, or none where the contract needs none', () => {
    const app = appOf('docker', 'fn', 'fdk')
    const ground = { folder: { outside: '/run/a', inside: '/tmp/iofs' } }
    const without = containerOptions(app, {}, ground, 'a', undefined)
    expect(without.HostConfig).toMatchObject({ NetworkMode: 'none', Mounts: [{ Source: '/run/a', Type: 'bind' }] })
    expect(without).not.toHaveProperty('NetworkingConfig')
    expect(containerOptions(app, {}, {}, 'a', PLACE)).toMatchObject({
      HostConfig: { NetworkMode: 'pilotlight-a' },
      NetworkingConfig: { EndpointsConfig: { 'pilotlight-a': { IPAMConfig: { IPv4Address: '10.0.0.7' } } } },
    })
  })
})
