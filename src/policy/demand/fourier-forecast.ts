/**
 * Fourier extrapolation of the latest values: the line of least squares is taken off, what is left is put together again from
 * its lowest frequencies, continued, and the line added. All of that is linear, so a forecast is one sum of the values, with
 * weights that depend on nothing but their number; no transform is computed.
 */
export class FourierForecast {
  private readonly weights: readonly Float64Array[]

  /** For so many values (2 or more), from the mean and so many harmonics, up to so many steps ahead. */
  constructor(values: number, harmonics: number, steps: number) {
    this.weights = Array.from({ length: steps }, (_, step) => weightsOf(values, harmonics, values + step))
  }

  /** The value so many steps (1 or more) after the last of the values from that place on, which are oldest first. */
  ahead(values: Float64Array, step = 1, from = 0): number {
    const weights = this.weights[step - 1]!
    let sum = 0
    for (let at = 0; at < weights.length; at += 1) sum += weights[at]! * values[from + at]!
    return sum
  }

  /**
   * The values of all steps after these, one for each row of `out`. Four at once, because a sum waits for its last term; each
   * is the same sum as that of {@link ahead}. Hot: most of what `mpc` costs.
   */
  allAhead(values: Float64Array, out: Float64Array): void {
    let step = 0
    for (; step + 4 <= out.length; step += 4) this.fourAhead(values, step, out)
    for (; step < out.length; step += 1) out[step] = this.ahead(values, step + 1)
  }

  private fourAhead(values: Float64Array, step: number, out: Float64Array): void {
    const first = this.weights[step]!
    const second = this.weights[step + 1]!
    const third = this.weights[step + 2]!
    const fourth = this.weights[step + 3]!
    let [one, two, three, four] = [0, 0, 0, 0]
    for (let at = 0; at < first.length; at += 1) {
      const value = values[at]!
      one += first[at]! * value
      two += second[at]! * value
      three += third[at]! * value
      four += fourth[at]! * value
    }
    out[step] = one
    out[step + 1] = two
    out[step + 2] = three
    out[step + 3] = four
  }
}

function weightsOf(values: number, harmonics: number, time: number): Float64Array {
  const middle = (values - 1) / 2
  const spread = (values * (values * values - 1)) / 12
  // Above half the number of values there are no further frequencies.
  const most = Math.min(harmonics, Math.floor((values - 1) / 2))
  const kernel = Float64Array.from({ length: values }, (_, at) => {
    let sum = 1
    for (let harmonic = 1; harmonic <= most; harmonic += 1)
      sum += 2 * Math.cos((2 * Math.PI * harmonic * (time - at)) / values)
    return sum / values
  })
  // What the line itself, put through the frequencies, falls short of at that time, for a slope of 1.
  const shortfall = time - kernel.reduce((sum, weight, at) => sum + weight * at, 0)
  return kernel.map((weight, at) => weight + (shortfall * (at - middle)) / spread)
}
