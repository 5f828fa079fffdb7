const SECONDS = { h: 3600, m: 60, s: 1, ms: 1e-3, us: 1e-6, µs: 1e-6, ns: 1e-9 } as const

/** The seconds of a duration as Go writes it, as in `1h2m30s`; 0 for any other text. */
export function goSeconds(text: string): number {
  return [...text.matchAll(/(\d+(?:\.\d+)?)(ms|[uµn]s|[hms])/g)].reduce(
    (sum, [, number, unit]) => sum + Number(number) * SECONDS[unit as keyof typeof SECONDS],
    0,
  )
}
