/** The syntax of a Docker Engine API: what may be sent to it, and what its answers mean. */

/** Letters, digits and the separators of hosts, ports, paths, tags and digests (distribution/reference, grammar). */
const IMAGE = /^\w[\w.:/@-]*$/

/** Whether a text can name an image, and leads to nothing else where it becomes part of a path of the API. */
export function isImageName(text: string): boolean {
  return IMAGE.test(text) && !text.includes('..')
}

/** Bytes in use as the docker command counts them since 20.10: without the page cache that could be dropped. */
export function withoutCache({ usage, stats }: { readonly usage: number; readonly stats?: object }): number {
  const counts = stats as Partial<Record<string, number>> | undefined
  return Math.max(0, usage - (counts?.['total_inactive_file'] ?? counts?.['inactive_file'] ?? 0))
}

/** A larger frame is an error. */
const LARGEST_FRAME = 16 * 1024 * 1024

/** The texts in a stream of the engine's frames: 1 byte which output, 3 of nothing, 4 the length (big-endian). */
export async function* unframed(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest = Buffer.alloc(0)
  for await (const bytes of stream) {
    rest = rest.length === 0 ? Buffer.from(bytes) : Buffer.concat([rest, bytes])
    while (rest.length >= 8) {
      const length = rest.readUInt32BE(4)
      if (length > LARGEST_FRAME) throw new RangeError(`a frame of ${length} bytes`)
      if (rest.length < 8 + length) break
      yield rest.subarray(8, 8 + length)
      rest = rest.subarray(8 + length)
    }
  }
}
