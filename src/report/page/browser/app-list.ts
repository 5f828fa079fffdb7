// The apps: searched, filtered, sorted; a row opens what each run did to the app.
import type { UnpackedAccounts, UnpackedRun } from './unpacked-accounts.ts'
import { byId, chooser, element } from './element.ts'
import type { PageModel } from './page-model.ts'
import { numberText, signed } from './scale.ts'
import { swatch } from './run-table.ts'
import { stripOf, Strips } from './strips.ts'

/** Rows that are shown at first, and each time that more are asked for. */
const ROWS = 50
/** Runs that an open row lists. */
const MOST_RUNS = 20

const FILTERS = ['all', 'differ', 'repeated', 'once', 'always', 'told'] as const
const SORTS = ['regret', 'difference', 'invocations', 'cold', 'idle', 'name'] as const

/** What the list is of. */
interface View {
  readonly a: UnpackedRun
  readonly b: UnpackedRun | undefined
  readonly least: Float64Array
}

export function appList(model: PageModel): void {
  const { apps } = model.data
  const section = byId('apps')
  if (apps === null) return section.remove()
  let accounts: UnpackedAccounts | undefined
  const strips = new Strips(model.data.strips)
  let [filter, sort, shown] = ['all', 'regret', ROWS]
  const search = byId('app-search') as HTMLInputElement
  const draw = (): void => {
    if (accounts === undefined) return
    const view = viewOf(model, accounts)
    const place = byId('app-table')
    const note = byId('app-note')
    const more = byId('more-apps')
    more.hidden = true
    if (view === undefined) {
      note.textContent = model.says('page.apps.noRoom', { command: 'pilotlight data' })
      return place.replaceChildren()
    }
    const found = sortedApps(view, filteredApps(view, filter, strips.apps, search.value.trim().toLowerCase()), sort)
    note.textContent = noteOf(model, view, found.length, apps.leftOut)
    place.replaceChildren(
      head(model, view),
      element('tbody', {}, ...found.slice(0, shown).flatMap((app) => rows(model, accounts!, strips, view, app))),
    )
    more.hidden = found.length <= shown
  }
  const again = (change: () => void) => (): void => {
    change()
    shown = ROWS
    draw()
  }
  // A served page asks for any app.
  const offered = FILTERS.filter((value) => value !== 'told' || strips.apps.size > 0).map((value) => ({
    value,
    text: model.says(`page.apps.show.${value}`),
  }))
  const orders = SORTS.map((value) => ({ value, text: model.says(`page.apps.sort.${value}`) }))
  const filters = chooser(model.says('page.apps.show'), offered, (value) => again(() => (filter = value))())
  const sorts = chooser(model.says('page.apps.sort'), orders, (value) => again(() => (sort = value))())
  byId('app-controls').append(filters.label, sorts.label)
  search.addEventListener(
    'input',
    again(() => undefined),
  )
  byId('more-apps').addEventListener('click', () => {
    shown += 4 * ROWS
    draw()
  })
  const details = section as HTMLDetailsElement
  const open = async (): Promise<void> => {
    if (!details.open || accounts !== undefined) return
    accounts = await model.accounts
    draw()
    document.documentElement.dataset['apps'] = 'yes'
  }
  details.addEventListener('toggle', () => void open())
  if (model.choice.app !== '') {
    details.open = true
    search.value = model.choice.app
  }
  void open()
  model.follow(draw)
}

function viewOf(model: PageModel, accounts: UnpackedAccounts): View | undefined {
  const a = accounts.of(model.a)
  if (a === undefined) return undefined
  const isAlike = accounts.runsLike(model.a).includes(model.b)
  return {
    a,
    b: isAlike ? accounts.of(model.b) : undefined,
    least: accounts.leastCold(model.a, (run) => model.isBesideA(run)),
  }
}

/** Positions of the apps that a search and a filter leave. */
function filteredApps({ a, b }: View, filter: string, told: ReadonlySet<string>, search: string): number[] {
  const found: number[] = []
  for (let app = 0; app < a.names.length; app += 1) {
    const [count, cold] = [a.invocations[app]!, a.cold[app]!]
    const passes =
      filter === 'all' ||
      (filter === 'differ' && b !== undefined && cold !== b.cold[app]) ||
      (filter === 'repeated' && count > 1) ||
      (filter === 'once' && count === 1) ||
      (filter === 'told' && told.has(a.names[app]!)) ||
      (filter === 'always' && count > 0 && cold === count)
    if (passes && (search === '' || a.names[app]!.toLowerCase().includes(search))) found.push(app)
  }
  return found
}

