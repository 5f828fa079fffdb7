import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readExperiment } from '../../../src/config/experiment-file.ts'
import { proposeExperiment } from '../../../src/study/first-experiment.ts'
import { readTrace } from '../../../src/trace/read.ts'
import { inFolder } from '../../trace/temporary-folder.ts'
import { pilotlight } from '../pilotlight.ts'

const TABLE = 'fn,start_ts,dur_ms\nf,1714564800000,20\nf,1714564860000,21\n'

describe('pilotlight init', () => {
  it('writes a mapping and an experiment that read the file as it was shown', async () => {
    await inFolder({ 'calls.csv': TABLE }, async (folder) => {
      const proposed = await proposeExperiment([join(folder, 'calls.csv')], folder)
      expect(proposed.lines.join('\n')).toContain('f:f           2024-05-01T12:00:00.000Z      20ms')
      const trace = await readTrace(join(folder, 'calls.csv'), {
        mapping: {
          read: { as: 'csv' },
          app: 'fn',
          start: { from: 'start_ts' },
          duration: { from: 'dur_ms', unit: 'ms' },
        },
      })
      await proposed.write(trace)
      const experiment = await readExperiment(join(folder, 'calls.experiment.yaml'))
      expect(experiment.models[0]!.defaults.kind).toBe('instances')
      const { path, mapping } = experiment.trace
      expect((await readTrace(path, { mapping })).digest).toBe(trace.digest)
    })
  })

  it('takes a folder of logs as one trace, and files that are not all of a folder by way of an import', async () => {
    const days = { 'logs/1.csv': TABLE, 'logs/2.csv': TABLE.replaceAll('17145', '17146') }
    await inFolder(days, async (folder) => {
      const [logs, out] = [join(folder, 'logs'), join(folder, 'out')]
      const files = [join(logs, '1.csv'), join(logs, '2.csv')]
      const mapping = {
        read: { as: 'csv' },
        app: 'fn',
        start: { from: 'start_ts' },
        duration: { from: 'dur_ms', unit: 'ms' },
      } as const
      const trace = await readTrace(logs, { mapping })
      await (await proposeExperiment(files, out, [logs])).write(trace)
      const experiment = await readExperiment(join(out, 'logs.experiment.yaml'))
      expect(experiment.trace.path).toBe(logs)
      expect((await readTrace(experiment.trace.path, { mapping: experiment.trace.mapping })).invocations).toBe(4)
      await writeFile(join(logs, 'notes.txt'), 'of mine')
      const told = await (await proposeExperiment(files, out)).write(trace)
      expect(told).toContain(
        `First: pilotlight import ${files.join(' ')} --mapping ${join(out, '1.mapping.yaml')} --out ${join(out, '1.trace')}`,
      )
      expect(await readFile(join(out, '1.experiment.yaml'), 'utf8')).toContain('path: "./1.trace"')
    })
  })

  it('maps a file that has the header of a format and other units, which that format refuses', async () => {
    const header = 'app,function,start_ms,duration_ms\n'
    const files = {
      'us.csv': `${header}a,f,1772352037000000,20\na,f,1772352097000000,21\n`,
      'iso.csv': `${header}a,f,2026-03-01T08:00:37Z,20\na,f,2026-03-01T08:01:37Z,21\n`,
    }
    await inFolder(files, async (folder) => {
      const digests: string[] = []
      for (const name of ['us', 'iso']) {
        const { stdout: shown } = await pilotlight(folder, 'init', `${name}.csv`)
        expect(shown).toContain('Its own format refuses it: ')
        expect(shown).toContain('2026-03-01T08:00:37.000Z      20ms')
        expect(shown.includes('start_ms is in us, whatever its name says')).toBe(name === 'us')
        const { trace } = await readExperiment(join(folder, `${name}.experiment.yaml`))
        digests.push((await readTrace(trace.path, { mapping: trace.mapping })).digest)
      }
      expect(digests[0]).toBe(digests[1])
    })
  })

  it('never writes over a file that is there', async () => {
    await inFolder({ 'calls.csv': TABLE }, async (folder) => {
      const proposed = await proposeExperiment([join(folder, 'calls.csv')], folder)
      await writeFile(join(folder, 'calls.experiment.yaml'), 'mine')
      const again = proposeExperiment([join(folder, 'calls.csv')], folder)
      await expect(again).rejects.toMatchObject({
        name: 'UserError',
        message: expect.stringContaining('a file of that name already') as string,
      })
      const trace = await readTrace(join(folder, 'calls.csv'), {
        mapping: { read: { as: 'csv' }, app: 'fn', start: { from: 'start_ts' } },
      })
      await expect(proposed.write(trace)).rejects.toThrow('there is a file of that name already')
      expect(await readFile(join(folder, 'calls.experiment.yaml'), 'utf8')).toBe('mine')
    })
  })
})
