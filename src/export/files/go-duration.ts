/** The seconds of a duration as Go writes it, as in `1h2m30s`; 0 for what is none. */
export function goSeconds(text: string): number {
  const units = { h: 3600, m: 60, s: 1 } as const
  return [...text.matchAll(/(\d+(?:\.\d+)?)([hms])/g)].reduce(
    (sum, [, number, unit]) => sum + Number(number) * units[unit as keyof typeof units],
    0,
  )
}
