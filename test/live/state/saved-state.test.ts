import { spawnSync } from 'node:child_process'
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { unfinishedBeside } from '../../../src/files/unfinished.ts'
import { readState, type SavedState, writeState } from '../../../src/live/state/saved-state.ts'

let folder: string
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'pl-state-'))))
afterAll(() => rmSync(folder, { recursive: true }))

const STATE: SavedState = {
  schema: 1,
  originMs: 1_700_000_000_000,
  policy: 'no-unload {}',
  apps: {
    web: {
      windows: { idleAt: 5, loadAt: 5, keepUntil: Number.POSITIVE_INFINITY, windowMs: Number.POSITIVE_INFINITY },
      learnt: { counts: [[3, 1]], gaps: null },
    },
  },
}

describe('a state', () => {
  it('is read as it was written, windows without end included, and leaves no other file behind', async () => {
    const path = join(folder, 'deep/state.json')
    await writeState(path, STATE)
    // As if another adapter had been killed in the middle of a save.
    const { pid } = spawnSync(process.execPath, ['--version'])
    writeFileSync(unfinishedBeside(path).replace(/-\d+-\d+-/, `-${pid}-1-`), '{"schema":1,"ori')
    expect(readdirSync(join(folder, 'deep'))).toHaveLength(2)
    await writeState(path, STATE)
    expect(await readState(path)).toEqual(STATE)
    expect(readdirSync(join(folder, 'deep'))).toEqual(['state.json'])
  })

  it('is for its owner alone, and stays where a link leads', async () => {
    const [path, target] = [join(folder, 'link.json'), join(folder, 'target.json')]
    writeFileSync(target, '', { mode: 0o644 })
    symlinkSync('target.json', path)
    await writeState(path, STATE)
    expect([lstatSync(path).isSymbolicLink(), statSync(target).mode & 0o777]).toEqual([true, 0o600])
    expect(await readState(target)).toEqual(STATE)
  })

  it('that is not there is none, and a file that is something else is refused', async () => {
    expect(await readState(join(folder, 'none.json'))).toBeUndefined()
    const frame = '{"schema":1,"originMs":0,"policy":"p"'
    const windows = '{"idleAt":null,"loadAt":1,"keepUntil":1,"windowMs":1}'
    const noStates = [
      '',
      '{"schema":1',
      '[]',
      '{}',
      'null',
      `${frame}}`,
      `${frame},"apps":null}`,
      `${frame},"apps":[]}`,
    ]
    const noApps = [`${frame},"apps":{"web":1}}`, `${frame},"apps":{"web":{"windows":${windows}}}}`]
    for (const text of [...noStates, ...noApps]) {
      writeFileSync(join(folder, 'other.json'), text)
      await expect(readState(join(folder, 'other.json'))).rejects.toThrow('found another file. Delete the file')
    }
    writeFileSync(join(folder, 'other.json'), '{"schema":2,"originMs":0,"apps":{}}')
    await expect(readState(join(folder, 'other.json'))).rejects.toThrow(
      'expected a state of version 1, found version 2',
    )
    await expect(readState(folder)).rejects.toThrow('the state cannot be read (EISDIR)')
  })

  it('that was changed or damaged is refused', async () => {
    const path = join(folder, 'damaged.json')
    await writeState(path, STATE)
    const text = readFileSync(path, 'utf8')
    for (const changed of [text.replace('[3,1]', '[3,9]'), text.replace(/.(?="}$)/, 'g')]) {
      writeFileSync(path, changed)
      await expect(readState(path)).rejects.toThrow(
        'damaged.json: its content does not match its checksum: it was damaged, or changed by hand. Delete the file, and the policy learns anew.',
      )
    }
    writeFileSync(path, text.replace(/,"sha256":"\w+"/, ''))
    await expect(readState(path)).rejects.toThrow('it has no checksum: an earlier version wrote it. Delete the file')
  })

  it('that cannot be written is no file, and the reason is thrown', async () => {
    writeFileSync(join(folder, 'file'), '')
    await expect(writeState(join(folder, 'file/state.json'), STATE)).rejects.toThrow(/ENOTDIR|EEXIST/)
    expect(existsSync(join(folder, 'file/state.json'))).toBe(false)
  })
})
