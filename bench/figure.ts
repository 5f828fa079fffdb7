/** One measured figure. */
export interface Figure {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** The least value that the project promises; or the most, for what should be small. */
  readonly atLeast?: number
  readonly atMost?: number
  /** The same work done the plain way, in the same run. */
  readonly plain?: { readonly name: string; readonly value: number }
}

/** Prints a figure on a line: value, ratio against the plain way, target; a missed target sets the exit code to 1. */
export function show({ name, value, unit, atLeast, atMost, plain }: Figure): void {
  const ratio =
    plain === undefined ? '' : `${(value / plain.value).toFixed(1)} x ${plain.name} (${digits(plain.value)})`
  const target = atLeast === undefined ? (atMost === undefined ? '' : `<= ${atMost}`) : `>= ${atLeast}`
  const isMissed = value < (atLeast ?? value) || value > (atMost ?? value)
  if (isMissed) process.exitCode = 1
  const words = [name.padEnd(58), `${digits(value).padStart(8)} ${unit}`.padEnd(30), ratio.padEnd(44), target]
  console.log(`${words.join(' ').trimEnd()}${isMissed ? '  MISSED' : ''}`)
}

function digits(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3)
}

/** Millions a second of `count` things that `work` does, the best of `times` goes: the first ones warm up. */
export function millionsPerSecond(count: number, work: () => unknown, times = 4): number {
  let best = 0
  for (let turn = 0; turn < times; turn += 1) {
    const begin = performance.now()
    work()
    best = Math.max(best, count / (performance.now() - begin) / 1000)
  }
  return best
}
