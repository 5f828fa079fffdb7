import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { lockName, ownFolder } from '../../../src/live/state/lock.ts'
import { withFolder } from '../folder.ts'

const ENGINE = `engine of ${process.pid}`
const MODULE = new URL('../../../src/live/state/lock.ts', import.meta.url).href

/** A process that takes a lock, says so, and stays. */
async function holder(name: string, env: NodeJS.ProcessEnv = {}) {
  const program = `const { lockName } = await import(${JSON.stringify(MODULE)})
await lockName(${JSON.stringify(name)}, ${JSON.stringify(ENGINE)})
console.log('held')
setInterval(() => undefined, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  return child
}

describe('the name of an adapter', () => {
  it('is one adapter’s at a time on an engine, and free after it', async () => {
    const unlock = await lockName('shop', ENGINE)
    await expect(lockName('shop', ENGINE)).rejects.toThrow(
      `another adapter of the name "shop" is running (process ${process.pid})`,
    )
    const other = await lockName('shop', `${ENGINE} another`)
    await unlock()
    await (await lockName('shop', ENGINE))()
    await other()
  })

  it('is another adapter’s whatever its folder of temporary files is', async () => {
    await withFolder(async (folder) => {
      const child = await holder('private', { TMPDIR: folder })
      await expect(lockName('private', ENGINE)).rejects.toThrow(`is running (process ${child.pid})`)
      child.kill('SIGKILL')
      await once(child, 'exit')
    })
  })

  it('is free once its holder is killed, though nobody asked for the news of its end', async () => {
    const child = await holder('zombie')
    // The shell in between does not wait for it: it stays as a zombie.
    child.kill('SIGKILL')
    for (let tried = 0; ; tried += 1) {
      const unlock = await lockName('zombie', ENGINE).catch(() => undefined)
      if (unlock !== undefined) return unlock()
      expect(tried).toBeLessThan(100)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  })

  it('is taken by one of many that try at once', async () => {
    const tried = await Promise.allSettled(Array.from({ length: 20 }, () => lockName('many', ENGINE)))
    const taken = tried.filter((one) => one.status === 'fulfilled')
    expect(taken).toHaveLength(1)
    await taken[0]!.value()
  })
})

describe('the folder of an adapter', () => {
  it('is made, and removed with what instances left in it', async () => {
    await withFolder(async (base) => {
      const remove = await ownFolder(join(base, 'own'))
      mkdirSync(join(base, 'own/instances/i1'), { recursive: true })
      writeFileSync(join(base, 'own/instances/i1/lsnr.sock'), '')
      await remove()
      expect(existsSync(join(base, 'own'))).toBe(false)
    })
  })

  it('is refused where others may enter it', async () => {
    await withFolder(async (base) => {
      mkdirSync(join(base, 'open'))
      chmodSync(join(base, 'open'), 0o777)
      await expect(ownFolder(join(base, 'open'))).rejects.toThrow('expected a folder that only this user may enter')
    })
  })
})
