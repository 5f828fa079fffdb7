import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { demandOwnFolder, type FolderFile, writeOwnFolder } from '../../src/files/own-folder.ts'
import { inFolder } from '../trace/temporary-folder.ts'

const OLD: readonly FolderFile[] = [
  { path: 'README.md', content: 'old' },
  { path: 'gone.csv', content: 'old' },
  { path: 'deep/down.yaml', content: 'old' },
]
const NEW: readonly FolderFile[] = [
  { path: 'README.md', content: 'new' },
  { path: 'deep/more.yaml', content: 'new' },
]
const PRELOAD = new URL('kill-at-step.mjs', import.meta.url).pathname
const SOURCE = new URL('../../src/files/own-folder.ts', import.meta.url).href

/** Writes the new files in a process of its own, which is killed at that step of it; gives how many steps there were. */
function writeNew(folder: string, killAt?: number): number {
  const count = `${folder}.steps`
  const code = `import { writeOwnFolder } from ${JSON.stringify(SOURCE)}
    await writeOwnFolder(${JSON.stringify(folder)}, ${JSON.stringify(NEW)}, { force: false, isAll: true })`
  const env = { PILOTLIGHT_COUNT_STEPS: count, ...(killAt === undefined ? {} : { PILOTLIGHT_KILL_AT: String(killAt) }) }
  const { signal, stderr } = spawnSync(process.execPath, ['--import', PRELOAD, '--input-type=module', '-e', code], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
  })
  expect({ signal, stderr }).toEqual({ signal: killAt === undefined ? null : 'SIGKILL', stderr: '' })
  return killAt === undefined ? Number(readFileSync(count, 'utf8')) : 0
}

/** Every file of a folder with its text. */
function textsIn(folder: string): Record<string, string> {
  if (!existsSync(folder)) return {}
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return Object.fromEntries(
    entries.map(({ parentPath, name }) => {
      const path = join(parentPath, name)
      return [path.slice(folder.length + 1), readFileSync(path, 'utf8')]
    }),
  )
}

it.each([
  ['a new folder', [] as readonly FolderFile[]],
  ['one that has files of before', OLD],
])(
  'Killed at any step of writing %s, the next command finds all of the old or all of the new, and nothing else',
  (_, old) =>
    inFolder({}, async (folder) => {
      const at = (name: string): string => join(folder, name)
      if (old.length > 0) await writeOwnFolder(at('then'), old, { force: false, isAll: true })
      const begin = (): void => {
        rmSync(at('out'), { recursive: true, force: true })
        if (old.length > 0) cpSync(at('then'), at('out'), { recursive: true })
      }
      begin()
      const before = textsIn(at('out'))
      const steps = writeNew(at('out'))
      const after = textsIn(at('out'))
      expect(steps).toBeGreaterThan(10)
      const found = { before: 0, after: 0 }
      for (let step = 1; step <= steps; step += 1) {
        begin()
        writeNew(at('out'), step)
        // What any command does first that writes there; and one that puts another file in, which renews nothing else.
        await demandOwnFolder(at('out'), { force: false })
        await writeOwnFolder(at('out'), [{ path: 'other.txt', content: 'x' }], { force: false })
        const { 'other.txt': other, '.pilotlight': list = '', ...texts } = textsIn(at('out'))
        const isNew = texts['README.md'] === 'new'
        found[isNew ? 'after' : 'before'] += 1
        const { '.pilotlight': listThen = '', ...textsThen } = isNew ? after : before
        expect({ step, other, texts }).toEqual({ step, other: 'x', texts: textsThen })
        expect(list.split('\n').filter((line) => !line.endsWith('  other.txt'))).toEqual(listThen.split('\n'))
      }
      expect(Math.min(found.before, found.after)).toBeGreaterThan(3)
    }),
)
