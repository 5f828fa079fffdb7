/** What is wrong with the content of a store; whoever knows the file makes a complaint of it. */
export class Damage extends Error {
  override readonly name = 'Damage'
}

/** Parses a JSON text of a store and checks it. Throws {@link Damage} for anything else. */
export function checkedJson<T>(text: unknown, schema: { safeParse(value: unknown): Parsed<T> }, what: string): T {
  let value: unknown
  try {
    value = JSON.parse(String(text))
  } catch {
    throw new Damage(`its ${what} is no JSON`)
  }
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data as T
  throw new Damage(`its ${what} is not what a store holds`)
}

interface Parsed<T> {
  readonly success: boolean
  readonly data?: T
}
