import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { runTyped } from '../src/cli/arguments/parse.ts'
import { COMMANDS } from '../src/cli/commands/index.ts'
import { pilotlight } from './cli/pilotlight.ts'

const ROOT = fileURLToPath(new URL('../', import.meta.url))
const text = (name: string): string => readFileSync(join(ROOT, name), 'utf8')
const PAGES = [
  'README.md',
  'README.zh-CN.md',
  'traces/README.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]

/** Lines that are not run, and why; they are parsed instead. */
const ONLY_PARSED: readonly (readonly [line: RegExp, why: string])[] = [
  [/^(serve|live serve) /, 'runs until it is interrupted'],
  [/ --open$/, 'opens a browser'],
  [/^submit .* --to slurm /, 'needs Slurm'],
  [/^calibrate report\.csv/, 'needs what a platform of the reader’s measured'],
  [/^board results\/\*\.json/, 'has a pattern that a shell fills in'],
  [/^tune dial\.yaml/, 'needs the sample of twelve days, which is no part of the project, and minutes'],
  [/^explain experiment\.yaml --app 8518$/, 'is about an app of a public sample: test/journeys runs it'],
  [/^synth .* --out traces\/sample$/, 'writes the sample, which test/trace/synth makes anew'],
]

/** What the reader of a page has at hand besides a checkout. */
const AT_HAND: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'docs/tutorial-decision.md': { 'first-decision.yaml': blockOf('docs/tutorial-decision.md', 'yaml') },
  'docs/tutorial-own-log.md': { 'log.csv': blockOf('docs/tutorial-own-log.md', 'csv') },
  'docs/beyond-one-machine.md': { 'sweep.yaml': quickstart('sweep') },
  'docs/explain.md': { 'experiment.yaml': quickstart('experiment') },
  'docs/traces.md': { 'access.log': accessLog() },
}

/** Commands whose results a page takes for granted. */
const RUN_BEFORE: Readonly<Record<string, readonly string[]>> = {
  'docs/explain.md': ['run experiment.yaml --quiet'],
}

/** The first block of a language on a page. */
function blockOf(page: string, language: string): string {
  return new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, 'm').exec(text(page))![1]!
}

/** The quickstart as an experiment of the reader's own, in the folder of a checkout. */
function quickstart(name: string): string {
  return text('experiments/quickstart.yaml').replace('name: quickstart', `name: ${name}`).replaceAll('../', '')
}

/** An hour of calls of two paths, as web servers log them. */
function accessLog(): string {
  const lines = Array.from({ length: 60 }, (_, minute) => {
    const time = `01/May/2026:12:${String(minute).padStart(2, '0')}:00 +0000`
    return `192.0.2.1 - - [${time}] "GET /${minute % 3 === 0 ? 'orders' : 'users'}/1 HTTP/1.1" 200 120\n`
  })
  return lines.join('')
}

/** The command's lines in the blocks of a page, without what stands before and behind them. */
function commandsOf(page: string): string[] {
  // Blocks of every language are matched, so that the end of one is not taken for the beginning of another.
  const blocks = [...text(page).matchAll(/^```(\w*)\n([\s\S]*?)^```/gm)]
    .filter(([, language]) => language === '' || language === 'sh')
    .map(([, , block]) => block!)
  return blocks
    .flatMap((block) => block.split('\n'))
    .map((line) => /^(?:pilotlight|npm run (?:--silent )?pilotlight --) (.*?)(?:\s+#.*)?$/.exec(line)?.[1])
    .filter((line) => line !== undefined)
}

function wordsOf(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!)
}

const whyNot = (line: string): string | undefined => ONLY_PARSED.find(([pattern]) => pattern.test(line))?.[1]
const withCommands = PAGES.filter((page) => commandsOf(page).length > 0)

describe.each(withCommands.filter((page) => commandsOf(page).some((line) => whyNot(line) === undefined)))(
  '%s',
  (page) => {
    it('has commands that run one after the other, as they stand there', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'pilotlight-commands-'))
      try {
        for (const part of ['traces', 'experiments']) cpSync(join(ROOT, part), join(folder, part), { recursive: true })
        for (const [file, content] of Object.entries(AT_HAND[page] ?? {})) {
          mkdirSync(dirname(join(folder, file)), { recursive: true })
          writeFileSync(join(folder, file), content)
        }
        const lines = commandsOf(page).filter((line) => whyNot(line) === undefined)
        for (const line of [...(RUN_BEFORE[page] ?? []), ...lines]) {
          const { code, stderr } = await pilotlight(folder, ...wordsOf(line))
          expect({ line, code, stderr: code === 0 ? '' : stderr }).toEqual({ line, code: 0, stderr: '' })
        }
      } finally {
        rmSync(folder, { recursive: true })
      }
    }, 600_000)
  },
)

const onlyParsed = withCommands.flatMap((page) =>
  commandsOf(page).flatMap((line) => {
    const why = whyNot(line)
    return why === undefined ? [] : [{ page, line, why }]
  }),
)

it.each(onlyParsed)('$page: "$line" is understood, and not run: it $why', async ({ line }) => {
  let understood = ''
  const listening = COMMANDS.map((command) => ({
    ...command,
    run: async () => {
      understood = command.usage
    },
  }))
  await runTyped(wordsOf(line), listening)
  expect(understood.split(' ')[0]).toBe(wordsOf(line)[0])
})

it('no reason is left for lines that no page has', () => {
  const lines = withCommands.flatMap(commandsOf)
  expect(ONLY_PARSED.filter(([pattern]) => !lines.some((line) => pattern.test(line)))).toEqual([])
})
