import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LiveFile, readLiveFile } from '../../src/config/live-file.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pl-file-'))
  writeFileSync(join(folder, 'action.js'), 'function main() {}')
  writeFileSync(join(folder, 'action.zip'), Uint8Array.of(80, 75, 3, 4, 0, 0))
  writeFileSync(join(folder, 'own.mjs'), OWN)
})
afterAll(() => rmSync(folder, { recursive: true }))

const OWN = `export default {
  id: 'own', summary: 'x', parameters: {}, scope: 'app', needs: [],
  create: () => ({ arrived() {}, decide() { throw new Error('no idea') } }),
}`

/** Reads a live file of this text, under the name live.yaml. */
async function read(text: string): Promise<LiveFile> {
  writeFileSync(join(folder, 'live.yaml'), text)
  return readLiveFile(join(folder, 'live.yaml'))
}

const SMALL = `name: shop
policy: { policy: fixed, keepAlive: 5m }
apps:
  web: { command: [node, web.js], memory: 256MB }
`

describe('a live file', () => {
  it('needs no more than a name, a policy and an app; the rest has defaults', async () => {
    const config = await read(SMALL)
    expect(config).toMatchObject({
      name: 'shop',
      backend: { id: 'process' },
      policy: { params: { keepAlive: 300_000 }, seed: 1 },
      listen: { host: '127.0.0.1', port: 8700 },
      reuse: 'newest',
      whileLoading: 'join',
      state: { file: join(folder, 'shop.state.json'), everyMs: 10_000 },
      limits: {
        calls: 20_000,
        connections: 20_000,
        graceMs: 30_000,
        queue: 10_000,
        waitMs: 30_000,
        silenceMs: 300_000,
        policyMs: 100,
      },
    })
    expect(config.apps).toEqual([
      {
        name: 'web',
        functions: ['web'],
        contract: 'http',
        command: ['node', 'web.js'],
        folder,
        env: {},
        memoryMb: 256,
        concurrency: 1,
        timeoutMs: 60_000,
        startTimeoutMs: 60_000,
        stopGraceMs: 0,
        pauseAfterMs: Number.POSITIVE_INFINITY,
        streamMs: 3_600_000,
        mostRequestBytes: 6 * 1024 * 1024,
        mostAnswerBytes: 6 * 1024 * 1024,
        hosts: [],
        retries: 0,
        revision: expect.stringMatching(/^[0-9a-f]{8}$/) as string,
      },
    ])
    expect(config.listen.tokens).toEqual({})
  })

  it('says everything of an app, paths being relative to the file', async () => {
    const config = await read(`name: shop
backend: docker
socket: run/docker.sock
listen: { host: 0.0.0.0, port: 0, token: written-in-the-file }
policy: { policy: hybrid-histogram, range: 2h }
memory: 4GB
reuse: oldest
whileLoading: join
seed: 7
state: { file: kept/state.json, every: 2s }
limits: { calls: 10, connections: 20, grace: 1s }
apps:
  web:
    contract: openwhisk
    image: web:1
    folder: src
    env: { LEVEL: 3, WORD: yes, SAFE: true }
    memory: 1GB
    concurrency: 8
    timeout: 5s
    startTimeout: 7s
    stopGrace: 2s
    pauseAfter: 50ms
    functions: [checkout, cart]
    code: action.js
    main: main
`)
    expect(config).toMatchObject({
      backend: { id: 'docker', socket: join(folder, 'run/docker.sock') },
      listen: {
        host: '0.0.0.0',
        port: 0,
        tokens: { calls: 'written-in-the-file', admin: 'written-in-the-file', metrics: 'written-in-the-file' },
      },
      policy: { params: { range: 7_200_000, binWidth: 60_000 }, seed: 7 },
      budgetMb: 4096,
      reuse: 'oldest',
      whileLoading: 'join',
      state: { file: join(folder, 'kept/state.json'), everyMs: 2000 },
      limits: { calls: 10, connections: 20, graceMs: 1000 },
    })
    expect(config.apps[0]).toMatchObject({
      image: 'web:1',
      folder: join(folder, 'src'),
      env: { LEVEL: '3', WORD: 'yes', SAFE: 'true' },
      memoryMb: 1024,
      concurrency: 8,
      timeoutMs: 5000,
      startTimeoutMs: 7000,
      stopGraceMs: 2000,
      pauseAfterMs: 50,
      functions: ['checkout', 'cart'],
    })
  })

  it('takes a token from the environment, code from a file, and a policy of the user’s own', async () => {
    process.env['LIVE_FILE_TOKEN'] = 'of-the-environment'
    const config = await read(`name: shop
listen: { token: $LIVE_FILE_TOKEN }
policy: { policy: ./own.mjs }
apps:
  text: { contract: openwhisk, command: [x], memory: 1MB, code: action.js, main: go, concurrency: 3, pauseAfter: 1s }
  archive: { contract: openwhisk, command: [x], memory: 1MB, code: action.zip, functions: [a, b] }
`)
    delete process.env['LIVE_FILE_TOKEN']
    expect(config.listen.tokens).toEqual({
      calls: 'of-the-environment',
      admin: 'of-the-environment',
      metrics: 'of-the-environment',
    })
    expect(config.apps[0]).toMatchObject({
      code: { text: 'function main() {}', binary: false, main: 'go' },
      concurrency: 3,
      pauseAfterMs: 1000,
    })
    expect(config.apps[1]).toMatchObject({ code: { text: 'UEsDBAAA', binary: true }, functions: ['a', 'b'] })
    const sha256 = createHash('sha256').update(OWN).digest('hex')
    expect(config.policy.code).toEqual({ file: join(folder, 'own.mjs'), sha256 })
    const policy = config.policy.definition.create(
      {},
      {
        apps: 2,
        functions: 3,
        horizonMs: Infinity,
        memoryMb: Float64Array.of(1, 1),
        coldStartMs: new Float64Array(2),
        trigger: new Uint8Array(3),
        functionApp: Uint32Array.from({ length: 3 }, (_, fn) => Math.min(2 - 1, fn >> 1)),
        seed: 1,
      },
    )
    expect(() => policy.decide(0, 0, { prewarmMs: 0, keepAliveMs: 0 })).toThrow('for the app text threw Error: no idea')
  })

  it('takes no policy of the user’s own that leaves a timer at work beside everybody’s calls', async () => {
    writeFileSync(join(folder, 'restless.mjs'), `setInterval(() => {}, 1000)\n${OWN}`)
    await expect(read(SMALL.replace('policy: fixed, keepAlive: 5m', 'policy: ./restless.mjs'))).rejects.toThrow(
      './restless.mjs: once it has loaded, it leaves this at work: Timeout. Code in front of live instances leaves',
    )
  })

  it('takes variables from the environment and secrets from files, which change what is deployed', async () => {
    const text = `name: shop
policy: { policy: fixed }
apps:
  web:
    command: [x]
    memory: 1MB
    env: { PLAIN: a$b, OWN: $LIVE_FILE_OWN, DOLLAR: $$LIVE_FILE_OWN, PRICE: $5 }
    secrets: { KEY: key.txt }
`
    writeFileSync(join(folder, 'key.txt'), 'first\nline\r\n')
    process.env['LIVE_FILE_OWN'] = 'of the environment'
    const [app] = (await read(text)).apps
    expect(app!.env).toEqual({
      PLAIN: 'a$b',
      OWN: 'of the environment',
      DOLLAR: '$LIVE_FILE_OWN',
      PRICE: '$5',
      KEY: 'first\nline',
    })
    const revision = async (): Promise<string> => (await read(text)).apps[0]!.revision
    expect(await revision()).toBe(app!.revision)
    writeFileSync(join(folder, 'key.txt'), 'another')
    expect(await revision()).not.toBe(app!.revision)
    delete process.env['LIVE_FILE_OWN']
    await expect(read(text)).rejects.toThrow('the environment has no variable LIVE_FILE_OWN')
    process.env['LIVE_FILE_OWN'] = ''
    rmSync(join(folder, 'key.txt'))
    await expect(read(text)).rejects.toThrow(/apps\.web\.secrets\.KEY: there is no file .*key\.txt/)
    delete process.env['LIVE_FILE_OWN']
  })

  it('may name a trace that is to be replayed', async () => {
    const config = await read(
      `${SMALL}replay: { trace: ../t, speed: 60, for: 2h, from: 1h, apps: 3, most: 9, late: 50ms, out: r/x }\n`,
    )
    expect(config.replay).toMatchObject({
      trace: join(folder, '../t'),
      speed: 60,
      forMs: 7_200_000,
      fromMs: 3_600_000,
      apps: 3,
      most: 9,
      lateMs: 50,
      out: join(folder, 'r/x'),
    })
  })
})

