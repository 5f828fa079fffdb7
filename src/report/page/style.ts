/** The look of the page. Colours follow the reader's light or dark setting, or the page's own button; print is light. */
export const STYLE = `
:root { color-scheme: light dark; --ink: light-dark(#1b1f24, #e4e7ea); --soft: light-dark(#5b636d, #9aa3ad);
  --paper: light-dark(#ffffff, #14171a); --line: light-dark(#d9dde1, #343a40); --mark: light-dark(#eef4fa, #1d2731); }
:root[data-theme=light] { color-scheme: light }
:root[data-theme=dark] { color-scheme: dark }
body { margin: 0 auto; max-width: 1500px; padding: 1.5rem; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif }
header { display: flex; align-items: baseline; gap: 1rem; justify-content: space-between }
h1 { font-size: 1.6rem; margin: 0; overflow-wrap: anywhere }
.lead, .hint { color: var(--soft); margin: .3rem 0 1rem; overflow-wrap: anywhere }
.hint { font-size: .85rem }
button { font: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: pointer }
#theme { border: 1px solid var(--line); border-radius: 6px; padding: .2rem .7rem; font-size: .85rem; white-space: nowrap }
button:focus-visible, summary:focus-visible { outline: 2px solid #56b4e9; outline-offset: 2px }
.toggle { font-size: .85rem; color: var(--soft); display: inline-block; margin-bottom: .4rem }
body:not(:has(#all-columns:checked)) .more { display: none }
.scroll { overflow-x: auto }
table { border-collapse: collapse; font-variant-numeric: tabular-nums }
th, td { padding: .35rem .8rem; border-bottom: 1px solid var(--line); text-align: right; vertical-align: bottom; white-space: nowrap }
th:first-child, #details :is(th, td) { text-align: left; vertical-align: top }
tbody th { font-weight: 500; position: sticky; left: 0; background: var(--paper) }
#comparison thead th { font-weight: 500; white-space: normal; min-width: 4.5rem }
#comparison thead th:first-child { text-align: left; vertical-align: bottom }
#comparison tbody :is(th, td) { vertical-align: baseline }
.label { display: inline-block; width: max-content; max-width: min(26rem, 45vw); white-space: normal; overflow-wrap: anywhere }
thead small { display: block; color: var(--soft); font-weight: 400 }
thead button { text-align: inherit; font-weight: inherit }
th[aria-sort=ascending] button::after { content: ' ▲' }
th[aria-sort=descending] button::after { content: ' ▼' }
tbody tr:hover > * { background: var(--mark) }
tbody small { color: var(--soft); border: 1px solid var(--line); border-radius: 4px; padding: 0 .35em; margin-left: .3em }
#charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 620px), 1fr)); gap: 1.5rem; margin: 1.5rem 0; align-items: start }
figure { margin: 0; border: 1px solid var(--line); border-radius: 8px; padding: .6rem; min-width: 0; break-inside: avoid }
figure svg { width: 100%; height: auto; max-width: 760px; display: block; margin: auto }
details { border-top: 1px solid var(--line); padding: .6rem 0 }
summary { cursor: pointer; font-weight: 500 }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; font-size: .9rem }
dt { color: var(--soft) } dd { margin: 0; overflow-wrap: anywhere }
details table { font-size: .85rem }
#details td { white-space: normal }
#details .digest { font-family: ui-monospace, monospace; font-size: .8em }
#tip { position: fixed; pointer-events: none; background: var(--paper); color: var(--ink); border: 1px solid var(--line);
  border-radius: 6px; padding: .4rem .6rem; font-size: .8rem; box-shadow: 0 2px 10px #0004; z-index: 9 }
#tip td { padding: 0 .4rem; border: 0; text-align: left; max-width: 60vw; overflow: hidden; text-overflow: ellipsis } #tip td:last-child { text-align: right; white-space: nowrap }
@media print {
  :root, :root[data-theme] { color-scheme: light }
  #theme, .toggle, .hint { display: none }
  body { padding: 0 }
  figure { border: 0 }
  .scroll { overflow: visible }
  table, details table { font-size: .7rem }
  th, td { padding: .2rem .35rem }
  #comparison thead th { min-width: 0 }
  #details .digest { word-break: break-all; overflow-wrap: anywhere }
}
`
