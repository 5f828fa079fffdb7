import { FACT_DEFECTS } from '../build/app-facts.ts'
import type { DefectRule } from '../build/defect-log.ts'
import { TIME_DEFECTS } from '../build/event-time.ts'
import type { Filter, Mapping } from './mapping.ts'

/** What is done with rows that are no invocations. */
export const LEFT_OUT = 'They are left out.'

const ROW_DEFECTS = [
  { id: 'row-unmatched', found: 'lines that are no row: the pattern does not match them', rule: LEFT_OUT },
  {
    id: 'rows-at-limit',
    found: 'files with exactly as many rows as an export of this kind may have',
    rule: 'They are read as they are; the rest was probably cut off.',
    warns: true,
  },
  {
    id: 'join-missing',
    found: 'rows without a row in the second table',
    rule: 'They are kept, without what that table would say.',
  },
  { id: 'file-unknown', found: 'files in the folder that are of another kind', rule: 'They are not read.' },
  {
    id: 'weighted',
    found: 'rows that stand for several invocations',
    rule: 'All of them come at the time of the row, so bursts are sharper than they were.',
  },
] as const satisfies readonly DefectRule[]

const EVENT_DEFECTS = [
  { id: 'duration-zero', found: 'executions of 0 ms', rule: 'They are kept: they take no time.', isOrdinary: true },
  { id: 'duration-missing', found: 'rows without a duration', rule: 'They take the mapping’s default, else no time.' },
  {
    id: 'started-before',
    found: 'cold starts that are longer than the duration they are said to be part of',
    rule: 'The execution takes no time.',
  },
  { id: 'trigger-unknown', found: 'rows with a trigger that is not known', rule: 'It is taken as `others`.' },
] as const satisfies readonly DefectRule[]

const COUNT_DEFECTS = [
  { id: 'count-rounded', found: 'cells with a count that is no whole number', rule: 'They are rounded.' },
  {
    id: 'count-growing',
    found:
      'functions whose counts, at least 20 of them, never fall, as those of a counter that adds up what came before',
    rule: 'They are taken as they are, which is far too many of a counter: give what each bucket adds, in Prometheus increase(…).',
    warns: true,
  },
  {
    id: 'bucket-missing',
    found: 'buckets inside the time of the trace that no row is of',
    rule: 'Their time is kept, without invocations; `gaps: close` takes whole days of it out.',
    warns: true,
  },
  {
    id: 'beside-missing',
    found: 'files of counts without a file of the same name in a folder beside them',
    rule: 'They are read, without what that table would say.',
    warns: true,
  },
  { id: 'gap-closed', found: 'whole days of gaps', rule: 'They are taken out of the time of the trace.' },
] as const satisfies readonly DefectRule[]

/** The id of the rule for the rows of a filter. */
export function filterId({ rows = 'rows' }: Filter): string {
  return `left-out-${rows.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`
}

/** Every defect that reading by these mappings may find. */
export function defectsOf(mappings: readonly Mapping[]): readonly DefectRule[] {
  const filters = mappings.flatMap(({ only = [], except = [] }) => [...only, ...except])
  const left = new Map(
    filters.map((filter) => [
      filterId(filter),
      { id: filterId(filter), found: filter.rows ?? 'rows that a filter leaves out', rule: LEFT_OUT },
    ]),
  )
  const hasCounts = mappings.some(({ counts }) => counts !== undefined)
  const hasEvents = mappings.some(({ counts }) => counts === undefined)
  return [
    ...ROW_DEFECTS,
    ...left.values(),
    ...(hasEvents ? EVENT_DEFECTS : []),
    ...(hasCounts ? COUNT_DEFECTS : []),
    ...FACT_DEFECTS,
    ...TIME_DEFECTS,
  ]
}
