import { isIPv4 } from 'node:net'

/** The words of a Docker Engine API: what may be said to it, and what its answers mean. */

/** Letters, digits and the separators of hosts, ports, paths, tags and digests (distribution/reference, grammar). */
const IMAGE = /^\w[\w.:/@-]*$/

/** Whether a text can name an image, and leads to nothing else where it becomes part of a path of the API. */
export function isImageName(text: string): boolean {
  return IMAGE.test(text) && !text.includes('..')
}

/**
 * The gateway of a network. Docker 20.10 does not tell it while no container is on the default bridge; by default it is the
 * first address of the subnet.
 */
export function gatewayOf(
  configs: readonly { Gateway?: string | undefined; Subnet?: string | undefined }[],
): string | undefined {
  const { Gateway, Subnet } = configs.find(({ Subnet }) => isIPv4(Subnet?.split('/')[0] ?? '')) ?? {}
  if (Gateway !== undefined && Gateway !== '') return Gateway
  return Subnet?.replace(/(\d+)\/\d+$/, (_, last: string) => String(Number(last) + 1))
}

/** Bytes in use as the docker command counts them since 20.10: without the page cache that could be dropped. */
export function withoutCache({ usage, stats }: { readonly usage: number; readonly stats?: object }): number {
  const counts = stats as Partial<Record<string, number>> | undefined
  return Math.max(0, usage - (counts?.['total_inactive_file'] ?? counts?.['inactive_file'] ?? 0))
}

/** The text in a stream of the engine's frames: 1 byte which output, 3 of nothing, 4 the length (big-endian). */
export function unframed(bytes: Buffer): string {
  const parts: Buffer[] = []
  for (let at = 0; at + 8 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at + 4)
    parts.push(bytes.subarray(at + 8, at + 8 + length))
    at += 8 + length
  }
  return Buffer.concat(parts).toString('utf8')
}
