import { counted } from '../../core/counted.ts'
import { formatSpan } from '../../core/units.ts'
import type { RunSummary } from '../../metrics/comparison.ts'
import { formatCount, formatPercent, formatQuantity } from '../../metrics/figure-text.ts'
import { FEWEST_TO_FORECAST } from '../../policy/forecast/latest-forecasts.ts'

/** Whether a trace bears out what the paper says; null where the trace cannot tell. */
interface ClaimFinding {
  readonly text: string
  readonly holds: boolean | null
}

/** One thing that the paper says, and how it is measured on the runs of its figure. */
export interface Claim {
  /** Of the experiment in experiments/paper, as in `figure-14`. */
  readonly figure: string
  readonly says: string
  /** Whether the value was read in a source or is told from memory by those who know the paper. */
  readonly known: 'read' | 'recalled'
  /** When it counts as borne out. */
  readonly rule: string
  measure(runs: Runs): ClaimFinding
}

/** The runs of a figure by their labels. */
export interface Runs {
  /** How long the trace lasts. */
  readonly horizonMs: number
  readonly all: readonly RunSummary[]
  /** The run of that label. Throws where the experiment has none: its file and the claims belong together. */
  of(label: string): RunSummary
}

const WINDOWS = ['5m', '10m', '20m', '30m', '45m', '60m', '90m', '120m'].map((window) => `fixed(keepAlive=${window})`)
const hybrid = (option: string): string => `hybrid-histogram(${option})`

/** Cold-start share of the 75th-percentile app in percent. */
const p75 = ({ perApp }: RunSummary): number => 100 * perApp.coldShare.p75
const memory = ({ totals }: RunSummary): number => totals.idleMbS
const percent = (value: number): string => `${formatPercent(value)} %`
const times = (value: number): string => `${formatQuantity(value)} ×`
/** Apps that were invoked and always cold, in percent of those invoked. */
const alwaysCold = ({ metrics }: RunSummary, apps: number): number => (100 * metrics['always-cold']!) / apps

const NOTHING: ClaimFinding = { text: 'no idle memory, or none that fixed windows reach', holds: null }
const DIGITS = 'within 10 points: the paper is about the whole of Azure, and a trace about its apps'

