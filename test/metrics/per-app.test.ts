import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { PER_APP_HEADER, perAppLines } from '../../src/metrics/per-app.ts'
import { tinyLedger, tinyRun } from './tiny-run.ts'

const NAMES = ['owner/plain', 'a "quoted", name']

describe('per-app lines', () => {
  const ledger = tinyLedger([
    { invocations: 9, coldStarts: 3, joined: 1, first: 1, expired: 2, loads: 5, prewarms: 2, idleMs: 1500, busyMs: 7 },
    { invocations: 1, coldStarts: 1, first: 1, loads: 1, loadingMs: 250, prewarmsUnused: 0 },
  ])
  const run = tinyRun({ label: 'fixed, ten', ledger, memoryMb: Float64Array.of(128, 64) })
  const lines = [PER_APP_HEADER, ...perAppLines(run, { at: (app) => NAMES[app]! })]

  it('begin with the header that the interface promises', () => {
    expect(lines[0]).toBe(
      'run,app,invocations,coldStarts,joined,first,expired,early,evicted,scaleOut,loads,prewarms,prewarmsUnused,idleMs,busyMs,loadingMs,idleMbS',
    )
  })

  it('are one an app, with cells quoted where they must be', () => {
    expect(lines.slice(1)).toEqual([
      '"fixed, ten",owner/plain,9,3,1,1,2,0,0,0,5,2,0,1500,7,0,192',
      '"fixed, ten","a ""quoted"", name",1,1,0,1,0,0,0,0,1,0,0,0,0,250,0',
    ])
  })

  it('are read back by a CSV parser', () => {
    const rows = parse(lines.join('\n'), { columns: true }) as Record<string, string>[]
    expect(rows.map((row) => [row['run'], row['app']])).toEqual(NAMES.map((name) => ['fixed, ten', name]))
  })
})
