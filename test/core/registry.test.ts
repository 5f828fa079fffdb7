import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { nearest, registry } from '../../src/core/registry.ts'
import { UserError } from '../../src/core/user-error.ts'
import { VERSION } from '../../src/core/version.ts'

const list = registry('policy', [
  { id: 'fixed', summary: 'Fixed.' },
  { id: 'hybrid-histogram', summary: 'Hybrid.' },
])

describe('a list of plug-ins', () => {
  it('finds a plug-in by its id', () => {
    expect(list.get('fixed', 'here').summary).toBe('Fixed.')
    expect(list.ids).toEqual(['fixed', 'hybrid-histogram'])
  })

  it('names the nearest id where there is one, else all', () => {
    const complaint =
      'x.yaml: policies[1].policy: no policy called "hybird-histogram". Did you mean "hybrid-histogram"?'
    expect(() => list.get('hybird-histogram', 'x.yaml: policies[1].policy')).toThrow(
      new UserError({ where: '', problem: '' }).constructor as typeof UserError,
    )
    expect(() => list.get('hybird-histogram', 'x.yaml: policies[1].policy')).toThrow(complaint)
    expect(() => list.get('zzzzzzz', 'here')).toThrow(
      'here: no policy called "zzzzzzz". There are: fixed, hybrid-histogram.',
    )
  })

  it('refuses two plug-ins of one id', () => {
    expect(() =>
      registry('policy', [
        { id: 'a', summary: '' },
        { id: 'a', summary: '' },
      ]),
    ).toThrow('share an id')
  })
})

describe('the nearest word', () => {
  it('is found through swapped, missing and extra letters, and not where nothing is near', () => {
    expect(nearest('fxied', ['fixed', 'none'])).toBe('fixed')
    expect(nearest('Non', ['fixed', 'none'])).toBe('none')
    expect(nearest('something', ['fixed', 'none'])).toBeUndefined()
    expect(nearest('pdf', ['png', 'md'])).toBeUndefined()
  })

  it('is found by its misspelt beginning too, a whole word before a beginning', () => {
    expect(nearest('hybird', ['fixed', 'none', 'hybrid-histogram'])).toBe('hybrid-histogram')
    expect(nearest('fixde', ['fixed-and-more', 'fixed'])).toBe('fixed')
  })
})

describe('the version', () => {
  it("is package.json's", () => {
    const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      version: string
    }
    expect(VERSION).toBe(manifest.version)
  })
})
