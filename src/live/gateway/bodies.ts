import type { IncomingMessage } from 'node:http'
import { Fault } from '../fault.ts'
import { MOST_BODY_BYTES } from '../limits.ts'

/** Bodies of requests, each held until its call is over: together they have so many bytes at most. */
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

  /**
   * Reads a request's body whole, has it used, and lets go of it. Rejects with a Fault: `tooLarge` where it is, `tooMany`
   * where all together are, `badRequest` where the client hung up before its end.
   */
  async use<T>(request: IncomingMessage, act: (body: Buffer) => Promise<T>): Promise<T> {
    const parts: Buffer[] = []
    const mine = { bytes: 0 }
    try {
      if (Number(request.headers['content-length']) > MOST_BODY_BYTES) throw tooLarge()
      await this.read(request, parts, mine)
      return await act(parts.length === 1 ? parts[0]! : Buffer.concat(parts))
    } finally {
      this.held -= mine.bytes
    }
  }

  private read(request: IncomingMessage, parts: Buffer[], mine: { bytes: number }): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const take = (part: Buffer): void => {
      mine.bytes += part.length
      this.held += part.length
      parts.push(part)
      if (mine.bytes > MOST_BODY_BYTES) reject(tooLarge())
      else if (this.held > this.most)
        reject(new Fault('tooMany', `bodies of more than ${this.most} bytes are under way`))
    }
    const cut = (): void => reject(new Fault('badRequest', 'the body ended before its end'))
    request.on('data', take).on('end', resolve).on('error', cut).on('close', cut)
    return promise.finally(() => {
      request.off('data', take).off('end', resolve).off('close', cut)
    })
  }
}

function tooLarge(): Fault {
  return new Fault('tooLarge', `a body has at most ${MOST_BODY_BYTES} bytes`)
}
