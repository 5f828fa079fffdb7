import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { UserError } from '../../src/core/user-error.ts'
import { demandApart } from '../../src/files/apart.ts'
import { makeFolder, namesIn } from '../../src/files/folder.ts'
import { writeOwnFolder } from '../../src/files/own-folder.ts'
import { readText } from '../../src/files/read-text.ts'
import { replaceFile } from '../../src/files/replace-file.ts'
import { refused, unexplained } from '../../src/files/system-error.ts'
import { isUnfinished, removeLeftovers, unfinishedBeside } from '../../src/files/unfinished.ts'
import { inFolder } from '../trace/temporary-folder.ts'

const NEW = { force: false }

const errorOf = (errno: number) => Object.assign(new Error('open'), { errno: -errno, syscall: 'open' })

function* failing(): Generator<string> {
  yield 'half'
  throw new RangeError('no more')
}

describe('every error of the system', () => {
  const oursAlone = ['EBADF', 'EFAULT', 'ENOTSOCK', 'EISCONN', 'EDESTADDRREQ']

  it.each(Object.entries(constants.errno).filter(([name]) => !oursAlone.includes(name)))(
    '%s is one sentence for the user',
    (_name, errno) => {
      const told = refused('x.csv', 'read', errorOf(errno))
      expect(told).toBeInstanceOf(UserError)
      expect((told as UserError).message).toMatch(/^x\.csv: cannot be read: [^\n]+ \(\w+\)\.$/)
    },
  )

  it.each(oursAlone)('%s is a mistake of ours and stays as it is', (name) => {
    const error = errorOf(constants.errno[name as 'EBADF'])
    expect(refused('x.csv', 'read', error)).toBe(error)
  })

  it('is told by the call where no path is known, and an error of the program stays one', () => {
    const full = Object.assign(new Error('full'), { errno: -constants.errno.EDQUOT, syscall: 'write' })
    expect((unexplained(full) as UserError).message).toBe('write: the quota of this user is used up (EDQUOT).')
    const bug = new TypeError('x is undefined')
    expect(unexplained(bug)).toBe(bug)
  })
})

describe('a text', () => {
  it('that is a pipe, a device, a folder, a circle of links or a name too long is refused in a sentence', () =>
    inFolder({}, async (folder) => {
      const at = (name: string): string => join(folder, name)
      spawnSync('mkfifo', [at('pipe')])
      symlinkSync(at('round'), at('round'))
      const wanted = { what: 'an experiment (.yaml)' }
      await expect(readText(at('pipe'), wanted)).rejects.toThrow('it is a device or a pipe')
      await expect(readText('/dev/zero', wanted)).rejects.toThrow('it is a device or a pipe')
      await expect(readText(folder, wanted)).rejects.toThrow('cannot read it: it is a folder (EISDIR)')
      await expect(readText(at('round'), wanted)).rejects.toThrow('links lead round in a circle (ELOOP)')
      await expect(readText(at('x'.repeat(300)), wanted)).rejects.toThrow('the name is too long')
      await expect(readText('a\0b', wanted)).rejects.toThrow('no path holds the character NUL')
      await expect(readText(at('none'), { ...wanted, where: 'e.yaml:1:1' })).rejects.toThrow(
        `e.yaml:1:1: there is no file ${at('none')}`,
      )
    }))
})

describe('replacing a file', () => {
  it('works under the longest name that the file system takes, and through a link, which stays', () =>
    inFolder({ 'real.csv': 'old' }, async (folder) => {
      const long = join(folder, 'x'.repeat(255))
      await replaceFile(long, ['whole'])
      expect(readFileSync(long, 'utf8')).toBe('whole')
      symlinkSync('real.csv', join(folder, 'link.csv'))
      await replaceFile(join(folder, 'link.csv'), ['a', 'b'])
      expect(readFileSync(join(folder, 'real.csv'), 'utf8')).toBe('ab')
      expect(readdirSync(folder).toSorted()).toEqual(['link.csv', 'real.csv', 'x'.repeat(255)])
    }))

  it('leaves the old one and nothing else when the writing fails', () =>
    inFolder({ 'a.csv': 'old' }, async (folder) => {
      await expect(replaceFile(join(folder, 'a.csv'), failing())).rejects.toThrow(RangeError)
      expect(readFileSync(join(folder, 'a.csv'), 'utf8')).toBe('old')
      expect(readdirSync(folder)).toEqual(['a.csv'])
    }))

  it('refuses an empty path, a folder and a device', () =>
    inFolder({}, async (folder) => {
      await expect(replaceFile('', ['x'])).rejects.toThrow('expected a path, found an empty text')
      await expect(makeFolder('')).rejects.toThrow('expected a path, found an empty text')
      await expect(replaceFile(folder, ['x'])).rejects.toThrow('it is a folder')
      await expect(replaceFile('/dev/null', ['x'])).rejects.toThrow('a device or a pipe, which a file would replace')
      await expect(replaceFile(join(folder, 'no/x'), ['x'])).rejects.toThrow('(ENOENT). Choose another place')
    }))
})

