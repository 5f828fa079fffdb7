/** Longer lines are cut, so that they cannot fill the memory. */
const LONGEST_LINE = 64 * 1024

/** The lines of a stream of bytes, without their ends; the last one may have none. */
export async function* linesOf(stream: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const bytes of stream) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n')
    rest = lines.pop()!.slice(0, LONGEST_LINE)
    yield* lines
  }
  if (rest !== '') yield rest
}
