import { type RandomStream, streamOf } from '../../core/random.ts'
import type { DurationRow } from './duration-rows.ts'
import type { MemoryRow } from './memory-rows.ts'
import { hashOf } from './synthetic-names.ts'
import type { RowSink } from './synthetic-rows.ts'

/**
 * How often each of the data set's known defects is sprinkled (docs/synth.md), as the part of the rows or of the
 * functions or apps that have it: mostly oftener than in the data set, so that a small trace has them all.
 */
const RATE = {
  duplicateRow: 0.01,
  missing: 0.02,
  withoutInvocations: 0.03,
  negativeMinimum: 0.01,
  negativeAverage: 0.005,
  zeroAverage: 0.015,
  othersOnFirstDay: 0.02,
  otherTriggerFromFourthDay: 0.005,
  zeroMemory: 0.01,
} as const

/** Passes rows on to a sink with the data set's defects sprinkled over them. Which rows have one depends on their names only. */
export function withDefects(seed: number, sink: RowSink): RowSink {
  const streamFor = (what: string) => streamOf(seed, `defects of ${what}`)
  return {
    invocations(day, app, fn, counts) {
      const stream = streamFor(fn.name)
      const first = stream.uniform() < RATE.othersOnFirstDay
      const fourth = stream.uniform() < RATE.otherTriggerFromFourthDay
      const trigger = first && day === 0 ? 'others' : fourth && day >= 3 ? 'event' : fn.trigger
      sink.invocations(day, app, { ...fn, trigger }, counts)
    },
    durations(day, app, fn, row) {
      if (streamFor(`all durations of ${fn.name}`).uniform() < RATE.missing) return
      const stream = streamFor(`durations of ${fn.name} on day ${day}`)
      const spoilt = spoiltDurations(stream, row)
      sink.durations(day, app, fn, spoilt)
      if (stream.uniform() < RATE.duplicateRow) {
        sink.durations(day, app, fn, { ...spoilt, count: spoilt.count + Math.round(stream.uniform()) })
      }
      if (stream.uniform() < RATE.withoutInvocations) {
        sink.durations(day, app, { ...fn, name: hashOf(seed, `never invoked beside ${fn.name}`) }, row)
      }
    },
    memory(day, app, row) {
      if (streamFor(`all memory of ${app.name}`).uniform() < RATE.missing) return
      const stream = streamFor(`memory of ${app.name} on day ${day}`)
      const spoilt = stream.uniform() < RATE.zeroMemory ? zeroMemory(row) : row
      sink.memory(day, app, spoilt)
      if (stream.uniform() < RATE.duplicateRow) {
        sink.memory(day, app, { ...spoilt, samples: spoilt.samples + Math.round(stream.uniform()) })
      }
    },
  }
}

function spoiltDurations(stream: RandomStream, row: DurationRow): DurationRow {
  const quantile = stream.uniform()
  const amount = Math.ceil(stream.uniform() * 1_000_000)
  if (quantile < RATE.negativeAverage) {
    return {
      ...row,
      average: -Math.ceil(amount / 25),
      minimum: -amount,
      percentiles: [-amount, ...row.percentiles.slice(1)],
    }
  }
  if (quantile < RATE.negativeAverage + RATE.negativeMinimum) return { ...row, minimum: -amount }
  if (quantile < RATE.negativeAverage + RATE.negativeMinimum + RATE.zeroAverage) {
    // Some of the rows have nothing above 0, others keep their upper percentiles.
    const nothing = stream.uniform() < 0.5
    const percentiles = row.percentiles.map((ms, index) => (nothing || index < 5 ? 0 : ms))
    return { ...row, average: 0, minimum: 0, maximum: nothing ? 0 : row.maximum, percentiles }
  }
  return row
}

function zeroMemory(row: MemoryRow): MemoryRow {
  return { ...row, averageMb: 0, percentiles: row.percentiles.map(() => 0) }
}
