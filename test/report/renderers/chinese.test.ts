import { describe, expect, it } from 'vitest'
import { LANGUAGES } from '../../../src/language/index.ts'
import { compareRuns } from '../../../src/metrics/compare-runs.ts'
import { CHARTS } from '../../../src/report/charts/index.ts'
import { displayWidth } from '../../../src/report/comparison/aligned.ts'
import { textReport } from '../../../src/report/comparison/text-report.ts'
import { besideFigures } from '../../../src/report/drawing/beside-figure.ts'
import { RENDERERS } from '../../../src/report/renderers/index.ts'
import { tinyRun, TINY_TRACE } from '../../metrics/tiny-run.ts'
import { plausibleComparison } from '../plausible-comparison.ts'

const language = LANGUAGES.get('zh', 'test')
/** Two words of English in a row are a sentence, or the beginning of one. */
const SENTENCE = /\b[a-z]{2,} [a-z]{2,}\b/gi
/** What stays as it is: commands, names of formats and licences, and what was named by others. */
const ALLOWED =
  /pilotlight (source|verify|run|explain|data)|Trace-driven simulation of serverless keep-alive|Trace plausible|GB loaded/g

function comparison() {
  const runs = [tinyRun({ label: 'base', policy: 'fixed' }), tinyRun({ label: 'other', policy: 'hybrid-histogram' })]
  const named = runs.map((run, index) => ({ ...run, digest: String(index).repeat(64), variant: run.label }))
  return compareRuns({ experiment: 'study', trace: TINY_TRACE, baseline: 'base', runs: named, language })
}

async function rendered(id: string): Promise<string> {
  const [file] = await RENDERERS.get(id, 'test').render(comparison())
  return new TextDecoder().decode(file!.bytes)
}

/** An option as an experiment spells it, its value of several words included. */
const OPTION = /\w+=(\[object Object\]|\S*)/g

/** The English that a text has but for what stays as it is. */
function english(text: string): string[] {
  return [...text.replaceAll(ALLOWED, '').replaceAll(OPTION, '=').matchAll(SENTENCE)].map(([words]) => words)
}

describe.each(['text', 'md'])('the Chinese report as %s', (id) => {
  it('has no English sentence', async () => {
    expect(english(await rendered(id))).toEqual([])
  })

  it('says verdict, columns and reasons in the terms of the glossary', async () => {
    const text = await rendered(id)
    for (const term of ['冷启动', '空闲内存', '基准', '踪迹', '种子']) expect(text).toContain(term)
  })
})

const FULL = { runs: 4, cluster: true, measured: true, bounded: true } as const
const full = plausibleComparison(FULL, language)

it('has no English sentence in what the page is made of, the words of its script included', async () => {
  const [file] = await RENDERERS.get('html', 'test').render(full)
  const page = new TextDecoder().decode(file!.bytes)
  expect(page).toContain('<html lang="zh-Hans">')
  // Of scripts, the data that they work on is read; of the charts' specifications what is shown.
  const parts = page
    .replaceAll(/<style>.*?<\/style>/gs, '')
    .replaceAll(/<script(?! type="application\/json" id="data").*?<\/script>/gs, '')
  const told = parts.replaceAll(/<(?:[^>"]|"[^"]*")*>/g, (tag) =>
    [...tag.matchAll(/(?:aria-label|title)="([^"]*)"/g)].join(' '),
  )
  expect(english(told)).toEqual([])
})

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}

/** What a picture says. */
function wordsOf(svg: Uint8Array): string {
  return [...textOf(svg).matchAll(/>([^<]+)</g)].map(([, text]) => text!).join('\n')
}

/** The numbers on lines of their own: those of axes and bars. */
function figuresOf(words: string): string[] {
  return [...words.matchAll(/^-?[\d,.]+ ?%?$/gm)].map(([figure]) => figure)
}

it('has every chart with the same figures as in English, and no English sentence', async () => {
  const [spoken, plain] = await Promise.all(
    [full, plausibleComparison(FULL)].map((each) => RENDERERS.get('svg', 'test').render(each)),
  )
  expect(spoken!.length).toBe(CHARTS.all.length)
  for (const [index, { name, bytes }] of spoken!.entries()) {
    const words = wordsOf(bytes)
    expect(english(words), name).toEqual([])
    expect(words, name).toMatch(/\p{Script=Han}/u)
    expect(figuresOf(words), name).toEqual(figuresOf(wordsOf(plain![index]!.bytes)))
  }
})

it('has captions in Chinese, and the data of a figure as in English', async () => {
  const material = { figures: { ids: ['cold-vs-memory', 'cold-start-reasons'], paper: { width: 238, fontSize: 8 } } }
  const [spoken, plain] = await Promise.all(
    [full, plausibleComparison(FULL)].map(async (each) => {
      const files = await besideFigures(each, material)
      return (ending: string) => files.filter(({ name }) => name.endsWith(ending)).map(({ bytes }) => textOf(bytes))
    }),
  )
  expect(spoken!('.csv')).toHaveLength(2)
  expect(spoken!('.csv')).toEqual(plain!('.csv'))
  expect(english(spoken!('.caption.txt').join('\n'))).toEqual([])
})

it('tells what every chart shows', () => {
  expect(CHARTS.ids).toEqual(expect.arrayContaining(Object.keys(language.charts)))
  // A chart is one file and one line, also for who does not know the language.
  expect(CHARTS.ids.length - Object.keys(language.charts).length).toBeLessThanOrEqual(1)
})

it('aligns columns whose headings take two columns a letter', () => {
  const lines = textReport(comparison(), { width: 200 }).split('\n')
  const rows = lines.filter((line) => /^(运行|base|other) {2}/.test(line))
  expect(rows.length).toBeGreaterThanOrEqual(3)
  expect(new Set(rows.slice(1).map(displayWidth)).size).toBe(1)
})

it('has no unit that is an English word', () => {
  const { columns } = compareRuns({
    experiment: 'study',
    trace: TINY_TRACE,
    baseline: 'base',
    runs: [tinyRun({ label: 'base' })],
    language,
  })
  const units = columns.flatMap(({ unit }) => unit ?? [])
  expect(units).toContain('货币')
  expect(units.filter((unit) => /^[a-z]{3,}/.test(unit))).toEqual([])
})
