/** What a fit by the plain way gives: the point (mean, phi_1, phi_2, theta_1, theta_2), its squares and its forecast. */
export interface PlainFit {
  readonly point: readonly number[]
  readonly sumOfSquares: number
  readonly next: number
}

/** A series, and the value before it where that is known. */
export interface PlainSeries {
  readonly values: readonly number[]
  readonly before: number | undefined
}

/**
 * The fit of ARMA(p, q) as src/policy/forecast/arma.ts defines it, in plain steps: every derivative by a recurrence of its
 * own, every sum by itself, in the order of time. It shares no code with it, and gives the same numbers to the last bit.
 */
export function plainFit(series: PlainSeries, p: number, q: number, start?: PlainFit): PlainFit {
  const places = [0, ...[1, 2].slice(0, p), ...[3, 4].slice(0, q)]
  const { values } = series
  let point = start?.point ?? [values.reduce((sum, value) => sum + value, 0) / values.length, 0, 0, 0, 0]
  let here = passOf(series, point)
  let damping = 1e-3
  for (let turn = 0; turn < 30; turn += 1) {
    const moves = solved(here, places, damping)
    if (!moves.some((move) => Math.abs(move) >= 1e-5)) break
    const tried = point.map((value, place) => value - (places.includes(place) ? moves[places.indexOf(place)]! : 0))
    const there = passOf(series, tried)
    if (!isInside(tried) || !(here.sum - there.sum > 0)) {
      damping *= 10
      continue
    }
    const gain = here.sum - there.sum
    here = there
    point = tried
    damping = Math.max(damping / 10, 1e-12)
    if (gain <= 1e-7 * here.sum) break
  }
  return { point, sumOfSquares: here.sum, next: here.next }
}

interface Pass {
  readonly sum: number
  readonly next: number
  readonly errors: readonly number[]
  /** By parameter and time. */
  readonly slopes: readonly (readonly number[])[]
}

function passOf({ values, before }: PlainSeries, point: readonly number[]): Pass {
  const [mean, a1, a2, b1, b2] = point as [number, number, number, number, number]
  // Deviations from the mean; what is not known is 0, and does not move with the mean.
  const deviations = values.map((value) => value - mean)
  const x = (t: number): number => (t >= 0 ? deviations[t]! : t === -1 && before !== undefined ? before - mean : 0)
  const moves = (t: number): number => (t >= 0 || (t === -1 && before !== undefined) ? 1 : 0)
  const errors: number[] = []
  const e = (t: number): number => errors[t] ?? 0
  const slopes: number[][] = [[], [], [], [], []]
  for (let t = 0; t < values.length; t += 1) {
    errors.push(x(t) - a1 * x(t - 1) - a2 * x(t - 2) - b1 * e(t - 1) - b2 * e(t - 2))
    const driven = [a1 * moves(t - 1) + a2 * moves(t - 2) - 1, -x(t - 1), -x(t - 2), -e(t - 1), -e(t - 2)]
    for (const [place, slope] of slopes.entries())
      slope.push(driven[place]! - b1 * (slope[t - 1] ?? 0) - b2 * (slope[t - 2] ?? 0))
  }
  const end = values.length
  const next = mean + a1 * x(end - 1) + a2 * x(end - 2) + b1 * e(end - 1) + b2 * e(end - 2)
  return { sum: product(errors, errors), next, errors, slopes }
}

function product(one: readonly number[], other: readonly number[]): number {
  return one.reduce((sum, value, t) => sum + value * other[t]!, 0)
}

/** The solution of (J'J + damping x its diagonal) step = J'e by elimination without exchanges. */
function solved({ errors, slopes }: Pass, places: readonly number[], damping: number): number[] {
  const rows = places.map((own) => [
    ...places.map((other) => {
      const entry = product(slopes[own]!, slopes[other]!)
      return own === other ? entry * (1 + damping) + 1e-15 : entry
    }),
    product(slopes[own]!, errors),
  ])
  for (const [pivot, top] of rows.entries()) {
    for (const row of rows.slice(pivot + 1)) {
      const factor = row[pivot]! / top[pivot]!
      for (let column = pivot + 1; column <= rows.length; column += 1) row[column]! -= factor * top[column]!
    }
  }
  const found: number[] = []
  for (let at = rows.length - 1; at >= 0; at -= 1) {
    let rest = rows[at]!.at(-1)!
    for (let column = at + 1; column < rows.length; column += 1) rest -= rows[at]![column]! * found[column]!
    found[at] = rest / rows[at]![at]!
  }
  return found
}

/** The triangles in which the autoregression is stationary and the moving average invertible, borders included. */
function isInside([, a1, a2, b1, b2]: readonly number[]): boolean {
  return [
    [a1!, a2!],
    [-b1!, -b2!],
  ].every(([a, b]) => Math.abs(b!) <= 1 + 1e-9 && b! + a! <= 1 + 1e-9 && b! - a! <= 1 + 1e-9)
}
