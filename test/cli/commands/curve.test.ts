import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CurveStudy } from '../../../src/cli/curve/curve-study.ts'
import { studyOf } from '../../../src/cli/curve/curve-study.ts'
import { curveText } from '../../../src/cli/curve/curve-text.ts'
import { readMemorySizes } from '../../../src/cli/arguments/memory-sizes.ts'
import { VERSION } from '../../../src/core/version.ts'
import { TraceBuilder } from '../../../src/trace/build/builder.ts'
import { pilotlight } from '../pilotlight.ts'
import { type Study, study } from '../study.ts'

const SAMPLE = fileURLToPath(new URL('../../../traces/sample', import.meta.url))

/**
 * Apps of 100, 200 and 400 MB; each arrival with the memory of the distinct apps since its app's last, itself included:
 *
 *     a   b   a     a     c   c     a     b     b
 *     -   -   300   100   -   400   500   700   200
 */
const LETTERS = 'abaaccabb'
const MEMORY: Readonly<Record<string, number>> = { a: 100, b: 200, c: 400 }

/** A point of the curve of these nine invocations. */
function point(memoryMb: number, coldStarts: number) {
  return { memoryMb, coldStarts, coldShare: coldStarts / LETTERS.length }
}

let here: Study
beforeAll(() => {
  here = study()
  const rows = [...LETTERS].map((app, at) => `${app},f,${1000 * at},10,${MEMORY[app]}`)
  here.write('apps.csv', `app,function,start_ms,duration_ms,memory_mb\n${rows.join('\n')}\n`)
})
afterAll(() => here.remove())

describe('pilotlight curve', () => {
  it('prints the cold starts at doublings and landmarks, and the memory for shares, as worked by hand', async () => {
    const { code, stdout, stderr } = await pilotlight(here.folder, 'curve', 'apps.csv')
    const [title, ...lines] = stdout.split('\n')
    expect({ code, stderr, title }).toEqual({ code: 0, stderr: '', title: 'Cold starts by memory' })
    expect(lines[0]).toBe('trace     apps (events): 3 apps, 3 functions, 9 invocations in 8.01 seconds')
    expect(lines.slice(2, 5)).toEqual([
      'model     eviction=lru unit=app memory=trace',
      'seed      1',
      `version   pilotlight ${VERSION}`,
    ])
    expect(lines.slice(9)).toEqual([
      'memory    cold   cold',
      '        starts  share',
      '    MB              %',
      '   400       5  55.56  the largest app: less cannot hold it',
      '   500       4  44.44  the knee',
      '   512       4  44.44',
      '   700       3  33.33  from here on only first invocations are cold; all apps together',
      '',
      'cold share  memory    cold   cold',
      'of at most  needed  starts  share',
      '         %      MB              %',
      ...['10', '5', '2', '1', '0.5', '0.1'].map(
        (share) => `${share.padStart(10)}  none: first invocations alone are 33.33 %`,
      ),
      '',
    ])
  })

  it('prints one JSON document that names its trace, options, seed and version', async () => {
    const words = ['curve', 'apps.csv', '--json', '--memory', 'equal', '--seed', '7', '--at', '2MB,2.5MB']
    const { code, stdout } = await pilotlight(here.folder, ...words)
    const document = JSON.parse(stdout) as CurveStudy
    expect(code).toBe(0)
    // With 1 MB an app the distances are - - 2 1 - 1 2 3 1.
    expect(document).toMatchObject({
      schema: 1,
      version: VERSION,
      trace: { id: 'apps', apps: 3, invocations: 9, digest: expect.stringMatching(/^[0-9a-f]{64}$/) },
      model: { unit: 'app', memory: 'equal' },
      seed: 7,
      eviction: 'lru',
      curve: { firstUses: 3, stepMb: 1 / 64, points: [point(1, 6), point(2, 4), point(3, 3)] },
      landmarks: { largestApp: point(1, 6), knee: point(2, 4), floor: point(3, 3), allApps: point(3, 3) },
      sizes: [point(2, 4), point(2.5, 4)],
    })
    expect(document.targets.map(({ coldShare, needs }) => [coldShare, needs])).toEqual(
      [0.1, 0.05, 0.02, 0.01, 0.005, 0.001].map((share) => [share, null]),
    )
    expect(Object.keys(document.model)).toEqual(['unit', 'memory'])
  })

  it('writes the curve as CSV and as pictures to a folder, and prints their paths', async () => {
    const { code, stdout, stderr } = await pilotlight(here.folder, 'curve', 'apps.csv', '--out', 'made/here')
    const paths = ['curve.csv', 'curve.svg', 'curve.png'].map((name) => join('made/here', name))
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'The curve is written to:\n' })
    expect(stdout.trimEnd().split('\n').slice(-3)).toEqual(paths)
    const rows = parse(readFileSync(join(here.folder, paths[0]!)), { columns: true }) as Record<string, string>[]
    expect(rows.map((row) => [row['memory [MB]'], row['cold-starts']])).toEqual([
      ['400', '5'],
      ['500', '4'],
      ['700', '3'],
    ])
    expect(rows[0]).toMatchObject({ eviction: 'lru', trace: 'apps', seed: '1', version: VERSION })
    expect(JSON.parse(rows[0]!['model']!)).toEqual({ unit: 'app', memory: 'trace' })
    expect(readFileSync(join(here.folder, paths[1]!), 'utf8')).toMatch(/^<svg[\s\S]*pilotlight/)
    expect(existsSync(join(here.folder, paths[2]!))).toBe(true)
  })

  it('tells of minute counts by the spread that it names, function by function where asked', async () => {
    const words = ['curve', SAMPLE, '--json', '--quiet', '--unit', 'function', '--spread', 'minute']
    const { code, stdout, stderr } = await pilotlight(here.folder, ...words)
    const { curve, model, sizes, targets, trace } = JSON.parse(stdout) as CurveStudy
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(model).toEqual({ unit: 'function', memory: 'trace', spread: 'minute' })
    expect(trace.invocations).toBe(8_794_307)
    expect(curve.firstUses).toBe(580)
    expect(curve.points.length).toBeLessThanOrEqual(500)
    expect(sizes.map(({ memoryMb }) => Math.log2(memoryMb) % 1)).toEqual(sizes.map(() => 0))
    const needed = targets.map(({ needs }) => needs!.memoryMb)
    expect(needed).toEqual(needed.toSorted((a, b) => a - b))
    expect(targets.every(({ coldShare, needs }) => needs!.coldShare <= coldShare)).toBe(true)
  })
})

