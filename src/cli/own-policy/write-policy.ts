import { join } from 'node:path'
import { makeFiles } from '../../files/new-files.ts'

/** Writes a policy of that id and its test to a folder; gives their paths. Throws a UserError where one is there already. */
export async function writePolicy(id: string, folder: string): Promise<string[]> {
  const files = [
    { path: join(folder, `${id}.ts`), text: policyText(id) },
    { path: join(folder, `${id}.test.ts`), text: testText(id) },
  ]
  await makeFiles(files)
  return files.map(({ path }) => path)
}

function policyText(id: string): string {
  return `// A keep-alive policy. pilotlight check-policy ./${id}.ts looks whether it keeps to what a policy must.
import type { Policy, PolicyDefinition } from 'pilotlight'

const MINUTE = 60_000

const parameters = {
  first: { kind: 'duration', describe: 'Keep-alive before anything was learnt.', default: 10 * MINUTE, min: 0 },
  longest: {
    kind: 'duration',
    describe: 'Keep-alive is never longer than this.',
    default: 240 * MINUTE,
    min: 0,
    isWindow: true,
  },
} as const

/** Keeps every app for as long as its latest idle time, and a minute more. */
function create(first: number, longest: number, apps: number): Policy {
  const latestMs = new Float64Array(apps).fill(-1)
  return {
    arrived(app, _now, idleMs) {
      if (idleMs >= 0) latestMs[app] = idleMs
    },
    decide(app, _now, out) {
      const latest = latestMs[app]!
      out.prewarmMs = 0
      out.keepAliveMs = latest < 0 ? first : Math.min(latest + MINUTE, longest)
    },
    save: (app) => (latestMs[app]! < 0 ? undefined : latestMs[app]),
    load(app, state) {
      latestMs[app] = state as number
    },
  }
}

export default {
  id: '${id}',
  summary: 'Keeps every app for as long as its latest idle time, and a minute more.',
  parameters,
  scope: 'app',
  needs: [],
  create: ({ first, longest }, { apps }) => create(first, longest, apps),
} satisfies PolicyDefinition<typeof parameters>
`
}

function testText(id: string): string {
  return `// Run with Node 22.18 or newer: node --test ${id}.test.ts
import assert from 'node:assert/strict'
import { test } from 'node:test'
import definition from './${id}.ts'

const MINUTE = 60_000
const params = { first: 10 * MINUTE, longest: 240 * MINUTE }
const context = {
  apps: 1,
  functions: 1,
  horizonMs: 1440 * MINUTE,
  memoryMb: new Float64Array([128]),
  coldStartMs: new Float64Array([1000]),
  trigger: new Uint8Array(1),
  functionApp: new Uint32Array(1),
  seed: 1,
}

/** The keep-alive windows, in minutes, after idle times in minutes. */
function windows(...idles: number[]): number[] {
  const policy = definition.create(params, context)
  const out = { prewarmMs: 0, keepAliveMs: 0 }
  let now = 0
  policy.arrived(0, now, -1, 0)
  return [0, ...idles].map((idle, index) => {
    now += idle * MINUTE
    if (index > 0) policy.arrived(0, now, idle * MINUTE, 0)
    policy.decide(0, now, out)
    return out.keepAliveMs / MINUTE
  })
}

test('an app of which nothing is known stays for ten minutes', () => {
  assert.deepEqual(windows(), [10])
})

test('an app stays for its latest idle time and a minute more, at most four hours', () => {
  assert.deepEqual(windows(5, 30, 500), [10, 6, 31, 240])
})
`
}
