import { describe, expect, it } from 'vitest'
import { bicepFile } from '../../../src/export/files/bicep-file.ts'
import { appPlan, DAILY, exported, planOf, textOf } from '../exported.ts'

describe('a Bicep file', () => {
  it('has one variable with a line per key, and quotes what is no identifier', () => {
    const values = { shop: { minReplicas: 2, rules: [{ name: 'a' }], none: {}, off: false }, 'a-b': { x: null } }
    expect(bicepFile('use it', values).text).toBe(`// What the policy asks for, for your own templates:
//   use it
@export()
var pilotlight = {
  shop: {
    minReplicas: 2
    rules: [
      {
        name: 'a'
      }
    ]
    none: {}
    off: false
  }
  'a-b': {
    x: null
  }
}
`)
  })

  it('escapes quotes, backslashes, line ends and what would begin an expression', () => {
    const { text } = bicepFile('', { a: "it's ${b} \\ \n" })
    expect(text).toContain(String.raw`a: 'it\'s \${b} \\ \n'`)
  })

  it.each([
    ['azure-container-apps', {}, ['cooldownPeriod: 600', "type: 'cron'"]],
    ['azure-functions', { plan: 'flex' }, ["name: 'http'", 'instanceCount:']],
    ['azure-functions', { plan: 'premium' }, ['minimumElasticInstanceCount:']],
  ])('is part of an export to %s %j', (id, settings, parts) => {
    const functions = [{ name: 'checkout', trigger: 'queue', invocations: 1 }]
    const quiet = id === 'azure-container-apps' ? { functions } : {}
    const text = textOf(exported(id, planOf([appPlan({ floor: DAILY, ...quiet })]), settings), 'bicep/pilotlight.bicep')
    for (const part of parts) expect(text).toContain(part)
  })
})
