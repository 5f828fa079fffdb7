import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { yamlFile } from '../../../src/export/files/export-file.ts'
import { appPlan, DAILY, exported, planOf } from '../exported.ts'

/** Texts that YAML 1.1 or 1.2 would take for numbers, truth values, times and nothing. */
const ODD = [
  'no',
  'Off',
  'y',
  'on',
  'NULL',
  '~',
  '',
  '12:30',
  '190:20:30',
  '2026-11-30',
  '010',
  '0o7',
  '1_000',
  '1e3',
  '.5',
]

describe('a YAML file of an export', () => {
  it('says the same to readers of YAML 1.1, as kubectl, Helm and ansible are, and of 1.2', () => {
    const texts = fc.oneof(fc.constantFrom(...ODD), fc.string())
    const values = fc.oneof(texts, fc.integer(), fc.boolean(), fc.constant(null))
    fc.assert(
      fc.property(
        fc.dictionary(
          texts.filter((key) => key !== '__proto__' && key !== '<<'),
          values,
        ),
        (data) => {
          const { text } = yamlFile('a.yaml', [data])
          for (const version of ['1.1', '1.2'] as const) expect(parse(text, { version })).toEqual({ ...data })
        },
      ),
      { numRuns: 200 },
    )
  })

  it.each(ODD.filter((name) => /^[a-z]+$/.test(name)))('keeps the name of an app that is called %s', (name) => {
    const { files } = exported('keda', planOf([appPlan({ app: name, floor: DAILY })]))
    const kustomize = files.filter(({ path }) => /^kustomize\/scaledobject-.*[^d]\.yaml$/.test(path))
    expect(kustomize).toHaveLength(1)
    for (const { text } of kustomize) expect(parse(text, { version: '1.1' })).toMatchObject({ metadata: { name } })
  })
})
