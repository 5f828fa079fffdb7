import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readLiveFile } from '../../../src/config/live-file.ts'
import type { ComparisonDocument } from '../../../src/metrics/to-json.ts'
import { PLATFORMS } from '../../../src/export/platforms/index.ts'
import { planOfJson } from '../../../src/policy/plan/plan-json.ts'
import { type Finished, pilotlight } from '../pilotlight.ts'

/** A checkout every 37 minutes, some of them two at once, and a mailer every day at nine, for three days. */
const MINUTE = 60_000
const EVENTS = [
  'app,function,start_ms,duration_ms,memory_mb',
  ...Array.from({ length: 110 }, (_, each) => `shop,checkout,${each * 37 * MINUTE},${each % 5 === 0 ? 3000 : 700},128`),
  ...Array.from({ length: 22 }, (_, each) => `shop,search,${each * 5 * 37 * MINUTE + 100},2000,128`),
  ...[0, 1, 2].map((day) => `mailer,digest,${(day * 1440 + 541) * MINUTE},4000,256`),
  'last,once,259199000,10,64',
]
const EXPERIMENT = `name: shop
trace: { path: events.csv }
model: { kind: instances }
policies:
  - { policy: fixed, keepAlive: [20m, 40m] }
  - { policy: hybrid-histogram, label: hybrid }
  - { policy: provisioned, instances: 1, from: 8h, until: 18h }
prices: aws-lambda
`

const folder = mkdtempSync(join(tmpdir(), 'pilotlight-export-'))
const run = (...words: readonly string[]): Promise<Finished> => pilotlight(folder, ...words)

beforeAll(async () => {
  writeFileSync(join(folder, 'events.csv'), `${EVENTS.join('\n')}\n`)
  writeFileSync(join(folder, 'shop.yaml'), EXPERIMENT)
  const { code, stderr } = await run('run', 'shop.yaml', '--quiet')
  if (code !== 0) throw new Error(stderr)
})
afterAll(() => rmSync(folder, { recursive: true }))

interface ExportDocument extends Pick<ComparisonDocument, 'runs'> {
  readonly platform: string
  readonly files: readonly string[]
  readonly fidelity: Readonly<Record<string, number>>
}

let exports = 0
/** Exports a run to a folder of its own and gives the document. */
async function exported(label: string, to: string, ...words: readonly string[]): Promise<ExportDocument> {
  exports += 1
  const place = ['--run', label, '--to', to, '--out', `out-${exports}`, '--json', '--quiet']
  const { code, stdout, stderr } = await run('export', 'shop.yaml', ...place, ...words)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return JSON.parse(stdout) as ExportDocument
}

