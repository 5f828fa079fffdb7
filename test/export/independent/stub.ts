import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'

/** A request as it reached the wire. */
export interface Received {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: unknown
}

/** Gives a server on loopback that notes requests of JSON and answers each with `answer`, and closes it at the end. */
export async function withStub<T>(
  answer: unknown,
  use: (port: number, received: readonly Received[]) => Promise<T>,
): Promise<T> {
  const received: Received[] = []
  const server = createServer((request, response) => {
    let text = ''
    request.setEncoding('utf8').on('data', (part: string) => (text += part))
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      received.push({ method, url, headers, body: text === '' ? undefined : (JSON.parse(text) as unknown) })
      response.setHeader('content-type', 'application/json').end(JSON.stringify(answer))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    return await use((server.address() as AddressInfo).port, received)
  } finally {
    server.closeAllConnections()
    server.close()
  }
}
