import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Latencies } from '../../src/engine/latency.ts'
import { mergeStores } from '../../src/store/merge-stores.ts'
import type { RunRecord } from '../../src/store/stored-runs.ts'
import { openStore, type Store } from '../../src/store/store.ts'
import { exampleExperiment, exampleRun } from './example-run.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'pilotlight-merge-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function store(name: string, fill: (store: Store) => void): string {
  const path = join(folder, name)
  const made = openStore(path, { create: true })
  fill(made)
  made.close()
  return path
}

function shard(name: string, runs: readonly number[]): string {
  return store(name, (made) => {
    made.writeExperiment(exampleExperiment(4))
    for (const number of runs) made.writeRun(exampleRun(number))
  })
}

function storeOfOne(name: string, record: RunRecord): string {
  return store(name, (made) => {
    made.writeExperiment(exampleExperiment(4))
    made.writeRun(record)
  })
}

/** An example run with four executions of so many ms. */
function timedRun(number: number, durationMs: number): RunRecord {
  const record = exampleRun(number)
  const latencies = new Latencies()
  latencies.serve(1, durationMs, 4)
  record.run.ledger.latency = latencies.table(0, 3)
  return record
}

describe('merging stores', () => {
  it('gives the union of their runs, once each', () => {
    const out = join(folder, 'out.sqlite')
    expect(mergeStores([shard('a', [0, 2]), shard('b', [1, 2, 3])], out)).toEqual({
      added: 4,
      shared: 1,
      unfinished: 0,
    })
    const merged = openStore(out, { create: false })
    expect(merged.readExperiment('example')).toEqual(exampleExperiment(4))
    for (const number of [0, 1, 2, 3]) expect(merged.readRun(`run-${number}`)).toEqual(exampleRun(number).run)
    expect(merged.readNames('trace-digest', 'app')).toEqual(exampleRun(0).names)
    merged.close()
  })

  it('adds to a store that is there, and finds nothing new the second time', () => {
    const a = shard('a', [0])
    const b = shard('b', [1])
    expect(mergeStores([b], a)).toEqual({ added: 1, shared: 0, unfinished: 0 })
    expect(mergeStores([b], a)).toEqual({ added: 0, shared: 1, unfinished: 0 })
  })

  it('does not mind that equal runs took different times', () => {
    const b = store('b', (made) => {
      made.writeExperiment(exampleExperiment(4))
      made.writeRun({ ...exampleRun(0), run: { ...exampleRun(0).run, wallMs: 1 } })
    })
    expect(mergeStores([shard('a', [0]), b], join(folder, 'out'))).toEqual({ added: 1, shared: 1, unfinished: 0 })
  })

  it('refuses results that disagree, and leaves nothing behind', () => {
    const b = store('b', (made) => {
      made.writeExperiment(exampleExperiment(4))
      made.writeRun({ ...exampleRun(0), run: { ...exampleRun(5).run, digest: 'run-0' } })
    })
    const out = join(folder, 'out')
    expect(() => mergeStores([shard('a', [0, 1]), b], out)).toThrow(
      `${b}: the result of run run-0 differs from the one that was merged before. Run the experiment again with --fresh.`,
    )
    expect(existsSync(out)).toBe(false)
  })

  it('keeps latencies, and refuses those that disagree', () => {
    const out = join(folder, 'out')
    expect(mergeStores([storeOfOne('a', timedRun(0, 5)), storeOfOne('b', timedRun(0, 5))], out)).toEqual({
      added: 1,
      shared: 1,
      unfinished: 0,
    })
    const merged = openStore(out, { create: false })
    expect(merged.readRun('run-0')).toEqual(timedRun(0, 5).run)
    merged.close()
    const others = [storeOfOne('other', timedRun(0, 6)), storeOfOne('none', exampleRun(0))]
    for (const other of others) expect(() => mergeStores([other], out)).toThrow(/the result of run run-0 differs/)
  })

  it('refuses experiments of one name that differ', () => {
    const b = store('b', (made) => made.writeExperiment(exampleExperiment(3)))
    expect(() => mergeStores([shard('a', [0]), b], join(folder, 'out'))).toThrow(
      `${b}: its experiment example differs from the one that was merged before. Merge stores of one version of an experiment on one trace.`,
    )
  })

  it('refuses to merge a store into itself', () => {
    const a = shard('a', [0])
    expect(() => mergeStores([a], a)).toThrow(`${a}: a store cannot be merged into itself. Choose another --out.`)
  })

  it('names a store that is missing', () => {
    const out = join(folder, 'out')
    expect(() => mergeStores([join(folder, 'nowhere')], out)).toThrow(/nowhere: there is no such store/)
    expect(existsSync(out)).toBe(false)
  })
})
