import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { vectors } from '../../tools/conformance/vector.ts'

const RUN = fileURLToPath(new URL('../../tools/conformance/run.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'pilotlight-adapters-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Stand-ins of our own for two simulators: the classes that the adapters call, with a fixed window and nothing else. */
const STAND_INS = {
  'LambdaData.py': `
class LambdaData:
    def __init__(self, kind, mem_size, run_time, warm_time):
        self.kind = kind
`,
  'LambdaScheduler.py': `
import os

class LambdaScheduler:
    def __init__(self, policy="GD", mem_capacity=32000, num_funcs=10, run="a", log_dir=""):
        self.TTL = 1 if policy == "HIST" else 600000
        self.seen, self.misses = {}, {}
        self.PerformanceLog = open(os.path.join(log_dir, run + "-log.csv"), "w")

    def runActivation(self, d, t=0):
        last = self.seen.get(d.kind)
        cold = last is None or t - last > self.TTL
        self.misses[d.kind] = self.misses.get(d.kind, 0) + cold
        self.seen[d.kind] = t

    def miss_stats(self):
        return {kind: {"misses": misses} for kind, misses in self.misses.items()}
`,
  'simfaas/__init__.py': '',
  'simfaas/SimProcess.py': `
class SimProcess:
    def __init__(self):
        pass
`,
  'simfaas/ServerlessSimulator.py': `
class ServerlessSimulator:
    def __init__(self, arrival_process=None, warm_service_process=None, cold_service_process=None,
                 expiration_threshold=600, max_time=86400, maximum_concurrency=1000):
        self.arrival_process, self.service = arrival_process, warm_service_process
        self.keep, self.max_time = expiration_threshold, max_time
        self.total_req_count = self.total_cold_count = 0

    def trace_condition(self, t):
        return t < self.max_time

    def generate_trace(self):
        t, idle_at = 0, []
        while self.trace_condition(t):
            t += self.arrival_process.generate_trace()
            self.total_req_count += 1
            warm = [at for at in idle_at if at <= t < at + self.keep or (self.keep == 0 and at == t)]
            if warm:
                idle_at.remove(max(warm))
            else:
                self.total_cold_count += 1
            idle_at.append(t + self.service.generate_trace())
`,
}

const hasPython = spawnSync('python3', ['--version']).status === 0

/** What the runner writes of a sketch. */
function linesOf(adapter: string): string[] {
  const path = fileURLToPath(new URL(`../../conformance/adapters/${adapter}`, import.meta.url))
  const env = { ...process.env, PYTHONPATH: folder, PYTHONDONTWRITEBYTECODE: '1' }
  const { stdout, stderr } = spawnSync(process.execPath, [RUN, 'python3', path], { encoding: 'utf8', env })
  expect(stderr).toBe('')
  return stdout.split('\n')
}

/** The mark of each of these vectors in what the runner wrote. */
function marksOf(ids: readonly string[], written: readonly string[]): string[] {
  return ids.map((id) => written.find((line) => line.includes(` ${id}:`))!.split(' ', 1)[0]!)
}

describe.skipIf(!hasPython)('the adapters of conformance/adapters (python3 is needed)', () => {
  for (const [name, text] of Object.entries(STAND_INS)) {
    mkdirSync(join(folder, dirname(name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  it('of FaasCache runs fixed windows by TTL, the hybrid by HIST, and answers or skips every vector', () => {
    const text = linesOf('for_faascache.py')
    const fixed = vectors().filter(({ model, policy }) => policy.id === 'fixed' && Object.keys(model).length === 1)
    expect(fixed.length).toBeGreaterThan(3)
    expect(
      new Set(
        marksOf(
          fixed.map(({ id }) => id),
          text,
        ),
      ),
    ).toEqual(new Set(['ok']))
    // The stand-in unloads after a millisecond for HIST, and the runner tells.
    expect(text.filter((line) => line.startsWith('FAILED')).length).toBeGreaterThan(3)
    expect(text.join('\n')).not.toContain('no answer')
  })

  it('of SimFaaS gives it the gaps and durations of each app, where loading takes no time', () => {
    const text = linesOf('for_simfaas.py')
    const own = vectors().filter(
      ({ model, policy }) =>
        policy.id === 'fixed' &&
        ['{"kind":"paper"}', '{"kind":"instances","coldStart":0}'].includes(JSON.stringify(model)),
    )
    const found = own.map(({ id }) => [id, marksOf([id], text)[0]] as const)
    // An arrival at the very end of a window is cold there, and the vectors that have one say so.
    expect(found.filter(([, mark]) => mark !== 'ok').map(([id]) => id)).toEqual(['warm-at-expiry', 'fixed'])
    expect(text.join('\n')).not.toContain('no answer')
  })
})
