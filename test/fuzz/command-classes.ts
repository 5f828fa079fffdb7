import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { boardEntry } from '../../src/study/board-files.ts'
import { proposeExperiment } from '../../src/study/first-experiment.ts'
import { cardOfText } from '../../src/config/card-file.ts'
import { readExperiment } from '../../src/config/experiment-file.ts'
import { readLiveFile } from '../../src/config/live-file.ts'
import { readMapping } from '../../src/config/mapping-file.ts'
import { UserError } from '../../src/core/user-error.ts'
import { cutLedger } from '../../src/engine/ledger-parts.ts'
import { exportPlan } from '../../src/export/export-plan.ts'
import { OWN_NAMES } from '../../src/export/files/deployed-names.ts'
import { PLATFORMS } from '../../src/export/platforms/index.ts'
import type { LiveApp } from '../../src/live/live-app.ts'
import { reloader } from '../../src/live/reload.ts'
import { CARD_KIND } from '../../src/metrics/card.ts'
import { boardCsv } from '../../src/report/board/board-csv.ts'
import { boardOf } from '../../src/report/board/board.ts'
import { mergeStores } from '../../src/store/merge-stores.ts'
import { openStore } from '../../src/store/store.ts'
import { readTrace } from '../../src/trace/read.ts'
import { pilotlight } from '../cli/pilotlight.ts'
import { appPlan, planOf } from '../export/exported.ts'
import { exampleExperiment, exampleRun } from '../store/example-run.ts'
import { type FuzzClass, LIVE, Miscount, simulated } from './classes.ts'
import { type MixedSource, mixedSource } from './mixed-source.ts'
import { mutated } from './mutate.ts'

const CARD = JSON.stringify({
  kind: CARD_KIND,
  schema: 1,
  experiment: 'study',
  version: '0.1.0',
  modelVersion: 3,
  source: 'name: study\n',
  command: 'pilotlight run study.yaml',
  trace: {
    id: 'trace',
    format: 'events',
    digest: 'd'.repeat(64),
    apps: 2,
    functions: 2,
    invocations: 4,
    horizonMs: 3_600_000,
    path: 'trace.csv',
    files: [],
  },
  files: [],
  baseline: { label: 'none', variant: 'v' },
  notes: ['one sentence'],
  runs: ['none', 'fixed'].map((policy, at) => ({
    label: policy,
    variant: `v${at}`,
    policy,
    policyFile: null,
    params: at === 0 ? {} : { keepAlive: 'Infinity' },
    model: { kind: 'paper', unit: 'app' },
    spelt: { params: {}, model: { kind: 'paper' } },
    seed: 1,
    judged: null,
    digest: String(at).repeat(64),
    ledger: 'a'.repeat(64),
    version: '0.1.0',
    metrics: { 'cold-share': 50 + at, 'cold-starts': 2, 'idle-memory': 7.5 },
    bounds: [],
  })),
  unfinished: [],
})

const LISTING = JSON.stringify({
  items: [
    {
      kind: 'Service',
      metadata: { name: 'shop', namespace: 'default' },
      spec: {
        template: {
          metadata: {
            annotations: { 'autoscaling.knative.dev/min-scale': '1', 'autoscaling.knative.dev/window': '60s' },
          },
          spec: { containerConcurrency: 4, containers: [{ image: 'x' }] },
        },
      },
    },
    { kind: 'Deployment', metadata: { name: 'shop' }, spec: { replicas: 2 } },
    { name: 'shop', reserved: 1, sku: { tier: 'Premium' }, properties: { minReplicas: 1 } },
  ],
})

const LOGS = [
  [
    'calls.csv',
    `fn,start_ts,took_ms,memory,status
f,1700000000,12,128,cold
g,1700000300,40,128,warm
f,1700003600,8,128,warm
h,1700007200,9,256,cold
`,
  ],
  [
    'calls.jsonl',
    ['f', 'g', 'f']
      .map((name, at) =>
        JSON.stringify({ function: name, time: `2026-03-0${at + 1}T10:00:00Z`, duration: 0.25, cold: at === 0 }),
      )
      .join('\n'),
  ],
  [
    'access.log',
    `127.0.0.1 - - [10/Oct/2026:13:55:36 +0000] "GET /f HTTP/1.1" 200 2326 0.012
127.0.0.1 - - [10/Oct/2026:13:56:36 +0000] "GET /g HTTP/1.1" 200 2326 0.010
`,
  ],
] as const