/** What the paper says of its policies, figure by figure; values and their marks as docs/paper.md tells them. */
export const CLAIMS: readonly Claim[] = [
  {
    figure: 'figure-14',
    says: 'With a fixed window of 10 minutes the 75th-percentile app is cold in 50.3 % of its invocations.',
    known: 'recalled',
    rule: DIGITS,
    measure: (runs) => near(p75(runs.of(WINDOWS[1]!)), 50.3),
  },
  {
    figure: 'figure-14',
    says: 'With one of an hour it is cold in about 25 %.',
    known: 'recalled',
    rule: DIGITS,
    measure: (runs) => near(p75(runs.of(WINDOWS[5]!)), 25),
  },
  {
    figure: 'figure-14',
    says: 'The longer the window, the fewer cold starts, for the whole distribution over apps; without unloading the fewest.',
    known: 'read',
    rule: 'at each of 201 quantiles no window has more than the next shorter one, and all together fewer',
    measure: (runs) => ordered([...WINDOWS, 'no-unload'].map((label) => runs.of(label))),
  },
  {
    figure: 'figure-14',
    says: 'Without unloading only apps that are invoked once stay always cold, some 3.5 % of all.',
    known: 'recalled',
    rule: 'no app that was invoked more than once is always cold',
    measure: (runs) => {
      const { perApp } = runs.of('no-unload')
      const once = perApp.alwaysCold - perApp.alwaysColdRepeated
      return {
        text: `${counted(once, 'app is', 'apps are')} invoked once; ${counted(perApp.alwaysColdRepeated, 'other is', 'others are')} always cold`,
        holds: perApp.alwaysColdRepeated === 0,
      }
    },
  },
  {
    figure: 'figure-15',
    says: 'With the memory of the hybrid of 4 hours, a fixed window has about 2.5 times its cold starts at the 75th percentile.',
    known: 'recalled',
    rule: 'at least 2 times; fixed windows between those that were run are read off the line between them',
    measure(runs) {
      const best = runs.of(hybrid('range=4h'))
      const front = fixedFront(runs)
      const [shortest] = front
      const isBelowAll = memory(best) < shortest!.memory
      const cold = isBelowAll ? shortest!.cold : onFront(front, 'memory', memory(best), 'cold')
      if (cold === null || p75(best) === 0) return NOTHING
      const ratio = cold / p75(best)
      const text = `${times(ratio)} (${percent(cold)} against ${percent(p75(best))})`
      if (!isBelowAll) return { text, holds: ratio >= 2 }
      const more = `the hybrid has less memory than the window of 5 minutes, which has ${text}`
      return { text: more, holds: ratio >= 2 ? true : null }
    },
  },
  {
    figure: 'figure-15',
    says: 'For its cold starts at the 75th percentile, a fixed window needs about 1.5 times its memory.',
    known: 'recalled',
    rule: 'at least 1.25 times',
    measure(runs) {
      const best = runs.of(hybrid('range=4h'))
      const front = fixedFront(runs)
      const needed = onFront(front, 'cold', p75(best), 'memory')
      if (memory(best) === 0) return NOTHING
      if (needed === null) {
        const least = Math.min(...front.map(({ cold }) => cold))
        const isBetter = p75(best) < least
        const text = `no fixed window up to 2 hours has ${percent(p75(best))} or less; the best has ${percent(least)}`
        return isBetter ? { text, holds: true } : NOTHING
      }
      const ratio = needed / memory(best)
      return { text: times(ratio), holds: ratio >= 1.25 }
    },
  },
  {
    figure: 'figure-15',
    says: 'Hybrids of 1 to 4 hours lie below the front of all fixed windows.',
    known: 'read',
    rule: 'each has fewer cold starts at the 75th percentile than a fixed window of its memory',
    measure(runs) {
      const front = fixedFront(runs)
      const told = ['1h', '2h', '3h', '4h'].map((range) => {
        const run = runs.of(hybrid(`range=${range}`))
        const cold = onFront(front, 'memory', memory(run), 'cold')
        // Less memory than the shortest window has: below the front if it is not colder.
        const than = cold ?? (memory(run) < front[0]!.memory ? front[0]!.cold : null)
        return { range, isBelow: than === null ? null : p75(run) < than }
      })
      const below = told.filter(({ isBelow }) => isBelow === true)
      if (told.some(({ isBelow }) => isBelow === null)) return NOTHING
      return { text: `${below.length} of ${told.length} do`, holds: below.length === told.length }
    },
  },
  {
    figure: 'figure-16',
    says: 'Cut off at the 5th and 99th percentile in place of nowhere, memory falls by 15 % and cold starts hardly rise.',
    known: 'recalled',
    rule: 'memory falls by 5 % or more, and the 75th-percentile app is colder by 2 points or less',
    measure(runs) {
      const [whole, cut] = [runs.of(hybrid('head=0, tail=100')), runs.of(hybrid('head=5, tail=99'))]
      if (memory(whole) === 0) return NOTHING
      const saved = 100 * (1 - memory(cut) / memory(whole))
      const colder = p75(cut) - p75(whole)
      const text = `memory ${saved < 0 ? 'rises' : 'falls'} by ${percent(Math.abs(saved))}, the 75th-percentile app is colder by ${formatQuantity(colder)} points`
      return { text, holds: saved >= 5 && colder <= 2 }
    },
  },
  {
    figure: 'figure-17',
    says: 'The less a histogram is trusted, the fewer cold starts and the more memory; 2 is where the curve bends.',
    known: 'recalled',
    rule: 'memory rises and cold starts at the 75th percentile do not, from a threshold of 0 over 2 and 5 to 10',
    measure(runs) {
      const each = ['0', '2', '5', '10'].map((cv) => runs.of(hybrid(`cv=${cv}`)))
      const isRising = each.every((run, at) => at === 0 || memory(run) >= memory(each[at - 1]!))
      const isFalling = each.every((run, at) => at === 0 || p75(run) <= p75(each[at - 1]!))
      const least = memory(each[0]!)
      const told = each.map((run) => `${times(memory(run) / least)} and ${percent(p75(run))}`)
      const text = `memory and the 75th-percentile app at 0, 2, 5 and 10: ${told.join(', ')}`
      return least === 0 ? NOTHING : { text, holds: isRising && isFalling }
    },
  },
  {
    figure: 'figure-18',
    says: 'The forecast halves the apps that are always cold, from 10.5 % to 5.2 %.',
    known: 'recalled',
    rule: 'to 60 % or less of what they were',
    measure(runs) {
      const apps = invokedApps(runs)
      const [off, on] = [runs.of(hybrid('arima=off')), runs.of(hybrid('arima=on'))]
      const [before, after] = [alwaysCold(off, apps), alwaysCold(on, apps)]
      if (before === 0) return { text: 'no app is always cold without it', holds: null }
      return foretold(runs, before, after, 0.6)
    },
  },
  {
    figure: 'figure-18',
    says: 'Without the apps that are invoked once, it takes away three quarters of them, from 6.9 % to 1.7 %.',
    known: 'recalled',
    rule: 'takes away 60 % or more',
    measure(runs) {
      const apps = invokedApps(runs)
      const share = ({ perApp }: RunSummary): number => (100 * perApp.alwaysColdRepeated) / apps
      const [before, after] = [share(runs.of(hybrid('arima=off'))), share(runs.of(hybrid('arima=on')))]
      if (before === 0) return { text: 'no app that is invoked again is always cold without it', holds: null }
      return foretold(runs, before, after, 0.4)
    },
  },
]

