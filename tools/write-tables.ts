// Writes what the lists of plug-ins make: the tables of the documentation and the JSON Schemas. npm run docs. Tests hold
// them up to date.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cardJsonSchema } from '../src/config/card-schema.ts'
import { liveJsonSchema } from '../src/config/live-schema.ts'
import { mappingJsonSchema } from '../src/config/mapping-schema.ts'
import { priceTableJsonSchema } from '../src/config/prices-schema.ts'
import { jsonSchema } from '../src/config/experiment-schema.ts'
import { policies } from '../src/policy/policies/index.ts'
import { breakEvenPicture } from './break-even-picture.ts'
import { printedDocuments } from './fields.ts'
import { jsonPage } from './fields-pages.ts'
import { PAGES, withTables } from './tables.ts'

function replace(name: string, change: (before: string) => string): void {
  const path = new URL(`../${name}`, import.meta.url)
  const before = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const after = change(before)
  if (after === before) return
  writeFileSync(path, after)
  console.log(`${name} written`)
}

const SCHEMAS: Readonly<Record<string, unknown>> = {
  'docs/card.schema.json': cardJsonSchema(),
  'docs/experiment.schema.json': jsonSchema(policies),
  'docs/live.schema.json': liveJsonSchema(policies.all),
  'docs/mapping.schema.json': mappingJsonSchema(),
  'docs/prices.schema.json': priceTableJsonSchema(),
}

for (const name of PAGES) replace(name, withTables)
replace('docs/fields-json.md', () => jsonPage(printedDocuments()))
for (const [name, schema] of Object.entries(SCHEMAS)) {
  // The formatter has a layout of its own, so equal contents stay as they are.
  replace(name, (before) => {
    const text = JSON.stringify(schema, null, 2)
    return before !== '' && JSON.stringify(JSON.parse(before), null, 2) === text ? before : `${text}\n`
  })
}

writeFileSync(new URL('../docs/break-even.svg', import.meta.url), breakEvenPicture())
