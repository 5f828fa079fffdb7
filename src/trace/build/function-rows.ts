import { GrowingColumn } from '../../core/column.ts'

/** Gives apps and functions row numbers at their first mention, and tells their canonical order in the end. */
export class FunctionRows {
  /** The app row of each function row. */
  readonly appOf = new GrowingColumn('uint32')
  private readonly functionName: string[] = []
  private readonly appName: string[] = []
  private readonly appOwner: string[] = []
  private readonly apps = new Map<string, Map<string, number>>()
  private readonly functions: Map<string, number>[] = []

  get count(): number {
    return this.functionName.length
  }

  get appCount(): number {
    return this.appName.length
  }

  /** The row of an app, made at its first mention. */
  app(owner: string, app: string): number {
    const ofOwner = this.apps.get(owner) ?? new Map<string, number>()
    if (ofOwner.size === 0) this.apps.set(owner, ofOwner)
    let row = ofOwner.get(app)
    if (row === undefined) {
      row = this.appCount
      ofOwner.set(app, row)
      this.appName.push(app)
      this.appOwner.push(owner)
      this.functions.push(new Map())
    }
    return row
  }

  /** The row of a function, made at its first mention. */
  fn(owner: string, app: string, fn: string): number {
    const appRow = this.app(owner, app)
    const ofApp = this.functions[appRow]!
    let row = ofApp.get(fn)
    if (row === undefined) {
      row = this.count
      ofApp.set(fn, row)
      this.functionName.push(fn)
      this.appOf.push(appRow)
    }
    return row
  }

  /** The row of an app that has functions; undefined when there is none. */
  findApp(owner: string, app: string): number | undefined {
    const row = this.apps.get(owner)?.get(app)
    return row === undefined || this.functions[row]!.size === 0 ? undefined : row
  }

  /** The row of a function; undefined when it was never mentioned. */
  findFunction(owner: string, app: string, fn: string): number | undefined {
    const appRow = this.apps.get(owner)?.get(app)
    return appRow === undefined ? undefined : this.functions[appRow]!.get(fn)
  }

  /** `owner/app`, or `app` where there is no owner. */
  appNameOf(appRow: number): string {
    const owner = this.appOwner[appRow]!
    return owner === '' ? this.appName[appRow]! : `${owner}/${this.appName[appRow]!}`
  }

  /** The first code unit of the name of a function's app, and 127 for all beyond ASCII: in canonical order it never falls. */
  initialOf(row: number): number {
    const appRow = this.appOf.at(row)
    const owner = this.appOwner[appRow]!
    const first = owner === '' ? this.appName[appRow]! : owner
    return first === '' ? 0 : Math.min(first.charCodeAt(0), 127)
  }

  functionNameOf(row: number): string {
    return this.functionName[row]!
  }

  /** `app:function`, for people. */
  fullNameOf(row: number): string {
    return `${this.appNameOf(this.appOf.at(row))}:${this.functionNameOf(row)}`
  }

  /** The owner of an app, and its own name. */
  ownerAndApp(appRow: number): readonly [string, string] {
    return [this.appOwner[appRow]!, this.appName[appRow]!]
  }

  /** The rows of the apps that have functions, by name. Names are compared by UTF-16 code unit, the same everywhere. */
  appsInOrder(): Uint32Array {
    const names = this.appName.map((_, appRow) => this.appNameOf(appRow))
    const rows = [...names.keys()].filter((appRow) => this.functions[appRow]!.size > 0)
    // `a/b` without an owner and `b` of owner `a` share a name and are still two apps.
    rows.sort((a, b) => compare(names[a]!, names[b]!) || compare(this.appOwner[a]!, this.appOwner[b]!))
    return Uint32Array.from(rows)
  }

  /** The rows of an app's functions, by name. */
  functionsInOrder(appRow: number): readonly number[] {
    const byName = [...this.functions[appRow]!].sort(([a], [b]) => compare(a, b))
    return byName.map(([, row]) => row)
  }
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
