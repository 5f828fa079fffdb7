import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commandName } from '../../src/cli/arguments/command.ts'
import { COMMANDS } from '../../src/cli/commands/index.ts'
import { LISTS } from '../../src/cli/commands/list.ts'
import { VERSION } from '../../src/core/version.ts'
import { finished, MAIN, pilotlight } from './pilotlight.ts'
import { type Study, study } from './study.ts'

let here: Study
beforeAll(() => (here = study()))
afterAll(() => here.remove())

describe.each(COMMANDS)('pilotlight $usage', (command) => {
  it('has help with its summary, every flag and an example that begins with its name', async () => {
    const { code, stdout, stderr } = await pilotlight(here.folder, commandName(command), '--help')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const flat = stdout.replaceAll(/\s+/g, ' ')
    expect(flat).toContain(command.summary)
    for (const [name, { describe }] of Object.entries(command.flags)) {
      expect(flat).toContain(`--${name} `)
      expect(flat).toContain(describe.split(' ').slice(0, 3).join(' '))
    }
    expect(flat).toContain(`Example: pilotlight ${command.example[0]} ${command.example[1]}.`)
    expect(commandName({ usage: command.example[0] })).toBe(commandName(command))
  })
})

describe('pilotlight', () => {
  it('prints its version, which is that of the package', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      version: string
    }
    expect(VERSION).toBe(version)
    expect(await pilotlight(here.folder, '--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
  })

  it('prints all commands when it is typed alone', async () => {
    const { code, stdout } = await pilotlight(here.folder)
    expect(code).toBe(0)
    for (const command of COMMANDS) expect(stdout).toContain(`\n  ${commandName(command)} `)
    for (const asked of [['--help'], ['-h'], ['help'], ['--']]) {
      expect(await pilotlight(here.folder, ...asked)).toEqual({ code: 0, stdout, stderr: '' })
    }
  })

  it('shows the help of a command wherever it is asked for, also where a flag that must be given is not', async () => {
    const asked = await pilotlight(here.folder, 'export', '--help')
    expect(asked.stdout).toContain('--run <label>')
    expect(asked.stdout).toMatch(/--run <label> +Label of the run\. Must be given\.\n/)
    expect(await pilotlight(here.folder, 'help', 'export')).toEqual(asked)
    expect(await pilotlight(here.folder, 'export', 'x.yaml', '-h', '--nonsense')).toEqual(asked)
  })

  it('loads nothing for --version that only some commands need', async () => {
    const hook = fileURLToPath(new URL('record-packages.ts', import.meta.url))
    const { stdout, stderr } = await finished(here.folder, process.execPath, ['--import', hook, MAIN, '--version'])
    expect(stdout).toBe(`${VERSION}\n`)
    const packages = stderr
      .trim()
      .split('\n')
      .filter((name) => name !== '')
    expect(packages).toContain('yargs')
    for (const slow of [
      'vega',
      'vega-lite',
      'better-sqlite3',
      'zod',
      'yaml',
      'piscina',
      'csv-parse',
      '@resvg/resvg-js',
      'cli-progress',
    ]) {
      expect(packages).not.toContain(slow)
    }
  })

  it.each(Object.entries(LISTS))('lists all %s, as lines and as JSON', async (kind, load) => {
    const { all } = await load()
    const lines = await pilotlight(here.folder, 'list', kind)
    const json = JSON.parse((await pilotlight(here.folder, 'list', kind, '--json')).stdout) as {
      entries: { id: string }[]
    }
    expect(json.entries.map(({ id }) => id)).toEqual(all.map(({ id }) => id))
    const printed = lines.stdout.split('\n').map((line) => line.replace(/ {2,}/, ' '))
    for (const { id, summary } of all) expect(printed).toContain(`${id} ${summary}`)
  })

  it('tells every parameter of every policy in its list', async () => {
    const { policies } = await import('../../src/policy/policies/index.ts')
    const { stdout } = await pilotlight(here.folder, 'list', 'policies')
    const printed = stdout.split('\n').map((line) => line.trim().split(/ {2,}/))
    for (const { parameters } of policies.all) {
      for (const [name, parameter] of Object.entries(parameters)) {
        // Two policies may have a parameter of one name.
        const told = printed.filter(([head]) => head!.startsWith(`${name} `)).map(([, text]) => text)
        expect(told).toContainEqual(expect.stringContaining(parameter.describe))
      }
    }
  })

  it('prints the JSON Schema of experiments', async () => {
    const { stdout } = await pilotlight(here.folder, 'schema')
    expect(JSON.parse(stdout)).toMatchObject({ title: 'pilotlight experiment', type: 'object' })
  })
})

