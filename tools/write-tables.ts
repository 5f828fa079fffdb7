// Writes the tables of the documentation anew from the lists of plug-ins: npm run docs. A test holds them up to date.
import { readFileSync, writeFileSync } from 'node:fs'
import { PAGES, withTables } from './tables.ts'

for (const name of PAGES) {
  const path = new URL(`../${name}`, import.meta.url)
  const before = readFileSync(path, 'utf8')
  const after = withTables(before)
  if (after === before) continue
  writeFileSync(path, after)
  console.log(`${name} written`)
}
