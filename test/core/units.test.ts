import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatDuration, formatMemory, parseDuration, parseMemory } from '../../src/core/units.ts'

describe('durations', () => {
  it('are read with their unit', () => {
    expect(['250ms', '90s', '10m', '4h', '2d', '1.5h'].map(parseDuration)).toEqual([
      250, 90e3, 600e3, 144e5, 1728e5, 54e5,
    ])
  })

  it('are nothing without a unit, with a sign, or with another unit', () => {
    for (const text of ['10', '-1m', 'm', '', '1 fortnight', '1e3s', '0x10s'])
      expect(parseDuration(text)).toBeUndefined()
  })

  it('are written in the largest unit that divides them', () => {
    expect([0, 1.5, 90e3, 600e3, 36e5, 1728e5].map(formatDuration)).toEqual(['0ms', '1.5ms', '90s', '10m', '1h', '2d'])
    expect(formatDuration(Number.POSITIVE_INFINITY)).toBe('forever')
  })

  it('survive being written and read', () => {
    fc.assert(fc.property(fc.nat(), (ms) => parseDuration(formatDuration(ms)) === ms))
  })
})

describe('memory sizes', () => {
  it('are read and written in MB of 2^20 bytes', () => {
    expect(['512MB', '4GB', '1TB', '0.5GB'].map(parseMemory)).toEqual([512, 4096, 1_048_576, 512])
    expect([512, 4096, 1_048_576, 1536].map(formatMemory)).toEqual(['512MB', '4GB', '1TB', '1536MB'])
  })
})
