import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ExportFacts, exportPlan } from '../../../src/export/export-plan.ts'
import { PLATFORMS } from '../../../src/export/platforms/index.ts'
import { constantFloor } from '../../../src/policy/plan/floor.ts'
import type { Plan } from '../../../src/policy/plan/plan.ts'
import { type Cloud, RECORDED } from '../clouds/cloud.ts'
import { CLOUDS } from '../clouds/index.ts'
import { appPlan, DAILY, planOf, WEEKLY } from '../exported.ts'

const PLAN = planOf([
  appPlan({ floor: DAILY, schedule: DAILY, concurrency: 8 }),
  appPlan({ app: 'mailer', keepAliveMs: 400_000, floor: constantFloor(2), schedule: constantFloor(2) }),
])
/** The other way round: what a schedule held is held no longer, and what was held always goes by the clock; windows differ. */
const OTHER_PLAN = planOf([
  appPlan({ keepAliveMs: 900_000, concurrency: 8 }),
  appPlan({ app: 'mailer', keepAliveMs: 1_800_000, floor: WEEKLY, schedule: WEEKLY }),
])
/** Nothing is held, and nothing is asked for by the clock. */
const HELD_BY_NOTHING = planOf([appPlan({ keepAliveMs: 1_200_000, concurrency: 8 }), appPlan({ app: 'mailer' })])
const isThere = ['jq', 'diff', 'xargs'].every((program) => spawnSync(program, ['--version']).status === 0)

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pilotlight-cloud-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** What scripts are told of the time: Wednesday noon, wherever they ask. Else what they change would go by when tests run. */
const NOON = `#!/bin/sh
case $1 in
  +*) echo '3 12 00' ;;
  *) echo 'Wed Jul  1 12:00:00 UTC 2026' ;;
esac
`

/** Puts the operator's cloud into the folder, as it was at first. */
function operated({ has, programs }: Cloud): void {
  for (const each of ['bin', 'cloud']) {
    rmSync(join(folder, each), { recursive: true, force: true })
    mkdirSync(join(folder, each))
  }
  writeFileSync(join(folder, 'bin', 'date'), NOON)
  chmodSync(join(folder, 'bin', 'date'), 0o755)
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(folder, 'bin', name), RECORDED + text)
    chmodSync(join(folder, 'bin', name), 0o755)
  }
  for (const [name, data] of Object.entries(has)) writeFileSync(join(folder, 'cloud', name), JSON.stringify(data))
}

/** Puts an export into the folder in place of an earlier one. */
function written(plan: Plan, { platform: id, settings = {} }: Cloud, facts: ExportFacts = {}): void {
  rmSync(join(folder, 'export'), { recursive: true, force: true })
  for (const { path, text } of exportPlan(plan, PLATFORMS.get(id, 'test'), { settings, where: 'names.yaml' }, facts)
    .files) {
    mkdirSync(dirname(join(folder, 'export', path)), { recursive: true })
    writeFileSync(join(folder, 'export', path), text)
  }
}

/** The operator's cloud and an export that was made with the vendor's own listing. */
function prepared(cloud: Cloud): void {
  operated(cloud)
  const text = cloud.listing.map((document) => JSON.stringify(document, null, 2)).join('\n')
  written(PLAN, cloud, { listing: { text, where: 'present.json' } })
}

/** What present.sh prints of every object, but for maxima, which are never lowered. */
function shown(cloud: Cloud): Readonly<Record<string, unknown>> {
  const objects = JSON.parse(run(cloud, 'present.sh').stdout) as Readonly<Record<string, unknown>>
  const all = Object.entries(objects).flatMap(([object, value]) => [...leavesOf(value, `${object}: `, cloud)])
  const maxima = Object.keys(PLATFORMS.get(cloud.platform, 'test').maxima ?? {})
  const isMost = (path: string): boolean => maxima.some((key) => path.endsWith(`.${key}`) || path.endsWith(` ${key}`))
  return Object.fromEntries(all.filter(([path]) => !isMost(path)))
}

/** Runs a script of the export. */
function spawned({ environment }: Cloud, script: string, ...words: readonly string[]) {
  const env = {
    ...process.env,
    ...environment,
    PATH: `${join(folder, 'bin')}:${process.env['PATH']}`,
    CLOUD: join(folder, 'cloud'),
    CALLS: join(folder, 'calls'),
    // The files of a cloud are changed by one program at a time.
    JOBS: '1',
  }
  return spawnSync('sh', [join(folder, 'export', script), ...words], { env, encoding: 'utf8' })
}

