import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lockFolder } from '../../../src/live/state/lock.ts'

let base: string
beforeEach(() => (base = mkdtempSync(join(tmpdir(), 'pl-lock-'))))
afterEach(() => rmSync(base, { recursive: true }))

describe('the lock of an adapter’s folder', () => {
  it('is taken once, and let go of with the folder', async () => {
    const folder = join(base, 'own')
    const unlock = await lockFolder(folder, 'a')
    await expect(lockFolder(folder, 'a')).rejects.toThrow('another adapter of the name "a" is running')
    await unlock()
    expect(existsSync(folder)).toBe(false)
  })

  it('of a dead process is nobody’s, nor is one of a process whose number was used again', async () => {
    const folder = join(base, 'own')
    mkdirSync(folder, { mode: 0o700 })
    for (const held of ['999999999 5', `${process.pid} 1`, 'nonsense', '']) {
      writeFileSync(join(folder, 'lock'), held)
      const unlock = await lockFolder(folder, 'a')
      await unlock()
      expect(existsSync(folder)).toBe(false)
      mkdirSync(folder, { mode: 0o700 })
    }
  })

  it('of a dead process is taken by one of those who want it at the same time', async () => {
    for (let round = 0; round < 60; round += 1) {
      const held = round % 2 === 0 ? undefined : '999999999 5'
      const folder = join(base, `own-${round}`)
      mkdirSync(folder, { mode: 0o700 })
      if (held !== undefined) writeFileSync(join(folder, 'lock'), held)
      const wanted = await Promise.allSettled(Array.from({ length: 20 }, () => lockFolder(folder, 'a')))
      const taken = wanted.filter(({ status }) => status === 'fulfilled')
      expect(taken).toHaveLength(1)
      expect(readdirSync(folder)).toEqual(['lock'])
      const reasons = wanted.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []))
      expect(reasons.filter((reason) => !/is (running|starting)/.test(reason))).toEqual([])
    }
  })

  it('is not looked for behind a link, nor where others may enter', async () => {
    const victim = join(base, 'victim')
    mkdirSync(victim, { mode: 0o700 })
    symlinkSync(victim, join(base, 'link'))
    await expect(lockFolder(join(base, 'link'), 'a')).rejects.toThrow('a folder that this user alone may enter')
    expect(existsSync(join(victim, 'lock'))).toBe(false)
    chmodSync(victim, 0o755)
    await expect(lockFolder(victim, 'a')).rejects.toThrow('a folder that this user alone may enter')
  })
})
