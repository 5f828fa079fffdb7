import type { Defect } from './join-report.ts'

/** A kind of defect that a format knows, and the rule it follows. */
export type DefectRule = Omit<Defect, 'count' | 'examples'>

const EXAMPLES = 3

/** Counts the defects of a source. Every rule of its format has a line in the end, a count of 0 included. */
export class DefectLog<Id extends string = string> {
  private readonly rules: readonly (DefectRule & { readonly id: Id })[]
  private readonly counts = new Map<Id, number>()
  private readonly examples = new Map<Id, string[]>()

  constructor(rules: readonly (DefectRule & { readonly id: Id })[]) {
    this.rules = rules
  }

  /** A defect was found, `times` over; `example` says where or whose, and is asked for only while examples are short. */
  note(id: Id, example: () => string, times = 1): void {
    this.counts.set(id, (this.counts.get(id) ?? 0) + times)
    const shown = this.examples.get(id) ?? []
    if (shown.length < EXAMPLES) this.examples.set(id, [...shown, example()])
  }

  /** One line for each rule, in the rules' order. */
  lines(): Defect[] {
    return this.rules.map((rule) => ({ ...rule, ...this.counted(rule.id) }))
  }

  private counted(id: Id): Pick<Defect, 'count' | 'examples'> {
    return {
      count: this.counts.get(id) ?? 0,
      examples: this.examples.get(id) ?? [],
    }
  }
}