function sortedApps({ a, b, least }: View, apps: number[], sort: string): number[] {
  if (sort === 'name') return apps.sort((x, y) => (a.names[x]! < a.names[y]! ? -1 : 1))
  const keys: Readonly<Record<string, (app: number) => number>> = {
    regret: (app) => a.cold[app]! - least[app]!,
    difference: (app) => Math.abs(a.cold[app]! - (b?.cold[app] ?? 0)),
    invocations: (app) => a.invocations[app]!,
    cold: (app) => a.cold[app]!,
    idle: (app) => a.idleMbS[app]!,
  }
  const key = Float64Array.from(a.cold, (_, app) => keys[sort]!(app))
  return apps.sort((x, y) => key[y]! - key[x]! || x - y)
}

function noteOf(model: PageModel, { a }: View, found: number, leftOut: number): string {
  const note = model.says('page.apps.note', { found: numberText(found), all: numberText(a.names.length) })
  return leftOut === 0 ? note : `${note} ${model.says('page.apps.leftOut', { count: leftOut })}`
}

function head(model: PageModel, { b }: View): HTMLElement {
  const names = [
    model.says('page.apps.app'),
    model.says('page.apps.invocations'),
    model.says('page.apps.coldA'),
    ...(b === undefined ? [] : [model.says('page.apps.coldB'), 'A − B']),
    model.says('page.apps.regret'),
    model.says('page.apps.idleA'),
  ]
  return element('thead', {}, element('tr', {}, ...names.map((name) => element('th', { scope: 'col' }, name))))
}

function rows(
  model: PageModel,
  accounts: UnpackedAccounts,
  strips: Strips,
  view: View,
  app: number,
): HTMLTableRowElement[] {
  const { a, b, least } = view
  const name = a.names[app]!
  const isOpen = model.choice.app === name
  const press = (): void => {
    model.choose({ app: isOpen ? '' : name })
    const buttons = document.querySelectorAll<HTMLElement>('#app-table button')
    for (const button of buttons) if (button.textContent === name) button.focus()
  }
  const button = element('button', { type: 'button', 'aria-expanded': isOpen ? 'true' : 'false', click: press }, name)
  const figures = [a.invocations[app]!, a.cold[app]!, ...(b === undefined ? [] : [b.cold[app]!])].map((count) =>
    element('td', {}, numberText(count)),
  )
  const difference = b === undefined ? [] : [element('td', {}, signed(a.cold[app]! - b.cold[app]!))]
  const rest = [a.cold[app]! - least[app]!, a.idleMbS[app]! / 1024].map((value) => element('td', {}, numberText(value)))
  const row = element('tr', {}, element('th', { scope: 'row' }, button), ...figures, ...difference, ...rest)
  if (!isOpen) return [row]
  const opened = element(
    'td',
    { colspan: 1 + figures.length + difference.length + rest.length, class: 'opened' },
    ...details(model, accounts, app),
    stripOf(model, strips, name),
  )
  return [row, element('tr', {}, opened)]
}

/** What each run did to an app, A and B first, then those with the fewest cold starts. */
function details(model: PageModel, accounts: UnpackedAccounts, app: number): HTMLElement[] {
  const like = accounts.runsLike(model.a)
  const rank = (run: number): number => (run === model.a ? -2 : run === model.b ? -1 : accounts.of(run)!.cold[app]!)
  const runs = like.toSorted((x, y) => rank(x) - rank(y)).slice(0, MOST_RUNS)
  const { reasons } = model.data
  const used = reasons
    .map((_, index) => index)
    .filter((index) => runs.some((run) => accounts.of(run)!.reasons[index]![app]! > 0))
  const heads = [
    model.says('page.run'),
    model.says('page.apps.cold'),
    ...used.map((index) => reasons[index]!.meaning),
    model.says('page.apps.idle'),
  ]
  const body = runs.map((run) => {
    const of = accounts.of(run)!
    const { label } = model.data.runs[run]!
    const cells = [of.cold[app]!, ...used.map((index) => of.reasons[index]![app]!), of.idleMbS[app]! / 1024]
    const letter = run === model.a ? 'A ' : run === model.b ? 'B ' : ''
    return element(
      'tr',
      {},
      element('th', { scope: 'row' }, letter, swatch(model.data.runs[run]!), ` ${label}`),
      ...cells.map((value) => element('td', {}, numberText(value))),
    )
  })
  const table = element(
    'table',
    {},
    element('thead', {}, element('tr', {}, ...heads.map((text) => element('th', { scope: 'col' }, text)))),
    element('tbody', {}, ...body),
  )
  const left =
    like.length > runs.length
      ? [element('p', { class: 'hint' }, model.says('page.apps.moreRuns', { count: like.length - runs.length }))]
      : []
  return [element('div', { class: 'scroll' }, table), ...left]
}
