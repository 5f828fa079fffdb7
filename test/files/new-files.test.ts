import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { makeFiles } from '../../src/files/new-files.ts'
import { inFolder } from '../trace/temporary-folder.ts'

const files = (folder: string) => [
  { path: join(folder, 'deep/a.yaml'), text: 'a' },
  { path: join(folder, 'b.yaml'), text: 'b' },
]

it('New files are made where none are, and no second time', () =>
  inFolder({}, async (folder) => {
    await makeFiles(files(folder))
    await expect(makeFiles(files(folder))).rejects.toThrow('a.yaml: there is a file of that name already')
    expect(readFileSync(join(folder, 'b.yaml'), 'utf8')).toBe('b')
    await expect(makeFiles([{ path: '', text: '' }])).rejects.toThrow('found an empty text')
  }))

it('New files are never over one that is there, and then none is made', () =>
  inFolder({ 'b.yaml': 'mine' }, async (folder) => {
    await expect(makeFiles(files(folder))).rejects.toThrow('b.yaml: there is a file of that name already')
    expect(readFileSync(join(folder, 'b.yaml'), 'utf8')).toBe('mine')
    expect(readdirSync(folder, { recursive: true }).toSorted()).toEqual(['b.yaml', 'deep'])
    mkdirSync(join(folder, 'c.yaml'))
    await expect(makeFiles([{ path: join(folder, 'c.yaml'), text: 'c' }])).rejects.toThrow('there is a file of that')
  }))

it('The new files that a killed command did not come to are made by the next', () =>
  inFolder({}, async (folder) => {
    mkdirSync(join(folder, 'deep'))
    writeFileSync(join(folder, 'deep/a.yaml'), 'a')
    await makeFiles(files(folder))
    expect(readFileSync(join(folder, 'b.yaml'), 'utf8')).toBe('b')
  }))
