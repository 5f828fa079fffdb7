import { describe, expect, it } from 'vitest'
import { createLedger, ledgerBytes } from '../../src/engine/ledger.ts'
import { withFacts } from '../../src/metrics/with-facts.ts'
import { KeptAccounts, withAccountsRead } from '../../src/store/kept-accounts.ts'
import type { RunAccounts } from '../../src/store/stored-runs.ts'
import { exampleRun } from './example-run.ts'

const APPS = 100
const BYTES = ledgerBytes(APPS, 60_000) + 8 * APPS

function accounts(): RunAccounts {
  return { ledger: createLedger(APPS, 60_000), days: null, memoryMb: new Float64Array(APPS) }
}

describe('the accounts that are kept in memory', () => {
  it('are those that were read first, and the four that were asked for last besides', () => {
    const kept = new KeptAccounts(2 * BYTES)
    const names = ['one', 'two', 'three', 'four', 'five', 'six', 'seven']
    const all = new Map(names.map((name) => [name, accounts()]))
    for (const name of names.slice(0, 6)) kept.add(name, all.get(name)!)
    expect(kept.get('three')).toBe(all.get('three'))
    kept.add('seven', all.get('seven')!)
    const there = names.filter((name) => kept.get(name) === all.get(name))
    expect(there).toEqual(['one', 'two', 'three', 'five', 'six', 'seven'])
    kept.forget('one')
    kept.add('four', all.get('four')!)
    for (const name of ['eight', 'nine', 'ten', 'eleven', 'twelve']) kept.add(name, accounts())
    expect(kept.get('four')).toBe(all.get('four'))
    expect(kept.get('three')).toBeUndefined()
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
