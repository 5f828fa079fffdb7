import type { Database as Connection } from 'better-sqlite3'
import { UserError } from '../core/user-error.ts'
import type { BoundCurve } from '../metrics/decision/decision.ts'
import type { MeasuredStarts } from '../metrics/measured.ts'
import { readBounds, writeBounds } from './stored-bounds.ts'
import { explained, openDatabase } from './database.ts'
import { type ExperimentRecord, experimentNames, readExperimentRecord, writeExperiment } from './experiments.ts'
import { readColdOverTime, readMeasured, writeColdOverTime, writeMeasured } from './stored-measured.ts'
import type { PartOf } from '../engine/ledger-parts.ts'
import { forgetParts, partsOf, writePart } from './run-parts.ts'
import {
  hasRun,
  modelVersionOf,
  readAccounts,
  readAppNames,
  readRun,
  type RunAccounts,
  type RunRecord,
  type StoredRun,
  writeRun,
} from './stored-runs.ts'
import { KeptAccounts, withAccountsRead } from './kept-accounts.ts'
import { readTraceRecord, type TraceRecord, writeTrace } from './traces.ts'

/** Results in one SQLite file. Every method is one transaction: it happens whole or not at all. */
export interface Store {
  readonly path: string
  hasRun(digest: string): boolean
  /** The version of the model that a finished run was made by; undefined where it has none. */
  modelVersionOf(digest: string): number | undefined
  /** Parts that are kept of a run of which others are missing. */
  partsOf(digest: string): readonly PartOf[]
  /**
   * Keeps a finished run, in place of an earlier one of the same digest; or a part of one, of which all together become
   * the run.
   */
  writeRun(record: RunRecord): void
  /** All that is given to be kept is copied. */
  readonly copies: true
  /**
   * A finished run without a label, which experiments give; undefined when the store has none of that digest. Its accounts
   * are read when they are asked for, until the store is closed, and again where many were read meanwhile.
   */
  readRun(digest: string): StoredRun | undefined
  /** The names of a ledger's rows, for runs over a trace with a model of that `unit`. */
  readNames(trace: string, unit: string): readonly string[]
  readTrace(digest: string): TraceRecord | undefined
  /** Keeps what no policy beats on a trace, in the world that a text stands for. */
  writeBounds(trace: string, world: string, curves: readonly BoundCurve[]): void
  readBounds(trace: string, world: string): readonly BoundCurve[] | undefined
  /** Keeps what was measured on the platform in the part of a trace that a text stands for. */
  writeMeasured(trace: string, part: string, starts: MeasuredStarts): void
  readMeasured(trace: string, part: string): MeasuredStarts | undefined
  /** Keeps when the cold starts of a finished run were, in the parts of the measured ones. */
  writeColdOverTime(run: string, cold: readonly number[]): void
  readColdOverTime(run: string): readonly number[] | undefined
  /** Keeps what an experiment consists of, in place of an earlier version of it. */
  writeExperiment(record: ExperimentRecord): void
  readExperiment(name: string): ExperimentRecord | undefined
  experimentNames(): readonly string[]
  close(): void
}

/** Opens a store; with `create`, an empty one is made where there is none. Throws a UserError for what is no store. */
export function openStore(path: string, options: { readonly create: boolean }): Store {
  return storeOver(openDatabase(path, options), path)
}

function storeOver(database: Connection, path: string): Store {
  const once = <T>(action: () => T): T => explained(path, () => database.transaction(action)())
  const kept = new KeptAccounts()
  // Names are asked for run by run, and are those of the trace.
  const names = new Map<string, readonly string[]>()
  const namesOf = (trace: string, unit: string): readonly string[] => {
    const key = JSON.stringify([trace, unit])
    const found = names.get(key) ?? once(() => readAppNames(database, trace, unit))
    // A run that is still to be written brings them.
    if (found.length > 0) names.set(key, found)
    return found
  }
  const accountsOf = (digest: string): RunAccounts => {
    const known = kept.get(digest)
    if (known !== undefined) return known
    const accounts = once(() => readAccounts(database, digest))
    if (accounts === undefined) {
      const problem = `its run ${digest.slice(0, 12)} is no longer there`
      throw new UserError({ where: path, problem, hint: 'Another command has changed the store: begin again.' })
    }
    kept.add(digest, accounts)
    return accounts
  }
  const write = (action: () => void): void => explained(path, () => database.transaction(action).immediate())
  return {
    path,
    hasRun: (digest) => once(() => hasRun(database, digest)),
    modelVersionOf: (digest) => once(() => modelVersionOf(database, digest)),
    partsOf: (digest) => once(() => partsOf(database, digest)),
    copies: true,
    writeRun(record) {
      write(() => {
        if (record.part !== undefined) return writePart(database, path, record)
        writeRun(database, record)
        forgetParts(database, record.run.digest)
      })
      kept.forget(record.run.digest)
    },
    readRun(digest) {
      const facts = once(() => readRun(database, digest))
      return facts === undefined ? undefined : withAccountsRead(facts, () => accountsOf(digest))
    },
    readNames: namesOf,
    readTrace: (digest) => once(() => readTraceRecord(database, digest)),
    writeBounds: (trace, world, curves) => write(() => writeBounds(database, trace, world, curves)),
    readBounds: (trace, world) => once(() => readBounds(database, trace, world)),
    writeMeasured: (trace, part, starts) => write(() => writeMeasured(database, trace, part, starts)),
    readMeasured: (trace, part) => once(() => readMeasured(database, trace, part)),
    writeColdOverTime: (run, cold) => write(() => writeColdOverTime(database, run, cold)),
    readColdOverTime: (run) => once(() => readColdOverTime(database, run)),
    writeExperiment(record) {
      write(() => {
        writeTrace(database, record.trace)
        writeExperiment(database, record)
      })
    },
    readExperiment: (name) => once(() => readExperimentRecord(database, name)),
    experimentNames: () => once(() => experimentNames(database)),
    close: () => void database.close(),
  }
}
