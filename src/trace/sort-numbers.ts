/** Up to here insertion beats a call into the runtime (measured by bench/arrivals.ts). */
const FEW = 40

/** Sorts `numbers[from..to)` upwards, in place. */
export function sortNumbers(numbers: Float64Array, from: number, to: number): void {
  if (to - from > FEW) {
    numbers.subarray(from, to).sort()
    return
  }
  for (let row = from + 1; row < to; row += 1) {
    const number = numbers[row]!
    let hole = row
    while (hole > from && numbers[hole - 1]! > number) {
      numbers[hole] = numbers[hole - 1]!
      hole -= 1
    }
    numbers[hole] = number
  }
}
