import { expect, it } from 'vitest'
import { compareRuns } from '../../../src/metrics/compare-runs.ts'
import { verdict } from '../../../src/report/page/verdict-part.ts'
import { tinyLedger, tinyRun, TINY_TRACE } from '../../metrics/tiny-run.ts'

/** A run of a policy in a world, with so many cold starts and the idle memory of the baseline. */
function run(policy: string, kind: string, coldStarts: number) {
  const ledger = tinyLedger([{ invocations: 100, coldStarts, expired: coldStarts, idleMs: 1000 }])
  const model = { kind, memory: 'trace' }
  return tinyRun({ label: `${policy} ${kind}`, policy, variant: policy, params: {}, model, ledger })
}

it('shows the best of every world, also where it is the last of the first world', () => {
  const policies = Array.from({ length: 20 }, (_, at) => `p${at}`)
  const runs = policies.flatMap((policy, at) => [run(policy, 'paper', 10 + at), run(policy, 'instances', 40 - at)])
  const comparison = compareRuns({
    experiment: 'by hand',
    trace: TINY_TRACE,
    baseline: { label: 'p0', variant: 'p0' },
    runs,
  })
  const text = verdict(comparison).html
  const rows = [...text.matchAll(/<tr><th scope="row">(\w+)/g)].map(([, label]) => label)
  expect(rows).toHaveLength(13)
  expect(rows.at(-1)).toBe('p19')
  expect(text).toMatch(/p19<\/th><td[^>]*>29<\/td><td[^>]*><b>21<\/b>/)
  expect(text).toContain('7 more are in the table of runs.')
})