const ACCESS_LOG = [0, 1, 2, 3]
  .map((at) =>
    JSON.stringify({
      time: `2026-03-01T10:0${at}:00.000Z`,
      id: `call-${at}`,
      app: at === 2 ? 'job' : 'web',
      function: 'f',
      method: 'GET',
      path: '/f',
      status: 200,
      start: at === 0 ? 'cold' : 'warm',
      waitedMs: at === 0 ? 250.5 : 0,
      ranMs: 12.25,
    }),
  )
  .join('\n')

const STUDY = `name: study
trace: { path: trace.csv }
policies: [{ policy: fixed, keepAlive: [10m, 30m] }, { policy: none }]
baseline: none
`
const EVENTS = `app,function,start_ms,duration_ms,memory_mb
a,f,0,0,100
a,f,300000,0,100
a,f,1800000,0,100
b,g,2400000,0,200
`
const TUNE = [
  '--judge-from 20m --minimise cold-starts',
  '--judge-from 20m --minimise idle-memory --where cold-share<=90',
]
const SUBMIT = [
  '--to slurm --shards 3 --memory 2GB --limit 90m --partition batch --account me --command pilotlight',
  '--to kubernetes --shards 3 --image pilotlight:1 --namespace sims --claim shared --mount /shared --memory 4GB',
  '--to aws-batch --image pilotlight:1 --queue spot --file-system fs-1 --mount /shared --limit 4h',
]

/** Does what a command does, in a folder that has a study in it. */
async function typed(folder: string, words: readonly string[]): Promise<void> {
  writeFileSync(join(folder, 'study.yaml'), STUDY)
  writeFileSync(join(folder, 'trace.csv'), EVENTS)
  const { code, stderr } = await pilotlight(folder, ...words, '--quiet')
  if (code === 2) throw new UserError({ where: words[0]!, problem: stderr })
  if (code === 1) throw new Error(stderr)
}

/** Has an experiment proposed for a log, and demands that it reads the trace that was seen. */
async function proposed(name: string, text: string, folder: string): Promise<void> {
  const [path, out] = [join(folder, name), join(folder, 'proposed')]
  rmSync(out, { recursive: true, force: true })
  writeFileSync(path, text)
  const proposal = await proposeExperiment([path], out)
  const { mappingText } = proposal
  const mapping = mappingText === undefined ? undefined : await readMapping(mappingText, 'the proposed mapping')
  const trace = await readTrace(path, { mapping })
  if (trace.invocations > text.split(/[\r\n]/).length) throw new Miscount('more invocations than lines')
  simulated(trace)
  await proposal.write(trace)
  const file = ['calls', 'access'].map((own) => join(out, `${own}.experiment.yaml`)).find((own) => existsSync(own))
  const experiment = await readExperiment(file!)
  const again = await readTrace(experiment.trace.path, { mapping: experiment.trace.mapping })
  if (again.digest !== trace.digest) throw new Miscount('the experiment reads another trace')
}

/** The page of a study, which is made once in each folder. */
async function pageIn(folder: string): Promise<string> {
  const path = join(folder, 'reports/study/index.html')
  if (!existsSync(path)) {
    await typed(folder, ['run', 'study.yaml'])
    await typed(folder, ['report', 'study.yaml', '--format', 'html'])
  }
  return readFileSync(path, 'utf8')
}

/** A page after changes anywhere, or in the card within it. */
function mutatedPage(page: string, inCard: boolean, source: MixedSource): string {
  const from = inCard ? page.indexOf(`id="${CARD_KIND}">`) : 0
  const to = inCard ? page.indexOf('</script>', from) : page.length
  return page.slice(0, from) + mutated(page.slice(from, to), source) + page.slice(to)
}

