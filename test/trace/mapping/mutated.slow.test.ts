import { describe, expect, it } from 'vitest'
import { readMutated } from './mutated-files.ts'

describe('ten thousand files with mistakes at random places', () => {
  it.each(Array.from({ length: 10 }, (_, part) => part + 2))(
    'are read or refused with a sentence that names the file, never with a crash: a thousand from seed %i',
    async (seed) => {
      const { read, refused } = await readMutated(1000, seed)
      expect(read).toBeGreaterThan(100)
      expect(refused).toBeGreaterThan(100)
    },
  )
})
