import { type CsvColumn, csvTable } from '../../metrics/csv-table.ts'
import { METRICS } from '../../metrics/index.ts'
import { metricColumns, ORIGIN_COLUMNS } from '../../metrics/run-columns.ts'
import { judgedText } from '../../metrics/judged-text.ts'
import type { Metric } from '../../metrics/metric.ts'
import { type Board, type BoardPart, type BoardRow, boardOf, type BoardEntry } from './board.ts'

/** A run on a part of the board, or what was refused and why. */
type Line = { readonly part: BoardPart; readonly row: BoardRow } | { readonly refusal: Board['refused'][number] }

/** A board as CSV: a line per run, and a line for all that was refused, with the reason. */
export function boardCsv(entries: readonly BoardEntry[]): string {
  const { parts, refused } = boardOf(entries)
  const metrics = METRICS.all.filter(({ id }) =>
    parts.some(({ rows }) => rows.some(({ run }) => typeof run.metrics[id] === 'number')),
  )
  const runs = parts.flatMap((part) => part.rows.map((row): Line => ({ part, row })))
  return csvTable(boardColumns(metrics), [...runs, ...refused.map((refusal): Line => ({ refusal }))])
}

/** What a line of a board tells; cells about runs are empty where something was refused. */
export function boardColumns(metrics: readonly Metric[]): CsvColumn<Line>[] {
  const ofRun = (tell: (row: BoardRow, part: BoardPart) => string | number) => (line: Line) =>
    'row' in line ? tell(line.row, line.part) : ''
  return [
    {
      name: 'run',
      describe: 'Label of the run.',
      of: (line) => ('row' in line ? line.row.run.label : (line.refusal.label ?? '')),
    },
    { ...ORIGIN_COLUMNS.policy, of: ofRun(({ run }) => run.policy) },
    {
      name: 'beaten by',
      describe: 'How many runs of its part are better in every figure; 0 on the front.',
      of: ofRun(({ beatenBy }) => beatenBy),
    },
    ...metricColumns(metrics, (line: Line) => ('row' in line ? line.row.run.metrics : {})),
    { ...ORIGIN_COLUMNS.trace, of: ofRun((_, { trace }) => trace.id) },
    { ...ORIGIN_COLUMNS.traceDigest, of: ofRun((_, { trace }) => trace.digest) },
    { ...ORIGIN_COLUMNS.model, of: ofRun((_, { model }) => JSON.stringify(model)) },
    {
      ...ORIGIN_COLUMNS.judged,
      of: ofRun((_, { judged }) => (judged === null ? '' : judgedText(judged))),
    },
    { ...ORIGIN_COLUMNS.seed, of: ofRun(({ run }) => run.seed) },
    { ...ORIGIN_COLUMNS.digest, of: ofRun(({ run }) => run.digest) },
    { name: 'ledger', describe: 'SHA-256 (hex) of its accounts.', of: ofRun(({ run }) => run.ledger ?? '') },
    {
      name: 'cards',
      describe: 'The cards that tell it, with spaces between; of what was refused, the card.',
      of: (line) => ('row' in line ? line.row.cards.join(' ') : line.refusal.name),
    },
    {
      name: 'refused',
      describe: 'Why it is not on the board; empty for runs that are.',
      of: (line) => ('row' in line ? '' : line.refusal.reason),
    },
  ]
}
