import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { loadOwnPolicy } from '../../src/config/own-policy.ts'
import { loadApart } from '../../src/own/trial.ts'
import { pilotlightApart } from '../cli/pilotlight.ts'

const folder = mkdtempSync(join(tmpdir(), 'pilotlight-apart-'))
afterAll(() => rmSync(folder, { recursive: true }))
let count = 0

function write(text: string): string {
  count += 1
  const file = join(folder, `module-${count}.mjs`)
  writeFileSync(file, text)
  return file
}

const policy = (more: string, before = '') => `${before}
export default {
  id: 'mine', summary: 'Keeps apps.', scope: 'app', needs: ['memory'],
  parameters: { window: { kind: 'duration', describe: 'How long.', default: 60000, min: 0 } },
  create: ({ window }) => ({ arrived() {}, decide(app, now, out) { out.prewarmMs = 0; out.keepAliveMs = window } }),
  ${more}
}
`

describe('a module that is loaded apart', () => {
  it('gives its values, and answers what it is asked', async () => {
    const file = write(
      policy(`longest: 5,
        contradiction({ window }) { return window > this.longest ? { parameter: 'window', problem: 'too long' } : undefined },
        world: () => ({ reuse: 'oldest' }),`),
    )
    const { definition } = await loadOwnPolicy(file, 'x')
    expect(definition).toMatchObject({ id: 'mine', needs: ['memory'], parameters: { window: { default: 60_000 } } })
    expect(definition.contradiction!({ window: 9 } as never)).toEqual({ parameter: 'window', problem: 'too long' })
    expect(definition.contradiction!({ window: 3 } as never)).toBeUndefined()
    expect(definition.world!({ window: 3 } as never)).toEqual({ reuse: 'oldest' })
    expect(() => definition.create({} as never, {} as never)).toThrow('create() is called by workers alone')
  })

  it('that is an instance of a class has its methods', async () => {
    const made = await loadApart(
      write('class Own { id = "own"; world() { return { name: this.id } } }\nexport default new Own()'),
      'own.mjs',
      ['world'],
    )
    expect((made as { world(): unknown }).world()).toEqual({ name: 'own' })
  })

  it.each([
    ['does not come back', 'contradiction() { for (;;); }', 'own.mjs: contradiction() did not come back within 1 s.'],
    [
      'ends its thread',
      'contradiction() { process.exit(0) }',
      'own.mjs: contradiction() did not come back within 1 s.',
    ],
    ['sends signals', 'contradiction() { process.kill(process.pid) }', 'it sends signals to processes'],
    ['throws', "contradiction() { throw new RangeError('too far') }", 'too far'],
    ['gives what no thread can send', 'contradiction: () => ({ where() {} })', 'could not be cloned'],
  ])('and %s when it is asked', async (_what, method, told) => {
    const own = (await loadApart(write(policy(`${method},`)), 'own.mjs', ['contradiction'], 1000)) as {
      contradiction(): unknown
    }
    expect(() => own.contradiction()).toThrow(told)
  })

  it.each([
    ['in a circle', 'const own = {}; own.self = own; export default own', { self: { self: {} } }],
    ['with a symbol', 'export default { id: Symbol("x"), more: [1n, null] }', { more: [1n, null] }],
  ])('may be a value %s', async (_what, text, expected) => {
    const found = await loadApart(write(text), 'own.mjs', [])
    expect(found).toMatchObject(expected)
  })

  it('may export nothing', async () => {
    expect(await loadApart(write('export const other = 1'), 'own.mjs', [])).toBeUndefined()
  })

  it('throws what its loading threw, with its place', async () => {
    const file = write('\n\nthrow new TypeError("no licence")')
    await expect(loadApart(file, 'own.mjs', [])).rejects.toMatchObject({
      name: 'TypeError',
      message: 'no licence',
      stack: expect.stringContaining(`${file}:3`) as string,
    })
    await expect(loadApart(write('throw "boom"'), 'own.mjs', [])).rejects.toBe('boom')
  })
})

it('What a policy of one’s own prints goes to stderr, and never among the results', async () => {
  const own = write(
    policy('', "console.log('loaded')")
      .replace("['memory']", '[]')
      .replace('({ window }) =>', "({ window }) => (console.log('made'), 0) ||"),
  )
  writeFileSync(join(folder, 'prints.csv'), 'app,function,start_ms,duration_ms\na,f,0,1\na,f,60000,1\n')
  writeFileSync(
    join(folder, 'prints.yaml'),
    `name: prints\ntrace: { path: prints.csv }\npolicies: [{ policy: ${own} }, { policy: none }]\nbaseline: none\n`,
  )
  const { stdout, stderr } = await pilotlightApart(folder, 'run', 'prints.yaml', '--json', '--quiet')
  expect(JSON.parse(stdout)).toMatchObject({ experiment: 'prints' })
  expect(stderr).toMatch(/loaded/)
  expect(stderr).toMatch(/made/)
}, 60_000)

it('No line of a policy, an eviction order or a placement of one’s own runs in the main thread', async () => {
  const log = join(folder, 'threads.txt')
  const tells = `import { appendFileSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'
appendFileSync(${JSON.stringify(log)}, isMainThread ? 'main\\n' : 'worker\\n')
const tell = () => appendFileSync(${JSON.stringify(log)}, isMainThread ? 'main\\n' : 'worker\\n')
`
  const own = write(
    policy('contradiction() { tell() }, world() { tell(); return {} },', tells).replace("['memory']", '[]'),
  )
  const eviction = write(`${tells}
export default { id: 'own-lru', summary: 'The first.', pool() {
  tell()
  const idle = []
  return {
    add(instance) { idle.push(instance) },
    remove(instance) { idle.splice(idle.indexOf(instance), 1) },
    forget() {},
    victim() { return idle[0] },
  }
} }`)
  const placement = write(`${tells}
export default { id: 'own-first', summary: 'The first.', create() { tell(); return { choose: () => 0 } } }`)
  writeFileSync(
    join(folder, 'trace.csv'),
    `app,function,start_ms,duration_ms,memory_mb\n${Array.from({ length: 20 }, (_, at) => `a${at % 3},f,${at * 60_000},5001,100`).join('\n')}\n`,
  )
  writeFileSync(
    join(folder, 'x.yaml'),
    `name: x
trace: { path: trace.csv }
model: { kind: cluster, nodes: { count: 1, memory: 500MB }, eviction: ${eviction}, placement: ${placement} }
policies: [{ policy: ${own}, window: [1m, 2m] }, { policy: none }]
baseline: none
`,
  )
  for (const words of [
    ['run', 'x.yaml', '--jobs', '1'],
    ['explain', 'x.yaml', '--app', 'a1'],
  ]) {
    const { code, stderr } = await pilotlightApart(folder, ...words, '--quiet')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  }
  const told = readFileSync(log, 'utf8').trim().split('\n')
  expect(told.length).toBeGreaterThan(10)
  expect(new Set(told)).toEqual(new Set(['worker']))
}, 180_000)
