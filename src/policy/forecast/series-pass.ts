/** Most parameters: a mean, two phi and two theta. */
export const MOST = 5

/**
 * One pass over a series at a point: the sum of the squared errors, the forecast, and what the next turn needs of the errors'
 * derivatives by the parameters. The derivative by phi_2 is that by phi_1 one step later, and that by theta_2 is that by
 * theta_1: so three recurrences tell all five, and the sum of squares of the later one is the other's without its last term.
 * Most time of a fit is spent here, and each product counts: so there is a loop for each number of theta, though they share most
 * of their lines. With one loop for one and two theta a forecast takes a fifteenth longer, as measured.
 */
export class SeriesPass {
  /** Sum of the squared one-step errors, and the forecast of the next value. */
  sum = 0.5
  next = 0.5
  /** The lower half of J'J, row by row with room for all {@link MOST}, and J'e; 0 for parameters that are not in use. */
  readonly normal = new Float64Array(MOST * MOST)
  readonly gradient = new Float64Array(MOST)

  /** Begins with an order: what it leaves out is 0 and stays so. */
  begin(): void {
    this.normal.fill(0)
    this.gradient.fill(0)
  }

  measure(series: Float64Array, hasBefore: boolean, before: number, point: Float64Array, p: number, q: number): void {
    if (q === 0) this.withNone(series, hasBefore, before, point, p)
    else if (q === 1) this.withOne(series, hasBefore, before, point, p)
    else this.withTwo(series, hasBefore, before, point, p)
  }

  // oxlint-disable-next-line max-lines-per-function -- one loop: what its sums share must stay in registers
  private withNone(series: Float64Array, hasBefore: boolean, before: number, point: Float64Array, p: number): void {
    const { length } = series
    const mean = point[0]!
    const a1 = point[1]!
    const a2 = point[2]!
    // Deviations one and two steps back.
    let x1 = hasBefore ? before - mean : 0
    let x2 = 0
    // Whether deviations one and two steps back move with the mean: not before the series.
    let m1 = hasBefore ? 1 : 0
    let m2 = 0
    // The derivative by phi_1 one step back.
    let phi1 = 0
    let sum = 0
    // Sums of products, named by the two derivatives, or a derivative and the error.
    let meanMean = 0
    let meanError = 0
    let phiMean = 0
    let phiPhi = 0
    let phiError = 0
    let psiMean = 0
    let psiPhi = 0
    let psiPsi = 0
    let psiError = 0
    for (let t = 0; t < length; t += 1) {
      const x = series[t]! - mean
      const error = x - a1 * x1 - a2 * x2
      const byMean = a1 * m1 + a2 * m2 - 1
      sum += error * error
      meanMean += byMean * byMean
      meanError += byMean * error
      if (p > 0) {
        const byPhi = -x1
        phiMean += byPhi * byMean
        if (p > 1) {
          psiMean += phi1 * byMean
          psiPhi += phi1 * byPhi
          psiPsi = phiPhi
          psiError += phi1 * error
        }
        phiPhi += byPhi * byPhi
        phiError += byPhi * error
        phi1 = byPhi
      }
      x2 = x1
      x1 = x
      m2 = m1
      m1 = 1
    }
    this.sum = sum
    this.next = mean + a1 * x1 + a2 * x2
    const { normal, gradient } = this
    normal[0] = meanMean
    normal[5] = phiMean
    normal[6] = phiPhi
    normal[10] = psiMean
    normal[11] = psiPhi
    normal[12] = psiPsi
    gradient[0] = meanError
    gradient[1] = phiError
    gradient[2] = psiError
  }

  // oxlint-disable-next-line max-lines-per-function -- as above
  private withOne(series: Float64Array, hasBefore: boolean, before: number, point: Float64Array, p: number): void {
    const { length } = series
    const mean = point[0]!
    const a1 = point[1]!
    const a2 = point[2]!
    const b1 = point[3]!
    // Deviations one and two steps back, and the error one step back.
    let x1 = hasBefore ? before - mean : 0
    let x2 = 0
    let e1 = 0
    // Whether deviations one and two steps back move with the mean: not before the series.
    let m1 = hasBefore ? 1 : 0
    let m2 = 0
    // Derivatives by the mean, phi_1 and theta_1 one step back, by phi_1 two as well.
    let mean1 = 0
    let phi1 = 0
    let phi2 = 0
    let theta1 = 0
    let sum = 0
    // Sums of products, named by the two derivatives, or a derivative and the error.
    let meanMean = 0
    let meanError = 0
    let phiMean = 0
    let phiPhi = 0
    let phiError = 0
    let psiMean = 0
    let psiPhi = 0
    let psiPsi = 0
    let psiError = 0
    let thetaMean = 0
    let thetaPhi = 0
    let thetaPsi = 0
    let thetaTheta = 0
    let thetaError = 0
    for (let t = 0; t < length; t += 1) {
      const x = series[t]! - mean
      const error = x - a1 * x1 - a2 * x2 - b1 * e1
      const byMean = a1 * m1 + a2 * m2 - 1 - b1 * mean1
      sum += error * error
      meanMean += byMean * byMean
      meanError += byMean * error
      if (p > 0) {
        const byPhi = -x1 - b1 * phi1
        phiMean += byPhi * byMean
        if (p > 1) {
          psiMean += phi1 * byMean
          psiPhi += phi1 * byPhi
          psiPsi = phiPhi
          psiError += phi1 * error
        }
        phiPhi += byPhi * byPhi
        phiError += byPhi * error
        phi2 = phi1
        phi1 = byPhi
      }
      const byTheta = -e1 - b1 * theta1
      thetaMean += byTheta * byMean
      if (p > 0) thetaPhi += byTheta * phi1
      if (p > 1) thetaPsi += byTheta * phi2
      thetaTheta += byTheta * byTheta
      thetaError += byTheta * error
      theta1 = byTheta
      mean1 = byMean
      x2 = x1
      x1 = x
      m2 = m1
      m1 = 1
      e1 = error
    }
    this.sum = sum
    this.next = mean + a1 * x1 + a2 * x2 + b1 * e1
    const { normal, gradient } = this
    normal[0] = meanMean
    normal[5] = phiMean
    normal[6] = phiPhi
    normal[10] = psiMean
    normal[11] = psiPhi
    normal[12] = psiPsi
    normal[15] = thetaMean
    normal[16] = thetaPhi
    normal[17] = thetaPsi
    normal[18] = thetaTheta
    gradient[0] = meanError
    gradient[1] = phiError
    gradient[2] = psiError
    gradient[3] = thetaError
  }

