import { streamOf } from '../../src/core/random.ts'
import type { Language } from '../../src/language/language.ts'
import { createLedger, type Ledger } from '../../src/engine/ledger.ts'
import { compareRuns } from '../../src/metrics/compare-runs.ts'
import type { Comparison } from '../../src/metrics/comparison.ts'
import { besideMeasured } from '../../src/metrics/measured.ts'
import type { FinishedRun } from '../../src/metrics/run.ts'
import { texts } from '../metrics/tiny-run.ts'
import type { AppAccounts } from '../../src/report/renderer.ts'
import { PRICES } from '../../src/metrics/prices/providers/index.ts'

const APPS = 60
const HORIZON_MS = 2 * 86_400_000
const HOSTILE =
  String.raw`</script><script>alert("1")</script> & 'quoted' \"twice" C:\new` + ' \u001B[31m | *md* [x](y)'

const MODEL = { kind: 'paper', unit: 'app', spread: 'minute', concurrency: Number.POSITIVE_INFINITY }

/** What the comparison should look like. */
export interface Look {
  readonly runs: number
  /** `none`: nothing was invoked; `all`: every invocation was cold. */
  readonly cold?: 'none' | 'all'
  /** Apps are never idle, so nothing is relative to the baseline. */
  readonly neverIdle?: boolean
  /** Texts that hold markup, quotes and control characters. */
  readonly hostile?: boolean
  readonly longLabels?: boolean
  /** Runs are in clusters, each of other memory than the one before. */
  readonly cluster?: boolean
  /** Every other run is in the world of instances, where everything is cold. */
  readonly worlds?: boolean
  /** The trace tells which invocations were cold on the platform. */
  readonly measured?: boolean
  /** What no run beats is known: ten cold starts at any idle memory. */
  readonly bounded?: boolean
  /** With the money of a listed table. */
  readonly priced?: boolean
}

const CURVE = {
  id: 'foresight',
  title: 'Perfect foresight',
  bounds: 'Perfect foresight: bounds every policy that looks ahead.',
  points: [0, 1e5, 1e12].map((idleMbS) => ({ idleMbS, coldStarts: 10 })),
}

/** A seeded comparison of runs with the shape that simulations have: rare and frequent apps, waves of memory. */
export function plausibleComparison(look: Look, language?: Language): Comparison {
  const runs = Array.from({ length: look.runs }, (_, index) => plausibleRun(index, look))
  const invocations = runs[0]!.ledger.invocations.reduce((sum, count) => sum + count, 0)
  const name = look.hostile ? HOSTILE : 'plausible'
  const compared = compareRuns({
    experiment: name,
    trace: {
      id: name,
      format: 'events',
      digest: 'ab12'.repeat(16),
      apps: APPS,
      functions: 90,
      invocations,
      horizonMs: HORIZON_MS,
    },
    baseline: runs[0]!.label,
    runs,
    ...(look.bounded ? { bounds: [{ digests: runs.map(({ digest }) => digest), curves: [CURVE] }] } : {}),
    ...(language === undefined ? {} : { language }),
    prices: look.priced ? PRICES.get('aws-lambda', 'test') : null,
  })
  return look.measured ? { ...compared, measured: plausiblyMeasured(look, runs) } : compared
}

/** Half of what each app has of the first run is measured, in four parts of the time. */
function plausiblyMeasured({ cold, hostile }: Look, runs: readonly FinishedRun[]) {
  const [{ ledger }] = runs as [FinishedRun]
  const half = [...ledger.coldStarts].map((count) => Math.ceil(count / 2))
  const all = half.reduce((sum, count) => sum + count, 0)
  const quarters = [1, 2, 3, 4].map((part) => Math.round((all * part) / 10))
  const idle = cold === 'none' ? 0 : 5
  return besideMeasured(
    {
      known: [...ledger.invocations],
      cold: half,
      overTime: { fromMs: 0, partMs: HORIZON_MS / 4, cold: quarters },
      keepAlive: {
        survived: idle,
        longestSurvivedMs: 500_000,
        ended: idle,
        shortestEndedMs: 700_000,
        windowMs: 500_000,
        mistaken: 0,
      },
      idleTimes: { fromMs: [0, 600_000], survived: [idle, 0], ended: [0, idle] },
    },
    half.map((_, app) => (hostile ? `${HOSTILE} ${app}` : `app-${app}`)),
    runs.map((run) => ({ digest: run.digest, ledger: run.ledger, overTime: quarters })),
  )
}

