import { describe, expect, it } from 'vitest'
import { compareRuns } from '../../../src/metrics/compare-runs.ts'
import { textReport } from '../../../src/report/comparison/text-report.ts'
import { tinyRun, TINY_TRACE } from '../../metrics/tiny-run.ts'
import { plausibleComparison } from '../plausible-comparison.ts'

/** The table of runs in worlds of these kinds. */
function tableOf(kinds: readonly string[]): string {
  const runs = kinds.map((kind, index) => tinyRun({ label: `r i=${index}`, model: { kind } }))
  const text = textReport(compareRuns({ experiment: 'e', trace: TINY_TRACE, baseline: 'r i=0', runs }), {
    colour: false,
  })
  return text.slice(text.indexOf('\n\n'))
}

describe('textReport', () => {
  it('aligns every figure with its heading', () => {
    const lines = textReport(plausibleComparison({ runs: 8 }), { colour: false }).split('\n')
    const head = lines.findIndex((line) => line.startsWith('run '))
    const rows = lines.slice(head + 1, -1)
    expect(rows).toHaveLength(8)
    expect(new Set(rows.map((row) => row.length)).size).toBe(1)
    expect(rows[0]!.length).toBeLessThanOrEqual(120)
    expect(lines[head]!.length).toBe(rows[0]!.length)
  })

  it('shows money in its currency and says which prices it was reckoned with', () => {
    const lines = textReport(plausibleComparison({ runs: 3, priced: true }), { colour: false }).split('\n')
    expect(lines.find((line) => line.startsWith('prices '))).toMatch(
      /^prices +aws-lambda: USD, us-east-1, x86, \d{4}-\d\d-\d\d, https:/,
    )
    const head = lines.findIndex((line) => line.startsWith('run '))
    expect(lines[head]).toMatch(/USD +USD$/)
    expect(lines.slice(head + 1, -1).every((row) => row.length <= 120 && /\d +[\d,.]+$/.test(row))).toBe(true)
  })

  it('gives a long label a line of its own and keeps the figures aligned', () => {
    const lines = textReport(plausibleComparison({ runs: 2, longLabels: true }), { width: 120 }).split('\n')
    const label = lines.findIndex((line) => line.startsWith('fixed(keepAlive=5m) binWidth'))
    expect(lines[label]).toMatch(/spread=uniform$/)
    expect(lines[label + 1]).toMatch(/^ {32,}.*\d$/)
    expect(lines[label + 1]!.length).toBeLessThanOrEqual(120)
  })

  it('shows colours only when asked, and the same letters', () => {
    const comparison = plausibleComparison({ runs: 3 })
    const plain = textReport(comparison, { colour: false })
    const coloured = textReport(comparison, { colour: true })
    expect(plain).not.toContain('\u001B')
    expect(coloured).toContain('\u001B[32m')
    // oxlint-disable-next-line no-control-regex -- the colours are control characters
    expect(coloured.replaceAll(/\u001B\[\d+m/g, '')).toBe(plain)
  })

  it('sends no control character of a label to the terminal', () => {
    const text = textReport(plausibleComparison({ runs: 2, hostile: true }), { colour: false })
    expect(text).not.toContain('\u001B')
    expect(text).toContain(String.raw`\u001b[31m`)
  })

  it('leaves out the headline columns that no run has, and shows those that one has', () => {
    expect(tableOf(['paper'])).not.toMatch(/drops|added/)
    expect(tableOf(['instances', 'cluster'])).toMatch(/drops/)
    expect(tableOf(['instances', 'cluster'])).toMatch(/^r i=0 .* – *\nr i=1 .* 0$/m)
    expect(tableOf(['instances', 'cluster'])).not.toMatch(/added/)
  })

  it('says so when there is no run', () => {
    const comparison = { ...plausibleComparison({ runs: 1 }), runs: [] }
    expect(textReport(comparison, { colour: false })).toContain('There are no finished runs.')
  })
})

it('columns stay aligned after labels whose letters take two columns of a terminal, or none', () => {
  const comparison = plausibleComparison({ runs: 3 })
  const labels = ['固定 10分', 'e\u0301te\u0301', 'plain']
  const runs = comparison.runs.map((run, index) => ({ ...run, label: labels[index]! }))
  const rows = textReport({ ...comparison, runs })
    .split('\n')
    .slice(-4, -1)
  // 固定 10分 takes 9 columns and has 6 letters; été takes 3 and has 5.
  const [wide, combined, plain] = rows.map((row) => row.length)
  expect(rows.map((row) => row.split(/ {2,}/)[0])).toEqual(labels)
  expect([wide! - plain!, combined! - plain!]).toEqual([-3, 2])
})

/** The lines of the table below the facts. */
const table = (text: string): string[] => {
  const lines = text.split('\n')
  return lines.slice(lines.findIndex((line) => line.startsWith('prices')) + 2)
}

/** The figures of all rows, in order of their letters. */
const figures = (lines: readonly string[]): string[] =>
  lines.flatMap((line) => (/^(fixed|hybrid)/.test(line) ? line.split(/ {2,}/).slice(1) : [])).toSorted()

it('no line is wider than the terminal: columns that have no room continue below, and every figure is there', () => {
  const comparison = plausibleComparison({ runs: 3, priced: true })
  const narrow = table(textReport(comparison, { width: 60 }))
  expect(Math.max(...narrow.map((line) => line.length))).toBeLessThanOrEqual(60)
  expect(narrow.filter((line) => line.startsWith('run '))).toHaveLength(3)
  expect(figures(narrow)).toEqual(figures(table(textReport(comparison))))
})
