import { UserError } from '../../core/user-error.ts'
import type { LiveApp } from '../live-app.ts'

/** Rows of an app and a function, and the function's name. */
export interface Whom {
  readonly app: number
  readonly fn: number
  readonly name: string
}

/** Functions that an app may have which comes later. */
const SPARE_FUNCTIONS = 4

/**
 * Which app has which row, and which functions. A row is never given twice: an app that changes gets another one. Apps that
 * come later get spare rows.
 */
export class Directory {
  /** By their rows; those that are gone still say who they were. */
  readonly apps: LiveApp[]
  /** Rows of apps and of functions, spare ones among them. */
  readonly rows: number
  readonly functionRows: number
  private readonly firstFunction: number[] = []
  private readonly byName = new Map<string, number>()
  private readonly byHost = new Map<string, number>()

  constructor(apps: readonly LiveApp[], spare = 0) {
    this.apps = []
    this.rows = apps.length + spare
    const functions = apps.reduce((sum, app) => sum + app.functions.length, 0)
    this.functionRows = functions + spare * SPARE_FUNCTIONS
    let next = 0
    for (const app of apps) {
      this.firstFunction.push(next)
      next += app.functions.length
      this.enter(app)
    }
    for (let row = 0; row < spare; row += 1) this.firstFunction.push(next + row * SPARE_FUNCTIONS)
  }

  /** Apps that are there now, with their rows. */
  get present(): readonly (readonly [row: number, app: LiveApp])[] {
    return [...this.byName.values()].map((row) => [row, this.apps[row]!])
  }

  /** Which app each row of a function is of. */
  get functionApp(): Uint32Array {
    const app = new Uint32Array(this.functionRows)
    this.firstFunction.forEach((first, row) => app.fill(row, first, this.firstFunction[row + 1] ?? this.functionRows))
    return app
  }

  rowOf(name: string): number | undefined {
    return this.byName.get(name)
  }

  /** Whether so many apps more can come. */
  has(spare: number): boolean {
    return this.apps.length + spare <= this.rows
  }

  /** Takes an app in, in the place of one of its name; gives its row. */
  add(app: LiveApp): number {
    if (!this.has(1))
      throw new UserError({ where: 'apps', problem: 'too many apps were added or changed: restart the adapter' })
    return this.enter(app)
  }

  remove(name: string): void {
    const row = this.byName.get(name)
    if (row === undefined) return
    this.byName.delete(name)
    for (const host of this.apps[row]!.hosts) if (this.byHost.get(host) === row) this.byHost.delete(host)
  }

  /** Finds a function by the names in a URL; its app's first one where none is named. */
  find(name: string, fn: string): Whom | undefined {
    const app = this.byName.get(name)
    return app === undefined ? undefined : this.whom(app, fn)
  }

  /** Finds the app that has all requests to this host. */
  findHost(host: string | undefined): Whom | undefined {
    if (this.byHost.size === 0 || host === undefined) return undefined
    const app = this.byHost.get(host.toLowerCase().replace(/:\d+$/, ''))
    return app === undefined ? undefined : this.whom(app, '')
  }

  private enter(app: LiveApp): number {
    this.remove(app.name)
    const row = this.apps.push(app) - 1
    this.byName.set(app.name, row)
    for (const host of app.hosts) this.byHost.set(host.toLowerCase(), row)
    return row
  }

  private whom(app: number, fn: string): Whom | undefined {
    const { functions } = this.apps[app]!
    const index = fn === '' ? 0 : functions.indexOf(fn)
    if (index < 0) return undefined
    const last = (this.firstFunction[app + 1] ?? this.functionRows) - 1
    return { app, fn: Math.min(this.firstFunction[app]! + index, last), name: functions[index]! }
  }
}
