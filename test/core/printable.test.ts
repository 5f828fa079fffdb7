import { describe, expect, it } from 'vitest'
import { printable, printableLines, printableText } from '../../src/core/printable.ts'

describe('printable texts', () => {
  it('spell out what commands a terminal, turns text round or breaks a line', () => {
    expect(printableText('a\u001B[31mb\u009B2Jc\nd')).toBe(String.raw`a\u001b[31mb\u009b2Jc\u000ad`)
    expect(printableText('safe\u202Eexe.txt')).toBe(String.raw`safe\u202eexe.txt`)
    expect(printableText('Grüße, 世界 – “ok”')).toBe('Grüße, 世界 – “ok”')
  })

  it('keep their lines where they are lines', () => {
    expect(printableLines('one\n\u0007two')).toBe('one\n\\u0007two')
  })

  it('are made of every text of a plain value, keys too', () => {
    expect(printable({ 'a\u0000': ['b\u0001', 2, null] })).toEqual({
      [String.raw`a\u0000`]: [String.raw`b\u0001`, 2, null],
    })
  })

  it('leave JSON the value that it had', () => {
    const name = 'a\u009Bb\u001B'
    expect(JSON.parse(printableLines(JSON.stringify({ name }, null, 2)))).toEqual({ name })
  })
})
