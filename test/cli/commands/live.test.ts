import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Validation } from '../../../src/validation/live-validation.ts'
import { validateRecording } from '../../../src/validation/live-validation.ts'
import type { Replayed } from '../../../src/cli/live/replay-file.ts'
import type { Recording } from '../../../src/live/replay/recording.ts'
import { constantFloor } from '../../../src/policy/plan/floor.ts'
import { planToJson } from '../../../src/policy/plan/plan-json.ts'
import { policies } from '../../../src/policy/policies/index.ts'
import { readTrace } from '../../../src/trace/read.ts'
import { appPlan, planOf } from '../../export/exported.ts'
import { eventually } from '../../live/serving.ts'
import { MAIN, pilotlight, pilotlightApart } from '../pilotlight.ts'

const BURNER = fileURLToPath(new URL('../../../experiments/live/burner.mjs', import.meta.url))
/** Arrivals at which windows of 400 ms are decided clearly: gaps of about 100 and 900 ms. */
const STARTS: readonly (readonly [string, number])[] = [
  ['a', 0],
  ['a', 600],
  ['b', 650],
  ['a', 1900],
  ['b', 2000],
  ['a', 2450],
]

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pl-replay-'))
  const rows = STARTS.map(([app, start]) => `${app},f,${start},30,${app === 'a' ? 8 : 16}`)
  writeFileSync(join(folder, 'trace.csv'), `app,function,start_ms,duration_ms,memory_mb\n${rows.join('\n')}\n`)
  writeFileSync(join(folder, 'live.yaml'), liveFile('{ policy: fixed, keepAlive: 400ms }'))
  writeFileSync(join(folder, 'other.yaml'), liveFile('{ policy: no-unload }'))
  writeFileSync(join(folder, 'bare.yaml'), liveFile('{ policy: fixed }').replace(/replay:[\s\S]*/, ''))
})
afterAll(() => rmSync(folder, { recursive: true }))

function liveFile(policy: string): string {
  return `name: replayed-${process.pid}
policy: ${policy}
memory: 1GB
apps:
  template: { contract: fn, command: [${process.execPath}, ${BURNER}], memory: 200MB }
replay: { trace: trace.csv, for: 3s, late: 2s, out: out/recorded }
`
}

