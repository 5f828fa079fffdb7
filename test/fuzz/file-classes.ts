import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cardOfText } from '../../src/config/card-file.ts'
import { experimentOfCard } from '../../src/config/card-experiment.ts'
import { readMapping } from '../../src/config/mapping-file.ts'
import { MODEL_VERSION } from '../../src/core/version.ts'
import { planRuns } from '../../src/experiment/run-plan.ts'
import { exportPlan } from '../../src/export/export-plan.ts'
import { readNames } from '../../src/export/files/deployed-names.ts'
import { PLATFORMS } from '../../src/export/platforms/index.ts'
import { CARD_KIND } from '../../src/metrics/card.ts'
import { policyName } from '../../src/live/live-config.ts'
import { readState, type SavedApp, withChecksum } from '../../src/live/state/saved-state.ts'
import { resume } from '../../src/live/state/state-keeper.ts'
import { UserError } from '../../src/core/user-error.ts'
import { defaultsOf } from '../../src/policy/parameters.ts'
import { hybridHistogram } from '../../src/policy/policies/hybrid-histogram.ts'
import { made } from '../policy/policies/made-context.ts'
import { readForecasts } from '../../src/policy/forecast/forecast-file.ts'
import { readTrace } from '../../src/trace/read.ts'
import { appPlan, planOf } from '../export/exported.ts'
import { type FuzzClass, FACTS, Miscount, simulated } from './classes.ts'
import { mutated } from './mutate.ts'

const MAPPING = `read: { as: csv, delimiter: ";" }
app: "{team}/{name}"
start: { from: begun, unit: s }
duration: { from: took, unit: ms }
memory: { from: mb, unit: MB }
cold: { from: cold, is: ["yes"] }
only:
  - { from: kind, match: "call", rows: calls }
`
const LOG = `team;name;begun;took;mb;cold;kind
a;f;1700000000;12;128;yes;call
b;g;1700000300;40;256;no;call
b;g;1700000300;1;256;no;ping
`
const NAMES = `apps:
  shop: shop-live
  other: ~
settings: { namespace: default }
`
const FORECASTS = `app,at_ms,prewarm_ms,keep_alive_ms
a,0,0,600000
a,300000,60000,Infinity
b,0,0,0
`
const cardOf = (more: string) =>
  JSON.stringify({
    kind: CARD_KIND,
    schema: 1,
    experiment: 'study',
    version: '0.1.0',
    modelVersion: MODEL_VERSION,
    source: `name: study
trace: { path: trace.csv }
policies: [{ policy: fixed, keepAlive: [10m, 30m] }${more}]
`,
    command: 'pilotlight run study.yaml',
    trace: { ...FACTS, digest: 'd'.repeat(64), id: 'trace', format: 'events', path: 'trace.csv', files: [] },
    files: [{ path: './mine.mjs', bytes: 5, sha256: 'a'.repeat(64) }],
    baseline: { label: 'none', variant: 'v' },
    notes: [],
    runs: [],
    unfinished: [],
  })
const CARDS = [cardOf(''), cardOf(''), cardOf(', { policy: ./mine.mjs }')]

const PARAMS = defaultsOf(hybridHistogram.parameters)
const madePolicy = () => made('hybrid-histogram')
const STATE = (() => {
  const policy = madePolicy()
  for (let at = 0; at < 40; at += 1) policy.arrived(0, at * 300_000, at === 0 ? -1 : 299_000 + at, 0)
  return JSON.stringify({
    schema: 1,
    originMs: 1_700_000_000_000,
    policy: policyName({ policy: { definition: hybridHistogram, params: PARAMS } as never }),
    apps: { web: { windows: { idleAt: 5, loadAt: 5, keepUntil: 9, windowMs: 4 }, learnt: policy.save!(0) } },
  })
})()

/** Classes of the other files that commands read. */
export const FILE_CLASSES: readonly FuzzClass[] = [
  {
    id: 'mappings',
    make: (source) => mutated(MAPPING, source),
    async take(input, folder) {
      const [mapping, log] = [join(folder, 'm.yaml'), join(folder, 'calls.csv')]
      writeFileSync(mapping, input)
      writeFileSync(log, LOG)
      const trace = await readTrace(log, { mapping: await readMapping(mapping, '--mapping') })
      if (trace.invocations > 3) throw new Miscount('more invocations than rows')
      simulated(trace)
    },
  },
  {
    id: 'names for an export',
    make: (source) => mutated(NAMES, source),
    async take(input) {
      const names = readNames(String(input), 'names.yaml')
      const { files } = exportPlan(planOf([appPlan()]), PLATFORMS.get('knative', 'test'), names, {})
      if (files.some(({ text }) => /\b(?:NaN|undefined)\b|\[object /.test(text))) throw new Miscount('a name is none')
    },
  },
  {
    id: 'forecasts',
    make: (source) => mutated(FORECASTS, source),
    async take(input) {
      const rows = String(input).split(/[\r\n]/).length
      if (readForecasts(String(input)).size > rows) throw new Miscount('more apps than rows')
    },
  },
  {
    id: 'cards that are made again',
    make: (source) => (source.oneIn(8) ? CARDS[0]! : mutated(source.of(CARDS), source)),
    async take(input, folder) {
      writeFileSync(join(folder, 'mine.mjs'), 'other')
      const card = cardOfText(String(input), 'card.json')
      const experiment = await experimentOfCard(card, 'card.json', folder)
      planRuns(experiment, { ...FACTS, id: 'x', format: 'events' } as never)
    },
  },
  {
    id: 'saved states of the adapter',
    make: (source) => {
      if (source.oneIn(8)) return withChecksum(STATE)
      // Damage, or what somebody wrote with a checksum of its own.
      return source.oneIn(2) ? mutated(withChecksum(STATE), source) : withChecksum(mutated(STATE, source))
    },
    async take(input, folder) {
      const file = join(folder, 'state.json')
      writeFileSync(file, input)
      const saved = (await readState(file))!
      const policy = madePolicy()
      const adapter = {
        directory: { present: [[0, { name: 'web' }]] },
        resume: (app: number, { learnt }: SavedApp) => {
          if (learnt !== undefined) policy.load!(app, learnt)
        },
      }
      const config = { state: { file }, policy: { definition: hybridHistogram, params: PARAMS } }
      resume(saved, { adapter, config, log: () => {} } as never)
      const windows = { prewarmMs: Number.NaN, keepAliveMs: Number.NaN }
      policy.decide(0, 5, windows)
      // The adapter refuses such an answer, and says so.
      if (!(windows.prewarmMs >= 0 && windows.keepAliveMs >= 0))
        throw new UserError({ where: file, problem: 'its windows are none' })
    },
  },
]
