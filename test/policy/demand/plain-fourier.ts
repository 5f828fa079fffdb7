/** The extrapolation as it is written in textbooks: a line of least squares, a whole transform, and the lowest frequencies. */
export function plainFourier(values: readonly number[], harmonics: number, step: number): number {
  const n = values.length
  const middle = (n - 1) / 2
  const slope =
    values.reduce((sum, value, at) => sum + value * (at - middle), 0) /
    values.reduce((sum, _, at) => sum + (at - middle) ** 2, 0)
  const rest = values.map((value, at) => value - slope * at)
  const time = n - 1 + step
  let sum = 0
  for (let frequency = -harmonics; frequency <= harmonics; frequency += 1) {
    const angle = (at: number): number => (-2 * Math.PI * frequency * at) / n
    const real = rest.reduce((part, value, at) => part + value * Math.cos(angle(at)), 0)
    const imaginary = rest.reduce((part, value, at) => part + value * Math.sin(angle(at)), 0)
    const phase = Math.atan2(imaginary, real)
    sum += (Math.hypot(real, imaginary) / n) * Math.cos(phase - angle(time))
  }
  return sum + slope * time
}