describe('live replay and live validate', () => {
  it('record what real processes did as a trace, and compare it with what the simulator makes of it', async () => {
    const replayed = await pilotlightApart(folder, 'live', 'replay', 'live.yaml', '--json')
    expect(replayed).toMatchObject({ code: 0 })
    expect(JSON.parse(replayed.stdout)).toMatchObject({ apps: 2, sent: STARTS.length, notSent: 0, failed: 0 })
    const trace = await readTrace(join(folder, 'out/recorded.csv'))
    expect(trace).toMatchObject({ format: 'events', invocations: STARTS.length })
    expect(trace.offers).toEqual(expect.arrayContaining(['memory', 'coldStart', 'duration']))
    // What the program needs for itself comes on top of what it holds.
    expect([...trace.apps.memoryMb].toSorted()).toEqual([208, 216])
    expect([...trace.apps.coldStartMs].every((ms) => ms > 5)).toBe(true)

    const validated = await pilotlight(folder, 'live', 'validate', 'live.yaml', '--json')
    const validation = JSON.parse(validated.stdout) as Validation
    expect(validation).toMatchObject({ policy: 'fixed', unexplained: 0, failed: 0 })
    expect(validation.total.invocations).toBe(STARTS.length)
    expect(validation.total.coldStarts.observed).toBeGreaterThanOrEqual(2)
    const listed = validation.mismatches.length
    expect(Math.abs(validation.total.coldStarts.predicted - validation.total.coldStarts.observed)).toBeLessThanOrEqual(
      listed,
    )
    const table = await pilotlight(folder, 'live', 'validate', 'live.yaml')
    expect(table.stdout).toContain('policy fixed: what the simulator predicts')
    expect(table.stdout).toMatch(/^all +6 /m)
    expect(existsSync(join(folder, 'out/recorded.state.json'))).toBe(false)
  })

  it('know the apps of a plan by their names in the trace, and hold its floors on both sides', async () => {
    const plan = planOf([
      appPlan({ app: 'a', keepAliveMs: 0, floor: constantFloor(1) }),
      appPlan({ app: 'b', keepAliveMs: 400 }),
    ])
    writeFileSync(join(folder, 'plan.json'), planToJson(plan))
    const file = liveFile('{ policy: ./plan.json }').replaceAll('recorded', 'planned')
    writeFileSync(join(folder, 'planned.yaml'), file)
    expect(await pilotlightApart(folder, 'live', 'replay', 'planned.yaml', '--json')).toMatchObject({ code: 0 })
    const { stdout } = await pilotlight(folder, 'live', 'validate', 'planned.yaml', '--json')
    const { policy, apps, unexplained } = JSON.parse(stdout) as Validation
    expect({ policy, unexplained }).toEqual({ policy: 'plan', unexplained: 0 })
    const recording = JSON.parse(readFileSync(join(folder, 'out/planned.json'), 'utf8')) as Recording
    const [held, kept] = ['a', 'b'].map((name) => recording.apps.findIndex(({ traceName }) => traceName === name))
    // One instance of a is there all the time; b comes twice, with more than its window in between.
    expect(recording.stays.filter(({ app }) => app === held).length).toBe(1 + apps[held!]!.coldStarts.observed)
    expect(apps[held!]!.coldStarts.predicted).toBe(apps[held!]!.coldStarts.observed)
    expect(apps[kept!]!.coldStarts.predicted).toBeGreaterThan(0)
    expect(apps[kept!]!.coldStarts.predicted).toBe(apps[kept!]!.coldStarts.observed)
  })

  it('write what happened until they are interrupted, and leave nothing behind', async () => {
    const state = 'state: { file: s.json, every: 100ms }'
    const file = liveFile('{ policy: fixed }').replace('for: 3s', 'for: 10m').replaceAll('recorded', 'cut')
    writeFileSync(join(folder, 'cut.yaml'), `${file}${state}\n`)
    const child = spawn(process.execPath, [MAIN, 'live', 'replay', 'cut.yaml', '--json'], { cwd: folder })
    const printed = text(child.stdout)
    // Its state is saved once calls have been served.
    await eventually(() => existsSync(join(folder, 'out/cut.state.json')))
    child.kill('SIGINT')
    expect(await once(child, 'close')).toEqual([130, null])
    const { planned, sent, failed } = JSON.parse(await printed) as Replayed
    expect(planned).toBe(STARTS.length)
    expect(sent).toBeGreaterThan(0)
    expect(failed).toBe(0)
    const recording = JSON.parse(readFileSync(join(folder, 'out/cut.json'), 'utf8')) as Recording
    expect(recording.visits).toHaveLength(sent)
    expect(recording.stays.length).toBeGreaterThan(0)
    expect(existsSync(join(folder, 'out/cut.state.json'))).toBe(false)
  })

  it('list an arrival that was served otherwise, and tell a window’s edge from what nothing explains', () => {
    const recording = JSON.parse(readFileSync(join(folder, 'out/recorded.json'), 'utf8')) as Recording
    const warm = recording.visits.findIndex(({ outcome }) => outcome === 0)
    const forged = warm < 0 ? 0 : warm
    const visits = recording.visits.map((visit, index) =>
      index === forged ? { ...visit, outcome: 1, reason: 'evicted' as const } : visit,
    )
    const { mismatches } = validateRecording({ ...recording, visits }, policies.get('fixed', 'test'))
    expect(mismatches).toHaveLength(1)
    expect(mismatches[0]).toMatchObject({ arrivedAt: visits[forged]!.arrivedAt, observed: 'cold (evicted)' })
  })

  it('refuse what cannot be replayed or compared, with what to do', async () => {
    const told = async (...words: string[]): Promise<string> => {
      const { code, stderr } = await pilotlight(folder, 'live', ...words)
      expect(code).toBe(2)
      return stderr
    }
    expect(await told('replay', 'bare.yaml')).toContain('the live file has no part "replay", which names the trace')
    expect(await told('validate', 'other.yaml')).toContain(
      'it was recorded under the policy fixed, and the file has no-unload',
    )
    expect(await told('serev', 'live.yaml')).toContain('no action called "serev". Did you mean "serve"?')
    rmSync(join(folder, 'out'), { recursive: true })
    expect(await told('validate', 'live.yaml')).toContain('there is no recording')
  })
})
