import { nearest } from '../../core/registry.ts'
import { parseDuration, SECOND } from '../../core/units.ts'
import { UserError } from '../../core/user-error.ts'
import type { Metric } from '../metric.ts'
import type { Goal, Limit } from './decision.ts'

/** Short names of metrics that people ask for most. */
const SHORT: Readonly<Record<string, string>> = {
  cold: 'cold-starts',
  idle: 'idle-memory',
  memory: 'idle-memory',
  bill: 'user-bill',
  cost: 'provider-cost',
}

/** How a limit is written. */
const LIMIT = /^(?<name>[a-z][\w.-]*)\s*(?<operator><=|>=|=|<|>)\s*(?<value>.+)$/i

/** A metric by its id, a short name or as in `p75-app-cold`. Throws a UserError at `where` that names the nearest id. */
export function metricNamed(name: string, metrics: readonly Metric[], where: string): Metric {
  const quantile = /^(p\d+)-app-cold(?:-share)?$/.exec(name)?.[1]
  const id = quantile === undefined ? (SHORT[name] ?? name) : `app-cold-share-${quantile}`
  const found = metrics.find((metric) => metric.id === id)
  if (found !== undefined) return found
  const ids = metrics.map((metric) => metric.id)
  const near = nearest(name, [...ids, ...Object.keys(SHORT)])
  const hint = near === undefined ? 'pilotlight list metrics prints all.' : `Did you mean "${near}"?`
  throw new UserError({ where, problem: `no metric called ${JSON.stringify(name)}`, hint })
}

/** A metric and a value of it, in its unit; a percentage of what has another unit is one of the baseline's. */
export function metricValue(
  name: string,
  text: string,
  metrics: readonly Metric[],
  where: string,
): { readonly metric: Metric; readonly value: number } {
  const metric = metricNamed(name, metrics, where)
  const [, digits = '', unit = ''] = /^([\d.,_]+)\s*(.*)$/.exec(text.trim()) ?? []
  const number = digits === '' ? Number.NaN : Number(digits.replaceAll(/[,_]/g, ''))
  const asked = unit.replace(/ of (the )?base(line)?$/, '')
  const relative = metrics.find(({ id }) => id === `${metric.id}-relative`)
  if (Number.isFinite(number)) {
    if (asked === '%' && !metric.unit.startsWith('%')) {
      if (relative !== undefined) return { metric: relative, value: number }
    } else if (asked === '' || isUnit(asked, metric.unit)) return { metric, value: number }
    else if (metric.unit === 'ms' || metric.unit === 's') {
      const ms = parseDuration(text.trim())
      if (ms !== undefined) return { metric, value: metric.unit === 'ms' ? ms : ms / SECOND }
    }
  }
  const of = metric.unit === '' ? '' : ` (${metric.unit})`
  const besides = relative === undefined ? '' : ', or a percentage of the baseline’s'
  const problem = `expected a number${of}${besides} for ${metric.id}, found ${JSON.stringify(text)}`
  throw new UserError({ where, problem })
}

/** A unit however it is typed: GB·s, GBs and gb*s are one. */
function plain(unit: string): string {
  return unit.toLowerCase().replaceAll(/[·*\s]/g, '')
}

function isUnit(asked: string, unit: string): boolean {
  return plain(asked) === plain(unit) || (asked === '%' && unit.startsWith('%'))
}

/** A limit such as `idle-memory <= 70 %`, `cold=900` or `p75-app-cold < 20 %`. Throws a UserError at `where`. */
export function readLimit(text: string, metrics: readonly Metric[], where: string): Limit {
  const parts = LIMIT.exec(text.trim())?.groups
  if (parts === undefined) {
    const problem = `expected a metric and its limit, found ${JSON.stringify(text)}`
    throw new UserError({ where, problem, hint: 'As in idle-memory <= 70 %, or idle=70%.' })
  }
  const { metric, value } = metricValue(parts['name']!, parts['value']!, metrics, where)
  const wrong = metric.better === 'higher' ? '<' : '>'
  if (parts['operator']!.startsWith(wrong)) {
    const problem = `${metric.id} is better the ${metric.better === 'higher' ? 'higher' : 'lower'} it is, so a limit on it is written ${metric.better === 'higher' ? '>=' : '<='}`
    throw new UserError({ where, problem })
  }
  return { metric: metric.id, value }
}

/** A goal from its parts. Throws a UserError at `where` for a metric that has no better side. */
export function goalOf(minimise: string, limits: readonly Limit[], metrics: readonly Metric[], where: string): Goal {
  const metric = metricNamed(minimise, metrics, where)
  if (metric.better !== 'neither') return { minimise: metric.id, limits, isAsked: true }
  throw new UserError({
    where,
    problem: `neither more nor less of ${metric.id} is better`,
    hint: 'Choose by another metric.',
  })
}
