import { type ArrayJob, gatherWords, type JobFile, neededSetting, shardWords } from '../array-job.ts'
import type { BatchEngine } from '../batch-engine.ts'
import { shellLine } from '../shell.ts'

const INDEX = 'AWS_BATCH_JOB_ARRAY_INDEX'
const DEFINITION = 'job-definition.json'
const SHARDS = 'shards.json'
const GATHER = 'gather.json'

/**
 * AWS Batch (https://docs.aws.amazon.com/batch/latest/userguide/array_jobs.html): the inputs of RegisterJobDefinition and
 * of two SubmitJob calls, an array job and one that depends on it. An array has 2 to 10,000 members.
 */
export const awsBatch: BatchEngine = {
  id: 'aws-batch',
  summary:
    'AWS Batch: the inputs of its own commands for an array job and a job that depends on it; submitted by hand.',
  files(job) {
    const name = jobName(job)
    const queue = neededSetting(job, 'queue', 'the job queue')
    const shard = `$((${INDEX} + 1))`
    const words = shardWords(job, INDEX).map((each) =>
      each.includes(INDEX) ? `"${each.replaceAll(INDEX, job.shards > 1 ? shard : '1')}"` : shellLine([each]),
    )
    const submission = { jobQueue: queue, jobDefinition: name }
    const limit = { timeout: { attemptDurationSeconds: Math.max(60, Math.ceil(job.limitMs / 1000)) } }
    return [
      json(DEFINITION, {
        jobDefinitionName: name,
        type: 'container',
        containerProperties: {
          image: neededSetting(job, 'image', 'the image of pilotlight (see the Dockerfile)'),
          command: ['/bin/sh', '-euc', 'true'],
          resourceRequirements: [
            { type: 'VCPU', value: String(job.threads) },
            { type: 'MEMORY', value: String(Math.ceil(job.memoryMb)) },
          ],
          mountPoints: [{ sourceVolume: 'shared', containerPath: job.settings['mount'] ?? job.folder }],
          volumes: [
            {
              name: 'shared',
              efsVolumeConfiguration: {
                fileSystemId: neededSetting(job, 'file-system', 'the EFS file system that all members share'),
                transitEncryption: 'ENABLED',
              },
            },
          ],
        },
        // A member that fails is tried again, and makes the runs that are missing.
        retryStrategy: { attempts: 3 },
        ...limit,
      }),
      json(SHARDS, {
        ...submission,
        jobName: `${name}-shards`,
        ...(job.shards > 1 ? { arrayProperties: { size: job.shards } } : {}),
        containerOverrides: { command: ['/bin/sh', '-euc', `exec ${words.join(' ')}`] },
      }),
      json(GATHER, {
        ...submission,
        jobName: `${name}-gather`,
        containerOverrides: { command: ['/bin/sh', '-euc', gatherWords(job).map(shellLine).join(' && ')] },
      }),
    ]
  },
  byHand: () => [
    `aws batch register-job-definition --cli-input-json file://${DEFINITION}`,
    `shards=$(aws batch submit-job --cli-input-json file://${SHARDS} --query jobId --output text)`,
    `aws batch submit-job --cli-input-json file://${GATHER} --depends-on "jobId=$shards"`,
  ],
}

/** Letters, digits, hyphens and underscores, at most 128 (SubmitJob, jobName). */
function jobName({ name }: ArrayJob): string {
  return `pilotlight-${name.replaceAll(/[^\w-]+/g, '-')}`.slice(0, 110)
}

function json(path: string, data: unknown): JobFile {
  return { path, text: `${JSON.stringify(data, null, 2)}\n` }
}
