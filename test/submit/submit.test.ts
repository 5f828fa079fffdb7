import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { unfinishedBeside } from '../../src/files/unfinished.ts'
import { finished, type Finished, MAIN, pilotlight } from '../cli/pilotlight.ts'
import { type Study, study } from '../cli/study.ts'

/** Stands for kubectl: writes down its words, runs a Job's command when it is applied, and says that each Job is complete. */
const KUBECTL = `#!/bin/sh
echo "$*" >>"$RECORD"
case "$*" in
  *" apply -f "*shards.yaml) for i in 0 1; do JOB_COMPLETION_INDEX=$i sh -euc "$(line "$5")" >>"$RECORD.log" 2>&1; done ;;
  *" apply -f "*gather.yaml) sh -euc "$(line "$5")" >/dev/null 2>&1; touch "$RECORD.gathered" ;;
  *" get job -o name "*) if [ -e "$RECORD.gathered" ]; then echo job; fi ;;
  *" get job "*) echo '{"status":{"conditions":[{"type":"Complete","status":"True"}]}}' ;;
esac
`
/** Prints the command of the first container in a Job's file. */
const LINE = (yaml: string): string => `#!${process.execPath}
import(${JSON.stringify(yaml)}).then(async ({ default: { parse } }) => {
  const { readFileSync } = await import('node:fs')
  const job = parse(readFileSync(process.argv[2], 'utf8'))
  process.stdout.write(job.spec.template.spec.containers[0].command[2])
})
`

let here: Study
beforeEach(() => (here = study()))
afterEach(() => here.remove())

const submit = (...words: string[]): Promise<Finished> => pilotlight(here.folder, 'submit', 'study.yaml', ...words)

