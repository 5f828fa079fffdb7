import { printableLines } from '../../core/printable.ts'

/** Prints a result. Whatever names and labels hold, nothing but text and colours reaches a terminal. */
export function print(text: string): void {
  const shown = printableLines(text)
  process.stdout.write(shown.endsWith('\n') ? shown : `${shown}\n`)
}

/** Prints a result as one JSON document. */
export function printJson(document: unknown): void {
  print(JSON.stringify(document, null, 2))
}

/** Says something that is no result, such as a warning. */
export function say(text: string): void {
  process.stderr.write(`${printableLines(text)}\n`)
}

/** Whether the terminal that results go to shows colours; https://no-color.org. */
function showsColour(): boolean {
  return process.stdout.isTTY && process.stdout.hasColors()
}

/** How a table is printed: with colours and within the width of the terminal that results go to. */
export function terminalOptions(): { readonly colour: boolean; readonly width?: number } {
  const { isTTY, columns } = process.stdout
  return isTTY && columns > 0 ? { colour: showsColour(), width: columns } : { colour: showsColour() }
}
