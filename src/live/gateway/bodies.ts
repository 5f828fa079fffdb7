import type { IncomingMessage } from 'node:http'
import { Fault } from '../fault.ts'
import type { Incoming } from './incoming.ts'

/** How long a client may take to send a body that is held whole, in ms. */
const SENDING_MS = 60_000
const NOTHING = Buffer.alloc(0)

/** Whether a request has a body. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['content-length'] !== undefined ? headers['content-length'] !== '0' : 'transfer-encoding' in headers
}

/** Bodies of requests that are held whole, each until its call is over: together they have so many bytes at most. */
export class Bodies {
  private readonly most: number
  private held = 0

  /** `most` is in bytes. */
  constructor(most: number) {
    this.most = most
  }

  /** Bytes that are held now. */
  get bytes(): number {
    return this.held
  }

  /** Whether the adapter could take so many bytes more. */
  hasRoomFor(bytes: number): boolean {
    return this.held + bytes <= this.most
  }

  /** Holds a body that is here already. */
  hold(body: Buffer): void {
    this.held += body.length
  }

  /** Releases bytes that {@link read} gave, or that were held. */
  release(body: Buffer): void {
    this.held -= body.length
  }

  /**
   * Reads a whole body. Its memory counts until the caller releases it. Rejects with a Fault: `tooLarge` where it has more than
   * `mostBytes`, `tooMany` where all together have too many, `badRequest` where it ended before its end.
   */
  read(request: Incoming, mostBytes: number): Promise<Buffer> {
    if (!hasBody(request)) return Promise.resolve(NOTHING)
    if (Number(request.headers['content-length']) > mostBytes) return Promise.reject(tooLarge(mostBytes))
    return new Promise((resolve, reject) => {
      const parts: Buffer[] = []
      let bytes = 0
      let isOver = false
      let timer: NodeJS.Timeout | undefined
      const stop = (): void => {
        isOver = true
        clearTimeout(timer)
        request.off('close', cut)
      }
      const give = (fault: Fault): void => {
        this.held -= bytes
        stop()
        request.dropRest()
        reject(fault)
      }
      const cut = (): void => give(new Fault('badRequest', 'the body ended before its end'))
      const late = (): void => give(new Fault('badRequest', `the body was not sent within ${SENDING_MS} ms`))
      request.takeParts((part) => {
        if (part === null) {
          stop()
          return resolve(parts.length === 1 ? parts[0]! : Buffer.concat(parts))
        }
        bytes += part.length
        this.held += part.length
        parts.push(part)
        if (bytes > mostBytes) give(tooLarge(mostBytes))
        else if (this.held > this.most) give(new Fault('tooMany', `bodies of ${this.most} bytes are under way`))
      })
      // Any error shows as the end of the request.
      request.on('close', cut)
      request.on('error', () => undefined)
      // Most bodies have arrived whole by then, with their heads.
      process.nextTick(() => {
        const isThere = bytes > 0 && bytes === Number(request.headers['content-length'])
        if (!isOver && !isThere) timer = setTimeout(late, SENDING_MS)
      })
    })
  }
}

export function tooLarge(mostBytes: number): Fault {
  return new Fault('tooLarge', `a body has at most ${mostBytes} bytes`)
}
