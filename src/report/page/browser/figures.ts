// The further figures, drawn with vega when they are opened: it is half of the page and few readers need it at once.
import { byId, element } from './element.ts'
import { hideTip, showTip } from './tip.ts'

/** The part of vega's bundle that is used here. */
interface View {
  tooltip(show: (handler: unknown, event: MouseEvent, item: unknown, value: unknown) => void): void
  runAsync(): Promise<unknown>
}
interface Vega {
  parse(spec: unknown): unknown
  readonly View: new (
    runtime: unknown,
    options: { readonly renderer: 'svg'; readonly container: HTMLElement; readonly hover: boolean },
  ) => View
}

export function furtherFigures(): void {
  const details = byId('figures') as HTMLDetailsElement
  let begun = false
  const open = async (): Promise<void> => {
    if (!details.open || begun) return
    begun = true
    await drawAll(loadVega())
    document.documentElement.dataset['figures'] = 'yes'
  }
  details.addEventListener('toggle', () => void open())
  void open()
}

/** Runs the bundle, which stands in the page as plain text. */
function loadVega(): Vega {
  const script = document.createElement('script')
  script.textContent = byId('vega').textContent
  document.head.append(script)
  return (globalThis as unknown as { readonly vega: Vega }).vega
}

async function drawAll(vega: Vega): Promise<void> {
  const specs = JSON.parse(byId('specs').textContent ?? '') as object
  for (const [id, spec] of Object.entries(specs) as [string, unknown][]) {
    // Within the figure, because vega gives its place a role and a label of its own.
    const place = element('div')
    byId(id).append(place)
    const view = new vega.View(vega.parse(spec), { renderer: 'svg', container: place, hover: true })
    view.tooltip((_handler, event, _item, value) => tell(event, value))
    await view.runAsync()
  }
}

function tell(event: MouseEvent, value: unknown): void {
  if (value === null || value === undefined || value === '') return hideTip()
  const facts: readonly (readonly [string, unknown])[] =
    typeof value === 'object' ? Object.entries(value as object) : [['', value]]
  showTip(
    event,
    facts.map(([name, text]) => [name, String(text)]),
  )
}