describe('pilotlight export', () => {
  // All others are exported and simulated in test/experiment/export-run.test.ts.
  it.each(['aws-lambda', 'keda', 'modal', 'pilotlight'])(
    'writes files for %s and sets three runs beside each other',
    async (id) => {
      const { platform, files, fidelity, runs } = await exported('hybrid', id)
      expect(platform).toBe(id)
      expect(files.filter((file) => !existsSync(join(folder, file)))).toEqual([])
      expect(files).toEqual(expect.arrayContaining([expect.stringMatching(/README\.md$/)]))
      expect(Object.keys(fidelity)).toEqual(['exact', 'superset', 'clamped', 'schedule', 'floor', 'global'])
      // The platforms that have functions by themselves are told of four.
      const units = PLATFORMS.get(id, 'test').unit === 'function' ? 4 : 3
      expect(Object.values(fidelity).reduce((sum, apps) => sum + apps, 0)).toBe(units)
      expect(runs.map(({ label }) => label)).toEqual(['as designed', 'platform default', 'as exported'])
      for (const { totals, money } of runs) {
        expect(totals.invocations).toBe(EVENTS.length - 1)
        expect(money).toMatchObject({ currency: 'USD' })
      }
    },
  )

  it.each([
    ['fixed(keepAlive=20m)', 'fn'],
    ['fixed(keepAlive=40m)', 'fn'],
    ['fixed(keepAlive=20m)', 'openwhisk'],
    ['fixed(keepAlive=20m)', 'fission'],
    ['fixed(keepAlive=20m)', 'pilotlight'],
    ['hybrid', 'pilotlight'],
    ['provisioned(instances=1, from=8h, until=18h)', 'pilotlight'],
  ])('of %s to %s, which can say that, gives the accounts of the run exactly', async (label, to) => {
    const { fidelity, runs } = await exported(label, to)
    const [designed, , exported_] = runs
    expect(fidelity).toMatchObject({ exact: 3 })
    expect(exported_!.totals).toEqual(designed!.totals)
    expect(exported_!.reasons).toEqual(designed!.reasons)
  })

  it('compares what every platform would make of a run, and writes nothing', async () => {
    const { code, stdout } = await run('export', 'shop.yaml', '--run', 'hybrid', '--compare', '--json', '--quiet')
    expect(code).toBe(0)
    const { targets } = JSON.parse(stdout) as { targets: { platform: string; runs: { label: string }[] }[] }
    expect(targets.map(({ platform }) => platform)).toEqual(PLATFORMS.ids)
    for (const { runs } of targets) expect(runs).toHaveLength(3)
  })

  it('says below that comparison what its words mean, and where its figures come from', async () => {
    const { stdout } = await run('export', 'shop.yaml', '--run', 'hybrid', '--compare', '--quiet')
    const lines = stdout.split('\n')
    const used = lines.filter((line) => /^[a-z0-9-]+ +(exact|superset|clamped|schedule|floor|global) /.test(line))
    for (const kind of new Set(used.map((line) => line.split(/ +/)[1]!))) {
      expect(lines.filter((line) => line.startsWith(`${kind} `) && line.endsWith('.'))).toHaveLength(1)
    }
    expect(stdout).toMatch(/^cold +Requests that find all instances busy .* keda/m)
    expect(stdout).toMatch(/^serves +An instance takes as many requests at a time/m)
    for (const term of ['trace', 'digest', 'model', 'seed', 'version'])
      expect(stdout).toMatch(new RegExp(`^${term} +\\S`, 'm'))
  })

  it('sets the platform as it is beside the three runs, where a listing says it', async () => {
    writeFileSync(join(folder, 'present.json'), JSON.stringify({ shop: { idle_timeout: 60 } }))
    const { runs, files } = await exported('hybrid', 'fn', '--present', 'present.json')
    expect(runs.map(({ label }) => label)).toEqual(['as designed', 'platform default', 'as exported', 'as it is'])
    expect(files.map((file) => file.replace(/^[^/]*\//, ''))).toEqual(
      expect.arrayContaining(['diff.txt', 'before/shop.json', 'rollback.sh']),
    )
  })

  it('writes a live file that is refused until it says what runs the apps', async () => {
    const { files } = await exported('hybrid', 'pilotlight')
    const file = files.find((each) => each.endsWith('live.yaml'))!
    expect(readFileSync(join(folder, file), 'utf8')).toContain('policy: hybrid-histogram')
    const { code, stdout, stderr } = await run('live', 'serve', file)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(
      /live\.yaml:\d+:\d+: apps\.last\.command\[0\]: the command of the app last is still to be filled in\. An export/,
    )
  })

  it('gives the accounts of the run through a live file that names the plan, and one that names the policy', async () => {
    writeFileSync(join(folder, 'plan-names.yaml'), 'settings: { runs: plan }\n')
    const [designed, , replayed] = (await exported('fixed(keepAlive=40m)', 'pilotlight', '--names', 'plan-names.yaml'))
      .runs
    expect(replayed!.totals).toEqual(designed!.totals)
    const hybrid = (await exported('hybrid', 'pilotlight', '--names', 'plan-names.yaml')).runs
    // What the policy settled on is not what it did on the way there.
    expect(hybrid[2]!.totals).not.toEqual(hybrid[0]!.totals)
  })

  it('gives the accounts of the run exactly through a live file that runs the plan', async () => {
    writeFileSync(join(folder, 'plan-names.yaml'), 'settings: { runs: plan, command: "node {app}.js" }\n')
    const { files, runs } = await exported('fixed(keepAlive=20m)', 'pilotlight', '--names', 'plan-names.yaml')
    const live = files.find((file) => file.endsWith('live.yaml'))!
    const { policy, apps } = await readLiveFile(join(folder, live))
    expect(policy.definition.id).toBe('plan')
    expect(apps.map(({ name, memoryMb }) => [name, memoryMb])).toEqual([
      ['last', 64],
      ['mailer', 256],
      ['shop', 128],
    ])
    expect(runs[2]!.totals).toEqual(runs[0]!.totals)
    expect(runs[2]!.reasons).toEqual(runs[0]!.reasons)
  })

  it('gives AWS Lambda a schedule that spares the mailer its cold starts', async () => {
    const { files, runs } = await exported(
      'fixed(keepAlive=20m)',
      'aws-lambda',
      '--time-zone',
      'Europe/Berlin',
      '--starts',
      'thu 00:00',
    )
    const file = files.find((each) => each.includes('functions/mailer'))!
    const { actions } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { actions: Record<string, unknown>[] }
    expect(actions.map(({ Schedule, Timezone }) => `${String(Schedule)} ${String(Timezone)}`)).toEqual([
      'cron(58 8 * * ? *) Europe/Berlin',
      'cron(5 9 * * ? *) Europe/Berlin',
    ])
    expect(runs[2]!.totals.coldStarts).toBeLessThan(runs[1]!.totals.coldStarts)
    expect(runs[2]!.totals.prewarms).toBeGreaterThan(0)
  })

  it('writes a plan that an experiment replays', async () => {
    const { files } = await exported('fixed(keepAlive=40m)', 'pilotlight')
    const plan = files.find((file) => file.endsWith('plan.json'))!
    expect(planOfJson(readFileSync(join(folder, plan), 'utf8'), plan).apps.map(({ app }) => app)).toEqual([
      'last',
      'mailer',
      'shop',
    ])
    const text = EXPERIMENT.replace('name: shop', 'name: again').replace(
      /policies:[^]*?prices/,
      `policies: [{ policy: ./${plan} }]\nbaseline: plan\nprices`,
    )
    writeFileSync(join(folder, 'again.yaml'), text)
    const again = await run('run', 'again.yaml', '--json', '--quiet', '--jobs', '2')
    expect(again).toMatchObject({ code: 0, stderr: '' })
    const { stdout } = await run('compare', 'shop.yaml', '--json')
    const before = (JSON.parse(stdout) as ComparisonDocument).runs.find(({ label }) => label === 'fixed(keepAlive=40m)')
    expect((JSON.parse(again.stdout) as ComparisonDocument).runs[0]!.totals).toEqual(before!.totals)
  })

  it('takes deployed names from a mapping, and leaves out what it says', async () => {
    writeFileSync(
      join(folder, 'names.yaml'),
      'apps: { shop: front, mailer: ~, last: rear }\nsettings: { namespace: live }\n',
    )
    const { files } = await exported('fixed(keepAlive=20m)', 'knative', '--names', 'names.yaml')
    const services = files.filter((file) => file.includes('services/'))
    expect(services.map((file) => file.replace(/^.*services\//, ''))).toEqual(['rear.json', 'front.json'])
    const tool = files.find((file) => file.endsWith('tool.sh'))!
    expect(readFileSync(join(folder, tool), 'utf8')).toContain('--namespace live')
  })

  it('exports from a store as well', async () => {
    const place = ['--run', 'hybrid', '--to', 'fn', '--out', 'from-store', '--json', '--quiet', '--trace', 'events.csv']
    const { code, stdout } = await run('export', 'reports/shop/results.sqlite', ...place)
    expect(code).toBe(0)
    expect((JSON.parse(stdout) as ExportDocument).runs).toEqual(
      (await exported('hybrid', 'fn')).runs.map((each) =>
        expect.objectContaining({ label: each.label, totals: each.totals }),
      ),
    )
  })

  it('finds the trace and the policy of a store from any folder, and takes another trace', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'pilotlight-elsewhere-'))
    const study = join(folder, 'study')
    mkdirSync(study)
    writeFileSync(
      join(study, 'mine.js'),
      `export default { id: 'mine', summary: 'Ten minutes.', parameters: {}, scope: 'app', needs: [],
        create: () => ({ arrived: () => {}, decide: (app, now, windows) => { windows.prewarmMs = 0; windows.keepAliveMs = 600000 } }) }\n`,
    )
    const text =
      'name: moved\ntrace: { path: ../events.csv }\npolicies: [{ policy: ./mine.js, label: own }]\nbaseline: own\n'
    writeFileSync(join(study, 'moved.yaml'), text)
    const store = join(elsewhere, 'moved.sqlite')
    expect(await run('run', join('study', 'moved.yaml'), '--store', store, '--quiet')).toMatchObject({ code: 0 })
    const place = ['--run', 'own', '--to', 'fn', '--quiet', '--json', '--out']
    const exporting = (...words: readonly string[]) =>
      pilotlight(elsewhere, 'export', 'moved.sqlite', ...place, ...words)
    expect(await exporting('one')).toMatchObject({ code: 0, stderr: '' })
    renameSync(join(folder, 'events.csv'), join(elsewhere, 'events.csv'))
    try {
      const gone = await exporting('two')
      expect(gone.code).toBe(2)
      expect(gone.stderr).toContain(`there is no trace at ${join(folder, 'events.csv')}`)
      expect(await exporting('two', '--trace', 'events.csv')).toMatchObject({ code: 0, stderr: '' })
    } finally {
      renameSync(join(elsewhere, 'events.csv'), join(folder, 'events.csv'))
    }
    writeFileSync(
      join(study, 'mine.js'),
      'export default { id: "mine", summary: "Other.", parameters: {}, scope: "app", needs: [], create: () => ({ arrived: () => {}, decide: (app, now, windows) => { windows.prewarmMs = 0; windows.keepAliveMs = 1 } }) }\n',
    )
    const changed = await exporting('three')
    expect(changed.code).toBe(2)
    expect(changed.stderr).toContain('the file of its policy, or pilotlight itself, has changed since')
    rmSync(elsewhere, { recursive: true })
  })

  it('prints a table and the fidelity, and says where the files are', async () => {
    const { stdout, stderr } = await run('export', 'shop.yaml', '--run', 'hybrid', '--to', 'keda', '--out', 'printed')
    expect(stdout).toMatch(/^hybrid on KEDA\n/)
    expect(stdout).toMatch(/as designed .*\nplatform default .*\nas exported .*\nfidelity {2}\d/)
    expect(stderr).toContain('files are in printed; README.md says how to apply them.')
  })

  it.each([
    [
      'a run that there is not',
      ['--run', 'hybird', '--to', 'fn'],
      '--run: no run has the label "hybird". Did you mean "hybrid"?',
    ],
    [
      'a platform that there is not',
      ['--run', 'hybrid', '--to', 'knativ'],
      '--to: no platform called "knativ". Did you mean "knative"?',
    ],
    [
      'a time zone that there is not',
      ['--run', 'hybrid', '--to', 'fn', '--time-zone', 'Europe/Berln'],
      '--time-zone: there is no time zone called "Europe/Berln".',
    ],
    [
      'a day that there is not',
      ['--run', 'hybrid', '--to', 'fn', '--starts', 'noon'],
      '--starts: expected a day of the week and a time, found "noon".',
    ],
    [
      'a mapping that there is not',
      ['--run', 'hybrid', '--to', 'fn', '--names', 'none.yaml'],
      'none.yaml: there is no such file.',
    ],
    [
      'an app that the mapping lacks',
      ['--run', 'hybrid', '--to', 'fn', '--names', 'short.yaml'],
      'short.yaml: apps: no name for the app last.',
    ],
    [
      'a trace that there is not',
      ['--run', 'hybrid', '--to', 'fn', '--trace', 'none.csv'],
      '--trace: there is no trace at none.csv.',
    ],
  ])('refuses %s with one sentence, and writes nothing', async (_, words, message) => {
    writeFileSync(join(folder, 'short.yaml'), 'apps: { shop: front, mailer: back }\n')
    const { code, stdout, stderr } = await run('export', 'shop.yaml', ...words, '--out', 'never', '--quiet')
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(message)
    expect(existsSync(join(folder, 'never'))).toBe(false)
  })

  it('warns where the trace knows nothing of most of the day, if that is what schedules are made of', async () => {
    writeFileSync(
      join(folder, 'hour.csv'),
      'app,function,start_ms,duration_ms\nshop,checkout,0,700\nshop,checkout,3600000,0\n',
    )
    writeFileSync(
      join(folder, 'hour.yaml'),
      EXPERIMENT.replace('name: shop', 'name: hour').replace('events.csv', 'hour.csv'),
    )
    await run('run', 'hour.yaml', '--quiet')
    const warned = async (to: string): Promise<string> => {
      const place = ['--run', 'hybrid', '--to', to, '--out', `hour-${to}`, '--quiet']
      return (await run('export', 'hour.yaml', ...place)).stderr
    }
    expect(await warned('aws-lambda')).toBe(
      'warning: The trace has 1 of the 24 hours of a day: at all other times its schedules hold no instance.\n',
    )
    expect(await warned('fn')).toBe('')
  })

  it.skipIf(!existsSync('/proc/self'))(
    'refuses a place that the system lets nobody write to (skipped without /proc)',
    async () => {
      const { code, stderr } = await run(
        'export',
        'shop.yaml',
        '--run',
        'hybrid',
        '--to',
        'fn',
        '--out',
        '/proc/none/x',
      )
      expect(code).toBe(2)
      expect(stderr).toContain('/proc/none/x')
      expect(stderr).toContain('cannot be written: there is no such file or folder (ENOENT). Choose another place.')
    },
  )

  it('refuses a folder whose export was applied, and files in the place of others', async () => {
    const again = (): Promise<Finished> =>
      run('export', 'shop.yaml', '--run', 'hybrid', '--to', 'knative', '--out', 'applied', '--quiet')
    expect((await again()).code).toBe(0)
    writeFileSync(join(folder, 'applied', 'applied.txt'), 'Mon Nov 30 21:00:00 UTC 2026\n')
    const { code, stderr } = await again()
    expect(code).toBe(2)
    expect(stderr).toContain('applied: the export in it was applied, and its rollback.sh needs what is in before/.')

    rmSync(join(folder, 'applied', 'applied.txt'))
    const listing = { apiVersion: 'serving.knative.dev/v1', kind: 'Service', metadata: { name: 'shop' }, spec: {} }
    writeFileSync(join(folder, 'now.json'), JSON.stringify(listing))
    mkdirSync(join(folder, 'applied/before'))
    writeFileSync(join(folder, 'applied/before/ksvc_shop.json'), '{}')
    const words = ['--to', 'knative', '--out', 'applied', '--present', 'now.json', '--quiet']
    const refused = await run('export', 'shop.yaml', '--run', 'hybrid', ...words)
    expect(refused.stderr).toContain('before/ksvc_shop.json: it is there, and pilotlight did not write it.')
    expect(readFileSync(join(folder, 'applied/before/ksvc_shop.json'), 'utf8')).toBe('{}')
  })

  it('refuses a folder that has something in it, whose files would be applied as well', async () => {
    const { code, stderr } = await run('export', 'shop.yaml', '--run', 'hybrid', '--to', 'fn', '--out', '.')
    expect(code).toBe(2)
    expect(stderr).toContain('.: expected a new or empty folder, or one that pilotlight wrote, found')
    expect(readdirSync(folder)).not.toContain('fidelity.json')
  })
})