/** The accounts of every app of such a comparison. */
export function plausibleAccounts(look: Look): AppAccounts {
  const runs = Array.from({ length: look.runs }, (_, index) => plausibleRun(index, look))
  const names = Array.from({ length: APPS }, (_, app) => `app-${app}`)
  return { runOf: (digest) => runs.find((run) => run.digest === digest), namesOf: () => names }
}

function plausibleRun(index: number, look: Look): FinishedRun {
  const minutes = 5 * (index + 1)
  const plain = index % 3 === 2 ? `hybrid-histogram(range=${index}h)` : `fixed(keepAlive=${minutes}m)`
  const long = `${plain} binWidth=1m head=5 tail=99 margin=10 cv=2 oob=0.5 arimaMargin=15 spread=uniform`
  const params = { keepAlive: minutes * 60_000, note: look.hostile ? HOSTILE : 'none' }
  const isInstances = look.worlds === true && index % 2 === 1
  const model = look.cluster ? { ...MODEL, ...clusterOf(index) } : isInstances ? { ...MODEL, kind: 'instances' } : MODEL
  return {
    variant: `variant ${index}`,
    draws: false,
    windowMs: 0,
    spelt: { params: { ...texts(params), keepAlive: `${minutes}m` }, model: texts(model) },
    label: `${look.longLabels ? long : plain}${look.hostile ? ` ${HOSTILE} ${index}` : ''}`,
    policy: index % 3 === 2 ? 'hybrid-histogram' : 'fixed',
    params,
    model,
    seed: 7,
    judged: null,
    days: null,
    digest: index.toString(16).padStart(4, '0').repeat(16),
    version: '0.1.0',
    ledger: plausibleLedger(index, minutes, isInstances ? { ...look, cold: 'all' } : look),
    memoryMb: new Float64Array(APPS).fill(128),
    horizonMs: HORIZON_MS,
    wallMs: 100 + index,
  }
}

function clusterOf(index: number) {
  const nodes = [{ count: 4, memoryMb: 1024 * 2 ** (index % 7) }]
  return { kind: 'cluster', nodes, placement: 'hash', eviction: 'lru', overflow: 'queue' }
}

function plausibleLedger(index: number, minutes: number, { cold, neverIdle }: Look): Ledger {
  const ledger = createLedger(APPS, HORIZON_MS)
  if (cold === 'none') return ledger
  const draws = streamOf(1, `run ${index}`)
  for (let app = 0; app < APPS; app += 1) {
    const invocations = Math.ceil(Math.exp((app / APPS) * 10))
    const gapMinutes = HORIZON_MS / 60_000 / invocations
    const share = cold === 'all' ? 1 : Math.exp(-minutes / gapMinutes) * draws.uniform()
    const coldStarts = Math.max(1, Math.round(share * invocations))
    const early = Math.floor((coldStarts - 1) * 0.3)
    ledger.invocations[app] = invocations
    ledger.coldStarts[app] = coldStarts
    ledger.first[app] = 1
    ledger.early[app] = early
    ledger.expired[app] = coldStarts - 1 - early
    ledger.loads[app] = coldStarts
    ledger.idleMs[app] = neverIdle ? 0 : coldStarts * minutes * 60_000
    ledger.busyMs[app] = invocations * 300
  }
  const { area, bucketMs, buckets } = ledger.timeline
  for (let bucket = 0; bucket < buckets; bucket += 1) {
    area[bucket] = 64 * bucketMs * minutes * (400 + 200 * Math.sin((bucket / buckets) * 12.5) + 20 * draws.uniform())
  }
  return ledger
}

/** The looks that every renderer and chart must bear. */
export const LOOKS: readonly (Look & { readonly name: string })[] = [
  { name: 'one run', runs: 1 },
  { name: 'two runs', runs: 2 },
  { name: 'twenty runs with long labels', runs: 20, longLabels: true },
  { name: 'nothing invoked', runs: 2, cold: 'none' },
  { name: 'everything cold', runs: 3, cold: 'all' },
  { name: 'nothing relative to the baseline', runs: 3, neverIdle: true },
  { name: 'with prices', runs: 3, priced: true },
  { name: 'markup and quotes in every text', runs: 4, hostile: true },
]