function near(value: number, told: number): ClaimFinding {
  return { text: percent(value), holds: Math.abs(value - told) <= 10 }
}

/** Idle times of the range or longer that most of the fewest idle times to forecast from are, and the one that is foretold. */
const FORETOLD_IDLE_TIMES = Math.floor(FEWEST_TO_FORECAST / 2) + 2

/** A fall by the forecast to that part of what was before; on a trace too short for any forecast to help, nothing is told. */
function foretold({ horizonMs, of }: Runs, before: number, after: number, part: number): ClaimFinding {
  const text = `from ${percent(before)} to ${percent(after)}`
  const range = Number(of(hybrid('arima=on')).params['range'])
  const needed = FORETOLD_IDLE_TIMES * range
  if (horizonMs >= needed) return { text, holds: after <= part * before }
  const why = `no forecast can help before an app had ${FORETOLD_IDLE_TIMES} idle times of ${formatSpan(range)} or more, which is ${formatSpan(needed)}, and the trace lasts ${formatSpan(horizonMs)}`
  return { text: `${text}; ${why}`, holds: null }
}

/** Runs whose windows grow, by their distributions over apps. */
function ordered(runs: readonly RunSummary[]): ClaimFinding {
  for (const [at, run] of runs.entries()) {
    const before = runs[at - 1]
    if (before === undefined) continue
    const isColder = run.charts.coldShareQuantiles.some(
      (share, part) => share > before.charts.coldShareQuantiles[part]!,
    )
    if (isColder) return { text: `${run.label} is colder than ${before.label} at some quantile`, holds: false }
  }
  const [first, last] = [runs[0]!, runs.at(-1)!]
  const text = `${formatCount(first.totals.coldStarts)} cold starts with the shortest, ${formatCount(last.totals.coldStarts)} without unloading`
  return { text, holds: last.totals.coldStarts < first.totals.coldStarts }
}

interface FrontPoint {
  readonly memory: number
  readonly cold: number
}

/** The fixed windows from the shortest on: memory rises, cold starts fall. */
function fixedFront(runs: Runs): FrontPoint[] {
  return WINDOWS.map((label) => runs.of(label)).map((run) => ({ memory: memory(run), cold: p75(run) }))
}

/** Where the line through the points has a value, its other coordinate; null beyond its ends. */
function onFront(
  points: readonly FrontPoint[],
  along: keyof FrontPoint,
  value: number,
  wanted: keyof FrontPoint,
): number | null {
  for (let at = 1; at < points.length; at += 1) {
    const [one, two] = [points[at - 1]!, points[at]!]
    const [low, high] = [Math.min(one[along], two[along]), Math.max(one[along], two[along])]
    if (value < low || value > high) continue
    const part = high === low ? 0 : (value - one[along]) / (two[along] - one[along])
    return one[wanted] + part * (two[wanted] - one[wanted])
  }
  return null
}

/** Apps with an invocation: those of which a run knows a share, by the first cold start that each has. */
function invokedApps({ all }: Runs): number {
  return Math.max(1, all[0]!.reasons.first)
}
