import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { writeCalibration } from '../../../src/cli/trace/calibration-files.ts'
import { calibrate } from '../../../src/experiment/calibrate.ts'
import { TraceBuilder } from '../../../src/trace/build/builder.ts'
import { START } from '../../../src/trace/trace.ts'
import { inFolder } from '../../trace/temporary-folder.ts'

it('measured beside simulated cold starts are written per app and over time', async () => {
  const builder = new TraceBuilder({ id: 'x', format: 'test' })
  for (const [app, every] of [
    ['rare', 3_600_000],
    ['busy', 60_000],
  ] as const) {
    const row = builder.functionRow('', app, 'f')
    for (let index = 0; index < 20; index += 1) {
      builder.addEvent(row, index * every, 100)
      builder.measure(index === 0 || app === 'rare' ? START.cold : START.warm, '')
    }
  }
  const trace = builder.build(20 * 3_600_000, { files: [], defects: [] })
  const found = calibrate(trace)
  await inFolder({}, async (folder) => {
    const out = join(folder, 'report')
    const files = await writeCalibration(trace, found, out, { force: false })
    expect(files.map((file) => file.slice(out.length + 1))).toEqual([
      'per-app.csv',
      'over-time.csv',
      'per-app.svg',
      'over-time.svg',
    ])
    const perApp = await readFile(join(out, 'per-app.csv'), 'utf8')
    expect(perApp.split('\n').slice(0, 3)).toEqual([
      'app,invocations,measured,simulated',
      'rare,20,20,20',
      'busy,20,1,1',
    ])
    const overTime = (await readFile(join(out, 'over-time.csv'), 'utf8')).trim().split('\n').slice(1)
    const sums = [1, 2].map((cell) => overTime.reduce((sum, line) => sum + Number(line.split(',')[cell]), 0))
    expect(sums).toEqual([21, 21])
    for (const name of ['per-app.svg', 'over-time.svg']) {
      const svg = await readFile(join(out, name), 'utf8')
      expect(svg).toContain('Cold starts')
      expect(svg).toContain(trace.digest)
    }
  })
})
