/** The end of a body that is one chunk after the other. */
const END_OF_CHUNKS = '\r\n0\r\n\r\n'

/** Whether a text holds a whole answer: its head, and a body whose length is told or that is one chunk after the other. */
export function isWhole(text: string): boolean {
  const end = text.indexOf('\r\n\r\n')
  if (end < 0) return false
  const length = /content-length: (\d+)/i.exec(text.slice(0, end))?.[1]
  return length === undefined ? text.endsWith(END_OF_CHUNKS) : text.length >= end + 4 + Number(length)
}
