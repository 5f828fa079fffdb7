import { printableText } from '../../core/printable.ts'

/** A plain value, such as a comparison, with every text in it printable. */
export function printable<T>(value: T): T {
  return mapped(value) as T
}

function mapped(value: unknown): unknown {
  if (typeof value === 'string') return printableText(value)
  if (Array.isArray(value)) return value.map((part) => mapped(part))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [printableText(key), mapped(part)]))
}
