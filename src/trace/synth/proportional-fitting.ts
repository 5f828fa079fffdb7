/** One set of known totals: every cell belongs to one group, and the cells of a group should add up to its total. */
export interface Margin {
  /** The group of each cell. */
  readonly group: readonly number[]
  /** The wanted total of each group. */
  readonly total: readonly number[]
}

/**
 * Scales positive weights until they add up to all margins: iterative proportional fitting (Deming and Stephan, "On a
 * least squares adjustment of a sampled frequency table", 1940). The result is the table nearest to the weights, in
 * relative entropy, that has the margins. Cells of weight 0 stay 0. Throws when 2,000 rounds do not reach 1e-9: the
 * margins then contradict each other, which is a mistake of the caller.
 */
export function fitMargins(weights: readonly number[], margins: readonly Margin[]): number[] {
  const cells = [...weights]
  for (let round = 0; round < 2000; round += 1) {
    let worst = 0
    for (const margin of margins) worst = Math.max(worst, fitOne(cells, margin))
    if (worst < 1e-9) return cells
  }
  throw new Error('the margins of a table contradict each other')
}

/** Scales the cells to one margin and gives how far the worst group was from its total. */
function fitOne(cells: number[], { group, total }: Margin): number {
  const sums = total.map(() => 0)
  for (const [cell, weight] of cells.entries()) sums[group[cell]!]! += weight
  const factors = total.map((wanted, index) => (sums[index] === 0 ? 1 : wanted / sums[index]!))
  for (const cell of cells.keys()) cells[cell]! *= factors[group[cell]!]!
  return Math.max(...total.map((wanted, index) => Math.abs(wanted - sums[index]!)))
}
