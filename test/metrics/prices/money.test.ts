import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Money } from '../../../src/metrics/run.ts'
import { PRICES } from '../../../src/metrics/prices/providers/index.ts'
import {
  billedSize,
  memoryRate,
  sizesWithCpu,
  type PriceTable,
  type Rate,
} from '../../../src/metrics/prices/price-table.ts'
import { summarise } from '../../../src/metrics/summary.ts'
import { tinyLedger, tinyRun } from '../tiny-run.ts'

interface Row {
  readonly mb: number
  readonly invocations?: number
  readonly drops?: number
  readonly busyMs?: number
  readonly idleMs?: number
  readonly loadingMs?: number
}

/** The money of a run over apps with these accounts. */
function money(rows: readonly Row[], prices: PriceTable): Money {
  const ledger = tinyLedger(rows.map(({ mb: _mb, ...accounts }) => accounts))
  const run = tinyRun({ ledger, memoryMb: Float64Array.from(rows, ({ mb }) => mb) })
  return summarise(run, prices).money!
}

const listed = (id: string): PriceTable => PRICES.get(id, 'test')

describe('the size that an app is billed as', () => {
  const steps = { leastMb: 128, stepMb: 64, cpusPerGb: 0.5 }
  const list = [
    { mb: 128, cpus: 0.1 },
    { mb: 1024, cpus: 0.6 },
  ]

  it.each([
    [1, { mb: 128, cpus: 0.0625 }],
    [128, { mb: 128, cpus: 0.0625 }],
    [128.5, { mb: 192, cpus: 0.09375 }],
    [1024, { mb: 1024, cpus: 0.5 }],
  ])('is the next step up, from the least on: %f MB', (mb, size) => {
    expect(billedSize(mb, steps)).toEqual(size)
  })

  it.each([
    [0, { mb: 128, cpus: 0.1 }],
    [128, { mb: 128, cpus: 0.1 }],
    [129, { mb: 1024, cpus: 0.6 }],
    [2048, { mb: 2048, cpus: 1.2 }],
  ])('is the least of a list that holds it, and in proportion above the largest: %f MB', (mb, size) => {
    expect(billedSize(mb, list)).toEqual(size)
  })

  it('is the memory that the app has where no sizes are given', () => {
    expect(billedSize(171.25, [])).toEqual({ mb: 171.25, cpus: 0 })
  })
})

describe('the money of a run', () => {
  const day: Row = { mb: 1024, invocations: 3_000_000, busyMs: 1_000_000, idleMs: 4_000_000, loadingMs: 500_000 }

  it('is running, loading and requests on demand, by hand', () => {
    // 1,000 s and 500 s of 1 GB at 0.0000166667, and 3 million requests at 0.20; 5,500 GB·s at 0.0000041667.
    const { userBill, providerCost, currency } = money([day], listed('aws-lambda'))
    expect(userBill).toBeCloseTo(0.0166667 + 0.00833335 + 0.6, 12)
    expect(providerCost).toBeCloseTo(0.02291685, 12)
    expect(currency).toBe('USD')
  })

  it('has idling as well where instances are provisioned, by hand', () => {
    expect(money([day], listed('aws-lambda-provisioned')).userBill).toBeCloseTo(
      1500 * 0.0000138889 + 4000 * 0.0000041667 + 0.6,
      12,
    )
  })

  it('has CPU beside memory where it has a price of its own, by hand', () => {
    // 200 MB is sold as 256 MB with 0.167 vCPU; idling is not billed, and starting is.
    const row: Row = { mb: 200, invocations: 1_000_000, busyMs: 60_000, loadingMs: 40_000, idleMs: 1e9 }
    expect(money([row], listed('google-cloud-run')).userBill).toBeCloseTo(
      100 * (0.25 * 0.0000025 + 0.167 * 0.000024) + 0.4,
      12,
    )
  })

  it('is what the billing example of FunctionGraph reckons, but for the free tier', () => {
    const a: Row = { mb: 512, invocations: 2_000_000, busyMs: 2e9 }
    const c: Row = { mb: 128, invocations: 100_000, busyMs: 5e8, idleMs: 864e6 - 5e8 }
    const onDemand = money([a], listed('huawei-functiongraph')).userBill
    const reserved = money([c], listed('huawei-functiongraph-reserved')).userBill
    expect(onDemand).toBeCloseTo(0.00001667 * 1_000_000 + 2 * 0.2, 9)
    expect(reserved).toBeCloseTo(0.00001667 * 62_500 + 0.000005556 * 45_500 + 0.02, 9)
  })

  it('charges no request that was dropped', () => {
    const prices = { ...listed('aws-lambda'), millionRequests: 1_000_000 }
    expect(money([{ mb: 1, invocations: 5, drops: 2 }], prices).userBill).toBe(3)
  })

  it('is nothing where nothing happened', () => {
    expect(money([{ mb: 128 }], listed('tencent-scf'))).toEqual({ currency: 'USD', providerCost: 0, userBill: 0 })
  })
})

