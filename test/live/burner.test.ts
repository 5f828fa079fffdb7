import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { LiveApp } from '../../src/live/live-app.ts'
import { appOf } from './deployed.ts'
import { withServing } from './serving.ts'

const BURNER = fileURLToPath(new URL('../../experiments/live/burner.mjs', import.meta.url))

function burner(env: Readonly<Record<string, string>>, more: Partial<LiveApp> = {}): LiveApp {
  return { ...appOf('process', 'fn', 'fdk', { env, ...more }), command: [process.execPath, BURNER] }
}

describe('the function of replays', () => {
  it.each([
    ['0', 0, 50],
    ['0.5', 20, Infinity],
    ['1', 50, Infinity],
  ])('computes for the share %s of its time, as far as the machine lets it', async (share, leastMs, mostMs) => {
    await withServing('process', [burner({ BURN: share })], {}, async ({ call }) => {
      const { status, text } = await call('tested', { ms: 400 })
      expect(status).toBe(200)
      const { ms, cpuMs } = JSON.parse(text) as { ms: number; cpuMs: number }
      expect(ms).toBe(400)
      expect(cpuMs).toBeGreaterThanOrEqual(leastMs)
      expect(cpuMs).toBeLessThanOrEqual(mostMs)
    })
  })

  it('answers others while it computes', async () => {
    await withServing('process', [burner({ BURN: '1' }, { concurrency: 2 })], {}, async ({ call, adapter }) => {
      expect((await call('tested', { ms: 0 })).status).toBe(200)
      const answered: string[] = []
      const long = call('tested', { ms: 1000 }).then(() => answered.push('long'))
      const short = call('tested', { ms: 1 }).then(() => answered.push('short'))
      await Promise.all([long, short])
      expect(answered).toEqual(['short', 'long'])
      expect(adapter.ledger.coldStarts[0]).toBe(1)
    })
  })

  it('holds memory that is resident', async () => {
    await withServing('process', [burner({ HOLD_MB: '150' }, { memoryMb: 400 })], {}, async ({ call, adapter }) => {
      expect((await call('tested')).text).toContain('"heldMb":150')
      expect(await adapter.instances[0]!.instance.memoryMb()).toBeGreaterThan(150)
    })
  })

  it('refuses a share that is none', async () => {
    await withServing('process', [burner({ BURN: '2' })], {}, async ({ call }) => {
      const { status, body } = await call('tested')
      expect({ status, error: body['error'] }).toEqual({ status: 502, error: 'exited' })
    })
  })
})
