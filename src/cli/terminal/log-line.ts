/** Writes one line of a structured log to stderr: a JSON object with the time. */
export function logLine(line: Readonly<Record<string, unknown>>): void {
  process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), ...line })}\n`)
}
