import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { commandName } from '../src/cli/arguments/command.ts'
import { COMMANDS } from '../src/cli/commands/index.ts'
import { planRuns } from '../src/experiment/run-plan.ts'
import { breakEvenPicture } from '../tools/break-even-picture.ts'
import { PAGES, withTables } from '../tools/tables.ts'
import { finished, pilotlight } from './cli/pilotlight.ts'
import { COUNTS, experiment } from './experiment/facts.ts'

const ROOT = fileURLToPath(new URL('../', import.meta.url))
const DOCS = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md'))
const ALL = [
  'README.md',
  'README.zh-CN.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'traces/README.md',
  'reports/README.md',
  ...DOCS.map((name) => `docs/${name}`),
]
const { scripts } = JSON.parse(text('package.json')) as { scripts: Readonly<Record<string, string>> }

function text(name: string): string {
  return readFileSync(join(ROOT, name), 'utf8')
}

/** The experiment whose page README.md has a picture of (tools/pictures.ts). */
const PICTURED = join(ROOT, 'experiments/paper/figure-15.yaml')

/** The block of code that follows a marker. */
function blockAfter(page: string, marker: string): string {
  const [, after] = page.split(`<!-- ${marker} -->\n`)
  return /^```\w*\n([\s\S]*?)^```/m.exec(after ?? '')?.[1] ?? ''
}

/** Runs what needs a folder of its own, and removes it. */
async function inTemporary<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'pilotlight-docs-'))
  try {
    return await use(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe.each(ALL)('%s', (name) => {
  it('has links that lead somewhere', () => {
    const links = [...text(name).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link]) => link!)
    expect(links.filter((link) => !existsSync(join(ROOT, dirname(name), link)))).toEqual([])
  })

  it('names commands and flags that there are', () => {
    const code = [...text(name).matchAll(/^```\w*\n([\s\S]*?)^```|`([^`\n]+)`/gm)].map(
      ([, block, inline]) => block ?? inline,
    )
    const lines = [...code.join('\n').matchAll(/^[# ]*(?:npm run pilotlight --|pilotlight) (.+)$/gm)]
    for (const [, line] of lines) {
      const [word = '', ...rest] = line!.split(/\s+/)
      if (/^[-<…]/.test(word)) continue
      const command = COMMANDS.find((each) => commandName(each) === word)
      const known = ['help', 'quiet', ...Object.keys(command?.flags ?? {})]
      const flags = rest.filter((each) => each.startsWith('--')).map((flag) => flag.slice(2))
      expect(command, line).toBeDefined()
      expect(known, line).toEqual(expect.arrayContaining(flags))
    }
  })

  it('names npm scripts that there are', () => {
    const named = [...text(name).matchAll(/npm run ([a-z]+)/g)].map(([, script]) => script!)
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(named))
  })
})

it.each(PAGES)('%s has the tables that the lists of plug-ins make: npm run docs', (name) => {
  expect(text(name)).toMatch(/<!-- table: \w+ -->/)
  expect(withTables(text(name))).toBe(text(name))
})

it('a marker that names no table is refused', () => {
  expect(() => withTables('<!-- table: polices -->\n<!-- end -->')).toThrow('there is no table called "polices"')
})

const SHOWN = ['example.yaml', 'replay.yaml', 'pilotlight@.service', 'Dockerfile']
it.each(SHOWN)('docs/live.md shows experiments/live/%s as it is', (name) => {
  expect(blockAfter(text('docs/live.md'), `experiments/live/${name}`)).toBe(text(`experiments/live/${name}`))
})

describe('docs/cluster.md', () => {
  it('shows an experiment that makes six runs', async () => {
    const example = blockAfter(text('docs/cluster.md'), 'six runs')
    const { runs } = planRuns(await experiment(`name: x\ntrace: { path: somewhere }\n${example}`), COUNTS)
    expect(runs.map(({ label }) => label)).toEqual(
      ['4x8GB', '4x16GB'].flatMap((nodes) => [
        `fixed(keepAlive=10m) nodes=${nodes}`,
        `no-unload(eviction=lru) nodes=${nodes}`,
        `no-unload(eviction=greedy-dual) nodes=${nodes}`,
      ]),
    )
  })
})

/** Files of the project that a page leads to. */
const links = (page: string): string[] => [...page.matchAll(/\]\(([^)#]+\.(?:md|png|cff))/g)].map(([, link]) => link!)
const blocks = (page: string): string[] => [...page.matchAll(/^```[\s\S]*?^```/gm)].map(([block]) => block)

describe('README.zh-CN.md', () => {
  const [english, chinese] = [text('README.md'), text('README.zh-CN.md')]

  it('leads to every page that the English one leads to', () => {
    const own = links(chinese)
    const missing = links(english).filter((link) => !own.includes(link) && !link.startsWith('README'))
    // Its picture is of a Chinese page.
    expect(missing).toEqual(['docs/pictures/report-page.png'])
    expect(own).toContain('docs/pictures/report-page.zh.png')
  })

  it('shows the same blocks as the English one', () => {
    expect(blocks(chinese)).toEqual(blocks(english))
  })
})

describe('README.md', () => {
  it('has two commands, and both are there', () => {
    expect(blocks(text('README.md'))).toEqual(['```sh\nnpm start\nnpm test\n```'])
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['start', 'test']))
  })

  it('says below its picture what was measured', async () => {
    const policies = '[{ policy: fixed, keepAlive: 10m }, { policy: hybrid-histogram, range: 4h }]'
    const { stdout } = await inTemporary((folder) =>
      pilotlight(folder, 'run', PICTURED, '--set', `policies=${policies}`, '--json', '--quiet'),
    )
    const { runs } = JSON.parse(stdout) as { runs: { metrics: Record<string, number> }[] }
    const hybrid = runs[1]!.metrics
    expect(100 / hybrid['cold-starts-relative']!).toBeCloseTo(5, 1)
    const idle = Math.round(hybrid['idle-memory-relative']!)
    expect(text('README.md')).toContain(
      `a fifth of the cold starts of a ten-minute window, with ${idle} % of its idle memory.`,
    )
    expect(text('README.zh-CN.md')).toContain(`冷启动是固定保活 10 分钟的五分之一，空闲内存是其 ${idle} %。`)
  })

  it('says what npm start prints', async () => {
    const { stdout } = await inTemporary((folder) =>
      pilotlight(folder, 'run', join(ROOT, 'experiments/quickstart.yaml'), '--json', '--quiet'),
    )
    const { runs } = JSON.parse(stdout) as { runs: { label: string; metrics: Record<string, number> }[] }
    const { metrics } = runs.find(({ label }) => label === 'hybrid-histogram')!
    const idle = Math.round(metrics['idle-memory-relative']!)
    expect(text('README.md')).toContain(`\`npm start\` counts the memory of each: ${idle} %.`)
    expect(text('README.zh-CN.md')).toContain(`\`npm start\` 按每个应用自己的内存来算，是 ${idle} %。`)
  })
})

