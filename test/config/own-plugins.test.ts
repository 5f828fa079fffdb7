import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { loadOwnChart, loadOwnFormat, loadOwnMetric } from '../../src/config/own-plugins.ts'
import { compareRuns } from '../../src/metrics/compare-runs.ts'
import { RENDERERS } from '../../src/report/renderers/index.ts'
import { TraceBuilder } from '../../src/trace/build/builder.ts'
import { tinyLedger, tinyRun, TINY_TRACE } from '../metrics/tiny-run.ts'

const folder = mkdtempSync(join(tmpdir(), 'pilotlight-own-'))
afterAll(() => rmSync(folder, { recursive: true }))

let files = 0
/** A file of the user's own with this text. */
function fileOf(text: string): string {
  files += 1
  const file = join(folder, `own-${files}.mjs`)
  writeFileSync(file, text)
  return file
}

const METRIC = `{ id: 'worst', summary: 'Cold starts of the worst app.', heading: 'worst', unit: 'cold starts', better: 'lower',
  headline: true, of: ({ ledger }) => Math.max(...ledger.coldStarts), format: (value) => value.toFixed(0) }`
const CHART = `{ id: 'mine', summary: 'One bar per run.', draw: ({ runs }) => ({ title: { text: 'Mine' },
  data: { values: runs.map(({ label, totals }) => ({ label, cold: totals.coldStarts })) }, mark: 'bar',
  encoding: { x: { field: 'cold', type: 'quantitative' }, y: { field: 'label', type: 'nominal' } } }) }`
const FORMAT = `{ id: 'mine', summary: 'Mine.', source: 'me', looksFor: 'anything', defects: [],
  recognises: async () => true, read: async () => ({}) }`

function comparing(metrics: Parameters<typeof compareRuns>[0]['metrics'] = []) {
  const ledger = tinyLedger([
    { invocations: 9, coldStarts: 6 },
    { invocations: 1, coldStarts: 1 },
  ])
  const run = tinyRun({ ledger })
  return compareRuns({ experiment: 'e', trace: TINY_TRACE, baseline: run.label, runs: [run], metrics })
}

async function message(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'nothing was refused',
    (error: unknown) => (error as Error).message,
  )
}

describe('a metric of the user’s own file', () => {
  it('is a column of every table', async () => {
    const comparison = comparing([await loadOwnMetric(fileOf(`export default ${METRIC}`), 'x.yaml')])
    expect(comparison.runs[0]!.metrics['worst']).toBe(6)
    for (const id of ['text', 'csv', 'md', 'json']) {
      const [file] = await RENDERERS.get(id, 'test').render(comparison)
      expect(new TextDecoder().decode(file!.bytes)).toContain('worst')
    }
  })

  it.each([
    ['no file', '', /cannot|no such|there is no/],
    ['no default export', 'export const a = 1', /expected a default export, the definition of a metric; found none/],
    ['a missing key', `export default { ...${METRIC}, heading: undefined }`, /: heading: /],
    ['a wrong direction', `export default { ...${METRIC}, better: 'best' }`, /: better: /],
    [
      'the id of a listed one',
      `export default { ...${METRIC}, id: 'rum' }`,
      /: id: there is a metric of pilotlight called rum/,
    ],
    ['what does not load', 'export default {', /the file does not load/],
  ])('is refused with %s', async (_, text, wrong) => {
    const file = text === '' ? join(folder, 'none.mjs') : fileOf(text)
    const refused = await message(loadOwnMetric(file, 'x.yaml:3:5: metrics[0]'))
    expect(refused).toMatch(wrong)
    expect(refused).toContain('none.mjs'.length > 0 && text === '' ? 'none.mjs' : file)
  })

  it.each([
    ['throws', '() => { throw new Error("no memory") }', /of\(\) failed: no memory/],
    ['gives no number', '() => NaN', /of\(\) must give a finite number or null, found NaN/],
    ['ends the process', '() => process.exit(0)', /own-\d+\.mjs:\d+:\d+: of\(\) failed: it ends the process/],
    ['aborts it', '() => process.abort()', /:\d+:\d+: of\(\) failed: it ends the process/],
    ['kills it', '() => process.kill(process.pid)', /:\d+:\d+: of\(\) failed: it sends signals to processes/],
    ['ends it from within', '() => process.reallyExit(0)', /:\d+:\d+: of\(\) failed: it ends the process/],
    ['moves it', "() => process.chdir('/')", /:\d+:\d+: of\(\) failed: it changes the folder of the process/],
  ])('is at fault by name where it %s', async (_, of, wrong) => {
    const file = fileOf(`export default { ...${METRIC}, of: ${of} }`)
    const own = await loadOwnMetric(file, 'x.yaml')
    expect(() => comparing([own])).toThrow(wrong)
    expect(() => comparing([own])).toThrow(file)
  })
})

describe('a chart of the user’s own file', () => {
  it('is drawn after the listed ones', async () => {
    const own = await loadOwnChart(fileOf(`export default ${CHART}`), 'x.yaml')
    const drawn = await RENDERERS.get('svg', 'test').render(comparing(), { charts: [own] })
    expect(drawn.at(-1)!.name).toBe('mine.svg')
    const [page] = await RENDERERS.get('html', 'test').render(comparing(), { charts: [own] })
    expect(new TextDecoder().decode(page!.bytes)).toContain('One bar per run.')
  })

  it.each([
    ['throws', '() => { throw new Error("no runs") }', /draw\(\) failed: no runs/],
    ['gives nothing', '() => undefined', /draw\(\) must give a vega-lite specification/],
    [
      'gives no chart',
      '() => ({ mark: "bar", data: { values: [] }, encoding: { x: { field: "a", type: "no" }, } , layer: 3 })',
      /own-\d+\.mjs: draw\(\) gives what cannot be drawn/,
    ],
  ])('is at fault by name where it %s', async (_, draw, wrong) => {
    const own = await loadOwnChart(fileOf(`export default { ...${CHART}, draw: ${draw} }`), 'x.yaml')
    expect(await message(RENDERERS.get('svg', 'test').render(comparing(), { charts: [own] }))).toMatch(wrong)
  })
})

