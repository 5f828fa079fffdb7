import { gzipSync } from 'node:zlib'
import { readTrace } from '../../src/trace/read.ts'
import type { Trace } from '../../src/trace/trace.ts'
import { safeHtml } from '../../src/report/drawing/safe-html.ts'
import { AppMinuteCounts } from '../../src/trace/arrivals/app-minute-counts.ts'

/** Nothing may be fetched, sent or loaded: the page's own order to the browser, and what "nothing leaves it" rests on. */
const POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"

const STYLE = `
.try { max-width: 60rem; margin: 0 auto; padding: 1rem 1.5rem 3rem; }
#picture { width: 100%; height: auto; border: 1px solid var(--line); border-radius: 6px; }
#picture text { font: 12px system-ui, sans-serif; fill: var(--ink); } #picture .grid { stroke: var(--line); }
#picture .fixed { fill: none; stroke: var(--soft); stroke-width: 1.5; }
.controls { display: grid; gap: 0.6rem 1.5rem; grid-template-columns: auto 1fr 5rem; align-items: center; margin: 1rem 0; }
.controls input { width: 100%; } td:not(:first-child), th:not(:first-child) { text-align: right; font-variant-numeric: tabular-nums; }
@media (max-width: 500px) { .controls { grid-template-columns: 1fr auto; } .controls input { grid-column: 1 / -1; grid-row: auto; order: 1; }
.controls label[for=range], #range-is { order: 2; } #range { order: 3; } }
.drop { border: 2px dashed var(--line); border-radius: 8px; padding: 0.8rem 1rem; }
`

/** The page that simulates in the reader's browser. `script` is the bundled program, `style` that of the site. */
export async function tryPage(script: string, style: string): Promise<string> {
  const sample = packed(await readTrace(new URL('../../traces/sample', import.meta.url).pathname))
  return safeHtml`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Try it here · pilotlight</title>
<style>${{ html: style + STYLE }}</style>
</head>
<body>
<header><a class="home" href="index.html">pilotlight</a></header>
<main class="try">
<h1>Try it here</h1>
<p>The same engine and policies as on the command line, running in this page. Nothing is sent anywhere: the page may not
open a connection, by its own order to your browser.</p>
<svg id="picture" role="img" aria-label="Cold starts against idle memory: fixed windows as a line, and three policies"></svg>
<p id="said" role="status">Reading …</p>
<div class="controls">
<label for="keep-alive">Fixed window</label><input id="keep-alive" type="range" min="0" step="1"><output id="keep-alive-is" for="keep-alive"></output>
<label for="range">Range of the hybrid</label><input id="range" type="range" min="0" step="1"><output id="range-is" for="range"></output>
</div>
<table><thead><tr><th>policy</th><th>cold starts</th><th>idle memory (GB·s)</th></tr></thead><tbody id="figures"></tbody></table>
<p class="drop">Drop a CSV anywhere on the page, or <label for="file">choose one</label>: <input id="file" type="file" accept=".csv,text/csv">
Single events need the columns <code>app</code> and <code>start_ms</code>; <code>memory_mb</code> is used where it is there.
Azure's counts per minute are read as they are. <button type="button" id="again">Back to the sample</button></p>
<p>The line is of fixed windows from a minute to four hours. The world is <a href="model.html">the paper's</a>: executions take
no time, an app has one instance, and memory has no limit.</p>
</main>
<script type="application/gzip" id="sample">${sample}</script>
${{ html: `<script>${script.replaceAll(/<(?=\/script|!--)/gi, String.raw`\x3C`)}</script>` }}
</body>
</html>
`.html
}

/** The sample with its functions added up, small enough to lie in a page: gzip in base64. */
function packed(trace: Trace): string {
  const { apps, arrivals, horizonMs } = trace
  if (arrivals.kind !== 'counts') throw new Error('the sample has counts')
  const minutes = new AppMinuteCounts(arrivals, trace)
  const rows = Array.from({ length: apps.count }, (_, app) => {
    minutes.add(apps.firstFunction[app]!, apps.firstFunction[app + 1]!)
    const [at, count]: [number[], number[]] = [[], []]
    let before = 0
    for (let minute = minutes.take(); minute >= 0; minute = minutes.take()) {
      at.push(minute - before)
      count.push(minutes.count[minute]!)
      before = minute
    }
    return { name: apps.name.at(app).slice(0, 40), memoryMb: apps.memoryMb[app]!, at, count }
  })
  return gzipSync(JSON.stringify({ horizonMs, apps: rows }), { level: 9 }).toString('base64')
}