describe('pilotlight submit', () => {
  it('writes the files of an engine that it cannot call, and says how to submit them', async () => {
    const words = ['--to', 'aws-batch', '--out', 'job', '--image', 'x', '--queue', 'q', '--file-system', 'fs-1']
    const { code, stdout, stderr } = await submit(...words)
    expect(code, stderr).toBe(0)
    expect(stdout).toContain('aws batch submit-job --cli-input-json file://shards.json')
    expect(JSON.parse(readFileSync(join(here.folder, 'job/shards.json'), 'utf8'))).toMatchObject({ jobQueue: 'q' })
  })

  it('gathers on Kubernetes once the shards are complete', async () => {
    const bin = join(here.folder, 'bin')
    mkdirSync(bin)
    const yaml = new URL('../../node_modules/yaml/dist/index.js', import.meta.url).pathname
    for (const [name, text] of [
      ['kubectl', KUBECTL],
      ['line', LINE(yaml)],
      ['pilotlight', `#!/bin/sh\nexec ${process.execPath} ${MAIN} "$@"\n`],
    ] as const) {
      writeFileSync(join(bin, name), text)
      chmodSync(join(bin, name), 0o755)
    }
    const record = join(here.folder, 'record')
    const environment = { ...process.env, PATH: `${bin}:${process.env['PATH']}`, RECORD: record }
    const words = [
      'submit',
      'study.yaml',
      '--to',
      'kubernetes',
      '--shards',
      '2',
      '--image',
      'x',
      '--claim',
      'c',
      '--out',
      'job',
      '--wait',
    ]
    const { code, stderr } = await finished(here.folder, process.execPath, [MAIN, ...words], environment)
    expect(code, `${stderr}${existsSync(`${record}.log`) ? readFileSync(`${record}.log`, 'utf8') : ''}`).toBe(0)
    expect(stderr).toContain('2 of 2 shards finished')
    const order = readFileSync(record, 'utf8')
      .split('\n')
      .filter((line) => line.includes(' apply '))
    expect(order.map((line) => line.replace(/.*\//, ''))).toEqual(['shards.yaml', 'gather.yaml'])
    expect(existsSync(join(here.folder, 'job/report/index.html'))).toBe(true)
  })

  it.each([
    ['an engine that is none', ['--to', 'slrum', '--out', 'job'], 'Did you mean "slurm"?'],
    ['no image', ['--to', 'kubernetes', '--out', 'job'], '--claim: it must be given'],
    ['a folder with other files', ['--to', 'slurm', '--out', '.', '--files-only'], 'found files in it'],
    ['no shard', ['--to', 'slurm', '--out', 'job', '--shards', '0'], 'at least 1'],
    ['too many shards', ['--to', 'slurm', '--out', 'job', '--shards', '10001'], 'at most 10000'],
    ['a limit that is no duration', ['--to', 'slurm', '--out', 'job', '--limit', '4'], 'expected a duration'],
  ])('refuses %s, and submits nothing', async (_, words, problem) => {
    const { code, stderr } = await submit(...words)
    expect(stderr).toContain(problem)
    expect(code).toBe(2)
  })

  it('takes a folder that only holds what a killed command left for an empty one, and makes what is to be run a program', async () => {
    const job = join(here.folder, 'job')
    mkdirSync(job)
    writeFileSync(unfinishedBeside(join(job, 'job.json')), '{')
    const { code, stderr } = await submit('--to', 'slurm', '--out', 'job', '--files-only')
    expect(code, stderr).toBe(0)
    const files = readdirSync(job, { withFileTypes: true }).filter((entry) => entry.isFile())
    const programs = files.filter(({ name }) => (statSync(join(job, name)).mode & 0o111) !== 0)
    expect(programs.map(({ name }) => name).toSorted()).toEqual(['gather.sbatch', 'shards.sbatch'])
  })

  it('refuses a folder that another job has', async () => {
    expect((await submit('--to', 'slurm', '--out', 'job', '--files-only')).code).toBe(0)
    expect((await submit('--to', 'slurm', '--out', 'job', '--files-only')).code).toBe(0)
    const other = await submit('--to', 'slurm', '--out', 'job', '--files-only', '--shards', '5')
    expect(other.stderr).toContain('it holds another job')
    expect(other.code).toBe(2)
  })
})

const shard = (index: number, store = `${index}.sqlite`, file = 'study.yaml'): Promise<Finished> =>
  pilotlight(here.folder, 'run', file, '--shard', `${index}/3`, '--store', store)
const merge = (...stores: string[]): Promise<Finished> =>
  pilotlight(here.folder, 'merge', ...stores, '--shards', '3', '--out', 'all.sqlite')

describe('merging the shards of an experiment', () => {
  it('happens when all are there', async () => {
    for (const index of [1, 2, 3]) expect((await shard(index)).code).toBe(0)
    const merged = await merge('1.sqlite', '2.sqlite', '3.sqlite')
    expect(merged.code, merged.stderr).toBe(0)
    expect(merged.stdout).toContain('4 runs added')
  })

  it('is refused with the name of each that is missing, there twice, foreign or damaged, and leaves no store', async () => {
    expect((await shard(1)).code).toBe(0)
    expect((await shard(1, 'again.sqlite')).code).toBe(0)
    here.write('other.yaml', 'name: other\ntrace: { path: trace.csv }\npolicies: [{ policy: none }]\n')
    expect((await shard(1, 'other.sqlite', 'other.yaml')).code).toBe(0)
    writeFileSync(join(here.folder, 'half.sqlite'), 'SQLite format 3\0 and then nothing')
    const { code, stderr } = await merge('1.sqlite', 'again.sqlite', 'other.sqlite', 'half.sqlite')
    expect(code).toBe(2)
    expect(stderr).toContain('half.sqlite')
    expect(stderr).toContain('other.sqlite is of another experiment')
    expect(stderr).toContain('shard 1 is in 1.sqlite and in again.sqlite')
    expect(stderr).toContain('shard 2 of 3 lacks the run')
    expect(stderr).toContain('shard 3 of 3 lacks the run')
    expect(existsSync(join(here.folder, 'all.sqlite'))).toBe(false)
  })
})