describe('a trace format of the user’s own file', () => {
  it('has the shape of a listed one, or is refused', async () => {
    expect((await loadOwnFormat(fileOf(`export default ${FORMAT}`), 'x.yaml')).id).toBe('mine')
    const short = fileOf(`export default { ...${FORMAT}, read: 1 }`)
    expect(await message(loadOwnFormat(short, 'x.yaml'))).toBe(
      `${short}: read: expected a function. docs/design.md has the shape of every kind of plug-in.`,
    )
  })

  it.each([
    ['throws', 'async () => { throw new Error("no rows") }', /:\d+: read\(\) failed: no rows/],
    ['throws at once', '() => { throw "no rows" }', /: read\(\) failed: it throws "no rows"/],
    ['ends the process', 'async () => { await 1; process.exit(0) }', /:\d+: read\(\) failed: it ends the process/],
    ['kills it', 'async () => { process.kill(process.pid) }', /:\d+: read\(\) failed: it sends signals/],
    ['aborts it', 'async () => { process.abort() }', /:\d+: read\(\) failed: it ends the process/],
    [
      'throws while nobody listens',
      '() => new Promise(() => queueMicrotask(() => { throw 5 }))',
      /: read\(\) ended its thread: 5/,
    ],
    ['waits for nothing', '() => new Promise(() => {})', /: read\(\) waits for what never comes/],
    ['gives nothing', '() => undefined', /: read\(\) must give a trace: /],
    ['gives no trace', 'async () => ({ id: "a" })', /: read\(\) must give a trace: format: /],
  ])('is at fault by name where its reading %s', async (_, read, wrong) => {
    const file = fileOf(`export default { ...${FORMAT}, read: ${read} }`)
    const own = await loadOwnFormat(file, 'x.yaml')
    const told = await message(own.read(file))
    expect(told).toMatch(wrong)
    expect(told).toContain(file)
  })

  it('is at fault by name where its reading never ends, and is asked in another thread then', async () => {
    const read = 'async (path) => { if (path !== "x") for (;;); return "none" }'
    const file = fileOf(`export default { ...${FORMAT}, read: ${read} }`)
    const own = await loadOwnFormat(file, 'x.yaml', 2000)
    expect(await message(own.read(file))).toBe(
      `${file}: read() did not come back within 2 s, nor let anything else run. A reader of long files awaits its pieces, or calls options.onProgress.`,
    )
    expect(await message(own.read('x'))).toMatch(/read\(\) must give a trace: /)
  })

  it('may take longer where it lets other things run, or tells how far it is', async () => {
    const read = `async (path, { onProgress }) => {
      const end = Date.now() + 1500
      while (Date.now() < end) path === 'waits' ? await new Promise((resolve) => setTimeout(resolve, 20)) : onProgress(5, 9)
      throw new Error('done')
    }`
    const own = await loadOwnFormat(fileOf(`export default { ...${FORMAT}, read: ${read} }`), 'x.yaml', 1000)
    expect(await message(own.read('waits'))).toMatch(/read\(\) failed: done/)
    const told = new Set<string>()
    const tells = own.read('tells', { onProgress: (done, of) => void told.add(`${done} of ${of}`) })
    expect(await message(tells)).toMatch(/read\(\) failed: done/)
    expect([...told]).toEqual(['5 of 9'])
  })

  it('gives what a listed format gives, or is refused', async () => {
    const builder = new URL('../../src/trace/build/builder.ts', import.meta.url).href
    const file = fileOf(`import { TraceBuilder } from ${JSON.stringify(builder)}
export default { ...${FORMAT}, recognises: async (path) => path === 'no' ? 1 : path === 'yes',
  async read(path, { origin }) {
    const builder = new TraceBuilder({ id: 'x', format: 'mine' })
    builder.addEvent(builder.functionRow('', 'a', 'f'), 3, 4)
    const trace = builder.build(7, { files: [], defects: [] })
    if (path === 'unsound') trace.apps.firstFunction[1] = 9
    if (path === 'other') return { ...trace, digest: 'f'.repeat(64) }
    if (path === 'bare') return { ...trace, apps: { ...trace.apps, memoryMb: undefined } }
    if (path === 'more') return { ...trace, more() {} }
    return trace
  } }`)
    const own = await loadOwnFormat(file, 'x.yaml')
    const builtHere = new TraceBuilder({ id: 'x', format: 'mine' })
    builtHere.addEvent(builtHere.functionRow('', 'a', 'f'), 3, 4)
    const expected = builtHere.build(7, { files: [], defects: [] })
    const read = await own.read('right')
    expect(read.digest).toBe(expected.digest)
    expect(read.apps.name.at(0)).toBe('a')
    // Results are kept under the digest: nobody else's is believed.
    expect((await own.read('other')).digest).toBe(expected.digest)
    expect([await own.recognises('yes'), await own.recognises('other')]).toEqual([true, false])
    expect(await message(own.recognises('no'))).toContain('recognises() must give true or false, found 1')
    expect(await message(own.read('unsound'))).toContain('read() must give a trace: ')
    expect(await message(own.read('bare'))).toContain(
      'read() must give a trace: apps.memoryMb: expected a Float64Array',
    )
    expect(await message(own.read('more'))).toMatch(/read\(\) failed: .*could not be cloned/)
  })
})
