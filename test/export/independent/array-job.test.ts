import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type IJob, Job } from 'kubernetes-models/batch/v1/Job'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { ArrayJob } from '../../../src/submit/array-job.ts'
import { BATCH_ENGINES } from '../../../src/submit/engines/index.ts'

const JOB: ArrayJob = {
  name: 'A sweep of 3',
  experiment: '/shared/sweep.yaml',
  folder: '/shared/sweep',
  shards: 16,
  threads: 2,
  memoryMb: 8192.5,
  limitMs: 5_400_000,
  command: ['pilotlight'],
  settings: { image: 'pilotlight:1', claim: 'shared', namespace: 'batch' },
}

const documentOf = (path: string, job = JOB): IJob =>
  parse(
    BATCH_ENGINES.get('kubernetes', 'test')
      .files(job)
      .find((file) => file.path === path)!.text,
  ) as IJob

type Fields = Readonly<Record<string, unknown>>

/** The types of Kubernetes that the objects of a Job have, by the path to them; `*` is any member of a list. */
const TYPES: readonly (readonly [path: string, type: string])[] = [
  ['', 'batch/v1/Job'],
  ['spec', 'batch/v1/JobSpec'],
  ['spec.template', 'v1/PodTemplateSpec'],
  ['spec.template.spec', 'v1/PodSpec'],
  ['spec.template.spec.containers.*', 'v1/Container'],
  ['spec.template.spec.containers.*.resources', 'v1/ResourceRequirements'],
  ['spec.template.spec.containers.*.volumeMounts.*', 'v1/VolumeMount'],
  ['spec.template.spec.volumes.*', 'v1/Volume'],
  ['spec.template.spec.volumes.*.persistentVolumeClaim', 'v1/PersistentVolumeClaimVolumeSource'],
]

/** The names of the fields that a type of Kubernetes has. */
function fieldsOf(type: string): readonly string[] {
  const declared = fileURLToPath(import.meta.resolve(`kubernetes-models/${type}`)).replace(/\.m?js$/, '.d.ts')
  return [...readFileSync(declared, 'utf8').matchAll(/^ {4}"(\w+)"\??:/gm)].map(([, name]) => name!)
}

function objectsAt(root: unknown, path: string): readonly Fields[] {
  const keys = path === '' ? [] : path.split('.')
  return keys.reduce<readonly unknown[]>(
    (objects, key) => objects.flatMap((each) => (key === '*' ? (each as readonly unknown[]) : [(each as Fields)[key]])),
    [root],
  ) as readonly Fields[]
}

describe.each(['shards.yaml', 'gather.yaml'])('the %s that is submitted to Kubernetes', (path) => {
  it('is a Job by the schema of Kubernetes', () => {
    expect(() => new Job(documentOf(path)).validate()).not.toThrow()
  })

  it.each(TYPES)('has at "%s" only fields of %s: the server refuses others, or forgets them', (place, type) => {
    const known = fieldsOf(type)
    const objects = objectsAt(documentOf(path), place)
    expect(objects.length).toBeGreaterThan(0)
    for (const object of objects) expect(Object.keys(object).filter((name) => !known.includes(name))).toEqual([])
  })

  it('is no Job any more when a field has another type', () => {
    const job = documentOf(path)
    const wrong = { ...job, spec: { ...job.spec, template: { spec: { containers: 'one' } } } } as unknown as IJob
    expect(() => new Job(wrong).validate()).toThrow(/containers/)
  })
})

// Rules of the API server (pkg/apis/batch/validation) that the schema does not have.
describe('the Indexed Job', () => {
  it('has what trying each index again alone demands', () => {
    const { spec } = documentOf('shards.yaml')
    expect(spec).toMatchObject({ completionMode: 'Indexed', completions: 16, backoffLimitPerIndex: 3 })
    expect(spec!.template.spec!.restartPolicy).toBe('Never')
    expect(spec!.maxFailedIndexes).toBeLessThanOrEqual(spec!.completions!)
  })

  it('has names that are labels of at most 63 letters with the index of a pod behind them, whatever the experiment is called', () => {
    for (const name of ['x', 'A sweep of 3', `${'long name '.repeat(30)}`, '-a-', 'ä ö 1']) {
      const job = documentOf('shards.yaml', { ...JOB, name, shards: 10_000 })
      expect(`${job.metadata!.name}-9999`).toMatch(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])$/)
    }
  })
})
