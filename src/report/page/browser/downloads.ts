// What a reader takes along: the runs, the apps and the chart as files, made in the browser.
import type { UnpackedAccounts } from './unpacked-accounts.ts'
import { byId } from './element.ts'
import type { PageModel } from './page-model.ts'

export function downloads(model: PageModel): void {
  const { data } = model
  onPress('download-runs', () => save('runs.csv', 'text/csv', runsCsv(model)))
  onPress('download-chart', () => save('decision.svg', 'image/svg+xml', chartSvg()))
  const apps = byId('download-apps')
  apps.hidden = data.apps === null
  onPress('download-apps', async () => {
    const accounts = await model.accounts
    if (accounts !== undefined) save('apps.csv', 'text/csv', appsCsv(model, accounts))
  })
}

function onPress(id: string, act: () => void | Promise<void>): void {
  byId(id).addEventListener('click', () => void act())
}

function save(name: string, type: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}

/** A cell of a CSV file; a text that a spreadsheet would take for a formula gets an apostrophe. */
function cell(value: string | number | null): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

function csv(rows: readonly (readonly (string | number | null)[])[]): string {
  return `${rows.map((row) => row.map((value) => cell(value)).join(',')).join('\n')}\n`
}

function runsCsv({ data }: PageModel): string {
  const columns = data.columns.map(({ id, unit }) => (unit === '' ? id : `${id} [${unit}]`))
  const head = [
    'run',
    'policy',
    'params',
    'world',
    'seed',
    ...columns,
    ...data.reasons.map(({ id }) => `reason ${id}`),
    'digest',
    'trace',
  ]
  const rows = data.runs.map((run) => [
    run.label,
    run.policy,
    run.params,
    run.world,
    run.seed,
    ...run.values,
    ...run.reasons,
    run.key,
    data.traceDigest,
  ])
  return csv([head, ...rows])
}

function appsCsv({ data }: PageModel, accounts: UnpackedAccounts): string {
  const head = ['run', 'app', 'invocations', 'cold', ...data.reasons.map(({ id }) => id), 'idleMbS']
  const rows = data.runs.flatMap(({ label }, position) => {
    const of = accounts.of(position)
    if (of === undefined) return []
    return of.names.map((name, app) => [
      label,
      name,
      of.invocations[app]!,
      of.cold[app]!,
      ...of.reasons.map((reason) => reason[app]!),
      of.idleMbS[app]!,
    ])
  })
  return csv([head, ...rows])
}

/** The chart as a picture of its own: the styles that the page gives it are written into it. */
function chartSvg(): string {
  const svg = byId('decision-chart').querySelector('svg')!
  const copy = svg.cloneNode(true) as SVGElement
  const [from, to] = [svg, copy].map((root) => [...root.querySelectorAll('*')])
  for (const [index, part] of from!.entries()) {
    const style = getComputedStyle(part)
    for (const name of ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'font-size', 'font-family', 'opacity']) {
      to![index]!.setAttribute(name, style.getPropertyValue(name))
    }
  }
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  return new XMLSerializer().serializeToString(copy)
}
