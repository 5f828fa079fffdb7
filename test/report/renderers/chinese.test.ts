import { describe, expect, it } from 'vitest'
import { LANGUAGES } from '../../../src/language/index.ts'
import { compare } from '../../../src/metrics/compare.ts'
import { columnsOf } from '../../../src/report/comparison/aligned.ts'
import { textReport } from '../../../src/report/comparison/text-report.ts'
import { RENDERERS } from '../../../src/report/renderers/index.ts'
import { tinyRun, TINY_TRACE } from '../../metrics/tiny-run.ts'

const language = LANGUAGES.get('zh', 'test')

function comparison() {
  const runs = [tinyRun({ label: 'base', policy: 'fixed' }), tinyRun({ label: 'other', policy: 'hybrid-histogram' })]
  const named = runs.map((run, index) => ({ ...run, digest: String(index).repeat(64), variant: run.label }))
  return compare({ experiment: 'study', trace: TINY_TRACE, baseline: 'base', runs: named, language })
}

async function rendered(id: string): Promise<string> {
  const [file] = await RENDERERS.get(id, 'test').render(comparison())
  return new TextDecoder().decode(file!.bytes)
}

describe.each(RENDERERS.all.filter(({ isSpoken }) => isSpoken === true))('the Chinese report as $id', ({ id }) => {
  it('has no English sentence', async () => {
    // Options, digests and version stand on lines of their own and are as an experiment spells them.
    const lines = (await rendered(id)).split('\n').filter((line) => !line.includes('='))
    for (const line of lines) expect(line).not.toMatch(/[a-z]{2,} [a-z]{2,} [a-z]{2,}/i)
  })

  it('says verdict, columns and reasons in the terms of the glossary', async () => {
    const text = await rendered(id)
    for (const term of ['冷启动', '空闲内存', '基准', '踪迹', '种子']) expect(text).toContain(term)
  })
})

it('aligns columns whose headings take two columns a letter', () => {
  const lines = textReport(comparison(), { width: 200 }).split('\n')
  const rows = lines.filter((line) => /^(运行|base|other) {2}/.test(line))
  expect(rows.length).toBeGreaterThanOrEqual(3)
  expect(new Set(rows.slice(1).map(columnsOf)).size).toBe(1)
})
