import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../', import.meta.url))
const PARTS = [
  'src',
  'test',
  'tools',
  'docs',
  'experiments',
  'traces',
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
  'biome.json',
  '.oxlintrc.json',
  'dependency-cruiser.config.mjs',
  'README.md',
  'README.zh-CN.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
]

/** One plug-in as a stranger adds it: its file, and the list that gets one line. */
export interface Addition {
  readonly kind: string
  /** From the project's root, as is the list. */
  readonly file: string
  readonly list: string
  readonly text: string
  /** The contract tests of the list. */
  readonly tests: readonly string[]
  /** A test of its own, where the list asks for one. */
  readonly ownTest?: { readonly file: string; readonly text: string }
}

/** A plug-in of every kind, each written from the table of docs/design.md. All of them export `added`. */
export const ADDITIONS: readonly Addition[] = [
  {
    kind: 'policies',
    file: 'src/policy/policies/added.ts',
    list: 'src/policy/policies/list.ts',
    tests: ['test/policy/policies/contract.test.ts', 'test/policy/policies/evidence.test.ts'],
    ownTest: {
      file: 'test/policy/policies/added.test.ts',
      text: `import fc from 'fast-check'
import { expect } from 'vitest'
import { added } from '../../../src/policy/policies/added.ts'
import { asNaive, byHand } from './evidence.ts'
import { arrivalMinutes, coldAndIdle } from './one-app.ts'

byHand('keeps an app for three minutes', () => {
  expect(coldAndIdle(added, [0, 3, 10], 60)).toEqual({ cold: 2, idle: 9 })
})

asNaive('is cold at the first use and after each idle time of more than three minutes', () => {
  fc.assert(
    fc.property(arrivalMinutes, (minutes) => {
      const late = minutes.filter((minute, at) => at > 0 && minute > minutes[at - 1]! + 3)
      expect(coldAndIdle(added, minutes, 20_000).cold).toBe(1 + late.length)
    }),
  )
})
`,
    },
    text: `import { definePolicy } from '../policy.ts'
export const added = definePolicy({
  id: 'added',
  summary: 'Keeps every app for three minutes.',
  parameters: {},
  scope: 'app',
  needs: [],
  create: () => ({
    arrived() {},
    decide(_app, _now, out) {
      out.prewarmMs = 0
      out.keepAliveMs = 180_000
    },
  }),
})
`,
  },
  {
    kind: 'datasets',
    file: 'src/trace/catalogue/added.ts',
    list: 'src/trace/catalogue/archives.ts',
    tests: ['test/trace/catalogue/archives.test.ts'],
    text: `import type { Archive } from './archive.ts'
export const added: Archive = {
  id: 'added',
  summary: 'A day of a stranger.',
  url: 'https://example.org/day.zip',
  file: 'day.zip',
  bytes: 1000,
  licence: 'CC0',
  most: 2000,
  unpack: ['unzip', '-n', 'day.zip'],
  unpacks: true,
}
`,
  },
  {
    kind: 'formats',
    file: 'src/trace/formats/added.ts',
    list: 'src/trace/formats/index.ts',
    tests: ['test/trace/formats/contract.test.ts'],
    text: `import { readFile } from 'node:fs/promises'
import { UserError } from '../../core/user-error.ts'
import { TraceBuilder } from '../build/builder.ts'
import type { TraceFormat } from '../trace-format.ts'
import { firstBytes } from '../table/source-bytes.ts'
export const added: TraceFormat = {
  id: 'added',
  summary: 'One line per invocation: "@", the app, and the millisecond at which it began.',
  source: 'a stranger who follows docs/design.md',
  looksFor: 'a file whose first letter is "@"',
  defects: [],
  example: '@a 5\\n@b 0\\n',
  async recognises(path) {
    return (await firstBytes(path, 1))[0] === 0x40
  },
  async read(path, { onProgress } = {}) {
    const text = await readFile(path, 'utf8')
    const builder = new TraceBuilder({ id: 'added', format: 'added' })
    for (const [index, line] of text.trimEnd().split('\\n').entries()) {
      const [, app, ms] = /^@(\\w+) (\\d+)$/.exec(line) ?? []
      if (app === undefined) throw new UserError({ where: \`\${path}:\${index + 1}\`, problem: 'expected "@app ms"' })
      builder.addEvent(builder.functionRow('', app, 'f'), Number(ms), 0)
    }
    onProgress?.(text.length, text.length)
    return builder.build(60_000, { files: [], defects: [] })
  },
}
`,
  },
  {
    kind: 'metrics',
    file: 'src/metrics/columns/added.ts',
    list: 'src/metrics/index.ts',
    tests: ['test/metrics/metrics.test.ts', 'test/report/renderers/renderers.test.ts'],
    text: `import { formatQuantity } from '../figure-text.ts'
import type { Metric } from '../metric.ts'
export const added: Metric = {
  id: 'added',
  summary: 'Cold starts of the app that has most of them.',
  heading: 'worst app',
  unit: 'colds',
  better: 'lower',
  headline: true,
  of: ({ ledger }) => Math.max(0, ...ledger.coldStarts),
  format: formatQuantity,
}
`,
  },
  {
    kind: 'prices',
    file: 'src/metrics/prices/providers/added.ts',
    list: 'src/metrics/prices/providers/index.ts',
    tests: ['test/metrics/prices/providers.test.ts'],
    text: `import type { ListedPrices } from '../listed-prices.ts'
import { memoryRate, sizesWithCpu } from '../price-table.ts'
export const added: readonly ListedPrices[] = [
  {
    id: 'added',
    summary: 'A cloud of one street.',
    currency: 'EUR',
    region: 'the street',
    date: '2026-01-31',
    source: 'https://example.org/prices',
    running: memoryRate(0.00002),
    loading: memoryRate(0.00002),
    idle: memoryRate(0),
    millionRequests: 0.1,
    residentGbS: null,
    sizes: sizesWithCpu([128, 256]),
    leftOut: ['Electricity.'],
    assumed: [],
  },
]
`,
  },
  {
    kind: 'charts',
    file: 'src/report/charts/added.ts',
    list: 'src/report/charts/index.ts',
    tests: ['test/report/charts/charts.test.ts'],
    text: `import { CHART_WIDTH, type Chart, nothingToDraw } from '../chart.ts'
const TITLE = 'Cold starts of every run'
export const added: Chart = {
  id: 'added',
  summary: 'Cold starts, one bar per run.',
  draw({ runs }) {
    const values = runs.map(({ label, totals }) => ({ run: label, cold: totals.coldStarts }))
    if (values.every(({ cold }) => cold === 0)) return nothingToDraw(TITLE, 'no run has a cold start.')
    return {
      title: { text: TITLE },
      width: CHART_WIDTH,
      data: { values },
      mark: 'bar',
      encoding: {
        x: { field: 'cold', type: 'quantitative', title: 'Cold starts (count)' },
        y: { field: 'run', type: 'nominal', title: null, sort: null, axis: null },
        color: { field: 'run', type: 'nominal', sort: null, legend: { orient: 'bottom', columns: 1, labelLimit: 600 } },
      },
    }
  },
}
`,
  },
  {
    kind: 'renderers',
    file: 'src/report/renderers/added.ts',
    list: 'src/report/renderers/index.ts',
    tests: ['test/report/renderers/renderers.test.ts'],
    text: `import { textReport } from '../comparison/text-report.ts'
import { type Renderer, textFile } from '../renderer.ts'
export const added: Renderer = {
  id: 'added',
  summary: 'The lines of text, in a file of another name.',
  render: async (comparison) => [textFile('added.log', textReport(comparison, { colour: false }))],
}
`,
  },
  {
    kind: 'platforms',
    file: 'src/export/platforms/added.ts',
    list: 'src/export/platforms/index.ts',
    tests: ['test/export/platforms.test.ts'],
    text: `import { NO_FLOOR } from '../../policy/plan/floor.ts'
import { documentsIn, jsonFile } from '../files/export-file.ts'
import { DNS_LABEL } from '../files/name-rule.ts'
import { servedNote } from '../fit/demand.ts'
import { fittedFloor, fittedWindow } from '../fit/fit.ts'
import type { Platform } from '../platform.ts'
export const added: Platform = {
  id: 'added',
  title: 'Added',
  summary: 'An idle time-out per function, 1 s to 1 h.',
  sets: '\`idle\` of every function',
  sources: [{ about: 'keys', says: 'idle', at: 'its page', read: '2026-11-30' }, { about: 'default', says: '30 s', at: 'its page', read: '2026-11-30' }, { about: 'requests', says: 'one', at: 'its page', read: '2026-11-30' }],
  assumed: [],
  lacks: 'Pre-warming, minimum instances, schedules.',
  present: 'Its command prints no listing.',
  names: DNS_LABEL,
  settings: {},
  byDefault: { prewarmMs: 0, keepAliveMs: 30_000, floor: NO_FLOOR, concurrency: 1, from: 'its page: 30 s' },
  write({ apps }) {
    const fitted = apps.map((app) => {
      const { seconds, note } = fittedWindow(app, { knob: 'idle', minS: 1, maxS: 3600 })
      return { name: app.name, seconds, notes: [note, ...fittedFloor(app, 'none', 0).notes, ...servedNote(app, 'none', 1)] }
    })
    return {
      files: fitted.map(({ name, seconds }) => jsonFile(\`apps/\${name}.json\`, { name, idle: seconds })),
      notes: fitted.flatMap(({ notes }) => notes),
      changes: [],
      byHand: ['added apply apps/'],
    }
  },
  read(files) {
    return new Map(
      documentsIn(files, /^apps\\/.*\\.json$/).map(({ name, idle }) => [
        String(name),
        { prewarmMs: 0, keepAliveMs: Number(idle) * 1000, floor: NO_FLOOR },
      ]),
    )
  },
}
`,
  },
  {
    kind: 'evictions',
    file: 'src/sim/evictions/added.ts',
    list: 'src/sim/evictions/index.ts',
    tests: ['test/sim/cluster/evictions.test.ts'],
    text: `import type { EvictionDefinition } from '../cluster/idle-pool.ts'
export const added: EvictionDefinition = {
  id: 'added',
  summary: 'The instance of the app with the fewest invocations goes first.',
  paper: 'A stranger, "Added", 2026',
  pool: ({ ranked, uses }) => ranked((app) => uses[app]!),
}
`,
  },
  {
    kind: 'placements',
    file: 'src/sim/placements/added.ts',
    list: 'src/sim/placements/index.ts',
    tests: ['test/sim/cluster/placements.test.ts'],
    text: `import { freeFirst, NOWHERE, type PlacementDefinition, roomOn } from '../cluster/placement.ts'
export const added: PlacementDefinition = {
  id: 'added',
  summary: 'The last node with free memory.',
  create: ({ nodes }) =>
    freeFirst((_app, units, evicting) => {
      for (let node = nodes.count - 1; node >= 0; node -= 1) if (roomOn(nodes, node, evicting) >= units) return node
      return NOWHERE
    }),
}
`,
  },
  {
    kind: 'presets',
    file: 'src/config/presets/added.ts',
    list: 'src/config/presets/index.ts',
    tests: ['test/config/presets/presets.test.ts'],
    text: `import type { ModelPreset } from '../model-preset.ts'
export const added: ModelPreset = {
  id: 'added',
  summary: 'A simulator of one street.',
  source: 'github.com/example/simulator (0fd7b31)',
  options: { overflow: 'drop' },
  deviations: ['There nothing waits; here neither.'],
}
`,
  },
  {
    kind: 'backends',
    file: 'src/live/backends/added.ts',
    list: 'src/live/backends/index.ts',
    tests: [],
    text: `import { UserError } from '../../core/user-error.ts'
import type { BackendDefinition } from '../instance/backend.ts'
export const added: BackendDefinition = {
  id: 'added',
  summary: 'Virtual machines of an engine that is not installed.',
  async open() {
    throw new UserError({ where: 'backend', problem: 'the backend "added" needs an engine that is not there' })
  },
}
`,
  },
  {
    kind: 'contracts',
    file: 'src/live/contracts/added.ts',
    list: 'src/live/contracts/index.ts',
    tests: [],
    text: `import type { Contract } from '../instance/contract.ts'
import { portClient } from '../exchange/port-client.ts'
export const added: Contract = {
  id: 'added',
  summary: 'A web server that hears nothing but the body.',
  source: 'A stranger',
  needs: { port: true, callback: false },
  streams: false,
  async open(app, { port }) {
    const client = portClient(app, port!)
    return {
      ...client,
      invoke: ({ body }, _deadlineMs, signal) => client.send({ method: 'POST', path: '/', headers: [], body }, signal),
    }
  },
}
`,
  },
]

