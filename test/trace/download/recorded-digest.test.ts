import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { recordedDigest } from '../../../src/trace/download/recorded-digest.ts'
import { inFolder } from '../temporary-folder.ts'

describe('the known checksum of an archive', () => {
  it('must be that of what was fetched', async () => {
    await inFolder({ 'x.zip': 'abc' }, async (folder) => {
      const file = join(folder, 'x.zip')
      const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
      expect(await recordedDigest(file, abc)).toBe(`x.zip has the SHA-256 ${abc}, as it should.`)
      await expect(recordedDigest(file, 'f'.repeat(64))).rejects.toThrow(
        `it has the SHA-256 ${abc}, and the archive that is known has ffff`,
      )
    })
  })
})

describe('the checksum of an archive whose publisher names none', () => {
  it('is kept the first time and compared from then on', async () => {
    await inFolder({ 'x.zip': 'abc' }, async (folder) => {
      const file = join(folder, 'x.zip')
      const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
      expect(await recordedDigest(file)).toContain(`${abc}; its publisher names none`)
      expect(await recordedDigest(file)).toBe(`x.zip has the SHA-256 ${abc}, as it had when it was fetched first.`)
      await writeFile(file, 'abd')
      await expect(recordedDigest(file)).rejects.toMatchObject({
        name: 'UserError',
        message: expect.stringContaining(`had ${abc} when it was fetched first`) as string,
      })
    })
  })
})
