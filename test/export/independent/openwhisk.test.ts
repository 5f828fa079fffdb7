import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import hocon from '@pushcorn/hocon-parser'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type Data, listOf } from '../../../src/export/files/export-file.ts'
import { plans } from '../../policy/plan/arbitrary-plan.ts'
import { appPlan, exported, planOf, textOf } from '../exported.ts'

/** Where Debian's libtypesafe-config-java is, unless the variable names another; CI sets it, and then nothing is skipped. */
const NAMED = process.env['PILOTLIGHT_TYPESAFE_CONFIG']
const JAR = NAMED ?? '/usr/share/java/typesafe-config.jar'
const isThere = NAMED !== undefined || (existsSync(JAR) && spawnSync('javac', ['-version']).status === 0)
const reason = isThere ? '' : ' (skipped without a JDK and libtypesafe-config-java)'

/** Kept for two minutes, for half an hour, and hardly at all. */
const PLAN = planOf([
  appPlan({ app: 'short', keepAliveMs: 120_000 }),
  appPlan({ app: 'long', keepAliveMs: 1_800_000 }),
  appPlan({ app: 'big', keepAliveMs: 300_000, memoryMb: 400 }),
])

const limits = z.strictObject({
  warmedContainerKeepingCount: z.int().min(0),
  // Text that Scala cannot read as a duration would be passed over in silence.
  warmedContainerKeepingTimeout: z.string().regex(/^[1-9]\d* seconds$/),
})

/** The checks of ExecManifest.scala. */
const reactive = z
  .strictObject({
    minCount: z.int().min(0),
    maxCount: z.int().min(1),
    ttl: z.literal('10 minutes'),
    threshold: z.int().min(1),
    increment: z.int().min(1),
  })
  .refine(({ minCount, maxCount, increment }) => minCount <= maxCount && increment <= maxCount)
const stemCell = z.strictObject({ initialCount: z.int().min(1), memory: z.string().regex(/^\d+ MB$/), reactive })
/** RuntimeManifest; of what it may leave out, no more than is written. */
const runtime = z.strictObject({
  kind: z.string(),
  default: z.boolean(),
  image: z.strictObject({ prefix: z.string().min(1), name: z.string().min(1), tag: z.string().min(1) }),
  stemCells: z.array(stemCell),
})

/** What an HOCON parser that is not OpenWhisk's finds. */
async function timeoutsIn(text: string): Promise<Data> {
  // It knows no class path.
  expect(text).toMatch(/^include classpath\("application\.conf"\)\n/)
  const { whisk } = (await hocon.parse({ text: text.replace(/^.*\n/, '') })) as Data
  return whisk!['container-proxy']!['timeouts']!
}

describe("an invoker's configuration", () => {
  it('is read by an HOCON parser and gives all apps the least window of any', async () => {
    const timeouts = await timeoutsIn(textOf(exported('openwhisk', PLAN), 'invoker.conf'))
    expect(timeouts).toEqual({ 'pause-grace': '10 seconds', 'idle-container': '110 seconds' })
  })

  it('without the new scheduler gives all apps the window that most idle times ask for', async () => {
    const made = exported('openwhisk', PLAN, { scheduler: 'sharding' })
    expect(await timeoutsIn(textOf(made, 'invoker.conf'))).toMatchObject({ 'idle-container': '290 seconds' })
    expect(made.fidelity).toMatchObject({ global: 3 })
    expect(made.files.filter(({ path }) => path.startsWith('limits/'))).toEqual([])
  })

  it.skipIf(!isThere)(
    `is read by the library that OpenWhisk uses, as durations, over what an invoker comes with${reason}`,
    () => {
      const folder = mkdtempSync(join(tmpdir(), 'pilotlight-hocon-'))
      try {
        const file = join(folder, 'invoker.conf')
        writeFileSync(file, textOf(exported('openwhisk', PLAN), 'invoker.conf'))
        const own =
          'whisk { container-pool.user-memory = 1024 m, container-proxy.timeouts.idle-container = 10 minutes }'
        writeFileSync(join(folder, 'application.conf'), own)
        const program = fileURLToPath(new URL('HoconDump.java', import.meta.url))
        const printed = execFileSync('java', ['-cp', `${JAR}:${folder}`, program, file], { encoding: 'utf8' })
        expect(printed.trim().split(/\s+/)).toEqual(['10000', '110000', '60000', String(1024 * 1024 * 1024)])
      } finally {
        rmSync(folder, { recursive: true })
      }
    },
  )
})

describe('limits of namespaces', () => {
  it('keep what each app wants beyond the common window', () => {
    const made = exported('openwhisk', PLAN)
    expect(JSON.parse(textOf(made, 'limits/long.json'))).toEqual({
      warmedContainerKeepingCount: 1,
      warmedContainerKeepingTimeout: '1680 seconds',
    })
    expect(JSON.parse(textOf(made, 'limits/short.json'))).toMatchObject({ warmedContainerKeepingCount: 0 })
    const windows = made.applied.apps.map((app) => [app.keepAliveMs, app.lastKeepAliveMs])
    // What a namespace keeps for longer is the last container of an action.
    expect(windows).toEqual([
      [120_000, undefined],
      [120_000, 1_800_000],
      [120_000, 300_000],
    ])
  })
})

describe('files for OpenWhisk', () => {
  it('keep to its rules whatever the plan', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const made = exported('openwhisk', plan)
        for (const { path, text } of made.files) if (path.startsWith('limits/')) limits.parse(JSON.parse(text))
        const { runtimes } = JSON.parse(textOf(made, 'runtimes.json')) as Data
        for (const kinds of Object.values(runtimes!)) {
          for (const each of listOf(kinds)) runtime.parse(each)
        }
      }),
      { numRuns: 50 },
    )
  })

  it('have stem cells of each memory size that apps have', () => {
    const { runtimes } = JSON.parse(textOf(exported('openwhisk', PLAN), 'runtimes.json')) as Data
    const [kind] = listOf(runtimes!['nodejs'])
    expect(kind!['image']).toEqual({ prefix: 'openwhisk', name: 'action-nodejs-v20', tag: 'nightly' })
    expect(
      listOf(kind!['stemCells']).map(({ memory, reactive }) => [String(memory), Number(reactive!['maxCount'])]),
    ).toEqual([
      ['128 MB', 2],
      ['512 MB', 1],
    ])
  })
})