/** Classes of inputs that take several parts of the program, up to a whole command. */
export const COMMAND_CLASSES: readonly FuzzClass[] = [
  {
    id: 'result cards',
    make: (source) => mutated(CARD, source),
    async take(input, folder) {
      const path = join(folder, 'card.json')
      writeFileSync(path, input)
      const entry = await boardEntry(path)
      // A board tells what is wrong with a card, and goes on.
      if (/^[^\n]*NaN/m.test(boardCsv([entry]))) throw new Miscount('a figure of the board is none')
      const card = cardOfText(String(input), path)
      const rows = boardOf([entry]).parts.reduce((sum, part) => sum + part.rows.length, 0)
      if (rows + entry.refused.length < new Set(card.runs.map(({ digest }) => digest)).size)
        throw new Miscount('a run of the card is neither on the board nor refused')
    },
  },
  {
    id: 'listings of platforms',
    make: (source) => JSON.stringify([source.of(PLATFORMS.ids), mutated(LISTING, source)]),
    async take(input) {
      const [id, text] = JSON.parse(String(input)) as [string, string]
      const plan = planOf([appPlan()])
      const { asItIs, files } = exportPlan(plan, PLATFORMS.get(id, 'test'), OWN_NAMES, {
        listing: { where: 'present.json', text },
      })
      const [app] = asItIs!.plan.apps
      if (!(app!.keepAliveMs >= 0 && app!.prewarmMs >= 0)) throw new Miscount('a window is none')
      if (files.some(({ path, text: content }) => !path.startsWith('before/') && /\bNaN\b/.test(content)))
        throw new Miscount('a figure is none')
    },
  },
  {
    id: 'reloads of live files',
    make: (source) => mutated(LIVE, source),
    async take(input, folder) {
      const path = join(folder, 'live.yaml')
      writeFileSync(path, LIVE)
      const config = await readLiveFile(path)
      const here = new Map<string, LiveApp>(config.apps.map((app) => [app.name, app]))
      const before = [...here.values()]
      const directory = {
        get present() {
          return [...here.values()].map((app, row) => [row, app] as const)
        },
        has: (spare: number) => spare <= 8,
      }
      const adapter = {
        directory,
        remove: (name: string) => void here.delete(name),
        enter: (app: LiveApp) => void here.set(app.name, app),
      }
      writeFileSync(path, input)
      let next: readonly LiveApp[] = []
      const reload = reloader({
        config,
        adapter: adapter as never,
        backend: { check: async () => {} } as never,
        logs: { forget: () => {} } as never,
        log: () => {},
        secure: () => {},
        async reread() {
          const read = await readLiveFile(path)
          next = read.apps
          return read
        },
      })
      try {
        await reload()
      } catch (error) {
        if (error instanceof UserError && JSON.stringify([...here.values()]) !== JSON.stringify(before))
          throw new Miscount('a refused reload changed the apps')
        throw error
      }
      if (namesOf([...here.values()]) !== namesOf(next)) throw new Miscount('the apps are not those of the file')
    },
  },
  {
    id: 'logs that init reads',
    share: 0.1,
    make: (source) => {
      const [name, text] = source.of(LOGS)
      return JSON.stringify([name, mutated(text, source)])
    },
    async take(input, folder) {
      const [name, text] = JSON.parse(String(input)) as [string, string]
      await proposed(name, text, folder)
    },
  },
  {
    id: 'access logs of the adapter',
    share: 0.1,
    make: (source) => (source.oneIn(8) ? ACCESS_LOG : mutated(ACCESS_LOG, source)),
    take: (input, folder) => proposed('access.jsonl', String(input), folder),
  },
  {
    id: 'pages that runs are made again of',
    share: 0.1,
    make: (source) => JSON.stringify([source.below(2 ** 32), source.oneIn(8) ? 'none' : source.of(['card', 'page'])]),
    async take(input, folder) {
      const [seed, changed] = JSON.parse(String(input)) as [number, 'none' | 'card' | 'page']
      const page = await pageIn(folder)
      const card = cardOfText(page, 'page.html')
      const text = changed === 'none' ? page : mutatedPage(page, changed === 'card', mixedSource(seed))
      writeFileSync(join(folder, 'page.html'), text)
      // It reads the page in the same way, but makes nothing.
      await typed(folder, ['source', 'page.html', '--json'])
      await typed(folder, ['verify', 'page.html', '--jobs', '1'])
      for (const run of cardOfText(text, 'page.html').runs) {
        const was = card.runs.find(({ digest }) => digest === run.digest)
        // What depends on more than the run, as on prices, is null here, and is not compared.
        const isOther = Object.entries(run.metrics).some(
          ([metric, value]) =>
            (was?.metrics[metric] ?? null) !== null && value !== null && value !== was!.metrics[metric],
        )
        if (was?.ledger !== run.ledger || isOther)
          throw new Miscount(`${run.label} was found to be the same, and is another`)
      }
    },
  },
  {
    id: 'options of tune',
    share: 0.1,
    // As they are now and then: hardly a change of so few words is right.
    make: (source) => (source.oneIn(4) ? source.of(TUNE) : mutated(source.of(TUNE), source)),
    take: (input, folder) => typed(folder, ['tune', 'study.yaml', '--jobs', '1', ...String(input).split(' ')]),
  },
  {
    id: 'jobs that are submitted',
    share: 0.3,
    make: (source) => (source.oneIn(4) ? source.of(SUBMIT) : mutated(source.of(SUBMIT), source)),
    async take(input, folder) {
      const job = join(folder, 'job')
      rmSync(job, { recursive: true, force: true })
      const words = ['submit', 'study.yaml', '--files-only', '--out', 'job', ...String(input).split(' ')]
      await typed(folder, words)
      for (const [name, parse] of [
        ['job.json', JSON.parse],
        ['shards.yaml', parsedYaml],
        ['gather.yaml', parsedYaml],
      ] as const)
        if (existsSync(join(job, name))) parse(readFileSync(join(job, name), 'utf8'))
      // The same once more goes on where it was.
      await typed(folder, words)
    },
  },
  {
    id: 'parts of runs that are merged',
    share: 0.2,
    make: (source) => {
      const parts = 1 + source.below(3)
      const given = Array.from({ length: parts + source.below(2) }, () => 1 + source.below(parts))
      return JSON.stringify({
        parts,
        given,
        changes: source.oneIn(4),
        misplaced: source.oneIn(4),
        stores: 1 + source.below(3),
      })
    },
    async take(input, folder) {
      const { parts, given, changes, misplaced, stores } = JSON.parse(String(input)) as {
        readonly parts: number
        readonly given: readonly number[]
        readonly changes: boolean
        readonly misplaced: boolean
        readonly stores: number
      }
      const here = join(folder, 'parts')
      rmSync(here, { recursive: true, force: true })
      mkdirSync(here)
      const paths = Array.from({ length: stores }, (_, at) => join(here, `${at}.sqlite`))
      for (const [at, path] of paths.entries()) {
        const store = openStore(path, { create: true })
        try {
          store.writeExperiment(exampleExperiment(1))
          for (const [turn, part] of given.entries())
            if (turn % stores === at)
              store.writeRun(partOf(part, parts, changes && turn === given.length - 1, misplaced ? 1 : 0))
        } finally {
          store.close()
        }
      }
      const out = join(here, 'all.sqlite')
      mergeStores(paths, out)
      const all = openStore(out, { create: false })
      try {
        const whole = new Set(given).size === parts
        if (misplaced && whole) throw new Miscount('parts of other apps were joined')
        if (all.hasRun('run-0') !== whole) throw new Miscount(`the run is ${whole ? 'not ' : ''}there`)
        if (!whole || changes) return
        const { ledger } = all.readRun('run-0')!
        if (!Buffer.from(ledger.buffer).equals(Buffer.from(exampleRun(0).run.ledger.buffer)))
          throw new Miscount('the parts are another run')
      } finally {
        all.close()
      }
    },
  },
]

function namesOf(apps: readonly LiveApp[]): string {
  return JSON.stringify(apps.map(({ name }) => name).toSorted())
}

function parsedYaml(text: string): void {
  for (const document of parseAllDocuments(text))
    if (document.errors.length > 0) throw new Miscount('a file is no YAML')
}

/** A part of the example run, of one app each but for the last; or of a run with other accounts. */
function partOf(part: number, parts: number, isOther: boolean, later: number): ReturnType<typeof exampleRun> {
  const record = exampleRun(0)
  const { run } = record
  const [from, to] = [part - 1, part === parts ? run.ledger.apps : part]
  const ledger = cutLedger(run.ledger, run.horizonMs, from, to)
  if (part > 1) {
    ledger.timeline.area.fill(0)
    ledger.timeline.slope.fill(0)
  }
  if (isOther) ledger.coldStarts[0]! += 1
  return {
    ...record,
    run: { ...run, ledger, memoryMb: run.memoryMb.slice(from, to) },
    part: { part, parts, firstApp: from + later },
  }
}
