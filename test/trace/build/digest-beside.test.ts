import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { UserError } from '../../../src/core/user-error.ts'
import { MINUTE } from '../../../src/core/units.ts'
import { withGaps } from '../../../src/trace/arrivals/packed-gaps.ts'
import { TraceBuilder } from '../../../src/trace/build/builder.ts'
import { digestBeside, DigestThread } from '../../../src/trace/build/digest-beside.ts'
import type { Trace } from '../../../src/trace/trace.ts'
import { traceParts, withDigest } from '../../../src/trace/trace-parts.ts'

const MINUTES = 200

type Cell = readonly [app: number, fn: number, minute: number, count: number]

function contentOf(cells: readonly Cell[]): Omit<Trace, 'digest'> {
  const builder = new TraceBuilder({ id: 'small', format: 'test' })
  builder.functionRow('o', 'silent', 'f')
  for (const [app, fn, minute, count] of cells) {
    const row = builder.functionRow('o', `a${app}`, `f${fn}`)
    builder.addCount(row, minute, count)
    builder.addDuration(row, count, 1)
    builder.addMemory('o', `a${app}`, count, 1)
  }
  return builder.content(MINUTES * MINUTE, { files: [], defects: [] })
}

const always = { processors: 2, manyCells: 0 }

describe('a digest made in a thread of its own', () => {
  it('is the one made plainly, and all else of the compiled trace is the same too', { timeout: 60_000 }, async () => {
    const cell = fc.tuple(fc.nat(4), fc.nat(2), fc.nat(MINUTES - 1), fc.integer({ min: 1, max: 100_000 }))
    await fc.assert(
      fc.asyncProperty(fc.array(cell, { maxLength: 100 }), async (cells) => {
        const content = contentOf(cells)
        const plain = withDigest(content)
        const beside = await digestBeside(content, always)
        expect(beside.digest).toMatch(/^[0-9a-f]{64}$/)
        expect(traceParts(beside)).toEqual(traceParts(withGaps(plain)))
        expect(withGaps(beside)).toBe(beside)
      }),
      { numRuns: 20 },
    )
  })

  it('is made plainly where there are few cells or one processor', async () => {
    const content = contentOf([[0, 0, 7, 3]])
    const plain = withDigest(content)
    expect(await digestBeside(content)).toEqual(plain)
    expect(await digestBeside(content, { ...always, processors: 1 })).toEqual(plain)
  })

  it('is not waited for where the cells are none', async () => {
    const content = contentOf([[0, 0, 7, 3]])
    const none = { ...content, horizonMs: MINUTE }
    await expect(digestBeside(none, always)).rejects.toThrow('is no cells')
  })

  it('is missed with a reason where the thread fails or is ended', async () => {
    const trace = withDigest(contentOf([[0, 0, 7, 3]]))
    const failing = new DigestThread({ ...trace, horizonMs: MINUTE })
    await expect(failing.digest).rejects.toThrow(UserError)
    await expect(failing.digest).rejects.toThrow("the thread that makes the trace's digest ended before it was done: ")
    const stopped = new DigestThread(trace)
    await stopped.end()
    await expect(stopped.digest).rejects.toThrow('ended before it was done: exit code ')
  })
})
