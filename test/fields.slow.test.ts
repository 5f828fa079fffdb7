import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Printed, printedDocuments } from '../tools/fields.ts'
import { jsonPage } from '../tools/fields-pages.ts'
import { COMMANDS } from '../src/cli/commands/index.ts'
import { commandName } from '../src/cli/arguments/command.ts'
import { pilotlight } from './cli/pilotlight.ts'
import { type Study, study } from './cli/study.ts'

let here: Study
let printed: readonly Printed[]
beforeAll(async () => {
  here = study()
  printed = printedDocuments()
  const { code, stderr } = await pilotlight(here.folder, 'run', 'study.yaml')
  if (code !== 0) throw new Error(stderr)
}, 600_000)
afterAll(() => here.remove())

/** Every path of a document, members of lists as `[]`. */
function pathsOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((each) => pathsOf(each, `${path}[]`))
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, part]) => {
    const own = path === '' ? key : `${path}.${key}`
    return [own, ...pathsOf(part, own)]
  })
}

describe('docs/fields-json.md', () => {
  it('is what the types of the code make: npm run docs', () => {
    const page = readFileSync(new URL('../docs/fields-json.md', import.meta.url), 'utf8')
    expect(page.trim()).toBe(jsonPage(printed).trim())
  })

  it('has every command that prints JSON but schema, which prints JSON Schemas', () => {
    const all = COMMANDS.filter(({ flags }) => flags['json'] !== undefined).map((command) => commandName(command))
    expect(printed.map(({ command }) => command)).toEqual(
      expect.arrayContaining(all.filter((name) => name !== 'schema')),
    )
  })

  it('says of every field what it is', () => {
    const untold = printed.flatMap(({ command, documents }) =>
      documents
        .flat()
        .flatMap(({ path, kind, meaning }) => (meaning === '' || kind === '' ? [`${command} ${path}`] : [])),
    )
    expect(untold).toEqual([])
  })

  it.each([
    ['run', 'study.yaml'],
    ['compare', 'study.yaml'],
    ['choose', 'study.yaml', '--budget', 'idle=300%'],
    ['explain', 'study.yaml', '--app', 'a'],
    ['explain', 'study.yaml', '--worst', '3'],
    ['trace', 'trace.csv'],
    ['trace', 'trace.csv', '--report'],
    ['bounds', 'trace.csv'],
    ['curve', 'trace.csv'],
  ])('has every field that %s prints', async (command, ...words) => {
    const { code, stdout, stderr } = await pilotlight(here.folder, command, ...words, '--json', '--quiet')
    expect(code, stderr).toBe(0)
    const { documents } = printed.find((each) => each.command === command)!
    const told = documents
      .flat()
      .map(({ path }) => new RegExp(`^${path.replaceAll(/[[\].]/g, String.raw`\$&`).replaceAll('<name>', '.+')}$`))
    // What is within any value of the user's own is the user's own.
    const open = documents.flat().filter(({ kind }) => kind.startsWith('any value'))
    const isOpen = (path: string): boolean =>
      open.some(({ path: outer }) =>
        new RegExp(`^${outer.replaceAll(/[[\].]/g, String.raw`\$&`).replaceAll('<name>', '[^.]+')}\\b`).test(path),
      )
    const missing = [...new Set(pathsOf(JSON.parse(stdout)))].filter(
      (path) => !told.some((each) => each.test(path)) && !isOpen(path),
    )
    expect(missing).toEqual([])
  })
})