/** A mistake, and the sentence about it after the name of the file. */
const MISTAKES: readonly (readonly [mistake: string, text: string, told: string])[] = [
  ['an unknown key', `${SMALL}polcy: 1\n`, '5:1: polcy: a live file has no key called "polcy". Did you mean "policy"?'],
  [
    'an unknown backend',
    `backend: dokcer\n${SMALL}`,
    '1:10: backend: expected process or docker, found "dokcer". Did you mean "docker"?',
  ],
  [
    'an unknown policy',
    SMALL.replace('fixed', 'fxed'),
    '2:19: policy.policy: no policy called "fxed". Did you mean "fixed"?',
  ],
  [
    'a parameter that there is not',
    SMALL.replace('keepAlive', 'keepalive'),
    '2:26: policy.keepalive: the policy fixed has no parameter called "keepalive". Did you mean "keepAlive"?',
  ],
  [
    'a list of values',
    SMALL.replace('5m', '[5m, 6m]'),
    '2:37: policy.keepAlive: expected a duration such as 90s, 10m or 4h, found a list',
  ],
  [
    'no policy',
    SMALL.replace(/policy: .*/, ''),
    '1:1: policy.policy: expected a mapping with the key "policy", found nothing',
  ],
  [
    'no apps',
    SMALL.replace(/apps:[\s\S]*/, 'apps: {}\n'),
    '3:7: apps: expected apps as a mapping of names, found one without any',
  ],
  [
    'memory without a unit',
    SMALL.replace('256MB', '256'),
    '4:43: apps.web.memory: expected a memory size such as 512MB or 4GB, found 256. Write its unit, as in 256MB or 256GB.',
  ],
  [
    'an app larger than the budget',
    `memory: 100MB\n${SMALL}`,
    '5:43: apps.web.memory: an instance of 256 MB has no room in the budget of 100 MB',
  ],
  [
    'a name that is a path',
    SMALL.replace('web:', '../web:'),
    '4:3: apps.../web: expected a name of at most 63 letters, digits, ".", "-" and "_", found "../web"',
  ],
  [
    'a command that is a text',
    SMALL.replace('[node, web.js]', 'node web.js'),
    '4:19: apps.web.command: expected a list, as in [word, …]',
  ],
  [
    'a token that the environment lacks',
    `${SMALL}listen: { token: $NOBODY_SET_THIS }\n`,
    '5:18: listen.token: the environment has no variable NOBODY_SET_THIS',
  ],
  [
    'a port beyond ports',
    `${SMALL}listen: { port: 70000 }\n`,
    '5:17: listen.port: expected a whole number from 0 to 65535, found 70000',
  ],
  [
    'code that is not there',
    SMALL.replace('memory: 256MB', 'memory: 256MB, code: none.js'),
    '4:56: apps.web.code: there is no file ',
  ],
  [
    'a function twice',
    SMALL.replace('memory: 256MB', 'memory: 256MB, functions: [a, a]'),
    '4:61: apps.web.functions: expected one function or several, each once',
  ],
  [
    'an unknown contract',
    SMALL.replace('command', 'contract: htp, command'),
    '4:20: apps.web.contract: expected http, fn, openwhisk or lambda, found "htp"',
  ],
  ['no memory', SMALL.replace(', memory: 256MB', ''), 'apps.web.memory: '],
  ['no name', SMALL.replace('name: shop', ''), 'name: '],
  ['a name with a slash', SMALL.replace('name: shop', 'name: a/b'), '1:7: name: expected a name of at most 63'],
  ['an app that is no mapping', SMALL.replace(/\{ command.*/, 'yes'), '4:8: apps.web: '],
  [
    'apps as a list',
    SMALL.replace(/apps:[\s\S]*/, 'apps: [web]\n'),
    '3:7: apps: expected apps as a mapping of names, found a list',
  ],
  [
    'a concurrency of nothing',
    SMALL.replace('256MB', '256MB, concurrency: 0'),
    'apps.web.concurrency: expected a whole number from 1 to 10000, found 0',
  ],
  ['a time limit of a week', SMALL.replace('256MB', '256MB, timeout: 168h'), 'apps.web.timeout: '],
  ['a time without a unit', SMALL.replace('256MB', '256MB, pauseAfter: 50'), 'apps.web.pauseAfter: '],
  ['saves without a pause', `${SMALL}state: { every: 1ms }\n`, '5:17: state.every: '],
  [
    'an unknown key of an app',
    SMALL.replace('256MB', '256MB, cpu: 1'),
    '4:50: apps.web.cpu: an app has no key called "cpu"',
  ],
  [
    'a variable that no environment can hold',
    SMALL.replace('256MB', '256MB, env: { "A=B": 1 }'),
    'expected names of letters, digits and "_" with values of text, found "A=B"',
  ],
  [
    'a value with the character NUL',
    SMALL.replace('256MB', '256MB, env: { A: "x\\0y" }'),
    'with values of text, found "A"',
  ],
  [
    'a word with the character NUL',
    SMALL.replace('node,', '"no\\0de",'),
    '4:20: apps.web.command[0]: a word of a command cannot hold the character NUL',
  ],
  [
    'a token with a space',
    `${SMALL}listen: { token: a token of sixteen }\n`,
    '5:18: listen.token: a token has no spaces',
  ],
  [
    'a policy that needs the future',
    SMALL.replace('fixed, keepAlive: 5m', '"./none.ts"'),
    '2:19: policy.policy: there is no file',
  ],
  ['a replay without a trace', `${SMALL}replay: { speed: 2 }\n`, 'replay.trace: '],
  [
    'code without an end',
    SMALL.replace('256MB', '256MB, code: /dev/zero'),
    '4:56: apps.web.code: expected code, and /dev/zero is a device or a pipe',
  ],
  ['code that is a folder', SMALL.replace('256MB', '256MB, code: .'), '4:56: apps.web.code: cannot read '],
  [
    'an environment that is a list',
    SMALL.replace('256MB', '256MB, env: [a]'),
    'apps.web.env: expected a mapping of names to texts, as in { LEVEL: 3 }',
  ],
  [
    'a variable that is a list',
    SMALL.replace('256MB', '256MB, env: { A: [1] }'),
    'apps.web.env.A: expected a text, a number or a truth value',
  ],
  ['a key twice', `${SMALL}name: again\n`, '5:1: '],
  ['a bracket that is not closed', SMALL.replace('web.js]', 'web.js'), '4:'],
  ['a mapping where a text belongs', SMALL.replace('shop', '{ a: b }'), '1:7: name: '],
]

describe('a mistake in a live file is told with its place:', () => {
  it.each(MISTAKES)('%s', async (_mistake, text, told) => {
    const error = await read(text).catch((thrown: Error) => thrown)
    expect(error).toMatchObject({ name: 'UserError' })
    expect((error as Error).message.replace(`${join(folder, 'live.yaml')}:`, '')).toContain(told)
    expect((error as Error).message).toMatch(/live\.yaml:\d+:\d+: /)
  })

  it('a file that is not there, or no text', async () => {
    await expect(readLiveFile('/dev/zero')).rejects.toThrow('it is a device or a pipe')
    await expect(readLiveFile(join(folder, 'none.yaml'))).rejects.toThrow('there is no such file')
    await expect(read('\0')).rejects.toThrow('expected a live file (.yaml), found another file')
    await expect(read('')).rejects.toThrow('expected a live file (.yaml), found another file')
  })
})