it('docs/tutorial-decision.md shows what the quickstart prints', async () => {
  const { stdout } = await inTemporary((folder) =>
    pilotlight(folder, 'run', join(ROOT, 'experiments/quickstart.yaml'), '--quiet'),
  )
  expect(stdout).toContain('hybrid-histogram')
  expect(text('docs/tutorial-decision.md')).toContain(`\`\`\`\n${stdout}\`\`\``)
})

describe('docs/library.md', () => {
  const programs = [...text('docs/library.md').matchAll(/<!-- program -->\n```ts\n([\s\S]*?)^```/gm)]
  // What each prints, in the order of the page.
  const prints = [
    /^arrival gaps +\d/m,
    /^fixed 5260$/m,
    /^tail-of-idle\(tail=95\) +\d/m,
    /^hybrid-histogram: 0\.\d+$/m,
    /^[\w.-]+\.md$/m,
    /^index\.html 3 runs$/m,
    /^runs\.csv apps\.csv days\.csv timeline\.csv columns\.csv source\.json\n$/,
    /^hybrid-histogram \d+\n$/,
    /^3 of 3 runs are the same\n$/,
    /^ {2}\d+ of \d+ cold: \d+ first/m,
    /^2 reports\/calls-\w+\/calls\.mapping\.yaml written\.$/m,
    /^\d+ of \d+ claims hold\n$/,
    /^services\/[\w.-]+\.\w+$/m,
    /^\d+ [0-9a-f]{64}\n$/,
  ]

  it('shows as many programs as are judged', () => expect(programs).toHaveLength(prints.length))

  it.each(prints.map((printed, index) => [index + 1, programs[index]![1]!, printed] as const))(
    'shows a program that runs: number %i',
    async (_, program, printed) => {
      const { code, stdout, stderr } = await ranAsLibrary(program)
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(stdout).toMatch(printed)
    },
  )
})

/** The source of an entry of the library, quoted. */
function entryOf(name: string | undefined): string {
  const path = name === undefined ? '../src/index.ts' : `../src/library/${name}.ts`
  return `'${new URL(path, import.meta.url).href}'`
}

/** Runs a program against the sources, in a folder that has the sample trace and the experiments. */
async function ranAsLibrary(program: string) {
  return inTemporary((folder) => {
    for (const name of ['traces', 'experiments']) symlinkSync(join(ROOT, name), join(folder, name), 'dir')
    mkdirSync(join(folder, 'reports'))
    const file = join(folder, 'program.ts')
    writeFileSync(
      file,
      program.replaceAll(/'pilotlight(?:\/(\w+))?'/g, (_, name: string | undefined) => entryOf(name)),
    )
    return finished(folder, process.execPath, [file])
  })
}

it('docs/capacity.md shows what the curve of the sample prints', async () => {
  const { stdout } = await inTemporary((folder) => pilotlight(folder, 'curve', join(ROOT, 'traces/sample'), '--quiet'))
  expect(stdout).toMatch(/^Cold starts by memory\n/)
  expect(blockAfter(text('docs/capacity.md'), 'curve of the sample')).toBe(stdout)
})

it('docs/bounds.md shows what the bounds of the sample are', async () => {
  const { stdout } = await inTemporary((folder) =>
    pilotlight(folder, 'bounds', join(ROOT, 'traces/sample'), '--capacity', '16GB,64GB', '--quiet'),
  )
  expect(stdout).toMatch(/^The fewest cold starts by idle memory/)
  expect(blockAfter(text('docs/bounds.md'), 'bounds of the sample')).toBe(stdout)
})

it('docs/break-even.svg is the picture that the policy draws: npm run docs', () => {
  expect(text('docs/break-even.svg')).toBe(breakEvenPicture())
})