  // oxlint-disable-next-line max-lines-per-function -- as above
  private withTwo(series: Float64Array, hasBefore: boolean, before: number, point: Float64Array, p: number): void {
    const { length } = series
    const mean = point[0]!
    const a1 = point[1]!
    const a2 = point[2]!
    const b1 = point[3]!
    const b2 = point[4]!
    // Deviations and errors one and two steps back.
    let x1 = hasBefore ? before - mean : 0
    let x2 = 0
    let e1 = 0
    let e2 = 0
    // Whether deviations one and two steps back move with the mean: not before the series.
    let m1 = hasBefore ? 1 : 0
    let m2 = 0
    // Derivatives by the mean, phi_1 and theta_1, one and two steps back.
    let mean1 = 0
    let mean2 = 0
    let phi1 = 0
    let phi2 = 0
    let theta1 = 0
    let theta2 = 0
    let sum = 0
    // Sums of products, named by the two derivatives, or a derivative and the error.
    let meanMean = 0
    let meanError = 0
    let phiMean = 0
    let phiPhi = 0
    let phiError = 0
    let psiMean = 0
    let psiPhi = 0
    let psiPsi = 0
    let psiError = 0
    let thetaMean = 0
    let thetaPhi = 0
    let thetaPsi = 0
    let thetaTheta = 0
    let thetaError = 0
    let etaMean = 0
    let etaPhi = 0
    let etaPsi = 0
    let etaTheta = 0
    let etaEta = 0
    let etaError = 0
    for (let t = 0; t < length; t += 1) {
      const x = series[t]! - mean
      const error = x - a1 * x1 - a2 * x2 - b1 * e1 - b2 * e2
      const byMean = a1 * m1 + a2 * m2 - 1 - b1 * mean1 - b2 * mean2
      sum += error * error
      meanMean += byMean * byMean
      meanError += byMean * error
      if (p > 0) {
        const byPhi = -x1 - b1 * phi1 - b2 * phi2
        phiMean += byPhi * byMean
        if (p > 1) {
          psiMean += phi1 * byMean
          psiPhi += phi1 * byPhi
          psiPsi = phiPhi
          psiError += phi1 * error
        }
        phiPhi += byPhi * byPhi
        phiError += byPhi * error
        phi2 = phi1
        phi1 = byPhi
      }
      const byTheta = -e1 - b1 * theta1 - b2 * theta2
      thetaMean += byTheta * byMean
      etaMean += theta1 * byMean
      etaTheta += theta1 * byTheta
      etaEta = thetaTheta
      etaError += theta1 * error
      if (p > 0) etaPhi += theta1 * phi1
      if (p > 1) etaPsi = thetaPhi
      if (p > 0) thetaPhi += byTheta * phi1
      if (p > 1) thetaPsi += byTheta * phi2
      thetaTheta += byTheta * byTheta
      thetaError += byTheta * error
      theta2 = theta1
      theta1 = byTheta
      mean2 = mean1
      mean1 = byMean
      x2 = x1
      x1 = x
      m2 = m1
      m1 = 1
      e2 = e1
      e1 = error
    }
    this.sum = sum
    this.next = mean + a1 * x1 + a2 * x2 + b1 * e1 + b2 * e2
    const { normal, gradient } = this
    normal[0] = meanMean
    normal[5] = phiMean
    normal[6] = phiPhi
    normal[10] = psiMean
    normal[11] = psiPhi
    normal[12] = psiPsi
    normal[15] = thetaMean
    normal[16] = thetaPhi
    normal[17] = thetaPsi
    normal[18] = thetaTheta
    normal[20] = etaMean
    normal[21] = etaPhi
    normal[22] = etaPsi
    normal[23] = etaTheta
    normal[24] = etaEta
    gradient[0] = meanError
    gradient[1] = phiError
    gradient[2] = psiError
    gradient[3] = thetaError
    gradient[4] = etaError
  }
}
