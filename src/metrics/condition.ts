import { nearest } from '../core/registry.ts'
import { parseDuration } from '../core/units.ts'
import { UserError } from '../core/user-error.ts'
import type { RunSummary } from './comparison.ts'
import { metricValue } from './decision/goal.ts'
import { figureText } from './decision/figure.ts'
import type { Metric } from './metric.ts'

/** Something that is true of a run or not, as in `cold-share > 2 %`, `policy = fixed` or `keepAlive >= 10m`. */
export interface Condition {
  readonly text: string
  holds(run: RunSummary): boolean
  /** What the run has of it, as in `2.31 %`. */
  found(run: RunSummary): string
}

const CONDITION = /^(?<name>[a-z][\w.-]*)\s*(?<operator><=|>=|!=|=|<|>)\s*(?<value>.+)$/i

const COMPARE: Readonly<Record<string, (order: number) => boolean>> = {
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '=': (order) => order === 0,
  '!=': (order) => order !== 0,
  '>=': (order) => order >= 0,
  '>': (order) => order > 0,
}

/**
 * Reads a condition on a metric, on `run` (the label), `policy` or `seed`, on a parameter, or on an option of the model. A
 * run that has no such parameter or figure meets none but `!=`. Throws a UserError at `where`.
 */
export function readCondition(
  text: string,
  { runs, columns }: { readonly runs: readonly RunSummary[]; readonly columns: readonly Metric[] },
  where: string,
): Condition {
  const parts = CONDITION.exec(text.trim())?.groups
  if (parts === undefined) {
    const problem = `expected a condition, found ${JSON.stringify(text)}`
    throw new UserError({ where, problem, hint: 'As in "cold-share > 2 %", "policy = fixed" or "keepAlive >= 10m".' })
  }
  const [name, operator, value] = [parts['name']!, parts['operator']!, parts['value']!.trim()]
  const meets = COMPARE[operator]!
  if (runs.some((run) => spelt(run, name) !== undefined)) {
    const holds = (run: RunSummary): boolean => {
      const own = spelt(run, name)
      return own === undefined ? operator === '!=' : meets(orderOf(own, value))
    }
    return { text, holds, found: (run) => spelt(run, name) ?? '–' }
  }
  if (!columns.some(({ id }) => id === name)) demandKnown(name, runs, columns, where)
  const limit = metricValue(name, value, columns, where)
  const figure = ({ metrics }: RunSummary): number | null => metrics[limit.metric.id] ?? null
  return {
    text,
    holds: (run) => {
      const own = figure(run)
      return own === null ? operator === '!=' : meets(own - limit.value)
    },
    found: (run) => {
      const own = figure(run)
      return own === null ? '–' : figureText(own, limit.metric)
    },
  }
}

/** What a run is called, or has as a parameter or option, as an experiment spells it. */
function spelt({ label, policy, seed, spelt: own }: RunSummary, name: string): string | undefined {
  if (name === 'run') return label
  if (name === 'policy') return policy
  if (name === 'seed') return String(seed)
  if (name === 'world') return own.model['kind']
  return own.params[name] ?? own.model[name]
}

/** Below 0 where the first is less: as durations or numbers where both are, else as texts. */
function orderOf(one: string, other: string): number {
  const [a, b] = [quantity(one), quantity(other)]
  if (a !== undefined && b !== undefined) return a - b
  return one === other ? 0 : one < other ? -1 : 1
}

function quantity(text: string): number | undefined {
  const number = text.trim() === '' ? Number.NaN : Number(text.replace(/ ?%$/, ''))
  return Number.isNaN(number) ? parseDuration(text) : number
}

/** Throws for a name that is neither a metric's nor a parameter's or option's of any run. */
function demandKnown(name: string, runs: readonly RunSummary[], columns: readonly Metric[], where: string): void {
  try {
    metricValue(name, '0', columns, where)
  } catch {
    const own = runs.flatMap(({ spelt: { params, model } }) => [...Object.keys(params), ...Object.keys(model)])
    const known = [...new Set(['run', 'policy', 'seed', 'world', ...own, ...columns.map(({ id }) => id)])]
    const near = nearest(name, known)
    const hint = near === undefined ? 'pilotlight list metrics prints all metrics.' : `Did you mean "${near}"?`
    throw new UserError({ where, problem: `no metric, parameter or option called ${JSON.stringify(name)}`, hint })
  }
}