describe('what is in the making', () => {
  it('is no input, and is removed once its process is dead, and not before', () =>
    inFolder({ 'a.csv': '1' }, async (folder) => {
      const source = new URL('../../src/files/unfinished.ts', import.meta.url).href
      const code = `import { unfinishedBeside } from ${JSON.stringify(source)}
        process.stdout.write(unfinishedBeside(${JSON.stringify(join(folder, 'x'))}))`
      const dead = spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' }).stdout
      const living = unfinishedBeside(join(folder, 'x'))
      mkdirSync(dead)
      writeFileSync(join(dead, 'half'), 'x')
      writeFileSync(living, 'x')
      expect(await namesIn(folder)).toEqual(['a.csv'])
      await removeLeftovers(folder)
      expect([existsSync(dead), existsSync(living)]).toEqual([false, true])
    }))

  it.each([
    ['a.trace.6b0a7a1e-5b3c-4f0e-9d54-0a1b2c3d4e5f.part', true],
    ['sample.unfinished-6b0a7a1e-5b3c-4f0e-9d54-0a1b2c3d4e5f', true],
    ['party.csv', false],
    ['a.partial', false],
  ])('%s: %s', (name, is) => {
    expect(isUnfinished(name)).toBe(is)
  })
})

describe('a folder of ours', () => {
  const files = [
    { path: 'README.md', content: 'ours' },
    { path: 'deep/down.yaml', content: 'a: 1' },
  ]

  it('is written where nothing is, again over itself, and loses what is no more', () =>
    inFolder({}, async (folder) => {
      const out = join(folder, 'out')
      await writeOwnFolder(out, files, { ...NEW, isAll: true })
      await writeOwnFolder(out, files.slice(0, 1), { ...NEW, isAll: true })
      expect(readdirSync(out, { recursive: true }).toSorted()).toEqual(['.pilotlight', 'README.md', 'deep'])
    }))

  it('is never one with files of somebody else, unless forced', () =>
    inFolder({ 'README.md': 'mine' }, async (folder) => {
      await expect(writeOwnFolder(folder, files, NEW)).rejects.toThrow('found README.md in it')
      expect(readFileSync(join(folder, 'README.md'), 'utf8')).toBe('mine')
      await writeOwnFolder(folder, files, { force: true })
      expect(readFileSync(join(folder, 'README.md'), 'utf8')).toBe('ours')
    }))

  it('keeps what was changed by hand since, unless forced', () =>
    inFolder({}, async (folder) => {
      await writeOwnFolder(folder, files, NEW)
      writeFileSync(join(folder, 'deep/down.yaml'), 'a: 2')
      await expect(writeOwnFolder(folder, files, NEW)).rejects.toThrow('it was changed since pilotlight wrote it')
      await writeOwnFolder(folder, files, { force: true })
      expect(readFileSync(join(folder, 'deep/down.yaml'), 'utf8')).toBe('a: 1')
    }))

  it('has a file of ours nowhere but in it, and keeps all as it was where one finds no place', () =>
    inFolder({ 'elsewhere/down.yaml': 'mine' }, async (folder) => {
      const out = join(folder, 'out')
      mkdirSync(join(out, 'README.md'), { recursive: true })
      await expect(writeOwnFolder(out, files, { force: true })).rejects.toThrow('README.md: cannot be written: it is a')
      expect(readdirSync(out, { recursive: true }).toSorted()).toEqual(['README.md'])
      rmSync(join(out, 'README.md'), { recursive: true })
      writeFileSync(join(out, 'deep'), 'mine')
      await expect(writeOwnFolder(out, files, { force: true })).rejects.toThrow('deep is a file, not a folder')
      rmSync(join(out, 'deep'))
      symlinkSync('../elsewhere', join(out, 'deep'))
      await expect(writeOwnFolder(out, files, { force: true })).rejects.toThrow('a link leads out of')
      expect(readFileSync(join(folder, 'elsewhere/down.yaml'), 'utf8')).toBe('mine')
    }))

  it('whose list names files elsewhere does nothing to them', () =>
    inFolder({ 'mine.txt': 'mine' }, async (folder) => {
      const out = join(folder, 'out')
      mkdirSync(out)
      writeFileSync(join(out, '.pilotlight'), `${'0'.repeat(64)}  ../mine.txt\n${'0'.repeat(64)}  ${folder}/mine.txt\n`)
      await writeOwnFolder(out, files, { force: true, isAll: true })
      expect(readFileSync(join(folder, 'mine.txt'), 'utf8')).toBe('mine')
    }))

  it.skipIf(process.getuid?.() === 0)('that may not be written is told (not as root, who may write anywhere)', () =>
    inFolder({}, async (folder) => {
      chmodSync(folder, 0o500)
      await expect(writeOwnFolder(join(folder, 'out'), files, NEW)).rejects.toThrow('no permission (EACCES)')
      chmodSync(folder, 0o700)
    }),
  )
})

it('No output replaces an input, whatever path leads to it', () =>
  inFolder({ 'e.yaml': '', 'trace/a.csv': '' }, async (folder) => {
    const at = (name: string): string => join(folder, name)
    symlinkSync(at('e.yaml'), at('link'))
    const inputs = [at('e.yaml'), at('trace'), at('not-yet.sqlite')]
    for (const output of ['e.yaml', 'link', 'trace/../e.yaml', 'trace/a.csv', 'not-yet.sqlite'])
      await expect(demandApart(at(output), '--per-app', inputs)).rejects.toThrow(/^--per-app: .* which this command/)
    for (const output of ['apps.csv', 'trace/new.csv']) await demandApart(at(output), '--per-app', inputs)
  }))
