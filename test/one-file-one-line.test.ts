import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { LISTS } from '../src/cli/commands/list.ts'
import { finished } from './cli/pilotlight.ts'
import { add, ADDITIONS, inCopy } from './stranger.ts'

it('there is a plug-in of every kind that can be listed, to try adding it', () => {
  expect(ADDITIONS.map(({ kind }) => kind).toSorted()).toEqual(Object.keys(LISTS).toSorted())
})

/** Names the eviction order and the price table that are added; a metric needs no name. */
const EXPERIMENT = `name: added
trace: { path: traces/sample }
model: { kind: cluster, nodes: { count: 2, memory: 8GB }, eviction: added, spread: minute }
prices: added
policies: [{ policy: fixed }]
`

/** Of what `run --json` prints. */
interface Printed {
  readonly model: { readonly eviction: string }
  readonly runs: readonly { readonly metrics: Readonly<Record<string, number>> }[]
}

it('a metric, an eviction order and a price table are one file and one line each: an experiment uses them', async () => {
  await inCopy(async (root) => {
    const chosen = ADDITIONS.filter(({ kind }) => ['metrics', 'evictions', 'prices'].includes(kind))
    for (const addition of chosen) add(root, addition)
    writeFileSync(join(root, 'added.yaml'), EXPERIMENT)
    const main = join(root, 'src/cli/main.ts')
    const { code, stdout, stderr } = await finished(root, process.execPath, [
      main,
      'run',
      'added.yaml',
      '--json',
      '--quiet',
    ])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const { model, runs } = JSON.parse(stdout) as Printed
    expect(model.eviction).toBe('added')
    for (const { metrics } of runs) {
      expect(metrics['added']).toBeGreaterThan(0)
      expect(metrics['user-bill']).toBeGreaterThan(0)
    }
  })
})
