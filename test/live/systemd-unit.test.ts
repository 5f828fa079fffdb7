import { spawnSync } from 'node:child_process'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { withFolder } from './folder.ts'

const UNIT = readFileSync(new URL('../../experiments/live/pilotlight@.service', import.meta.url), 'utf8')
const isThere = spawnSync('systemd-analyze', ['--version']).status === 0

/** What systemd says of a unit, of which it must know every word and find every program; none need run. */
function verdictOn(text: string): Promise<{ readonly status: number | null; readonly said: string }> {
  return withFolder(async (folder) => {
    const program = join(folder, 'pilotlight')
    copyFileSync('/bin/true', program)
    const unit = join(folder, 'pilotlight@.service')
    writeFileSync(unit, text.replace('/usr/local/bin/pilotlight', program))
    const words = ['verify', '--man=no', '--recursive-errors=no', unit]
    const { status, stderr } = spawnSync('systemd-analyze', words, { encoding: 'utf8' })
    return { status, said: stderr }
  })
}

describe.skipIf(!isThere)('systemd, where there is systemd-analyze', () => {
  it('has nothing to say of the unit of the adapter', async () => {
    expect(await verdictOn(UNIT)).toEqual({ status: 0, said: '' })
  })

  it('would name a word that it does not know', async () => {
    const { status, said } = await verdictOn(`${UNIT}\n[Service]\nRestartAlways=yes\n`)
    expect(status).not.toBe(0)
    expect(said).toContain('RestartAlways')
  })
})
