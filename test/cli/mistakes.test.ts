import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pilotlight } from './pilotlight.ts'
import { type Study, study } from './study.ts'
import { RENDERERS } from '../../src/report/renderers/index.ts'
import { COMMANDS } from '../../src/cli/commands/index.ts'

let here: Study
beforeAll(async () => {
  here = study()
  here.write('other-trace.csv', 'app,function,start_ms,duration_ms\na,f,0,0\na,f,9,0\n')
  here.write('moved.yaml', 'name: study\ntrace: { path: other-trace.csv }\npolicies: [ { policy: none } ]\n')
  here.write('lost.yaml', 'name: lost\ntrace: { path: nowhere }\npolicies: [ { policy: none } ]\n')
  here.write('unrun.yaml', 'name: unrun\ntrace: { path: trace.csv }\npolicies: [ { policy: none } ]\n')
  here.write('bad.yaml', 'name: bad\ntrace: { path: trace.csv }\npolicies:\n  - { policy: hybird-histogram }\n')
  here.write('rows.csv', 'app,function,start_ms,duration_ms\na,f,soon,5\n')
  here.write('rows.yaml', 'name: rows\ntrace: { path: rows.csv }\npolicies: [ { policy: none } ]\n')
  here.write('text.sqlite', 'hello, world\n')
  here.write('empty.sqlite', '')
  here.write('text.html', 'hello, world\n')
  here.write('text.json', 'hello,\nworld\n')
  writeFileSync(
    join(here.folder, 'random.bin'),
    Uint8Array.from({ length: 2000 }, (_, index) => (index * 7) % 256),
  )
  await pilotlight(here.folder, 'run', 'study.yaml')
})
afterAll(() => here.remove())

/** What is typed, and the exact line on stderr. */
const MISTAKES: readonly (readonly [typed: string, message: string])[] = [
  ['help rnu', 'pilotlight: there is no command "rnu". Did you mean "run"?'],
  ['rnu study.yaml', 'pilotlight: there is no command "rnu". Did you mean "run"?'],
  [
    'simulate',
    `pilotlight: there is no command "simulate". There are: ${COMMANDS.map(({ usage }) => usage.split(' ')[0]).join(', ')}.`,
  ],
  ['--jsno', 'pilotlight: expected a command, found --jsno. See pilotlight --help.'],
  ['run', 'pilotlight run: expected <experiment>. See pilotlight run --help.'],
  ['run study.yaml more.yaml', 'pilotlight run: one word too many: "more.yaml". See pilotlight run --help.'],
  ['run study.yaml --jbos 2', 'pilotlight run: there is no flag --jbos. Did you mean --jobs?'],
  ['run study.yaml --out x', 'pilotlight run: there is no flag --out. See pilotlight run --help.'],
  ['run study.yaml -x', 'pilotlight run: there is no flag -x. See pilotlight run --help.'],
  ['run study.yaml --jobs', 'pilotlight run: the flag --jobs needs a value. See pilotlight run --help.'],
  ['run study.yaml --jobs two', '--jobs: expected a whole number of at least 1, found "two".'],
  ['run study.yaml --jobs 0', '--jobs: expected a whole number of at least 1, found "0".'],
  [
    'run study.yaml --shard 3/2',
    '--shard: expected i/n with i from 1 to n, auto or auto/n, found "3/2". The second of three machines is --shard 2/3.',
  ],
  [
    'run nowhere.yaml',
    'nowhere.yaml: there is no such file. Give the path of an experiment, as in experiments/quickstart.yaml.',
  ],
  [
    'run .',
    '.: cannot read it: it is a folder (EISDIR). Give the path of an experiment, as in experiments/quickstart.yaml.',
  ],
  ['run random.bin', 'random.bin: expected an experiment (.yaml), found another file of 2000 bytes.'],
  [
    'run bad.yaml',
    'bad.yaml:4:15: policies[0].policy: no policy called "hybird-histogram". Did you mean "hybrid-histogram"?',
  ],
  [
    'run lost.yaml',
    'lost.yaml:2:16: trace.path: there is no trace at nowhere. Paths are relative to the experiment file; pilotlight download and pilotlight synth make traces, pilotlight list datasets names the public ones; --trace names one that is elsewhere.',
  ],
  [
    'run study.yaml --store random.bin',
    'random.bin: the file is no store (file is not a database). Give an experiment (.yaml) or a store (.sqlite).',
  ],
  [
    'run study.yaml --quiet --per-app nowhere/apps.csv',
    'nowhere/apps.csv: cannot be written: there is no such file or folder (ENOENT). Choose another place.',
  ],
  ...['compare', 'report', 'choose', 'serve', 'source'].map(
    (command) =>
      [
        `${command} text.sqlite`,
        'text.sqlite: the file is no store (file is not a database). Give an experiment (.yaml) or a store (.sqlite).',
      ] as const,
  ),
  [
    'compare empty.sqlite',
    'empty.sqlite: the file is no store of pilotlight. Give an experiment (.yaml) or a store (.sqlite).',
  ],
  [
    'compare nowhere.sqlite',
    'nowhere.sqlite: there is no such store. Run the experiment first: pilotlight run <experiment.yaml>.',
  ],
  [
    'verify text.html',
    'text.html: the page has no card of pilotlight in it. pilotlight report <experiment> --format card writes a card, and every page has one in it.',
  ],
  [
    'verify text.json',
    String.raw`text.json: it is no card of pilotlight: not JSON: Unexpected token 'h', "hello,\u000aworld\u000a" is not valid JSON. pilotlight report <experiment> --format card writes a card, and every page has one in it.`,
  ],
  [
    'compare unrun.yaml',
    'reports/unrun/results.sqlite: there is no such store. Run the experiment first: pilotlight run <experiment.yaml>.',
  ],
  [
    'compare moved.yaml',
    'moved.yaml:2:16: trace.path: the experiment was last run on another trace. Run it again: pilotlight run moved.yaml.',
  ],
  [
    'report study.yaml --format gif',
    `--format: no report format called "gif". There are: ${RENDERERS.ids.join(', ')}.`,
  ],
  [
    'report study.yaml --out trace.csv',
    'trace.csv: cannot be read: a part of the path is a file, not a folder (ENOTDIR).',
  ],
  ['list polices', 'pilotlight list: no list called "polices". Did you mean "policies"?'],
  [
    'merge reports/study/results.sqlite',
    'pilotlight merge: the flag --out must be given. See pilotlight merge --help.',
  ],
  [
    'merge nowhere.sqlite --out all.sqlite',
    'nowhere.sqlite: there is no such store. Run the experiment first: pilotlight run <experiment.yaml>.',
  ],
  ['import trace.csv --out x.bin', '--out: expected a file whose name ends in .trace, found "x.bin".'],
  [
    'import trace.csv rows.csv --out x.trace',
    'rows.csv: a trace of the format events is one file, and 2 paths were given. Read them one by one.',
  ],
  ['trace trace.csv --format azur-2019', 'format: no trace format called "azur-2019". Did you mean "azure-2019"?'],
  ['curve', 'pilotlight curve: expected <trace>. See pilotlight curve --help.'],
  ['curve trace.csv --unit apps', '--unit: expected app or function, found "apps". Did you mean "app"?'],
  ['curve trace.csv --memory big', '--memory: expected trace or equal, found "big".'],
  [
    'curve trace.csv --spread unifrom',
    '--spread: expected minute, start, even, uniform or poisson, found "unifrom". Did you mean "uniform"?',
  ],
  [
    'curve trace.csv --spread even --quiet',
    '--spread: the trace trace has its own arrival times, so there are no minutes to spread. Leave it out.',
  ],
  [
    'curve other-trace.csv --memory trace --quiet',
    '--memory: the trace other-trace has no memory of its apps. Use --memory equal, which charges every app 1 MB.',
  ],
  ['curve trace.csv --seed -1', '--seed: expected a whole number of at least 0, found "-1".'],
  ['curve trace.csv --at 4GB,0GB', '--at: expected a memory size such as 512MB or 4GB, found "0GB".'],
  [
    'curve trace.csv --quiet --out trace.csv',
    'trace.csv: cannot be read: a part of the path is a file, not a folder (ENOTDIR).',
  ],
  ['synth --out x --apps many', '--apps: expected a whole number of at least 1, found "many".'],
  ['download azure-2020 --out x', 'pilotlight download: no data set called "azure-2020". Did you mean "azure-2021"?'],
  ['download azure-2021 --out x --from ftp://x', '--from: expected an http or https address, found "ftp://x".'],
]

