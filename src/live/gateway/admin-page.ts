/** The admin page: one document without anything from elsewhere, which asks for the state every second. */
export const ADMIN_PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>pilotlight live</title>
<style>
  body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem; color: #1b1b1b; background: #fff; }
  h1 { font-size: 1.2rem; }
  table { border-collapse: collapse; }
  #scroll { overflow-x: auto; }
  thead th[colspan] { border-bottom: 0; }
  th[colspan] { text-align: center; }
  th, td { padding: 0.25rem 0.75rem; text-align: right; border-bottom: 1px solid #ddd; white-space: nowrap; }
  th:first-child, td:first-child, th:nth-child(2), td:nth-child(2) { text-align: left; }
  #said { color: #a40000; min-height: 1.5em; }
  @media (prefers-color-scheme: dark) { body { color: #ddd; background: #161616; } th, td { border-color: #444; } }
</style>
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
<script>
  const said = document.getElementById('said')
  const about = document.getElementById('about')
  const rows = document.getElementById('apps')
  const time = (ms) => (ms === null ? '\u2013' : ms >= 60000 ? (ms / 60000).toFixed(1) + ' min' : (ms / 1000).toFixed(1) + ' s')
  const left = (ms) => (ms === null || ms <= 0 ? '\u2013' : time(ms))
  const forEver = (ms) => (ms === null ? 'for ever' : time(ms))
  function told({ name, version, policy, backend, chargedMb, budgetMb, underWay }) {
    const params = Object.entries(policy.params).map(([key, value]) => key + ' ' + value).join(', ')
    return [
      name + ' on ' + backend,
      'policy ' + policy.id + (params && ' (' + params + ')') + ', seed ' + policy.seed,
      Math.round(chargedMb) + ' of ' + Math.round(budgetMb) + ' MB',
      underWay + (underWay === 1 ? ' call' : ' calls') + ' under way',
      'pilotlight ' + version,
    ].join(' \u00b7 ')
  }
  async function show() {
    try {
      const answer = await fetch('admin/state', { headers })
      if (!answer.ok) throw new Error('status ' + answer.status)
      const { apps, ...adapter } = await answer.json()
      about.textContent = told(adapter)
      rows.replaceChildren(...apps.map((app) => {
        const { windows, decision, accounts } = app
        const cells = [
          app.name,
          app.instances.map(({ state }) => state).join(', ') || 'none',
          app.memoryMb,
          left(windows.loadAt),
          windows.keepUntil === null && windows.idleSince !== null ? 'for ever' : left(windows.keepUntil),
          decision ? forEver(decision.prewarmMs) : '\u2013',
          decision ? forEver(decision.keepAliveMs) : '\u2013',
          accounts.invocations, accounts.coldStarts, accounts.drops,
        ]
        const row = document.createElement('tr')
        row.append(...cells.map((text) => Object.assign(document.createElement('td'), { textContent: text })))
        return row
      }))
      said.textContent = ''
    } catch (error) {
      said.textContent = 'No answer from the adapter: ' + error.message
    }
    setTimeout(show, 1000)
  }
  const token = new URLSearchParams(location.hash.slice(1)).get('token')
  const headers = token === null ? {} : { authorization: 'Bearer ' + token }
  show()
</script>
</html>
`
