import type { Size } from './stage.ts'
import { STAGES } from './stages.ts'

// One stage in a process of its own, so that its peak memory is its own: node bench/full/run-stage.ts <stage> <size as JSON>.
const [id = '', size = ''] = process.argv.slice(2)
const begin = performance.now()
const work = await STAGES.get(id, 'bench').run(JSON.parse(size) as Size)
const seconds = work.notes?.['workSeconds'] ?? (performance.now() - begin) / 1000
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
const cpuSeconds = work.notes?.['workCpuSeconds'] ?? (userCPUTime + systemCPUTime) / 1e6
console.log(JSON.stringify({ ...work, seconds, cpuSeconds, peakMb: (maxRSS * 1024) / 1e6 }))
