import { describe, expect, it } from 'vitest'
import { readMutated } from './mutated-files.ts'

describe('ten thousand files with mistakes at random places', () => {
  it('are read or refused with a sentence that names the file, never with a crash', async () => {
    const { read, refused } = await readMutated(10_000, 2)
    expect(read).toBeGreaterThan(1000)
    expect(refused).toBeGreaterThan(1000)
  })
})
