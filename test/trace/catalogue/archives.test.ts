import { describe, expect, it } from 'vitest'
import { ARCHIVES } from '../../../src/trace/catalogue/archives.ts'

describe.each(ARCHIVES.all.map((archive) => [archive.id, archive] as const))('the data set %s', (id, archive) => {
  it('has a plain name, a sentence, a licence and an address that is fetched safely', () => {
    expect(id).toMatch(/^[a-z][a-z0-9-]*$/)
    expect(archive.summary).toMatch(/^[A-Z].*\.$/)
    expect(archive.licence).not.toBe('')
    expect(new URL(archive.url).protocol).toBe('https:')
    // A name and no path, as it is put into a folder of the user's.
    expect(archive.file).toMatch(/^[\w.-]+$/)
  })

  it('is bounded, and what is said of its archive and its file can be checked', () => {
    expect(archive.most).toBeGreaterThan(archive.bytes ?? 0)
    for (const digest of [archive.sha256, archive.holds?.sha256])
      expect(digest ?? '0'.repeat(64)).toMatch(/^[0-9a-f]{64}$/)
    expect(archive.unpack.slice(1)).toContain(archive.file)
  })
})