describe('traces', () => {
  it('are described, as lines and as JSON, with how their tables joined', async () => {
    const { code, stdout, stderr } = await pilotlight(here.folder, 'trace', 'trace.csv')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^invocations 4, as single events$/m)
    expect(stdout).toMatch(/^busiest {5}f of a: 3 \(75\.00 %\)$/m)
    expect(stdout).toMatch(/^4 executions of 0 ms\n {4}\S.*\n {4}such as trace\.csv:2; /m)
    const document = JSON.parse((await pilotlight(here.folder, 'trace', 'trace.csv', '--json')).stdout) as Record<
      string,
      unknown
    >
    expect(document).toMatchObject({
      schema: 1,
      trace: {
        id: 'trace',
        format: 'events',
        apps: 2,
        functions: 2,
        invocations: 4,
        horizonMs: 2_400_000,
        arrivals: 'events',
      },
      functionsPerApp: { mean: 1, median: 1, most: 1, withOne: 2 },
      triggers: [{ trigger: 'unknown', functions: 2, invocations: 4 }],
      busiestFunction: { app: 'a', function: 'f', invocations: 3 },
    })
  })

  it('are compiled to a file that is the same trace', async () => {
    const compiled = await pilotlight(here.folder, 'import', 'trace.csv', '--out', 'small.trace', '--json')
    const again = await pilotlight(here.folder, 'trace', 'small.trace', '--json')
    const { file, ...profile } = JSON.parse(compiled.stdout) as { file: string; trace: { digest: string } }
    expect(file).toBe('small.trace')
    expect((JSON.parse(again.stdout) as typeof profile).trace.digest).toBe(profile.trace.digest)
  })

  it('are synthesized as a folder and as a compiled file, which are the same trace', async () => {
    const options = ['--apps', '20', '--days', '1', '--seed', '7', '--quiet']
    const folder = await pilotlight(here.folder, 'synth', '--out', 'synthetic', ...options)
    expect(folder).toEqual({ code: 0, stdout: 'synthetic written: 20 apps, 1 day, seed 7.\n', stderr: '' })
    await pilotlight(here.folder, 'synth', '--out', 'synthetic.trace', ...options)
    const digests = await Promise.all(
      ['synthetic', 'synthetic.trace'].map(async (path) => {
        const { stdout } = await pilotlight(here.folder, 'trace', path, '--json')
        return (JSON.parse(stdout) as { trace: { digest: string } }).trace.digest
      }),
    )
    expect(digests[0]).toBe(digests[1])
    const files = readdirSync(join(here.folder, 'synthetic')).map((name) => join('synthetic', name))
    const glob = await pilotlight(here.folder, 'import', ...files, '--out', 'glob.trace', '--json', '--quiet')
    expect(JSON.parse(glob.stdout)).toMatchObject({ trace: { id: 'synthetic', digest: digests[0] } })
  })
})

describe.skipIf(process.platform === 'win32')('in a shell', () => {
  it('is quiet when the reader of its output has seen enough', async () => {
    const line = `"${process.execPath}" "${MAIN}" schema | head -n 1`
    const { code, stdout, stderr } = await finished(here.folder, 'bash', ['-c', `set -o pipefail; ${line}`])
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '{\n', stderr: '' })
  })

  it('goes on when only its progress is no longer read, and gives its results', async () => {
    const line = `"${process.execPath}" "${MAIN}" run study.yaml 2> >(true)`
    await finished(here.folder, 'bash', ['-c', line])
    const { code, stdout } = await finished(here.folder, 'bash', ['-c', line])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^no-unload /m)
  })

  it('speaks English whatever the language of the machine', async () => {
    const line = `LC_ALL=de_DE.UTF-8 "${process.execPath}" "${MAIN}" run`
    const { stderr } = await finished(here.folder, 'bash', ['-c', line])
    expect(stderr).toBe('pilotlight run: expected <experiment>. See pilotlight run --help.\n')
  })

  it('ends a bug with its stack, a line that says so, and exit code 1', async () => {
    const broken = 'data:text/javascript,JSON.stringify=()=>{throw new Error("boom")}'
    const words = ['--import', broken, MAIN, 'list', 'policies', '--json']
    const { code, stdout, stderr } = await finished(here.folder, process.execPath, words)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/^Error: boom\n +at /)
    expect(stderr).toMatch(/\nThis is a bug in pilotlight\. Please report it with the lines above\.\n$/)
  })

  it.each([
    ['SIGINT', 'at once with exit code 130 on ctrl-C', 130],
    ['SIGKILL', 'when it is killed', 137],
  ] as const)(
    '%s: ends %s, finished runs kept, the store whole, and goes on from there',
    async (signal, _how, exit) => {
      here.write(
        'endless.mjs',
        `export default {
  id: 'endless', summary: 'Never decides.', scope: 'app', needs: [], parameters: {},
  create: () => ({ arrived() {}, decide() { for (;;); } }),
}
`,
      )
      const experiment = (policies: string) =>
        here.write(`${signal}.yaml`, `name: ${signal}\ntrace: { path: trace.csv }\npolicies: [ ${policies} ]\n`)
      experiment('{ policy: fixed }, { policy: ./endless.mjs }')
      const line = `"${process.execPath}" "${MAIN}" run ${signal}.yaml & pid=$!; echo $pid; wait $pid; exit $?`
      const child = spawn('bash', ['-c', line], { cwd: here.folder, stdio: ['ignore', 'pipe', 'ignore'] })
      const [pid] = (await once(child.stdout, 'data')) as [Buffer]
      const store = join(here.folder, `reports/${signal}/results.sqlite`)
      while (!existsSync(store) || countRuns(store) === 0) await sleep(20)
      process.kill(Number(pid.toString()), signal)
      expect(await once(child, 'close')).toEqual([exit, null])
      expect(countRuns(store)).toBe(1)
      experiment('{ policy: fixed }, { policy: none }')
      const { code, stderr } = await pilotlight(here.folder, 'run', `${signal}.yaml`)
      expect({ code, stderr }).toEqual({
        code: 0,
        stderr: '1 of 2 runs was finished before (--fresh makes them again).\n',
      })
    },
  )
})

/** How many runs a store has; it must be whole. */
function countRuns(path: string): number {
  const database = new Database(path, { timeout: 5000 })
  try {
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok')
    const tables = database.prepare("SELECT count(*) FROM sqlite_schema WHERE name = 'run'").pluck().get()
    return tables === 0 ? 0 : (database.prepare('SELECT count(*) FROM run').pluck().get() as number)
  } finally {
    database.close()
  }
}
