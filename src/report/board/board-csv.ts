import { csvRow } from '../../metrics/csv-row.ts'
import { METRICS } from '../../metrics/index.ts'
import { judgedText } from '../../metrics/judged-text.ts'
import { boardOf, type BoardEntry } from './board.ts'

/** A board as CSV: a row per run, and a row for all that was refused, with the reason. */
export function boardCsv(entries: readonly BoardEntry[]): string {
  const board = boardOf(entries)
  const metrics = METRICS.all.filter(({ id }) =>
    board.parts.some(({ rows }) => rows.some(({ run }) => typeof run.metrics[id] === 'number')),
  )
  const origin = ['trace', 'trace digest', 'model', 'judged', 'seed', 'digest', 'ledger', 'cards', 'refused']
  const header = [
    'run',
    'policy',
    'beaten by',
    ...metrics.map(({ id, unit }) => (unit === '' ? id : `${id} [${unit}]`)),
    ...origin,
  ]
  const rows = board.parts.flatMap(({ trace, model, judged, rows: ranked }) =>
    ranked.map(({ run, cards, beatenBy }) => [
      run.label,
      run.policy,
      beatenBy,
      ...metrics.map(({ id }) => run.metrics[id] ?? ''),
      trace.id,
      trace.digest,
      JSON.stringify(model),
      judged === null ? '' : judgedText(judged),
      run.seed,
      run.digest,
      run.ledger ?? '',
      cards.join(' '),
      '',
    ]),
  )
  const refused = board.refused.map(({ name, label, reason }) => [
    label ?? '',
    ...Array.from({ length: metrics.length + 2 + 7 }, () => ''),
    name,
    reason,
  ])
  return [header, ...rows, ...refused].map((cells) => `${csvRow(cells)}\n`).join('')
}