/** Runs a script of the export, which must succeed; gives what it printed, and what it called. */
function run(cloud: Cloud, script: string, ...words: readonly string[]) {
  const calls = join(folder, 'calls')
  rmSync(calls, { force: true })
  const { stdout, stderr, status } = spawned(cloud, script, ...words)
  expect({ stderr, status }, `${script} ${words.join(' ')}\n${stdout}`).toEqual({ stderr: '', status: 0 })
  return { stdout, calls: existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n') : [] }
}

/** Every leaf of an object by its path, but for what counts changes. */
function leavesOf(whole: unknown, begin: string, { counters }: Cloud): ReadonlyMap<string, unknown> {
  const found = new Map<string, unknown>()
  const walk = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null) {
      if (counters?.test(path) !== true) found.set(path, value)
      return
    }
    const entries = Object.entries(value)
    if (entries.length === 0) found.set(path, Array.isArray(value) ? '[]' : '{}')
    for (const [key, each] of entries) {
      const step = Array.isArray(value) ? `[${key}]` : path.endsWith(': ') ? key : `.${key}`
      walk(each, path + step)
    }
  }
  walk(whole, begin)
  return found
}

/** The same of every object in the cloud. */
function leaves(cloud: Cloud): ReadonlyMap<string, unknown> {
  const names = readdirSync(join(folder, 'cloud')).toSorted()
  return new Map(
    names.flatMap((name) => {
      return [...leavesOf(JSON.parse(readFileSync(join(folder, 'cloud', name), 'utf8')), `${name}: `, cloud)]
    }),
  )
}

function differences(before: ReadonlyMap<string, unknown>, after: ReadonlyMap<string, unknown>): string[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter((path) => before.get(path) !== after.get(path))
}

function savedObjects(): Record<string, unknown> {
  const names = readdirSync(join(folder, 'export/before'))
  const saved = names.map(
    (name) =>
      JSON.parse(readFileSync(join(folder, 'export/before', name), 'utf8')) as { object: string; present: unknown },
  )
  return Object.fromEntries(saved.map(({ object, present }) => [object, present]))
}

describe
  .skipIf(!isThere)
  .each(CLOUDS.map((cloud) => [`${cloud.platform} ${JSON.stringify(cloud.settings ?? {})}`, cloud] as const))(
  'an operator’s cloud of %s (skipped without jq, diff and xargs)',
  (_, cloud) => {
    it('is read from the vendor’s listing as the scripts read it, has nothing changed but what keeps apps warm, once, and goes back to what it was', () => {
      prepared(cloud)
      const before = leaves(cloud)

      // present.sh leaves out what there is none of; so does the listing.
      const shown = Object.entries(JSON.parse(run(cloud, 'present.sh').stdout) as Record<string, unknown>)
      expect(savedObjects()).toEqual(Object.fromEntries(shown.filter(([, object]) => object !== null)))

      const dry = run(cloud, 'apply.sh', '--dry-run')
      expect(dry.calls.filter((call) => !cloud.reads.test(call))).toEqual([])
      expect(leaves(cloud)).toEqual(before)
      expect(dry.stdout).not.toContain('nothing to change')

      run(cloud, 'apply.sh')
      const applied = leaves(cloud)
      const changed = differences(before, applied)
      expect(changed).not.toEqual([])
      expect(changed.filter((path) => !cloud.sets.test(path))).toEqual([])

      const again = run(cloud, 'apply.sh')
      expect(
        again.stdout
          .trim()
          .split('\n')
          .filter((line) => !line.endsWith(': nothing to change')),
      ).toEqual([])
      expect(again.calls.filter((call) => !cloud.reads.test(call))).toEqual([])

      const back = run(cloud, 'rollback.sh', '--dry-run')
      expect(back.calls.filter((call) => !cloud.reads.test(call))).toEqual([])
      expect(leaves(cloud)).toEqual(applied)
      run(cloud, 'rollback.sh')
      expect(Object.fromEntries(leaves(cloud))).toEqual(Object.fromEntries(before))
    })

    it('is after one export and then another as after the other alone', () => {
      for (const [first, last] of [
        [PLAN, OTHER_PLAN],
        [OTHER_PLAN, PLAN],
        [PLAN, HELD_BY_NOTHING],
        [HELD_BY_NOTHING, PLAN],
      ] as const) {
        operated(cloud)
        written(last, cloud)
        run(cloud, 'apply.sh')
        const alone = shown(cloud)

        operated(cloud)
        for (const plan of [first, last]) {
          written(plan, cloud)
          run(cloud, 'apply.sh')
        }
        expect(shown(cloud)).toEqual(alone)
      }
    })

    it('is never taken for empty where it cannot be read', () => {
      prepared(cloud)
      run(cloud, 'apply.sh')
      const applied = leaves(cloud)
      for (const name of Object.keys(cloud.programs)) {
        writeFileSync(join(folder, 'bin', name), '#!/bin/sh\necho "the token has expired" >&2\nexit 1\n')
      }
      for (const [script, ...words] of [
        ['apply.sh', '--dry-run'],
        ['apply.sh'],
        ['rollback.sh', '--dry-run'],
        ['rollback.sh'],
      ]) {
        const { stdout, stderr, status } = spawned(cloud, script!, ...words)
        expect({ stdout, status }, script).toEqual({ stdout: '', status: 1 })
        expect(stderr.match(/could not be read: the token has expired/g), script).toHaveLength(
          readdirSync(join(folder, 'export/before')).length,
        )
      }
      expect(spawned(cloud, 'present.sh')).toMatchObject({ stdout: '', status: 1 })
      expect(leaves(cloud)).toEqual(applied)
    })
  },
)
