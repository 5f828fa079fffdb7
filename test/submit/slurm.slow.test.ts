import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readShardStore } from '../../src/experiment/shard-stores.ts'
import { finished, type Finished, MAIN } from '../cli/pilotlight.ts'
import { type Study, study } from '../cli/study.ts'
import { noSlurm, type Slurm, startSlurm } from './slurm.ts'

/** Runs that share a pass over the trace are finished together, eight at most: a shard has more. */
const WINDOWS = Array.from({ length: 32 }, (_, each) => `${each + 1}m`)
/** Runs long enough to be killed, few enough to wait for. */
const EXPERIMENT = `
name: spread
trace: { path: ./trace }
model: { kind: instances }
policies:
  - { policy: fixed, keepAlive: [${WINDOWS.join()}] }
  - { policy: hybrid-histogram, range: [1h, 2h, 3h, 4h] }
baseline: fixed(keepAlive=10m)
`

/** The runs of a comparison, without how long they took. */
const runsOf = (text: string): unknown[] =>
  (JSON.parse(text) as { runs: Record<string, unknown>[] }).runs.map((run) => ({
    ...run,
    wallMs: 0,
    metrics: { ...(run['metrics'] as object), 'wall-time': 0 },
  }))

describe.skipIf(noSlurm !== undefined)(
  `an array job on a real Slurm${noSlurm === undefined ? '' : ` (${noSlurm})`}`,
  () => {
    let slurm: Slurm
    let here: Study
    const pilotlight = (...words: string[]): Promise<Finished> =>
      finished(here.folder, process.execPath, [MAIN, ...words], slurm.environment)
    const submit = (out: string, ...words: string[]): Promise<Finished> =>
      pilotlight('submit', 'spread.yaml', '--to', 'slurm', '--out', out, '--shards', '3', '--memory', '500MB', ...words)

    beforeAll(async () => {
      slurm = await startSlurm(2)
      here = study()
      writeFileSync(join(here.folder, 'spread.yaml'), EXPERIMENT)
      const made = await pilotlight('synth', '--apps', '120', '--days', '1', '--out', 'trace')
      if (made.code !== 0) throw new Error(made.stderr)
    })
    afterAll(async () => {
      await slurm.stop()
      here.remove()
    })

    it('makes every run once, gathers the shards, and gives what one machine gives', async () => {
      const whole = await pilotlight('run', 'spread.yaml', '--store', 'whole.sqlite', '--json')
      expect(whole.code, whole.stderr).toBe(0)
      const spread = await submit('spread', '--wait')
      expect(spread.code, spread.stderr).toBe(0)
      expect(spread.stderr).toContain('3 of 3 shards finished')
      const compared = await pilotlight('compare', 'spread/results.sqlite', '--json')
      expect(runsOf(compared.stdout)).toEqual(runsOf(whole.stdout))
      expect(readFileSync(join(here.folder, 'spread/report/index.html'), 'utf8')).toContain('spread')
    })

    it('spreads one run over all shards by its apps, and gives what one machine gives', async () => {
      const one =
        'name: one\ntrace: { path: ./trace }\nmodel: { kind: instances }\npolicies: [{ policy: fixed }]\nbaseline: fixed\n'
      writeFileSync(join(here.folder, 'one.yaml'), one)
      const whole = await pilotlight('run', 'one.yaml', '--store', 'one.sqlite', '--json')
      expect(whole.code, whole.stderr).toBe(0)
      const spread = await pilotlight(
        'submit',
        'one.yaml',
        '--to',
        'slurm',
        '--out',
        'one',
        '--shards',
        '3',
        '--memory',
        '500MB',
        '--wait',
      )
      expect(spread.code, spread.stderr).toBe(0)
      for (const shard of [1, 2, 3]) {
        const log = readFileSync(join(here.folder, `one/logs/shard-${shard}.log`), 'utf8')
        expect(log).toContain(`fixed, part ${shard} of 3 (finished)`)
      }
      const compared = await pilotlight('compare', 'one/results.sqlite', '--json')
      expect(runsOf(compared.stdout)).toEqual(runsOf(whole.stdout))
    })

    it('goes on behind the last finished run of a shard that was killed and requeued', async () => {
      const submitted = await submit('requeued', '--json')
      expect(submitted.code, submitted.stderr).toBe(0)
      const { names } = JSON.parse(submitted.stdout) as { names: string[] }
      await workingOn('requeued', 2)
      slurm.ask('scontrol', 'requeue', `${names[0]}_2`)
      const waited = await submit('requeued', '--wait')
      expect(waited.code, waited.stderr).toBe(0)
      const log = readFileSync(join(here.folder, 'requeued/logs/shard-2.log'), 'utf8')
      expect(log).toMatch(/\d of 12 runs were finished before/)
    })

    it('names a shard that died, keeps the others, and makes just that one again', async () => {
      const waiting = submit('died', '--wait')
      await workingOn('died', 3)
      const [job] = slurm.ask('squeue', '-h', '-r', '-t', 'RUNNING', '-o', '%i').match(/\d+_3/) ?? []
      slurm.ask('scancel', '--signal=KILL', '--full', job!)
      const ended = await waiting
      expect(ended.code, ended.stderr).toBe(2)
      expect(ended.stderr).toMatch(/shards (\d, )*3 are not finished/)
      const again = await submit('died', '--wait')
      expect(again.code, again.stderr).toBe(0)
      expect(again.stderr).toContain('2 of 3 shards were finished before')
    })

    /** Waits until a shard has finished a run and not yet all. */
    async function workingOn(out: string, shard: number): Promise<void> {
      for (let round = 0; round < 1200; round += 1) {
        await pause(100)
        try {
          const { finished: done } = readShardStore(join(here.folder, out, 'shards', `${shard}.sqlite`))
          if (done >= 1) return
        } catch {
          // It is not there yet.
        }
      }
      throw new Error('the shard never finished a run')
    }
  },
)