const ms = fc.integer({ min: 0, max: 1e9 })
const row: fc.Arbitrary<Row> = fc.record({
  mb: fc.integer({ min: 1, max: 4_000_000 }).map((thousandths) => thousandths / 1000),
  invocations: fc.integer({ min: 0, max: 1e6 }),
  busyMs: ms,
  idleMs: ms,
  loadingMs: ms,
})
const rows = fc.array(row, { minLength: 1, maxLength: 40 })
const table = fc.constantFrom(...PRICES.all)

function times(prices: PriceTable, factor: number): PriceTable {
  const scaled = ({ gbS, cpuS }: Rate): Rate => ({ gbS: gbS * factor, cpuS: cpuS * factor })
  const { running, loading, idle, millionRequests, residentGbS } = prices
  return {
    ...prices,
    running: scaled(running),
    loading: scaled(loading),
    idle: scaled(idle),
    millionRequests: millionRequests * factor,
    residentGbS: residentGbS === null ? null : residentGbS * factor,
  }
}

describe('money, over random accounts and every listed table', () => {
  it('doubles to the bit when all prices double, and follows any factor', () => {
    fc.assert(
      fc.property(rows, table, fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (rows, prices, factor) => {
        const once = money(rows, prices)
        const twice = money(rows, times(prices, 2))
        expect(twice.userBill).toBe(2 * once.userBill)
        expect(twice.providerCost).toBe(once.providerCost === null ? null : 2 * once.providerCost)
        const often = money(rows, times(prices, factor)).userBill
        expect(Math.abs(often - factor * once.userBill)).toBeLessThanOrEqual(1e-12 * often)
      }),
    )
  })

  it('does not change a bit with the order of the apps', () => {
    fc.assert(
      fc.property(rows, table, (rows, prices) => {
        expect(money(rows.toReversed(), prices)).toEqual(money(rows, prices))
      }),
    )
  })

  it('is the money of its parts together', () => {
    fc.assert(
      fc.property(rows, rows, table, (some, others, prices) => {
        const whole = money([...some, ...others], prices).userBill
        const parts = money(some, prices).userBill + money(others, prices).userBill
        expect(Math.abs(whole - parts)).toBeLessThanOrEqual(1e-14 * whole)
      }),
    )
  })

  it('has a provider cost of at least its idle part, and a bill of at least its requests', () => {
    fc.assert(
      fc.property(rows, table, (rows, prices) => {
        const { providerCost, userBill } = money(rows, prices)
        const idle = money(
          rows.map(({ mb, idleMs }) => ({ mb, idleMs: idleMs! })),
          prices,
        )
        const requests = money(
          rows.map(({ mb, invocations }) => ({ mb, invocations: invocations! })),
          prices,
        )
        expect(providerCost ?? 0).toBeGreaterThanOrEqual(idle.providerCost ?? 0)
        expect(providerCost === null).toBe(prices.residentGbS === null)
        expect(userBill).toBeGreaterThanOrEqual(requests.userBill)
      }),
    )
  })

  it('never falls when an app grows', () => {
    const sizes = fc.constantFrom(listed('alibaba-fc').sizes, sizesWithCpu([128, 512]), [])
    fc.assert(
      fc.property(row, fc.double({ min: 0, max: 5000, noNaN: true }), sizes, (row, more, sizes) => {
        const prices = { ...listed('alibaba-fc'), sizes, running: memoryRate(1) }
        const grown = money([{ ...row, mb: row.mb + more }], prices).userBill
        expect(grown).toBeGreaterThanOrEqual(money([row], prices).userBill)
      }),
    )
  })
})
