import { Fault } from '../fault.ts'
import { MOST_HEADER_BYTES } from '../live-limits.ts'
import { isToken } from './headers.ts'

/** The head of an answer. */
export interface Head {
  readonly status: number
  readonly reason: string
  readonly headers: readonly string[]
  /** Bytes of its body, where it says so. */
  readonly length: number | undefined
}

/** Receives an answer, part by part. */
export interface AnswerListener {
  /** Its head is there. `isWhole`: it has no body. */
  onHead(head: Head): void
  onData(bytes: Buffer): void
  /** All of it is there; whether the connection may carry another one. `idleS`: how long the server says that it keeps it. */
  onEnd(mayGoOn: boolean, idleS: number | undefined): void
  /** The protocol changed, as requested. What came after the head is not HTTP. */
  onUpgrade(head: Head, rest: Buffer): void
}

const STATUS_LINE = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: ([^\0\n]*))?$/
const NOTHING = Buffer.alloc(0)
const END_OF_HEAD = Buffer.from('\r\n\r\n')
const END_OF_LINE = Buffer.from('\r\n')
/** Characters that no header line may hold. */
const FORBIDDEN = /[\0\r\n]/
const DIGITS = /^\d{1,15}$/
/** Bytes of the line before a chunk, and of the lines after the last one, at most. */
const MOST_CHUNK_LINE = 4096

type State = 'head' | 'counted' | 'chunkSize' | 'chunk' | 'chunkEnd' | 'trailer' | 'untilEnd' | 'over'

/**
 * Reads one answer of HTTP/1.1 after the other (RFC 9112), strictly: bytes that could be read in two ways are refused. Throws a
 * Fault of the kind `garbage` for anything that is not an answer.
 */
export class ResponseParser {
  private readonly listener: AnswerListener
  private state: State = 'over'
  private rest: Buffer = NOTHING
  private left = 0
  private hasNoBody = false
  private wantsUpgrade = false
  private mayGoOn = true
  private idleS: number | undefined

  constructor(listener: AnswerListener) {
    this.listener = listener
  }

  /** Expects the answer to a request of this method. */
  expect(method: string, wantsUpgrade: boolean): void {
    this.state = 'head'
    this.rest = NOTHING
    this.hasNoBody = method === 'HEAD'
    this.wantsUpgrade = wantsUpgrade
  }

  /** Takes what came; whatever of it is needed later is copied. */
  take(bytes: Buffer): void {
    let data = this.rest.length === 0 ? bytes : Buffer.concat([this.rest, bytes])
    this.rest = NOTHING
    while (data.length > 0) {
      const used = this.step(data)
      if (used < 0) {
        this.rest = data === bytes || data.buffer === bytes.buffer ? Buffer.from(data) : data
        return
      }
      if (used === data.length) return
      data = data.subarray(used)
    }
  }

  /** The connection ended; gives whether the answer is whole by that. */
  end(): boolean {
    if (this.state !== 'untilEnd') return false
    this.finish(false)
    return true
  }

  /** Bytes that were used; negative where more are needed. */
  private step(data: Buffer): number {
    switch (this.state) {
      case 'head':
        return this.head(data)
      case 'counted':
      case 'chunk': {
        const used = Math.min(this.left, data.length)
        this.left -= used
        this.listener.onData(used === data.length ? data : data.subarray(0, used))
        if (this.left > 0) return used
        if (this.state === 'chunk') this.state = 'chunkEnd'
        else this.finish(this.mayGoOn)
        return used
      }
      case 'chunkSize':
        return this.chunkSize(data)
      case 'chunkEnd': {
        const line = lineIn(data)
        if (line === undefined) return -1
        if (line !== '') throw garbage('a chunk is longer than it says')
        this.state = 'chunkSize'
        return 2
      }
      case 'trailer': {
        const line = lineIn(data)
        if (line === undefined) return -1
        // Few servers send them, and they could hold what a head must not.
        if (line === '') this.finish(this.mayGoOn)
        return line.length + 2
      }
      case 'untilEnd':
        this.listener.onData(data)
        return data.length
      case 'over':
        throw garbage('more came than the answer')
    }
  }

