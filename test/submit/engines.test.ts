import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { type ArrayJob, shardStore } from '../../src/submit/array-job.ts'
import { BATCH_ENGINES } from '../../src/submit/engines/index.ts'

const JOB: ArrayJob = {
  name: 'A sweep of 3',
  experiment: '/shared/sweep.yaml',
  folder: '/shared/sweep',
  shards: 16,
  threads: 2,
  memoryMb: 8192,
  limitMs: 5_400_000,
  command: ['pilotlight'],
  settings: { image: 'pilotlight:1', claim: 'shared', queue: 'spot', 'file-system': 'fs-1' },
}
const textOf = (engine: string, path: string, job = JOB): string =>
  BATCH_ENGINES.get(engine, 'test')
    .files(job)
    .find((file) => file.path === path)!.text

describe.each(BATCH_ENGINES.all)('the batch engine $id', (engine) => {
  it('runs every shard into a store of its own, and gathers exactly these', () => {
    const texts = engine.files(JOB).map(({ text }) => text)
    const all = texts.join('\n')
    expect(all).toMatch(/run \/shared\/sweep\.yaml --shard/)
    for (let shard = 1; shard <= 16; shard += 1) expect(all).toContain(shardStore(shard))
    expect(all).toContain('--shards 16')
    expect(all).toContain('report /shared/sweep/results.sqlite')
  })

  it('says how to submit it by hand, with files that it writes', () => {
    const paths = engine.files(JOB).map(({ path }) => path)
    const lines = engine.byHand(JOB).join('\n')
    for (const path of paths) expect(lines).toContain(path)
  })

  it('keeps names with quotes and spaces in one word of the shell', () => {
    const odd = { ...JOB, command: ["/opt/it's here/pilotlight"] }
    const texts = engine.files(odd).map(({ text }) => text)
    expect(texts.some((text) => text.includes('here/pilotlight'))).toBe(true)
    expect(texts.join('\n')).toContain(String.raw`'/opt/it'`)
  })
})

describe('Slurm', () => {
  it('gets scripts that bash accepts, whose array counts from 1', () => {
    const text = textOf('slurm', 'shards.sbatch')
    execFileSync('bash', ['-n'], { input: text })
    expect(text).toContain('#SBATCH --array=1-16\n')
    expect(text).toContain('#SBATCH --cpus-per-task=2\n#SBATCH --mem=8192M\n#SBATCH --time=90\n')
    expect(text).toContain(
      'exec pilotlight run /shared/sweep.yaml --shard "${SLURM_ARRAY_TASK_ID}/16" --jobs 2 --store "/shared/sweep/shards/${SLURM_ARRAY_TASK_ID}.sqlite"',
    )
  })

  it.each(['/a folder', '/per%cent', '/line\nbreak'])(
    'refuses the path %j, which its directives cannot name',
    (folder) => {
      expect(() => textOf('slurm', 'shards.sbatch', { ...JOB, folder })).toThrow('Use a folder with a plain name')
    },
  )

  it('refuses a partition that would be more than a name', () => {
    const settings = { partition: 'all --wrap=x' }
    expect(() => textOf('slurm', 'shards.sbatch', { ...JOB, settings })).toThrow('--partition')
  })
})

describe('Kubernetes', () => {
  it('gets an Indexed Job with one pod per shard, each of which is tried again alone', () => {
    const job = parse(textOf('kubernetes', 'shards.yaml')) as {
      metadata: { name: string }
      spec: {
        completionMode: string
        completions: number
        backoffLimitPerIndex: number
        template: { spec: { containers: { command: string[] }[] } }
      }
    }
    expect(job.metadata.name).toBe('pilotlight-a-sweep-of-3-shards')
    expect(job.spec).toMatchObject({ completionMode: 'Indexed', completions: 16, backoffLimitPerIndex: 3 })
    const [, , line] = job.spec.template.spec.containers[0]!.command
    expect(
      execFileSync('sh', ['-euc', line!.replace('exec pilotlight', 'echo')], {
        env: { JOB_COMPLETION_INDEX: '4' },
        encoding: 'utf8',
      }),
    ).toBe('run /shared/sweep.yaml --shard 5/16 --jobs 2 --store /shared/sweep/shards/5.sqlite\n')
  })

  it.each(['image', 'claim'])('refuses to guess the %s', (flag) => {
    const settings = Object.fromEntries(Object.entries(JOB.settings).filter(([name]) => name !== flag))
    expect(() => textOf('kubernetes', 'shards.yaml', { ...JOB, settings })).toThrow(`--${flag}: it must be given`)
  })
})

describe('AWS Batch', () => {
  it('gets an array that counts from 0, and none where there is one shard', () => {
    const shards = JSON.parse(textOf('aws-batch', 'shards.json')) as {
      arrayProperties: unknown
      containerOverrides: { command: string[] }
    }
    expect(shards.arrayProperties).toEqual({ size: 16 })
    const [, , line] = shards.containerOverrides.command
    expect(
      execFileSync('sh', ['-euc', line!.replace('exec pilotlight', 'echo')], {
        env: { AWS_BATCH_JOB_ARRAY_INDEX: '0' },
        encoding: 'utf8',
      }),
    ).toContain('--shard 1/16')
    const one = JSON.parse(textOf('aws-batch', 'shards.json', { ...JOB, shards: 1 })) as Record<string, unknown>
    expect(one).not.toHaveProperty('arrayProperties')
    expect(JSON.stringify(one)).toContain('--shard \\"1/1\\"')
  })
})
