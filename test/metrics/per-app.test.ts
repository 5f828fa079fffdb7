import { parse } from 'csv-parse/sync'
import { describe, expect, it } from 'vitest'
import { Latencies } from '../../src/engine/latency.ts'
import { PER_APP_HEADER, perAppLines } from '../../src/metrics/per-app.ts'
import { tinyLedger, tinyRun } from './tiny-run.ts'

const NAMES = ['owner/plain', 'a "quoted", name']

const PRESSURE = { drops: 2, evictions: 3, waits: 4, waitingMs: 90 }

describe('per-app lines', () => {
  const ledger = tinyLedger([
    {
      invocations: 9,
      coldStarts: 3,
      joined: 1,
      first: 1,
      expired: 2,
      loads: 5,
      prewarms: 2,
      idleMs: 1500,
      busyMs: 7,
      ...PRESSURE,
    },
    { invocations: 1, coldStarts: 1, first: 1, loads: 1, loadingMs: 250, prewarmsUnused: 0 },
  ])
  const run = tinyRun({ label: 'fixed, ten', ledger, memoryMb: Float64Array.of(128, 64) })
  const lines = [PER_APP_HEADER, ...perAppLines(run, { at: (app) => NAMES[app]! })]

  it('begin with the header that the interface promises, and go on with what came later', () => {
    const promised =
      'run,app,invocations,coldStarts,joined,first,expired,early,evicted,scaleOut,loads,prewarms,prewarmsUnused,idleMs,busyMs,loadingMs,idleMbS'
    const added = ['p50', 'p90', 'p95', 'p99', 'p99.9', 'max']
    const latencies = ['added', 'response'].flatMap((latency) => added.map((quantile) => `${latency}Ms ${quantile}`))
    expect(lines[0]).toBe([promised, 'drops,evictions,waits,waitingMs', ...latencies].join(','))
  })

  it('are one an app, with cells quoted where they must be, and empty where no latency was measured', () => {
    const none = ','.repeat(12)
    expect(lines.slice(1)).toEqual([
      `"fixed, ten",owner/plain,9,3,1,1,2,0,0,0,5,2,0,1500,7,0,192,2,3,4,90${none}`,
      `"fixed, ten","a ""quoted"", name",1,1,0,1,0,0,0,0,1,0,0,0,0,250,0,0,0,0,0${none}`,
    ])
  })

  it('hold the quantiles of each app by itself, and none of an app that nobody was served of', () => {
    const latencies = new Latencies()
    latencies.serve(0, 40, 3)
    latencies.delay(0, 40, 20, 100)
    const timed = tinyLedger([{ invocations: 3 }, {}])
    timed.latency = latencies.table(0, 2)
    const rows = [...perAppLines({ label: 'a', ledger: timed, memoryMb: Float64Array.of(1, 1) }, { at: () => 'x' })]
    expect(rows.map((row) => row.split(',').slice(-12).join())).toEqual([
      '0,120,120,120,120,120,40,160,160,160,160,160',
      ',,,,,,,,,,,',
    ])
  })

  it('are read back by a CSV parser', () => {
    const rows = parse(lines.join('\n'), { columns: true }) as Record<string, string>[]
    expect(rows.map((row) => [row['run'], row['app']])).toEqual(NAMES.map((name) => ['fixed, ten', name]))
  })
})