  private head(data: Buffer): number {
    const end = data.indexOf(END_OF_HEAD)
    if (end < 0 || end > MOST_HEADER_BYTES) {
      if (data.length > MOST_HEADER_BYTES) throw garbage(`its head has more than ${MOST_HEADER_BYTES} bytes`)
      // Bytes that do not begin like an answer are refused at once.
      const begins = data.toString('latin1', 0, Math.min(7, data.length))
      if (!'HTTP/1.'.startsWith(begins)) throw garbage(`it begins with ${JSON.stringify(begins)}`)
      return -1
    }
    const text = data.toString('latin1', 0, end)
    const first = lineAt(text, 0)
    const matched = STATUS_LINE.exec(first)
    if (matched === null) throw garbage(`it begins with ${JSON.stringify(first.slice(0, 40))}`)
    const status = Number(matched[2])
    const { headers, ...framing } = headersOf(text, first.length + 2)
    const head = { status, reason: matched[3] ?? '', headers, length: framing.length }
    if (status === 101) {
      if (!this.wantsUpgrade) throw garbage('it changes to a protocol that nobody asked for')
      this.state = 'over'
      this.listener.onUpgrade(head, data.subarray(end + 4))
      return data.length
    }
    // What is to come is still to come.
    if (status < 200) return end + 4
    this.frame(status, matched[1] === '1', framing)
    this.listener.onHead(head)
    if (this.state === 'over') this.listener.onEnd(this.mayGoOn, this.idleS)
    return end + 4
  }

  /** Where the body ends (RFC 9112, section 6.3). */
  private frame(status: number, isNew: boolean, { length, coding, connection, idleS }: Framing): void {
    this.mayGoOn = isNew ? !connection.includes('close') : connection.includes('keep-alive')
    this.idleS = idleS
    if (coding !== undefined && (coding !== 'chunked' || !isNew)) throw garbage(`its transfer coding is ${coding}`)
    if (coding !== undefined && length !== undefined) throw garbage('it is chunked and has a length')
    this.left = length ?? 0
    if (this.hasNoBody || status === 204 || status === 304) this.state = 'over'
    else if (coding !== undefined) this.state = 'chunkSize'
    else if (length === undefined) this.state = 'untilEnd'
    else this.state = length === 0 ? 'over' : 'counted'
  }

  private chunkSize(data: Buffer): number {
    const line = lineIn(data)
    if (line === undefined) return -1
    const size = /^([0-9a-fA-F]{1,12})[\t ]*(?:;.*)?$/.exec(line)
    if (size === null) throw garbage(`a chunk begins with ${JSON.stringify(line.slice(0, 40))}`)
    this.left = Number.parseInt(size[1]!, 16)
    this.state = this.left === 0 ? 'trailer' : 'chunk'
    return line.length + 2
  }

  private finish(mayGoOn: boolean): void {
    this.state = 'over'
    this.listener.onEnd(mayGoOn, this.idleS)
  }
}

interface Framing {
  readonly length: number | undefined
  readonly coding: string | undefined
  readonly connection: string
  readonly idleS: number | undefined
}

/** The line of a head that begins there. */
function lineAt(head: string, from: number): string {
  const end = head.indexOf('\r\n', from)
  return end < 0 ? head.slice(from) : head.slice(from, end)
}

/** The lines of a head from there on. */
function headersOf(head: string, from: number): Framing & { readonly headers: string[] } {
  const headers: string[] = []
  let length: number | undefined
  let coding: string | undefined
  let connection = ''
  let idleS: number | undefined
  for (let at = from; at < head.length; ) {
    const line = lineAt(head, at)
    at += line.length + 2
    const colon = line.indexOf(':')
    const name = line.slice(0, Math.max(0, colon))
    const value = trimmed(line, colon + 1)
    if (!isToken(name) || FORBIDDEN.test(value)) throw garbage(`a header is ${JSON.stringify(line.slice(0, 40))}`)
    headers.push(name, value)
    switch (name.length < 18 ? name.toLowerCase() : '') {
      case 'content-length': {
        const told = DIGITS.test(value) ? Number(value) : Number.NaN
        if (Number.isNaN(told) || (length !== undefined && length !== told)) throw garbage(`its length is ${value}`)
        length = told
        break
      }
      case 'transfer-encoding':
        coding = coding === undefined ? value.toLowerCase() : `${coding}, ${value}`
        break
      case 'connection':
        connection += `,${value.toLowerCase()}`
        break
      case 'keep-alive':
        idleS = Number(/timeout=(\d+)/i.exec(value)?.[1] ?? Number.NaN)
        if (Number.isNaN(idleS)) idleS = undefined
        break
    }
  }
  return { headers, length, coding, connection, idleS }
}

/** A line's text from there on, without the space around it. A byte of 160 is no space here, but a part of a letter. */
function trimmed(line: string, from: number): string {
  let first = from
  let end = line.length
  while (first < end && isSpace(line.charCodeAt(first))) first += 1
  while (end > first && isSpace(line.charCodeAt(end - 1))) end -= 1
  return line.slice(first, end)
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09
}

/** The next line without its end; undefined where it is not whole yet. */
function lineIn(data: Buffer): string | undefined {
  const end = data.indexOf(END_OF_LINE)
  if (end >= 0 && end <= MOST_CHUNK_LINE) return data.toString('latin1', 0, end)
  if (data.length > MOST_CHUNK_LINE) throw garbage('a line of it does not end')
  return undefined
}

function garbage(why: string): Fault {
  return new Fault('garbage', `the answer is not HTTP: ${why}`)
}
