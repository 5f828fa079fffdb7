import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { appOf } from './deployed.ts'
import { withServing } from './serving.ts'

const BURNER = fileURLToPath(new URL('../../experiments/live/burner.mjs', import.meta.url))

describe('the function of replays', () => {
  it.each([
    [0, 0, 50],
    [0.5, 20, Infinity],
    [1, 50, Infinity],
  ])('computes for the share %d of its time, as far as the machine lets it', async (share, leastMs, mostMs) => {
    const env = { BURN: String(share), HOLD_MB: '8' }
    const app = { ...appOf('process', 'fn', 'fdk', { env }), command: [process.execPath, BURNER] }
    await withServing('process', [app], {}, async ({ call }) => {
      const { status, text } = await call('tested', { ms: 400 })
      expect(status).toBe(200)
      const body = JSON.parse(text) as Readonly<Record<string, unknown>>
      expect(body).toMatchObject({ ms: 400, heldMb: 8 })
      expect(body['cpuMs']).toBeGreaterThanOrEqual(leastMs)
      expect(body['cpuMs']).toBeLessThanOrEqual(mostMs)
    })
  })
})
