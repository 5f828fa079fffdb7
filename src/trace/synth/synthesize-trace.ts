import { DAY, DAY_MINUTES } from '../../core/units.ts'
import { TraceBuilder } from '../build/builder.ts'
import type { Trace } from '../trace.ts'
import { checkOptions, type SynthOptions } from './options.ts'
import { populationOf } from './population.ts'
import { putApp, type RowSink } from './synthetic-rows.ts'

/**
 * Synthesizes a trace in memory; reading the files of the same options gives the same digest. Memory grows with the
 * cells (function minutes with invocations), not with invocations. `onProgress` hears the share that is done, 0 to 1.
 */
export function synthesizeTrace(options: SynthOptions, onProgress?: (done: number) => void): Trace {
  checkOptions(options)
  const { apps, days, seed } = options
  const population = populationOf(options)
  const builder = new TraceBuilder({ id: `synth-${apps}-apps-${days}-days-seed-${seed}`, format: 'synth' })
  const sink = builderSink(builder)
  const counts = new Uint32Array(days * DAY_MINUTES)
  for (let place = 0; place < apps; place += 1) {
    putApp(seed, population, population.app(place), counts, sink)
    onProgress?.((place + 1) / apps)
  }
  return builder.build(days * DAY, { files: [], defects: [] })
}

function builderSink(builder: TraceBuilder): RowSink {
  return {
    invocations(day, { owner, name }, fn, counts) {
      const row = builder.functionRow(owner, name, fn.name)
      builder.setTrigger(row, fn.trigger, day)
      for (const [minute, count] of counts.entries())
        if (count > 0) builder.addCount(row, day * DAY_MINUTES + minute, count)
    },
    durations(_day, { owner, name }, fn, { average, count }) {
      builder.addDuration(builder.functionRow(owner, name, fn.name), average, count)
    },
    memory(_day, { owner, name }, { averageMb, samples }) {
      builder.addMemory(owner, name, averageMb, samples)
    },
  }
}
