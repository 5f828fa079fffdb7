import { stringify } from 'yaml'
import { UserError } from '../../core/user-error.ts'
import { type ArrayJob, gatherWords, neededSetting, shardWords } from '../array-job.ts'
import type { BatchEngine, JobState } from '../batch-engine.ts'
import { printed } from '../program.ts'
import { shellLine } from '../shell.ts'

const SHARDS = 'shards.yaml'
const GATHER = 'gather.yaml'
/** Set in every pod of an Indexed Job, from 0 on (https://kubernetes.io/docs/concepts/workloads/controllers/job/). */
const INDEX = 'JOB_COMPLETION_INDEX'

/**
 * Kubernetes: an Indexed Job of the shards, with one volume for all pods. The Job that gathers is applied when the first
 * one is complete, since a Job cannot wait for another one.
 */
export const kubernetes: BatchEngine = {
  id: 'kubernetes',
  summary: 'Kubernetes: an Indexed Job, and a Job that gathers the shards when all have ended well.',
  files(job) {
    // The shell adds 1 to the index, since shards count from 1.
    const shard = '$((JOB_COMPLETION_INDEX + 1))'
    const words = shardWords(job, INDEX).map((each) =>
      each.includes(INDEX) ? `"${each.replaceAll(INDEX, shard)}"` : shellLine([each]),
    )
    return [
      {
        path: SHARDS,
        text: document(job, 'shards', `exec ${words.join(' ')}`, {
          completionMode: 'Indexed',
          completions: job.shards,
          parallelism: job.shards,
          // Only a shard that fails is tried again; the others go on.
          backoffLimitPerIndex: 3,
          maxFailedIndexes: job.shards,
        }),
      },
      {
        path: GATHER,
        text: document(job, 'gather', gatherWords(job).map(shellLine).join(' && '), { backoffLimit: 1 }),
      },
    ]
  },
  byHand: (job) => {
    const inSpace = ['-n', namespaceOf(job)]
    const condition = ['wait', '--for=condition=complete', '--timeout=-1s']
    return [
      shellLine(['kubectl', ...inSpace, 'apply', '-f', SHARDS]),
      shellLine(['kubectl', ...inSpace, ...condition, `job/${jobName(job, 'shards')}`]),
      shellLine(['kubectl', ...inSpace, 'apply', '-f', GATHER]),
    ]
  },
  submitter: {
    async submit(job) {
      // An ended Job keeps its pods, so it must be deleted before it is applied again. Finished shards then end at once.
      for (const part of ['shards', 'gather'] as const) {
        await kubectl(job, ['delete', 'job', jobName(job, part), '--ignore-not-found', '--wait=true'])
      }
      await kubectl(job, ['apply', '-f', `${job.folder}/${SHARDS}`])
      return [jobName(job, 'shards'), jobName(job, 'gather')]
    },
    async state(_names, job) {
      const shards = await statusOf(job, 'shards')
      if (!shards.isOver || shards.failed > 0) return shards
      const exists =
        (await kubectl(job, ['get', 'job', '-o', 'name', '--ignore-not-found', jobName(job, 'gather')])) !== ''
      if (!exists) await kubectl(job, ['apply', '-f', `${job.folder}/${GATHER}`])
      return await statusOf(job, 'gather')
    },
  },
}

interface JobStatus {
  readonly status?: {
    readonly active?: number
    readonly failedIndexes?: string
    readonly conditions?: readonly { readonly type: string; readonly status: string }[]
  }
  readonly spec?: { readonly completions?: number }
}

async function statusOf(job: ArrayJob, part: 'shards' | 'gather'): Promise<JobState> {
  const text = await kubectl(job, ['get', 'job', jobName(job, part), '-o', 'json'])
  const { status = {} } = JSON.parse(text) as JobStatus
  const holds = (type: string): boolean =>
    (status.conditions ?? []).some((condition) => condition.type === type && condition.status === 'True')
  const isFailed = holds('Failed')
  return {
    waiting: 0,
    working: status.active ?? 0,
    failed: isFailed ? Math.max(1, countIndexes(status.failedIndexes ?? '')) : 0,
    isOver: isFailed || holds('Complete'),
  }
}

/** How many indexes a text such as `1,3-5` names. */
function countIndexes(text: string): number {
  return text
    .split(',')
    .filter((part) => part !== '')
    .map((part) => part.split('-').map(Number))
    .reduce((sum, [from = 0, to = from]) => sum + to - from + 1, 0)
}

function kubectl(job: ArrayJob, words: readonly string[]): Promise<string> {
  return printed('kubectl', ['--namespace', namespaceOf(job), ...words])
}

function namespaceOf({ settings }: ArrayJob): string {
  return settings['namespace'] ?? 'default'
}

/** A name that Kubernetes accepts (RFC 1123 label), of at most 63 characters with what pods add to it. */
function jobName({ name }: ArrayJob, part: 'shards' | 'gather'): string {
  const label = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 36)
    .replaceAll(/^-+|-+$/g, '')
  if (label !== '') return `pilotlight-${label}-${part}`
  throw new UserError({
    where: name,
    problem: 'Kubernetes accepts only names of small letters, digits and dashes',
    hint: 'Give the experiment a name with some of them.',
  })
}

function document(job: ArrayJob, part: 'shards' | 'gather', line: string, spec: Record<string, unknown>): string {
  const { threads, memoryMb, limitMs, folder } = job
  const resources = { cpu: String(threads), memory: `${Math.ceil(memoryMb)}Mi` }
  const claim = neededSetting(job, 'claim', 'the PersistentVolumeClaim that all pods share (ReadWriteMany)')
  return stringify(
    {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {
        name: jobName(job, part),
        namespace: namespaceOf(job),
        labels: { 'app.kubernetes.io/name': 'pilotlight' },
      },
      spec: {
        ...spec,
        template: {
          spec: {
            restartPolicy: 'Never',
            activeDeadlineSeconds: Math.max(60, Math.ceil(limitMs / 1000)),
            automountServiceAccountToken: false,
            containers: [
              {
                name: part,
                image: neededSetting(job, 'image', 'the image of pilotlight (see the Dockerfile)'),
                command: ['/bin/sh', '-euc', line],
                resources: { requests: resources, limits: resources },
                volumeMounts: [{ name: 'shared', mountPath: job.settings['mount'] ?? folder }],
              },
            ],
            volumes: [{ name: 'shared', persistentVolumeClaim: { claimName: claim } }],
          },
        },
      },
    },
    { lineWidth: 0 },
  )
}