it('a curve of nothing invoked says so', () => {
  const builder = new TraceBuilder({ id: 'empty', format: 'events' })
  builder.functionRow('', 'a', 'f')
  const trace = builder.build(60_000, { files: [], defects: [] })
  const empty = studyOf({ trace, model: { unit: 'app', memory: 'equal', spread: 'minute' }, seed: 1 }, undefined)
  expect(empty.curve.points).toEqual([{ memoryMb: 0, coldStarts: 0, coldShare: 0 }])
  expect(curveText(empty, [])).toMatch(/\nNo app was invoked\.$/)
})

it('a curve that is not exact everywhere says where it is', () => {
  const builder = new TraceBuilder({ id: 'huge', format: 'events' })
  builder.addEvent(builder.functionRow('', 'a', 'f'), 0, 0)
  builder.addMemory('', 'a', 8e6, 1)
  const trace = builder.build(60_000, { files: [], defects: [] })
  const huge = studyOf({ trace, model: { unit: 'app', memory: 'trace', spread: 'minute' }, seed: 1 }, undefined)
  expect(huge.curve.stepMb).toBe(2)
  expect(curveText(huge, [])).toContain('The curve is exact at multiples of 2 MB')
})

it('the memory for a share is the least that keeps it', () => {
  const builder = new TraceBuilder({ id: 'turns', format: 'events' })
  // 100 MB and 200 MB take turns, 50 times each: all are cold below 300 MB, and from there on the two first.
  for (let now = 0; now < 100; now += 1)
    builder.addEvent(builder.functionRow('', now % 2 === 0 ? 'a' : 'b', 'f'), now, 0)
  builder.addMemory('', 'a', 100, 1)
  builder.addMemory('', 'b', 200, 1)
  const trace = builder.build(60_000, { files: [], defects: [] })
  const turns = studyOf({ trace, model: { unit: 'app', memory: 'trace', spread: 'minute' }, seed: 1 }, undefined)
  const needs = { memoryMb: 300, coldStarts: 2, coldShare: 0.02 }
  expect(turns.targets.slice(0, 4)).toEqual([
    { coldShare: 0.1, needs },
    { coldShare: 0.05, needs },
    { coldShare: 0.02, needs },
    { coldShare: 0.01, needs: null },
  ])
  expect(curveText(turns, [])).toContain('\n         2     300       2      2\n         1  none: ')
})

it('no more than a hundred memory sizes are taken', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => `${index + 1}MB`).join(',')
  expect(readMemorySizes('at', hundred)).toHaveLength(100)
  expect(() => readMemorySizes('at', `${hundred},1TB`)).toThrow(
    '--at: expected at most 100 memory sizes, found 101. --json gives points of the whole curve.',
  )
})
