import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ARCHIVES } from '../../../src/trace/catalogue/archives.ts'
import { demandThere } from '../../../src/trace/download/demand-there.ts'
import { inFolder } from '../temporary-folder.ts'

describe('a download without a network', () => {
  it('says where to get what is missing, with its size and licence', async () => {
    const archive = ARCHIVES.get('azure-2021', 'test')
    const missing = inFolder({}, (folder) => demandThere(archive, join(folder, archive.file)))
    await expect(missing).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringMatching(
        /the archive of azure-2021 is not there\. Fetch it from https:.* \(CC-BY, 18444269 bytes\)/,
      ) as string,
    })
    const cut = inFolder({ x: 'abc' }, (folder) => demandThere(archive, join(folder, 'x')))
    await expect(cut).rejects.toThrow('it has 3 bytes, and the archive of azure-2021 has 18444269')
  })

  it('takes what is there', async () => {
    const archive = ARCHIVES.get('huawei-2025-requests-r5', 'test')
    const there = inFolder({ x: 'abc' }, (folder) => demandThere(archive, join(folder, 'x')))
    await expect(there).resolves.toBeUndefined()
  })
})
