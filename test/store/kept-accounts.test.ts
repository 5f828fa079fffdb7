import { describe, expect, it } from 'vitest'
import { createLedger, ledgerBytes } from '../../src/engine/ledger.ts'
import { withFacts } from '../../src/metrics/with-facts.ts'
import { KeptAccounts, type RunAccounts, withAccountsRead } from '../../src/store/kept-accounts.ts'
import { exampleRun } from './example-run.ts'

const APPS = 100
const BYTES = ledgerBytes(APPS, 60_000) + 8 * APPS

function accounts(): RunAccounts {
  return { ledger: createLedger(APPS, 60_000), days: null, memoryMb: new Float64Array(APPS) }
}

describe('the accounts that are kept in memory', () => {
  it('are those that were asked for last, as many as there is room for', () => {
    const kept = new KeptAccounts(2 * BYTES)
    const [one, two, three] = [accounts(), accounts(), accounts()]
    kept.add('one', one)
    kept.add('two', two)
    expect(kept.get('one')).toBe(one)
    kept.add('three', three)
    expect(kept.get('two')).toBeUndefined()
    expect([kept.get('one'), kept.get('three')]).toEqual([one, three])
    kept.forget('one')
    kept.add('two', two)
    expect([kept.get('two'), kept.get('three')]).toEqual([two, three])
  })

  it('hold one run even where it is larger than the room', () => {
    const kept = new KeptAccounts(1)
    const one = accounts()
    kept.add('one', one)
    expect(kept.get('one')).toBe(one)
  })
})

describe('a run whose accounts are read when they are asked for', () => {
  it('reads none while it is called otherwise, and has the same accounts', () => {
    let reads = 0
    const { run } = exampleRun(7)
    const lazy = withAccountsRead(run, () => {
      reads += 1
      return run
    })
    const named = withFacts(withFacts(lazy, { label: 'a name' }), { draws: false })
    expect([named.label, named.draws, named.policy, reads]).toEqual(['a name', false, run.policy, 0])
    expect(named.ledger).toBe(run.ledger)
    expect({ ...named }).toEqual({ ...run, label: 'a name', draws: false })
  })
})