describe('what the user can fix is one line on stderr, exit code 2 and nothing on stdout', () => {
  it.each(MISTAKES)('pilotlight %s', async (typed, message) => {
    const { code, stdout, stderr } = await pilotlight(here.folder, ...typed.split(' '))
    expect(stderr).toBe(`${message}\n`)
    expect(code).toBe(2)
    expect(stdout).toBe('')
  })

  it('a mistake in the rows of a trace, in every command that reads one', async () => {
    for (const words of [
      ['trace', 'rows.csv'],
      ['run', 'rows.yaml'],
      ['import', 'rows.csv', '--out', 'rows.trace'],
    ]) {
      const { code, stdout, stderr } = await pilotlight(here.folder, ...words, '--quiet')
      expect(stderr).toMatch(/^rows\.csv:2:\d+: .*"soon".*\n$/)
      expect(code).toBe(2)
      expect(stdout).toBe('')
    }
    expect(existsSync(join(here.folder, 'rows.trace'))).toBe(false)
  })

  it('what a user’s policy throws, after the good runs were kept', async () => {
    here.write(
      'broken.mjs',
      `export default {
  id: 'broken', summary: 'Throws.', scope: 'app', needs: [], parameters: {},
  create: () => ({ arrived() {}, decide(app) { if (app === 0) throw new Error('not my day') } }),
}
`,
    )
    here.write(
      'wrong.mjs',
      `export default {
  id: 'wrong', summary: 'Answers nonsense.', scope: 'app', needs: [], parameters: {},
  create: () => ({ arrived() {}, decide(app, now, out) { out.prewarmMs = 0; out.keepAliveMs = NaN } }),
}
`,
    )
    const policies = '[ { policy: ./broken.mjs }, { policy: none }, { policy: ./wrong.mjs } ]'
    here.write('broken.yaml', `name: broken\ntrace: { path: trace.csv }\npolicies: ${policies}\n`)
    const { code, stdout, stderr } = await pilotlight(here.folder, 'run', 'broken.yaml', '--quiet')
    expect(code).toBe(2)
    expect(stdout).toBe('')
    expect(stderr).toMatch(
      /^2 of 4 runs failed: \n.*broken\.mjs:3:\d+: decide\(\) for the app a threw Error: not my day\npolicy wrong, app a: .*keepAliveMs .*NaN.*\n$/,
    )
    const after = await pilotlight(here.folder, 'compare', 'broken.yaml')
    expect(after.stderr).toBe('2 of 4 runs are not finished: broken, wrong.\n')
    expect(after.stdout).toMatch(/^none /m)
  })
})
