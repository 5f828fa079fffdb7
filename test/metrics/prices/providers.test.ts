import { describe, expect, it } from 'vitest'
import { PRICES } from '../../../src/metrics/prices/providers/index.ts'
import { billedSize, pricePerSecond } from '../../../src/metrics/prices/price-table.ts'

const of = (id: string) => PRICES.get(id, 'test')

/** What a second costs of an instance for so many MB that executes. */
function runningSecond(id: string, mb: number): number {
  const { running, sizes } = of(id)
  return pricePerSecond(running, billedSize(mb, sizes))
}

describe.each(PRICES.all)('the price table $id', (table) => {
  const { running, loading, idle, millionRequests, residentGbS, sizes } = table

  it('says what it is, where it comes from, of which day it is and where it holds', () => {
    expect(table.summary).toMatch(/^[A-Z].*\.$/)
    expect(table.source).toMatch(/^https:\/\/[a-z.]+\/\S+$/)
    expect(table.date).toMatch(/^20\d\d-\d\d-\d\d$/)
    expect(new Date(table.date).toISOString().slice(0, 10)).toBe(table.date)
    expect(table.currency).toMatch(/^[A-Z]{3}$/)
    expect(table.region).not.toBe('')
  })

  it('says what it leaves out and what it assumes, in sentences', () => {
    expect(table.leftOut.length).toBeGreaterThan(0)
    for (const sentence of [...table.leftOut, ...table.assumed]) expect(sentence).toMatch(/^[A-Z].*\.$/)
    // Where loading is free, the page either says so or is read so.
    expect(table.assumed.some((sentence) => sentence.startsWith('Loading is not billed'))).toBe(loading.gbS === 0)
  })

  it('has finite prices, positive ones for running and requests', () => {
    for (const { gbS, cpuS } of [running, loading, idle]) {
      expect(gbS >= 0 && Number.isFinite(gbS)).toBe(true)
      expect(cpuS >= 0 && Number.isFinite(cpuS)).toBe(true)
    }
    expect(running.gbS).toBeGreaterThan(0)
    expect(millionRequests > 0 && Number.isFinite(millionRequests)).toBe(true)
    expect(residentGbS === null || (residentGbS > 0 && Number.isFinite(residentGbS))).toBe(true)
  })

  it('charges idling less than running', () => {
    expect(idle.gbS).toBeLessThanOrEqual(running.gbS)
    expect(idle.cpuS).toBeLessThanOrEqual(running.cpuS)
  })

  it('has sizes in ascending order, none below 64 MB, or whole steps of them', () => {
    const mbs = 'stepMb' in sizes ? [sizes.leastMb, sizes.mostMb!] : sizes.map(({ mb }) => mb)
    const stepMb = 'stepMb' in sizes ? sizes.stepMb : 1
    expect(mbs).toEqual([...new Set(mbs)].toSorted((a, b) => a - b))
    expect(mbs[0]).toBeGreaterThanOrEqual(64)
    expect(mbs.filter((mb) => mb % stepMb !== 0)).toEqual([])
  })
})

describe('what the price pages print themselves', () => {
  it.each([
    [128, 0.000_000_002_1],
    [1024, 0.000_000_016_7],
    [10_240, 0.000_000_166_7],
  ])('AWS Lambda: a millisecond of %i MB', (mb, perMs) => {
    expect(runningSecond('aws-lambda', mb) / 1000).toBeCloseTo(perMs, 10)
  })

  it.each([
    [128, 0.000_000_231],
    [256, 0.000_000_463],
    [512, 0.000_000_925],
    [1024, 0.000_001_65],
    [2048, 0.000_002_9],
    [4096, 0.000_005_8],
    [8192, 0.000_006_8],
  ])('Google Cloud Functions: 100 ms of %i MB', (mb, per100Ms) => {
    expect(runningSecond('google-cloud-functions', mb) / 10).toBeCloseTo(per100Ms, 9)
  })

  it('AWS Lambda: provisioned concurrency pays for being ready and for running', () => {
    expect(of('aws-lambda-provisioned').running.gbS).toBeCloseTo(0.000_013_888_9, 12)
  })

  it('Alibaba: 75 CU for 10,000 requests, 0.15 CU for a GB-second and 1 CU for a vCPU-second, at 0.00002 USD', () => {
    const { millionRequests, running } = of('alibaba-fc')
    expect(millionRequests).toBeCloseTo(75 * 100 * 0.000_02, 12)
    expect(running.gbS).toBeCloseTo(0.15 * 0.000_02, 15)
    expect(running.cpuS).toBe(0.000_02)
  })
})
