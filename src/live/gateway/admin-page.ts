import { browserScript, browserStyle } from '../../files/browser-code.ts'

let page: string | undefined

/** The admin page: one document that loads nothing else, and asks for the state every second. */
export function adminPage(): string {
  page ??= `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>pilotlight live</title>
<style>
${browserStyle(new URL('./browser/admin.css', import.meta.url))}</style>
<h1>pilotlight live</h1>
<p id="about"></p>
<p id="said" role="status"></p>
<div id="scroll"><table>
  <thead>
    <tr><th rowspan="2">app</th><th rowspan="2">instances</th><th rowspan="2">MB each</th><th colspan="2">now</th>
      <th colspan="2">latest windows</th><th colspan="3">so far</th></tr>
    <tr><th>loads in</th><th>kept for</th><th>pre-warming</th><th>keep-alive</th><th>calls</th><th>cold</th>
      <th>drops</th></tr>
  </thead>
  <tbody id="apps"></tbody>
</table></div>
<p><label>What the instances of <select id="whose"><option value="">no app</option></select> print:</label></p>
<pre id="printed" tabindex="0" aria-label="What its instances print"></pre>
<script type="module">
${browserScript(new URL('./browser/admin.ts', import.meta.url))}</script>
</html>
`
  return page
}
