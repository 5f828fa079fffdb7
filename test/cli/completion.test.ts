import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { COMPLETION_SCRIPTS } from '../../src/cli/arguments/completion.ts'
import { COMMANDS } from '../../src/cli/commands/index.ts'
import { finished, MAIN, pilotlight } from './pilotlight.ts'

/** What completion offers after these words. */
async function offered(...words: readonly string[]): Promise<string[]> {
  const { code, stdout, stderr } = await pilotlight('.', '--complete', ...words)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return stdout.split('\n').filter(Boolean)
}

describe('completion', () => {
  it('offers every command', async () => {
    const names = COMMANDS.map(({ usage }) => usage.split(' ')[0])
    expect(await offered('')).toEqual([...names, '--help', '--version'])
  })

  it('offers the kinds of lists', async () => {
    expect(await offered('list', '')).toEqual(expect.arrayContaining(['policies', 'platforms', 'charts']))
  })

  it('offers flags that were not given yet', async () => {
    expect(await offered('compare', 'x.yaml', '--')).toEqual(expect.arrayContaining(['--json', '--quiet', '--help']))
    expect(await offered('compare', 'x.yaml', '--json', '--')).not.toContain('--json')
  })

  it('offers the values of a flag, and goes on with a list of them', async () => {
    expect(await offered('export', 'x.yaml', '--to', '')).toEqual(expect.arrayContaining(['knative', 'aws-lambda']))
    expect(await offered('curve', '--unit', '')).toEqual(['app', 'function'])
    const more = await offered('report', 'x.yaml', '--format', 'html,s')
    expect(more).toContain('html,svg')
    expect(more).not.toContain('html,html')
  })

  it('offers nothing of its own where a file is wanted, so that the shell offers files', async () => {
    expect(await offered('run', '')).toEqual([])
    expect(await offered('run', 'x.yaml', '--store', '')).toEqual([])
    expect(await offered('no-such-command', '')).toEqual([])
  })
})

describe('pilotlight completion', () => {
  it.each(Object.keys(COMPLETION_SCRIPTS))('prints the script for %s and nothing else', async (shell) => {
    const { code, stdout, stderr } = await pilotlight('.', 'completion', shell)
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: `${COMPLETION_SCRIPTS[shell]}\n`, stderr: '' })
  })

  it('refuses a shell that it has no script for', async () => {
    const { code, stderr } = await pilotlight('.', 'completion', 'tcsh')
    expect([code, stderr]).toEqual([2, expect.stringContaining('no shell with a completion script called "tcsh"')])
  })
})

/** Shells that are there; CI has them all. */
const SHELLS = { bash: '/bin/bash', zsh: '/usr/bin/zsh', fish: '/usr/bin/fish' } as const
/** What each does to say how it completes a line that ends in the word that is begun. */
const ASKS = {
  bash: (words: readonly string[]) =>
    `${COMPLETION_SCRIPTS['bash']}
COMP_WORDS=(${words.map(quoted).join(' ')}); COMP_CWORD=${words.length - 1}
_pilotlight; printf '%s\n' "\${COMPREPLY[@]}"
[ "\${#COMPREPLY[@]}" -gt 0 ] || compgen -f -- ${quoted(words.at(-1)!)}`,
  // Stand-ins for what only an interactive zsh has: they print what would be offered.
  zsh: (words: readonly string[]) =>
    `compdef() { : }; compadd() { shift; print -rl -- \${(M)@:#\${words[CURRENT]}*} }; _files() { print -rl -- \${words[CURRENT]}*(N) }
${COMPLETION_SCRIPTS['zsh']}
words=(${words.map(quoted).join(' ')}); CURRENT=${words.length}
_pilotlight`,
  fish: (words: readonly string[]) =>
    `${COMPLETION_SCRIPTS['fish']}
complete -C ${quoted(words.join(' '))} | string split -f1 \\t`,
}

function quoted(word: string): string {
  return `'${word}'`
}

describe.each(Object.keys(SHELLS) as (keyof typeof SHELLS)[])('%s', (shell) => {
  const isThere = existsSync(SHELLS[shell])
  const reason = isThere ? '' : ` (skipped without ${SHELLS[shell]})`
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'pilotlight-completion-'))
    mkdirSync(join(folder, 'bin'))
    writeFileSync(join(folder, 'bin/pilotlight'), `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`)
    chmodSync(join(folder, 'bin/pilotlight'), 0o755)
    writeFileSync(join(folder, 'study.yaml'), '')
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  async function completed(...words: readonly string[]): Promise<string[]> {
    const path = `PATH=${join(folder, 'bin')}${delimiter}${process.env['PATH']}`
    const home = `HOME=${folder}`
    const script = ASKS[shell](['pilotlight', ...words])
    const { stdout, stderr } = await finished(folder, 'env', [path, home, SHELLS[shell], '-c', script])
    expect(stderr).toBe('')
    return stdout.split('\n').filter(Boolean)
  }

  it.skipIf(!isThere)(`completes a command${reason}`, async () => {
    expect(await completed('comp')).toEqual(expect.arrayContaining(['compare', 'completion']))
    expect(await completed('comp')).not.toContain('run')
  })

  it.skipIf(!isThere)(`completes the kind of a list${reason}`, async () => {
    expect(await completed('list', 'pol')).toEqual(['policies'])
  })

  it.skipIf(!isThere)(`completes the value of a flag${reason}`, async () => {
    expect(await completed('export', 'study.yaml', '--to', 'kna')).toEqual(['knative'])
  })

  it.skipIf(!isThere)(`completes the options of a command${reason}`, async () => {
    expect(await completed('report', 'study.yaml', '--str')).toEqual(['--strips'])
    expect(await completed('explain', 'study.yaml', '--la')).toEqual(['--lang'])
    expect(await completed('explain', 'study.yaml', '--lang', 'z')).toEqual(['zh'])
  })

  it.skipIf(!isThere)(`completes files behind an option that takes one${reason}`, async () => {
    expect(await completed('run', 'study.yaml', '--store', 'stu')).toEqual(['study.yaml'])
  })

  it.skipIf(!isThere)(`completes files where a file is wanted${reason}`, async () => {
    expect(await completed('run', 'stu')).toEqual(['study.yaml'])
  })
})
