import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createGunzip } from 'node:zlib'
import { registry } from '../../src/core/registry.ts'
import { DAY, MINUTE } from '../../src/core/units.ts'
import { policies } from '../../src/policy/policies/index.ts'
import { INSTANCES_MODEL, PAPER_MODEL } from '../../src/sim/model.ts'
import { simulationPool } from '../../src/sim/workers/pool.ts'
import { AppMinuteCounts } from '../../src/trace/arrivals/app-minute-counts.ts'
import { inlineMore } from '../../src/sim/workers/inlining.ts'
import { runSimulation } from '../../src/sim/simulation.ts'
import { keepNurserySmall } from '../../src/trace/build/small-nursery.ts'
import { writeCompiled } from '../../src/trace/compiled/compiled-file.ts'
import { readTrace } from '../../src/trace/read.ts'
import { sliceTrace } from '../../src/trace/slice.ts'
import { writeSynth } from '../../src/trace/synth/index.ts'
import type { Trace } from '../../src/trace/trace.ts'
import type { Size, Stage, Work } from './stage.ts'

/** More invocations are not simulated one by one: a day of the whole data set has nine hundred million. */
const MOST_INVOCATIONS = 200e6

const places = ({ folder }: Size) => ({
  files: join(folder, 'files'),
  packed: join(folder, 'packed'),
  compiled: join(folder, 'bench.trace'),
})

/** The pipeline, in its order. */
export const STAGES = registry<Stage>('stage', [
  {
    id: 'synth',
    summary: 'pilotlight synth: the files of the trace, in the layout of Azure 2019',
    mostMb: 500,
    async run(size) {
      const { files } = places(size)
      await writeSynth(size, files)
      return { amount: (await bytesIn(files)) / 1e6, unit: 'MB' }
    },
  },
  {
    id: 'synth-gz',
    summary: 'the same, packed with gzip',
    mostMb: 500,
    async run(size) {
      await writeSynth({ ...size, gzip: true }, places(size).packed)
      return { amount: (await bytesIn(places(size).files)) / 1e6, unit: 'MB before packing' }
    },
  },
  {
    id: 'import',
    summary: 'pilotlight import: the files become a compiled trace',
    mostMb: 1000,
    async run(size) {
      keepNurserySmall()
      const { files, compiled } = places(size)
      await writeCompiled(await readTrace(files), compiled)
      const amount = (await bytesIn(files)) / 1e6
      return { amount, unit: 'MB', notes: { compiledMb: (await stat(compiled)).size / 1e6 } }
    },
  },
  {
    id: 'inflate',
    summary: 'the packed files unpacked and nothing else, beside which the next stage is to be seen',
    mostMb: 400,
    async run(size) {
      let bytes = 0
      for (const path of await filesIn(places(size).packed)) {
        for await (const chunk of createReadStream(path).pipe(createGunzip({ chunkSize: 1 << 18 })))
          bytes += (chunk as Buffer).length
      }
      return { amount: bytes / 1e6, unit: 'MB unpacked' }
    },
  },
  {
    id: 'import-gz',
    summary: 'the packed files read as a trace',
    mostMb: 1000,
    async run(size) {
      keepNurserySmall()
      const { invocations } = await readTrace(places(size).packed)
      if (invocations === 0) throw new Error('the bench read nothing')
      return { amount: (await bytesIn(places(size).files)) / 1e6, unit: 'MB unpacked' }
    },
  },
  {
    id: 'open',
    summary: 'the compiled trace opened, and checked against its checksums',
    mostMb: 600,
    run: async (size) => {
      const { compiled } = places(size)
      const { invocations } = await readTrace(compiled)
      return { amount: (await stat(compiled)).size / 1e6, unit: 'MB', notes: { invocations } }
    },
  },
  ...['fixed', 'hybrid-histogram'].map((id): Stage => {
    return {
      id: `paper-${id}`,
      summary: `${id} over the whole trace in the model paper, one core`,
      mostMb: 800,
      run: async (size) => {
        inlineMore()
        const trace = await readTrace(places(size).compiled)
        const amount = activeAppMinutes(trace) / 1e6
        return timed(() => {
          runSimulation({ trace, model: PAPER_MODEL, policy: policies.get(id, 'bench'), seed: 1 })
          return { amount, unit: 'M active app-minutes' }
        })
      },
    }
  }),
  {
    id: 'sweep',
    summary: 'windows of fixed over the whole trace in the model paper, on all workers',
    mostMb: 1000,
    async run(size) {
      const trace = await readTrace(places(size).compiled)
      const pool = simulationPool(trace, size.jobs)
      try {
        return await timed(async () => {
          const simulations = Array.from({ length: size.configurations }, (_, run) => ({
            model: PAPER_MODEL,
            policy: policies.get('fixed', 'bench'),
            params: { keepAlive: (run + 1) * MINUTE },
            seed: 1,
          }))
          await pool.simulateAll(simulations, {
            ends(_place, outcome) {
              if ('failure' in outcome) throw outcome.failure
            },
          })
          return { amount: size.configurations, unit: 'runs' }
        })
      } finally {
        await pool.close()
      }
    },
  },
  ...['fixed', 'hybrid-histogram'].map((id): Stage => {
    return {
      id: `instances-${id}`,
      summary: `${id} in the model instances, as many hours of the trace as have ${MOST_INVOCATIONS / 1e6} million invocations`,
      mostMb: 1000,
      run: async (size) => {
        inlineMore()
        const whole = await readTrace(places(size).compiled)
        const share = Math.min(1, MOST_INVOCATIONS / whole.invocations)
        const forMs = Math.max(MINUTE, Math.floor((share * whole.horizonMs) / MINUTE) * MINUTE)
        const trace = forMs < whole.horizonMs ? sliceTrace(whole, { forMs }) : whole
        return timed(() => {
          runSimulation({ trace, model: INSTANCES_MODEL, policy: policies.get(id, 'bench'), seed: 1 })
          return { amount: trace.invocations / 1e6, unit: 'M invocations', notes: { days: trace.horizonMs / DAY } }
        })
      },
    }
  }),
])

/** The work without what came before it, which another stage measures. */
async function timed(work: () => Work | Promise<Work>): Promise<Work> {
  const begin = performance.now()
  const before = process.cpuUsage()
  const done = await work()
  const { user, system } = process.cpuUsage(before)
  const workSeconds = (performance.now() - begin) / 1000
  return { ...done, notes: { ...done.notes, workSeconds, workCpuSeconds: (user + system) / 1e6 } }
}

/** Minutes of apps that have invocations: each is one arrival in the model paper. */
function activeAppMinutes(trace: Trace): number {
  const { apps, arrivals } = trace
  if (arrivals.kind !== 'counts') throw new Error('the trace of the bench has counts')
  const minutes = new AppMinuteCounts(arrivals, trace)
  let sum = 0
  for (let app = 0; app < apps.count; app += 1) {
    minutes.add(apps.firstFunction[app]!, apps.firstFunction[app + 1]!)
    while (minutes.take() >= 0) sum += 1
  }
  return sum
}

async function filesIn(folder: string): Promise<readonly string[]> {
  return (await readdir(folder)).map((name) => join(folder, name))
}

async function bytesIn(folder: string): Promise<number> {
  const sizes = await Promise.all((await filesIn(folder)).map(async (path) => (await stat(path)).size))
  return sizes.reduce((sum, size) => sum + size, 0)
}
