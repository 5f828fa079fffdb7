import { printableLines } from '../../core/printable.ts'

/** Prints a result; what comes from a trace or a file must have been made printable (core/printable), colours may be in it. */
export function print(text: string): void {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`)
}

/** Prints a result as one JSON document. Control characters stand in it as escapes, which mean the same in JSON. */
export function printJson(document: unknown): void {
  print(printableLines(JSON.stringify(document, null, 2)))
}

/** Says something that is no result, such as a warning. */
export function say(text: string): void {
  process.stderr.write(`${printableLines(text)}\n`)
}

/** Whether the terminal that results go to shows colours; https://no-color.org. */
export function showsColour(): boolean {
  return process.stdout.isTTY && process.stdout.hasColors()
}
