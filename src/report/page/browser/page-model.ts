import { type WordValues, told } from '../../../language/told.ts'
import type { PageColumn, PageData, PageRun, PageWord } from '../page-contents.ts'
import { UnpackedAccounts } from './unpacked-accounts.ts'
import { type ReaderChoice, readerChoiceOf, fragmentOf } from './address.ts'
import { frontierOf, withinBudget } from './unbeaten.ts'

/** Runs that differ in nothing but the seed, as one mark: means, and how far the seeds go. */
export interface Mark {
  /** Positions of its runs; the first of them stands for it. */
  readonly runs: readonly number[]
  readonly x: Range
  readonly y: Range
}

interface Range {
  readonly mean: number
  readonly least: number
  readonly most: number
}

/** What the address has where the reader took the budget away. */
export const NO_BUDGET = 'none'

/** Marks that stand for a choice: one can be had in place of another. */
export interface FigurePlace {
  /** Empty where there is one world. */
  readonly world: string
  readonly marks: readonly Mark[]
}

type Listener = () => void

/** What the parts of the page share: the data, the reader's choice, and what follows from both. */
export class PageModel {
  readonly data: PageData
  choice: ReaderChoice
  private readonly listeners: Listener[] = []
  private unpackedApps: Promise<UnpackedAccounts> | undefined

  constructor(data: PageData) {
    this.data = data
    this.choice = readerChoiceOf(location.hash)
    addEventListener('hashchange', () => {
      this.choice = readerChoiceOf(location.hash)
      this.tell()
    })
  }

  /** Calls the listener now and after each change. */
  follow(listener: Listener): void {
    this.listeners.push(listener)
    listener()
  }

  choose(part: Partial<ReaderChoice>): void {
    this.choice = { ...this.choice, ...part }
    history.replaceState(null, '', fragmentOf(this.choice))
    this.tell()
  }

  private tell(): void {
    for (const listener of this.listeners) listener()
  }

  /** What the page's language says at a place. */
  says<W extends PageWord>(word: W, ...given: WordValues<W>): string {
    return told(this.data, word, ...given)
  }

  /** The accounts of the apps, unpacked when they are first asked for; undefined where the page has none. */
  get accounts(): Promise<UnpackedAccounts> | undefined {
    const { apps } = this.data
    return apps === null ? undefined : (this.unpackedApps ??= UnpackedAccounts.of(apps))
  }

  column(id: string): PageColumn | undefined {
    return this.data.columns.find((column) => column.id === id)
  }

  /** The metrics on the axes of the chart. */
  get axes(): { readonly x: PageColumn; readonly y: PageColumn } {
    const [first, second = first] = this.data.columns
    const { goal } = this.data
    const x = this.column(this.choice.x) ?? this.column(goal.x) ?? first!
    const y = this.column(this.choice.y) ?? this.column(goal.y ?? 'idle-memory') ?? second!
    return { x, y }
  }

  valueOf(run: PageRun, column: PageColumn): number | null {
    return run.values[this.data.columns.indexOf(column)] ?? null
  }

  textOf(run: PageRun, column: PageColumn): string {
    return run.texts[this.data.columns.indexOf(column)] ?? '–'
  }

  /** The marks of the chart: groups whose runs have both figures. */
  marks(): readonly Mark[] {
    const { x, y } = this.axes
    const groups = new Map<number, number[]>()
    for (const [position, run] of this.data.runs.entries()) {
      if (this.valueOf(run, x) === null || this.valueOf(run, y) === null) continue
      const members = groups.get(run.group)
      if (members === undefined) groups.set(run.group, [position])
      else members.push(position)
    }
    const over = (runs: readonly number[], column: PageColumn): Range =>
      rangeOf(runs.map((run) => this.valueOf(this.data.runs[run]!, column)!))
    return [...groups.values()].map((runs) => ({ runs, x: over(runs, x), y: over(runs, y) }))
  }

  /** The marks of each place: what is had in one world, or in one part of the trace, cannot be had in another. */
  places(marks: readonly Mark[]): readonly FigurePlace[] {
    const run = ({ runs: [first] }: Mark): PageRun => this.data.runs[first!]!
    const places = new Map<string, { world: string; marks: Mark[] }>()
    for (const mark of marks) {
      const { world } = run(mark)
      const key = placeOf(run(mark))
      const place = places.get(key)
      if (place === undefined) places.set(key, { world, marks: [mark] })
      else place.marks.push(mark)
    }
    return [...places.values()]
  }

