// The admin page's own script: it asks for the state every second and shows it. It runs in the reader's browser.

/** What the page shows of the state; all times in ms, null where there is none. */
interface State {
  readonly name: string
  readonly version: string
  readonly policy: {
    readonly id: string
    readonly params: Readonly<Record<string, unknown>>
    readonly seed: number
    readonly state: 'answers' | 'late' | 'away'
    readonly why: string | null
  }
  readonly backend: string
  readonly chargedMb: number
  readonly budgetMb: number
  readonly underWay: number
  readonly apps: readonly App[]
}

interface App {
  readonly name: string
  readonly instances: readonly { readonly state: string }[]
  readonly memoryMb: number
  readonly windows: {
    readonly loadAt: number | null
    readonly keepUntil: number | null
    readonly idleSince: number | null
  }
  readonly decision: { readonly prewarmMs: number | null; readonly keepAliveMs: number | null } | null
  readonly accounts: { readonly invocations: number; readonly coldStarts: number; readonly drops: number }
}

const NOTHING = '\u2013'
const EVERY_MS = 1000
/** Lines that are shown of what an app prints, and how long after a stream of them ended it is asked for again, in ms. */
const MOST_LINES = 500
const AGAIN_MS = 2000

const said = element('said')
const about = element('about')
const rows = element('apps')
const printed = element('printed')
const whose = element('whose') as HTMLSelectElement
const token = new URLSearchParams(location.hash.slice(1)).get('token')
const headers: Readonly<Record<string, string>> = token === null ? {} : { authorization: `Bearer ${token}` }

function element(id: string): HTMLElement {
  const found = document.getElementById(id)
  if (found === null) throw new Error(`the page has no element "${id}"`)
  return found
}

function time(ms: number): string {
  return ms >= 60_000 ? `${(ms / 60_000).toFixed(1)} min` : `${(ms / 1000).toFixed(1)} s`
}

function left(ms: number | null): string {
  return ms === null || ms <= 0 ? NOTHING : time(ms)
}

function forEver(ms: number | null): string {
  return ms === null ? 'for ever' : time(ms)
}

function told({ name, version, policy, backend, chargedMb, budgetMb, underWay }: State): string {
  const params = Object.entries(policy.params)
    .map(([key, value]) => `${key} ${String(value)}`)
    .join(', ')
  return [
    `${name} on ${backend}`,
    `policy ${policy.id}${params && ` (${params})`}, seed ${policy.seed}`,
    ...(policy.why === null ? [] : [`the policy does not answer, and apps keep its last answers: ${policy.why}`]),
    `${Math.round(chargedMb)} of ${Math.round(budgetMb)} MB`,
    `${underWay}${underWay === 1 ? ' call' : ' calls'} under way`,
    `pilotlight ${version}`,
  ].join(' \u00B7 ')
}

function rowOf({ name, instances, memoryMb, windows, decision, accounts }: App): HTMLTableRowElement {
  const staysForEver = windows.keepUntil === null && windows.idleSince !== null
  const cells = [
    name,
    instances.map(({ state }) => state).join(', ') || 'none',
    memoryMb,
    left(windows.loadAt),
    staysForEver ? 'for ever' : left(windows.keepUntil),
    decision === null ? NOTHING : forEver(decision.prewarmMs),
    decision === null ? NOTHING : forEver(decision.keepAliveMs),
    accounts.invocations,
    accounts.coldStarts,
    accounts.drops,
  ]
  const row = document.createElement('tr')
  for (const text of cells) row.insertCell().textContent = String(text)
  return row
}

/** Updates the list of apps where it changed. */
function offer(names: readonly string[]): void {
  const before = [...whose.options].slice(1).map(({ value }) => value)
  if (before.join() === names.join()) return
  const chosen = whose.value
  while (whose.options.length > 1) whose.remove(1)
  for (const name of names) whose.add(new Option(name, name, false, name === chosen))
}

/** Shows what an app prints until another app is chosen. */
async function follow(app: string): Promise<void> {
  const over = new AbortController()
  whose.addEventListener('change', () => over.abort(), { once: true })
  while (!over.signal.aborted) {
    printed.textContent = ''
    try {
      const answer = await fetch(`logs/${encodeURIComponent(app)}`, { headers, signal: over.signal })
      if (!answer.ok) throw new Error(`status ${answer.status}`)
      for await (const part of answer.body!.pipeThrough(new TextDecoderStream())) append(part)
    } catch (error) {
      if (!over.signal.aborted) append(`(${error instanceof Error ? error.message : String(error)})\n`)
    }
    if (!over.signal.aborted) await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
  }
}

function append(text: string): void {
  const isAtEnd = printed.scrollTop + printed.clientHeight >= printed.scrollHeight - 2
  printed.textContent = ((printed.textContent ?? '') + text).split('\n').slice(-MOST_LINES).join('\n')
  if (isAtEnd) printed.scrollTop = printed.scrollHeight
}

whose.addEventListener('change', () => {
  printed.textContent = ''
  if (whose.value !== '') void follow(whose.value)
})

async function show(): Promise<void> {
  try {
    const answer = await fetch('admin/state', { headers })
    if (!answer.ok) throw new Error(`status ${answer.status}`)
    const state = (await answer.json()) as State
    about.textContent = told(state)
    rows.replaceChildren(...state.apps.map((app) => rowOf(app)))
    offer(state.apps.map(({ name }) => name))
    said.textContent = ''
  } catch (error) {
    said.textContent = `No answer from the adapter: ${error instanceof Error ? error.message : String(error)}`
  }
  setTimeout(() => void show(), EVERY_MS)
}

await show()
