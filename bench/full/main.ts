import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { VERSION } from '../../src/core/version.ts'
import { ceilingMb, type Size, type Work } from './stage.ts'
import { STAGES } from './stages.ts'

/** What the process of a stage tells. */
interface Measured extends Work {
  readonly seconds: number
  readonly cpuSeconds: number
  readonly peakMb: number
}

// The pipeline stage by stage at the size of the public data set, or at any other: time, rate and peak memory. It needs
// some 3 GB in the folder for temporary files at its full size. What misses its ceiling of memory sets the exit code to 1.
const { values } = parseArgs({
  options: {
    apps: { type: 'string', default: '24000' },
    days: { type: 'string', default: '14' },
    seed: { type: 'string', default: '1' },
    jobs: { type: 'string', default: String(availableParallelism()) },
    configurations: { type: 'string', default: '100' },
    stages: { type: 'string', default: STAGES.ids.join(',') },
    out: { type: 'string' },
  },
})
const folder = mkdtempSync(join(tmpdir(), 'pilotlight-bench-full-'))
const size: Size = {
  apps: Number(values.apps),
  days: Number(values.days),
  seed: Number(values.seed),
  jobs: Number(values.jobs),
  configurations: Number(values.configurations),
  folder,
}
const wanted = values.stages.split(',').map((id) => STAGES.get(id, '--stages'))
const machine = {
  processor: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryMb: Math.round(totalmem() / 1e6),
  node: process.versions.node,
}
console.error(
  `pilotlight ${VERSION}, Node ${machine.node}, ${machine.processor} x ${machine.cores}; ${size.apps} apps, ${size.days} days, seed ${size.seed}`,
)
const stages: object[] = []
try {
  for (const [index, stage] of wanted.entries()) {
    const { id, summary } = stage
    const mostMb = Math.round(ceilingMb(stage, size))
    console.error(`${index + 1} of ${wanted.length}: ${id}, ${summary}`)
    const { status, stdout } = spawnSync(
      process.execPath,
      [join(import.meta.dirname, 'run-stage.ts'), id, JSON.stringify(size)],
      { stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' },
    )
    if (status !== 0) throw new Error(`the stage ${id} ended with exit code ${status}`)
    const measured = JSON.parse(stdout) as Measured
    const rate = measured.amount / measured.seconds
    const cpuRate = measured.amount / measured.cpuSeconds
    const isOver = measured.peakMb > mostMb
    if (isOver) process.exitCode = 1
    stages.push({ id, ...measured, rate, cpuRate, mostMb })
    const words = [
      `   ${measured.seconds.toFixed(2)} s`,
      `${rate.toPrecision(3)} ${measured.unit} a second`,
      `${measured.cpuSeconds.toFixed(2)} s of processors, ${cpuRate.toPrecision(3)} in each`,
      `at most ${measured.peakMb.toFixed(0)} MB${isOver ? `, OVER its ceiling of ${mostMb}` : ''}`,
    ]
    console.error(words.join(', '))
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
const { folder: _, ...options } = size
const text = `${JSON.stringify({ schema: 1, version: VERSION, machine, options, stages }, null, 2)}\n`
if (values.out === undefined) process.stdout.write(text)
else writeFileSync(values.out, text)
