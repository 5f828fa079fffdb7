import { IncomingMessage } from 'node:http'

/**
 * A request whose body can be read part by part as it is parsed. A stream would give the same parts several turns of the event
 * loop later. For a short body this takes longer than everything else that the gateway does.
 */
export class Incoming extends IncomingMessage {
  private reader: ((part: Buffer | null) => void) | undefined

  /** Gives every part to `take`, and null after the last one. Call it as soon as the request is there, before its body. */
  takeParts(take: (part: Buffer | null) => void): void {
    if (this.complete || this.readableLength > 0) throw new Error('some of the body came before its reader')
    this.reader = take
  }

  /** Drops the rest of the body. */
  dropRest(): void {
    this.reader = undefined
    this.resume()
  }

  /** Called by the parser with what it read. */
  override push(part: Buffer | null, encoding?: BufferEncoding): boolean {
    const { reader } = this
    if (reader === undefined) return super.push(part, encoding)
    reader(part)
    if (part !== null) return true
    this.reader = undefined
    return super.push(null)
  }
}
