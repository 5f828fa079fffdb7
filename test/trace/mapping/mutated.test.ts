import { describe, expect, it } from 'vitest'
import { readMutated } from './mutated-files.ts'

describe('files with mistakes at random places', () => {
  it('are read or refused with a sentence that names the file, never with a crash', async () => {
    const { read, refused } = await readMutated(100, 1)
    expect(read).toBeGreaterThan(10)
    expect(refused).toBeGreaterThan(10)
  })
})