/** A copy of the project in a temporary folder, which `use` may change. */
export async function inCopy<T>(use: (root: string) => Promise<T>): Promise<T> {
  const root = mkdtempSync(join(tmpdir(), 'pilotlight-stranger-'))
  try {
    for (const part of PARTS) cpSync(join(ROOT, part), join(root, part), { recursive: true })
    symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'))
    return await use(root)
  } finally {
    rmSync(root, { recursive: true })
  }
}

/** Adds a plug-in to a copy: one file, and in its list one import and one entry, or one export. */
export function add(root: string, { file, list, text, ownTest }: Addition): void {
  writeFileSync(join(root, file), text)
  if (ownTest !== undefined) writeFileSync(join(root, ownTest.file), ownTest.text)
  const path = join(root, list)
  const source = readFileSync(path, 'utf8')
  if (source.split('\n').every((line) => /^(?:\/\/.*|export \{ \w+ \} from '.+'|)$/.test(line))) {
    writeFileSync(path, `${source}export { added } from './added.ts'\n`)
    return
  }
  const entries = /(\bregistry(?:<\w+>)?\([^[]*\[)/
  if (!entries.test(source)) throw new Error(`${list}: no list found`)
  const from = list === 'src/metrics/index.ts' ? './columns/added.ts' : './added.ts'
  writeFileSync(path, `import { added } from '${from}'\n${source.replace(entries, '$1added, ')}`)
}
