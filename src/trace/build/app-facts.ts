import type { TraceBuilder } from './builder.ts'
import type { DefectRule } from './defect-log.ts'

/** What every reader of single invocations counts about what rows say of their apps. */
export const FACT_DEFECTS = [
  {
    id: 'memory-varies',
    found: 'apps whose rows give more than one memory size',
    rule: 'The app has the mean over its rows that give one.',
  },
  {
    id: 'memory-missing',
    found: 'apps without memory in a trace where some have it',
    rule: "They have the median app's.",
  },
  {
    id: 'cold-start-varies',
    found: 'apps whose rows give more than one loading time',
    rule: 'The app has the mean over its rows that give one.',
  },
  {
    id: 'cold-start-zero',
    found: 'rows with a loading time of 0',
    rule: 'It is not used: a warm start measures no loading time.',
  },
  {
    id: 'cold-start-missing',
    found: 'apps without loading time in a trace where some have it',
    rule: "They have the median app's.",
  },
  {
    id: 'trigger-changed',
    found: 'functions with more than one trigger',
    rule: 'The one of the latest start is kept, a real one before `others` and `unknown`.',
  },
] as const satisfies readonly DefectRule[]

/** Notes what is odd about facts. */
interface FactDefects {
  note(id: (typeof FACT_DEFECTS)[number]['id'], example: () => string): void
}

/** Gathers what rows say of apps, and tells in the end where they differ or are silent. */
export class AppFacts {
  private readonly builder: TraceBuilder
  private readonly defects: FactDefects
  /** The value of each app row; NaN where rows differ. */
  private readonly memoryMb = new Map<number, number>()
  private readonly loadingMs = new Map<number, number>()

  constructor(builder: TraceBuilder, defects: FactDefects) {
    this.builder = builder
    this.defects = defects
  }

  /** A row gives the memory of its function's app. */
  memory(fn: number, mb: number): void {
    const { rows } = this.builder
    const app = rows.appOf.at(fn)
    this.builder.addMemory(...rows.ownerAndApp(app), mb, 1)
    note(this.memoryMb, app, mb)
  }

  /** A row gives a loading time of its function's app; 0 is that of a warm start. */
  coldStart(fn: number, ms: number, place: () => string): void {
    if (ms === 0) return this.defects.note('cold-start-zero', place)
    this.builder.addColdStart(fn, ms)
    note(this.loadingMs, this.builder.rows.appOf.at(fn), ms)
  }

  /** Notes what can be told only after the last row. */
  finish(): void {
    const { defects, memoryMb, loadingMs } = this
    const { rows, triggers } = this.builder
    for (const app of rows.appsInOrder()) {
      const name = (): string => rows.appNameOf(app)
      const mb = memoryMb.get(app)
      if (mb === undefined && memoryMb.size > 0) defects.note('memory-missing', name)
      if (Number.isNaN(mb)) defects.note('memory-varies', name)
      const ms = loadingMs.get(app)
      if (ms === undefined && loadingMs.size > 0) defects.note('cold-start-missing', name)
      if (Number.isNaN(ms)) defects.note('cold-start-varies', name)
    }
    for (let row = 0; row < rows.count; row += 1) {
      if (triggers.changed(row)) defects.note('trigger-changed', () => rows.fullNameOf(row))
    }
  }
}

function note(values: Map<number, number>, app: number, value: number): void {
  values.set(app, (values.get(app) ?? value) === value ? value : Number.NaN)
}
