import { counted } from '../../core/counted.ts'
import { printable } from '../../core/printable.ts'
import { VERSION } from '../../core/version.ts'
import { formatCount, formatQuantity } from '../../metrics/figure-text.ts'
import { METRICS } from '../../metrics/index.ts'
import { judgedText } from '../../metrics/judged-text.ts'
import { options, traceSize } from '../comparison/provenance.ts'
import { type Html, safeHtml } from '../drawing/safe-html.ts'
import { type Board, type BoardPart, boardOf, type BoardRow, type BoardEntry } from './board.ts'
import { boardPicture } from './board-picture.ts'

/** Columns of a board, those that no run of a part has left out. */
const COLUMNS = [
  'idle-memory',
  'cold-starts',
  'app-cold-share-p75',
  'app-cold-share-p50',
  'always-cold-repeated',
  'drops',
  'added-p99',
]

const STYLE = `
:root { color-scheme: light dark; --ink: light-dark(#1b1f24, #e4e7ea); --soft: light-dark(#5b636d, #9aa3ad);
  --paper: light-dark(#fff, #14171a); --line: light-dark(#d9dde1, #343a40); --mark: light-dark(#eef4fa, #1d2731); }
body { margin: 0 auto; max-width: 1100px; padding: 1.5rem; background: var(--paper); color: var(--ink);
  font: 15px / 1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.2rem; margin: 2.2rem 0 0.2rem; } h3 { font-size: 1rem; }
.soft { color: var(--soft); margin: 0.2rem 0 0.8rem; } code { font-size: 0.9em; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: 0.35rem 0.7rem; border-bottom: 1px solid var(--line); text-align: right; vertical-align: top; }
th { font-weight: 500; } td, thead th { overflow-wrap: normal; } td:not(.text) { white-space: nowrap; } tbody th { min-width: 14rem; } thead th { font-weight: 600; vertical-align: bottom; } thead small { color: var(--soft); font-weight: 400; display: block; }
th:first-child, td.text, thead th.text { text-align: left; } tbody tr.front { background: var(--mark); }
tr.front th { font-weight: 650; } td.text { min-width: 7rem; } .digest { font-family: ui-monospace, monospace; font-size: 0.8em; color: var(--soft); }
figure { margin: 1rem 0; background: #fff; color: #1b1f24; border: 1px solid var(--line); border-radius: 6px; padding: 0.5rem; overflow-x: auto; }
.pictures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 1rem; }
.pictures figure { margin: 0; } figure svg { max-width: 100%; height: auto; } .refused td { text-align: left; white-space: normal; }
@media print { figure { break-inside: avoid; } }
`

/** Nothing may be fetched or run: the page is text and pictures. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'"

/** One offline page of a board, without a script. `title` is what people call it. */
export async function boardPage(entries: readonly BoardEntry[], title: string): Promise<string> {
  const board = printable(boardOf(entries))
  const parts: Html[] = []
  for (const [index, part] of board.parts.entries()) parts.push(await section(part, index + 1))
  const runs = board.parts.reduce((sum, { rows }) => sum + rows.length, 0)
  return safeHtml`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${{ html: STYLE }}</style>
</head>
<body>
<main>
<h1>${title}</h1>
<p class="soft">${counted(formatCount(runs), 'run')} of ${counted(formatCount(entries.length), 'card')}, in ${counted(formatCount(board.parts.length), 'part')}. Only runs on one trace, in one world and on one judged part are compared.
There is no single score: a run is on the front when no other is as good in every figure and better in one.</p>
${parts}
${refusals(board)}
<h2>Check it</h2>
<p>Each row can be made again from its card: <code>pilotlight verify cards/&lt;name&gt;</code>. A board believes its cards;
it refuses those that contradict themselves or each other.</p>
<p class="soft">pilotlight ${VERSION}</p>
</main>
</body>
</html>
`.html
}

