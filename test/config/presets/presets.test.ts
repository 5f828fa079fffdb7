import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { formatDuration } from '../../../src/core/units.ts'
import { MODEL_KINDS } from '../../../src/config/model-kinds.ts'
import { presets } from '../../../src/config/presets/index.ts'
import { worldAs } from './replay.ts'

/** An option's value as an experiment spells it. */
function written(name: string, value: unknown): unknown {
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  return name === 'coldStart' ? formatDuration(value as number) : value
}

describe.each(presets.all)('the preset $id', ({ id, summary, source, options, deviations }) => {
  const { options: kinds, defaults } = MODEL_KINDS.get('cluster', '')

  it.each(Object.entries(options))('gives %s a value that an experiment could give it', (name, value) => {
    expect(kinds[name]?.read(written(name, value))).toMatchObject({ value })
  })

  it('leaves the nodes to the user, and differs from the defaults', () => {
    expect(options).not.toHaveProperty('nodes')
    expect({ ...defaults, ...options }).not.toEqual(defaults)
  })

  it('says what it is, what was read, and in which ways it is another simulator still', () => {
    expect(summary).toMatch(/^\S.*\.$/)
    expect(source).toMatch(/github\.com\/[\w-]+\/[\w-]+/)
    expect(deviations.length).toBeGreaterThan(0)
    expect(new Set(deviations).size).toBe(deviations.length)
    for (const deviation of deviations) expect(deviation).toMatch(/^There [^.]+; here [^;]+\.$/)
  })

  it('is in force where an experiment names it, under what the experiment gives itself', async () => {
    expect(await worldAs(id)).toMatchObject(options)
    expect(await worldAs(id, '1GB', ', reuse: oldest, horizon: cut')).toMatchObject({
      ...options,
      reuse: 'oldest',
      horizon: 'cut',
    })
  })

  it('is on the page docs/emulating.md, word for word and option for option', () => {
    const page = readFileSync(new URL('../../../docs/emulating.md', import.meta.url), 'utf8')
    const list = Object.entries(options).map(([name, value]) => `\`${name}: ${written(name, value)}\``)
    const texts = [`## \`${id}\``, summary, source, `Options: ${list.join(', ')}.`, ...deviations]
    expect(texts.filter((text) => !page.includes(text))).toEqual([])
  })
})
