/** Prints a result. */
export function print(text: string): void {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`)
}

/** Prints a result as one JSON document. */
export function printJson(document: unknown): void {
  print(JSON.stringify(document, null, 2))
}

/** Says something that is no result, such as a warning. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`)
}

/** Whether the terminal that results go to shows colours; https://no-color.org. */
export function showsColour(): boolean {
  return process.stdout.isTTY && process.stdout.hasColors()
}