async function section({ trace, model, judged, modelVersion, rows }: BoardPart, number: number): Promise<Html> {
  const columns = COLUMNS.filter((id) => rows.some(({ run }) => typeof run.metrics[id] === 'number'))
  const heads = columns.map((id) => {
    const { heading, unit, summary } = METRICS.get(id, 'board')
    return safeHtml`<th scope="col" title="${summary}">${heading} <small>${unit}</small></th>`
  })
  const hasBounds = rows.some(({ run }) => run.bounds.length > 0)
  const bound = hasBounds
    ? safeHtml`<th scope="col" title="Cold starts above those of perfect foresight with the same idle memory.">above foresight <small>cold starts</small></th>`
    : safeHtml``
  const pictures = [
    await picture(rows, 'cold-starts', 'Cold starts'),
    await picture(rows, 'app-cold-share-p75', 'Cold starts of the 75th-percentile app (% of its invocations)'),
  ]
  const where = judged === null ? 'Judged on the whole trace.' : `Judged on ${judgedText(judged)}.`
  return safeHtml`<section id="part-${number}">
<h2>${trace.id}: ${model['kind'] ?? 'a model that is not told'}</h2>
<p class="soft">${traceSize(trace)}. ${where} Model version ${modelVersion ?? 'not known'}: ${options(model)}.
Trace digest <span class="digest">${trace.digest}</span></p>
<div class="pictures">${pictures}</div>
<div class="scroll" tabindex="0" role="region" aria-label="Runs of part ${number}"><table>
<thead><tr><th scope="col">run</th>${heads}${bound}<th scope="col">beaten by</th><th scope="col">seed</th><th scope="col" class="text">cards</th></tr></thead>
<tbody>
${rows.map((row) => line(row, columns, hasBounds))}</tbody></table></div>
</section>
`
}

async function picture(rows: readonly BoardRow[], metric: string, title: string): Promise<Html> {
  const known = rows.filter(({ run }) => typeof run.metrics[metric] === 'number')
  if (known.length < 2) return safeHtml``
  return safeHtml`<figure role="img" aria-label="${title} against idle memory, a point per run">${{ html: await boardPicture(known, { metric, title }) }}</figure>
`
}

function line({ run, cards, beatenBy }: BoardRow, columns: readonly string[], hasBounds: boolean): Html {
  const cells = columns.map((id) => {
    const value = run.metrics[id] ?? null
    return safeHtml`<td>${value === null ? '–' : METRICS.get(id, 'board').format(value)}</td>`
  })
  const foresight = run.bounds.find(({ id }) => id === 'foresight')
  const above = hasBounds
    ? safeHtml`<td>${foresight === undefined ? '–' : formatQuantity(foresight.distance)}</td>`
    : safeHtml``
  const place = beatenBy === 0 ? '–' : formatCount(beatenBy)
  const front = beatenBy === 0 ? safeHtml` class="front"` : safeHtml``
  return safeHtml`<tr${front}><th scope="row">${run.label}<br><span class="digest">${run.digest.slice(0, 12)}</span></th>${cells}${above}<td>${place}</td><td>${run.seed}</td><td class="text">${cards.join(', ')}</td></tr>
`
}

function refusals({ refused }: Board): Html {
  if (refused.length === 0) return safeHtml`<p class="soft">No card and no run was refused.</p>`
  const rows = refused.map(
    ({
      name,
      label,
      reason,
    }) => safeHtml`<tr><th scope="row">${name}</th><td>${label ?? 'the whole card'}</td><td>${reason}</td></tr>
`,
  )
  return safeHtml`<h2 id="refused">Refused</h2>
<div class="scroll" tabindex="0" role="region" aria-label="Refused cards and runs"><table class="refused">
<thead><tr><th scope="col">card</th><th scope="col" class="text">run</th><th scope="col" class="text">why</th></tr></thead>
<tbody>
${rows}</tbody></table></div>`
}
