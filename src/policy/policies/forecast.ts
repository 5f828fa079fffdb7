import { counted } from '../../core/counted.ts'
import { UserError } from '../../core/user-error.ts'
import { MINUTE } from '../../core/units.ts'
import { type AppForecasts, readForecasts } from '../forecast/forecast-file.ts'
import type { ParameterValues } from '../parameters.ts'
import { definePolicy, type Policy, type PolicyContext, type Windows } from '../policy.ts'

const parameters = {
  file: {
    kind: 'file',
    describe: 'A CSV file of windows (app,at_ms,prewarm_ms,keep_alive_ms) or of arrivals (app,at_ms,arrivals).',
    default: '',
    check: readForecasts,
  },
  step: {
    kind: 'duration',
    describe: 'Length of a step: arrivals are those expected from at_ms on for so long.',
    default: MINUTE,
    min: 1,
  },
  atLeast: {
    kind: 'number',
    describe: 'A step in which fewer arrivals are expected is taken as one without.',
    default: 0.5,
    min: 0,
  },
  before: { kind: 'duration', describe: 'Load so long before a step with arrivals.', default: 0, min: 0 },
  after: { kind: 'duration', isWindow: true, describe: 'Stay so long after it.', default: 0, min: 0 },
  otherwise: {
    kind: 'duration',
    isWindow: true,
    describe: 'Keep-alive time of apps that the file does not name, and before the first row of an app.',
    default: 10 * MINUTE,
    min: 0,
  },
} as const

type Params = ParameterValues<typeof parameters>

/** The first row whose time is later than `now`. */
function firstLater(at: Float64Array, now: number): number {
  let low = 0
  let high = at.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (at[middle]! > now) high = middle
    else low = middle + 1
  }
  return low
}

class ForecastPolicy implements Policy {
  private readonly params: Params
  private readonly askAgain: PolicyContext['askAgain']
  private readonly names: NonNullable<PolicyContext['appNames']>
  private readonly apps: ReadonlyMap<string, AppForecasts>

  constructor(params: Params, context: PolicyContext) {
    const { appNames } = context
    this.params = params
    if (params.file !== '' && appNames === undefined)
      throw new UserError({ where: 'policy forecast', problem: 'the file names apps, which have no names here' })
    this.names = appNames ?? { at: String }
    this.apps = params.file === '' ? new Map() : readForecasts(params.file)
    this.demandNames(context.apps)
    // Windows hold as long as an idle time: only steps need a clock, without which a replay is faster.
    const hasSteps = [...this.apps.values()].some(({ kind }) => kind === 'arrivals')
    this.askAgain = hasSteps ? context.askAgain : undefined
  }

  /** A file of which nothing is used was made for another trace, or spells names otherwise. */
  private demandNames(apps: number): void {
    if (this.apps.size === 0) return
    for (let app = 0; app < apps; app += 1) if (this.apps.has(this.names.at(app))) return
    const [first] = this.apps.keys()
    const problem = `its file has ${counted(this.apps.size, 'app')}, such as ${first}, and the trace ${apps}: none is in both`
    const like = apps === 0 ? '' : ` Here they are called like ${this.names.at(0)}.`
    const hint = `Names are as run --per-app writes them.${like}`
    throw new UserError({ where: 'policy forecast', problem, hint, option: 'file' })
  }

  arrived(): void {}

  decide(app: number, now: number, out: Windows): void {
    const rows = this.apps.get(this.names.at(app))
    const firstMs = rows === undefined ? 0 : rows.at[0]! - (rows.kind === 'arrivals' ? this.params.before : 0)
    if (rows === undefined || now < firstMs) {
      out.prewarmMs = 0
      out.keepAliveMs = this.params.otherwise
      if (rows?.kind === 'arrivals') this.askAgain?.(app, firstMs)
    } else if (rows.kind === 'windows') {
      const row = firstLater(rows.at, now) - 1
      out.prewarmMs = rows.prewarmMs[row]!
      out.keepAliveMs = rows.keepAliveMs[row]!
    } else this.decideByArrivals(app, rows, now, out)
  }

  /** Loaded round the next step with arrivals, and round those that follow so soon that it would not be unloaded. */
  private decideByArrivals(app: number, rows: AppForecasts & { kind: 'arrivals' }, now: number, out: Windows): void {
    const { step, atLeast, before, after } = this.params
    const { at, arrivals } = rows
    const next = (from: number): number => {
      let row = from
      while (row < at.length && arrivals[row]! < atLeast) row += 1
      return row
    }
    // A step that ends now is over, and what stays after it still counts.
    let row = next(firstLater(at, now - step - after))
    if (row === at.length) {
      out.prewarmMs = 0
      out.keepAliveMs = 0
      return
    }
    const loadAt = Math.max(now, at[row]! - before)
    let until = at[row]! + step + after
    for (row = next(row + 1); row < at.length && at[row]! - before <= until; row = next(row + 1))
      until = at[row]! + step + after
    out.prewarmMs = loadAt - now
    out.keepAliveMs = until - loadAt
    // Whether it was used or not, the step after that one is seen to.
    if (row < at.length) this.askAgain?.(app, until)
  }
}

/** Forecasts that were made elsewhere, as by a learnt model, so that their worth can be compared. */
export const forecast = definePolicy({
  id: 'forecast',
  summary:
    'Takes windows, or expected arrivals, from a file that was made outside of pilotlight, as by a learnt model.',
  paper:
    'Whatever made the file; it came from outside, and nobody here can tell what it was allowed to know of the future',
  parameters,
  scope: 'app',
  needs: [],
  create: (params, context) => new ForecastPolicy(params, context),
})