  /** The frontier of each place on the axes of the chart, from the left to the right. */
  frontiers(marks: readonly Mark[]): readonly (readonly Mark[])[] {
    return this.places(marks).map(({ marks: own }) => frontierOf(this.placed(own)).map((at) => own[at]!))
  }

  /** The marks within the budget, the best first; undefined where there is no budget. */
  allowed(marks: readonly Mark[]): readonly Mark[] | undefined {
    const { budget } = this
    if (budget === undefined) return undefined
    const sign = this.axes.y.better === 'higher' ? -1 : 1
    return withinBudget(this.placed(marks), sign * budget).map((position) => marks[position]!)
  }

  private placed(marks: readonly Mark[]) {
    const { x, y } = this.axes
    const [ofX, ofY] = [x, y].map(({ better }) => (better === 'higher' ? -1 : 1))
    return marks.map((mark) => ({ x: ofX! * mark.x.mean, y: ofY! * mark.y.mean }))
  }

  /** Whether a mark does not keep to the budget. */
  isBeyond({ y: { mean } }: Mark): boolean {
    const { budget } = this
    return budget !== undefined && (this.axes.y.better === 'higher' ? mean < budget : mean > budget)
  }

  /** The chosen budget, or that of the verdict; undefined where there is none for the metric on the y axis. */
  get budget(): number | undefined {
    const { goal } = this.data
    const { budget } = this.choice
    if (budget === '') return this.axes.y.id === goal.y && goal.budget !== null ? goal.budget : undefined
    return budget === NO_BUDGET || !Number.isFinite(Number(budget)) ? undefined : Number(budget)
  }

  /** The position of run A: the chosen one, or the best within the budget, or the middle of the frontier. */
  get a(): number {
    const chosen = this.data.runs.findIndex(({ key }) => key === this.choice.a)
    if (chosen >= 0) return chosen
    const marks = this.marks()
    const [frontier = []] = this.frontiers(marks)
    const [place] = this.places(marks)
    const best = this.allowed(place?.marks ?? [])?.[0] ?? frontier[(frontier.length - 1) >> 1]
    return best?.runs[0] ?? 0
  }

  /** Whether a run can be had in place of run A: it is of the same world and judged on the same part of the trace. */
  isBesideA(run: number): boolean {
    const { runs } = this.data
    return placeOf(runs[run]!) === placeOf(runs[this.a]!)
  }

  /** The position of run B: the chosen one, or the baseline's in the world of A. */
  get b(): number {
    const { runs } = this.data
    const chosen = runs.findIndex(({ key }) => key === this.choice.b)
    if (chosen >= 0) return chosen
    const { world, seed } = runs[this.a]!
    const { a } = this
    const near = runs.findIndex((run) => run.isBaseline && run.world === world && run.seed === seed)
    if (near >= 0 && near !== a) return near
    // Where A is the baseline itself, the next best is what it is to be seen beside.
    const marks = this.marks()
    const others = [...(this.allowed(marks) ?? []), ...this.frontiers(marks).flat(), ...marks]
    return others.find((mark) => !mark.runs.includes(a) && runs[mark.runs[0]!]!.world === world)?.runs[0] ?? a
  }
}

/** What runs have in common that are compared with each other. */
function placeOf({ world, fromMs, toMs }: PageRun): string {
  return JSON.stringify([world, fromMs, toMs])
}

function rangeOf(values: readonly number[]): Range {
  let [least, most, sum] = [values[0]!, values[0]!, 0]
  for (const value of values) {
    least = Math.min(least, value)
    most = Math.max(most, value)
    sum += value
  }
  return { mean: sum / values.length, least, most }
}

/** What a mark is called: the label of its run, or of all its runs without their seeds. */
export function markName({ runs }: PageData, mark: Mark): string {
  const { label } = runs[mark.runs[0]!]!
  return mark.runs.length === 1 ? label : label.replace(/ seed=\d+$/, '')
}

/** The heading of a column with its unit. */
export function titleOf({ heading, unit }: PageColumn): string {
  return unit === '' ? heading : `${heading} (${unit})`
}
