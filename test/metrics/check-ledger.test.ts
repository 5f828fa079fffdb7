import { describe, expect, it } from 'vitest'
import type { Account } from '../../src/engine/ledger.ts'
import { checkLedger, demandSound } from '../../src/metrics/check-ledger.ts'
import { tinyLedger } from './tiny-run.ts'

const SOUND = {
  invocations: 5,
  coldStarts: 2,
  first: 1,
  early: 1,
  joined: 1,
  loads: 4,
  prewarms: 2,
  prewarmsUnused: 2,
  evictions: 4,
  waits: 1,
  waitingMs: 20,
}

describe('checkLedger', () => {
  it('finds nothing in a sound ledger, fractions of milliseconds included', () => {
    expect(checkLedger(tinyLedger([SOUND, {}, { ...SOUND, idleMs: 0.25, busyMs: 3 }]))).toEqual([])
  })

  const broken: readonly [string, Partial<Record<Account, number>>, string][] = [
    ['an account below 0', { idleMs: -1 }, 'every account is finite and at least 0'],
    ['an account that is no number', { busyMs: Number.NaN }, 'every account is finite and at least 0'],
    ['an infinite account', { loadingMs: Number.POSITIVE_INFINITY }, 'every account is finite and at least 0'],
    ['half a load', { loads: 4.5 }, 'every count is a whole number'],
    ['a cold start without a reason', { early: 0 }, 'first + expired + early + evicted + scaleOut = coldStarts'],
    ['more served than came', { drops: 3 }, 'coldStarts + joined + drops <= invocations'],
    ['more evicted than was loaded', { evictions: 6 }, 'evictions <= loads + 1'],
    ['waiting time of nobody', { waits: 0 }, 'only what waits has waiting time'],
    ['half a wait', { waits: 0.5 }, 'every count is a whole number'],
    ['a waiting time that is no number', { waitingMs: Number.NaN }, 'every account is finite and at least 0'],
    ['more unused pre-warms than pre-warms', { prewarmsUnused: 3 }, 'prewarmsUnused <= prewarms <= loads'],
    ['more pre-warms than loads', { loads: 1, evictions: 0 }, 'prewarmsUnused <= prewarms <= loads'],
  ]
  it.each(broken)('names the identity that %s breaks, and the row', (_, change, identity) => {
    const [violation, ...others] = checkLedger(tinyLedger([SOUND, { ...SOUND, ...change }]))
    expect(others).toEqual([])
    expect(violation).toMatchObject({ identity, count: 1 })
    expect(violation!.example).toMatch(/^row 1: /)
  })

  it('counts the rows that break an identity and shows the first', () => {
    const rows = [SOUND, { ...SOUND, drops: 9 }, { ...SOUND, drops: 7 }]
    expect(checkLedger(tinyLedger(rows))).toEqual([
      {
        identity: 'coldStarts + joined + drops <= invocations',
        count: 2,
        example: 'row 1: coldStarts 2, joined 1, drops 9, invocations 5',
      },
    ])
  })

  it('stops a run whose ledger is not sound, naming the run and the row', () => {
    expect(() => demandSound(tinyLedger([SOUND]), 'ten')).not.toThrow()
    const broken = tinyLedger([{ ...SOUND, early: 0 }])
    expect(() => demandSound(broken, 'ten')).toThrow(
      /^run "ten": first .* = coldStarts does not hold in 1 row, .*row 0/,
    )
  })
})
