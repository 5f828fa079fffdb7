import { describe, expect, it } from 'vitest'
import { checkLedger } from '../../../src/metrics/check-ledger.ts'
import { appOf } from '../deployed.ts'
import { eventually, LIMITS, type Served, withServing } from '../serving.ts'

const limits = { ...LIMITS, queue: 1000, waitMs: 20_000 }
const web = (more = {}) => appOf('process', 'http', 'http-server', { name: 'web', memoryMb: 100, ...more })

/** So many calls at once; how many got which status. */
async function burst(here: Served, count: number, request: unknown): Promise<Record<string, number>> {
  const statuses: Record<string, number> = {}
  await Promise.all(
    Array.from({ length: count }, async () => {
      const { status } = await here.call('web', request)
      statuses[status] = (statuses[status] ?? 0) + 1
    }),
  )
  return statuses
}

describe('a burst', () => {
  it.each(['new', 'join'] as const)(
    'that the memory has room for is served whole (whileLoading: %s)',
    async (whileLoading) => {
      const more = { limits, whileLoading, budgetMb: 400 }
      await withServing('process', [web({ concurrency: 8 })], more, async (here) => {
        expect(await burst(here, 50, { act: 'sleep', ms: 300 })).toEqual({ 200: 50 })
        expect(here.adapter.ledger.loads[0]).toBeLessThanOrEqual(4)
        expect(here.adapter.ledger.waits[0]).toBeGreaterThan(0)
        await eventually(() => here.adapter.underWay === 0)
        expect(checkLedger(here.adapter.ledger)).toEqual([])
        expect((await here.get('/metrics')).text).toMatch(/^pilotlight_waits_total\{app="web"\} [1-9]/m)
      })
    },
  )

  it('waits no longer than it may, and no more of it than may wait', async () => {
    const short = { ...limits, queue: 3, waitMs: 1500 }
    await withServing('process', [web()], { limits: short, budgetMb: 100 }, async (here) => {
      await here.call('web')
      const running = here.call('web', { act: 'sleep', ms: 4000 })
      await eventually(() => here.adapter.underWay === 1)
      const begun = Date.now()
      const waiting = [1, 2, 3].map(() => here.call('web'))
      await eventually(() => here.adapter.waiting === 3)
      const refused = await here.call('web')
      expect(refused).toMatchObject({ status: 503, body: { error: 'noRoom' } })
      expect(Date.now() - begun).toBeLessThan(1400)
      for (const { status, body } of await Promise.all(waiting))
        expect([status, body['error']]).toEqual([503, 'noRoom'])
      expect(Date.now() - begun).toBeGreaterThanOrEqual(1490)
      expect((await running).status).toBe(200)
      await eventually(() => here.adapter.underWay === 0)
      expect(checkLedger(here.adapter.ledger)).toEqual([])
      expect(here.adapter.ledger.drops[0]).toBe(4)
      expect((await here.call('web')).status).toBe(200)
    })
  })

  it('of asynchronous calls waits as well, and all are served in the order in which they came', async () => {
    await withServing('process', [web()], { limits, budgetMb: 100 }, async (here) => {
      const places: string[] = []
      for (let call = 0; call < 10; call += 1) {
        const accepted = await here.call('../async/web/f', { word: call })
        places.push(accepted.headers.get('location')!)
      }
      for (const [call, place] of places.entries()) {
        await eventually(async () => (await here.get(place)).status === 200)
        expect((await here.get(place)).body['word']).toBe(call)
      }
    })
  })
})
