import { join } from 'node:path'
import { expect, it } from 'vitest'
import { LISTS } from '../src/cli/commands/list.ts'
import { finished } from './cli/pilotlight.ts'
import { add, ADDITIONS, inCopy } from './stranger.ts'

it('there is a plug-in of every kind that can be listed, to try adding it', () => {
  expect(ADDITIONS.map(({ kind }) => kind).toSorted()).toEqual(Object.keys(LISTS).toSorted())
})

it('a metric, an eviction order and a price table are one file and one line each: they are listed and run', async () => {
  await inCopy(async (root) => {
    const chosen = ADDITIONS.filter(({ kind }) => ['metrics', 'evictions', 'prices'].includes(kind))
    for (const addition of chosen) add(root, addition)
    const main = join(root, 'src/cli/main.ts')
    const quickstart = join(root, 'experiments/quickstart.yaml')
    const { code, stdout, stderr } = await finished(root, process.execPath, [
      main,
      'run',
      quickstart,
      '--quiet',
      '--json',
    ])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const { runs } = JSON.parse(stdout) as { runs: readonly { metrics: Readonly<Record<string, number>> }[] }
    for (const { metrics } of runs) expect(metrics['added']).toBeGreaterThan(0)
    for (const kind of ['evictions', 'prices']) {
      const list = await finished(root, process.execPath, [main, 'list', kind])
      expect(list.stdout).toMatch(/^added +\S/m)
    }
  })
})
