import { HOUR } from '../../core/units.ts'
import { constantFloor } from '../../policy/plan/floor.ts'
import { listOf, pick } from '../files/export-file.ts'
import { entriesAt, type Listed } from '../files/listing.ts'
import { plainPlatform } from '../fit/plain-scale.ts'
import type { Platform } from '../platform.ts'

/**
 * Vertex AI endpoints: `dedicatedResources.scaleToZeroSpec.idleScaledownPeriod`, 5 min to 8 h, with `minReplicaCount: 0`, in
 * v1beta1 of its API alone. MutateDeployedModel takes numbers of replicas but no such period, so that a model is deployed anew.
 */
export const vertexAi: Platform = plainPlatform({
  id: 'vertex-ai',
  title: 'Vertex AI endpoints',
  summary: 'An idle period before the model of an endpoint goes to zero, 5 min to 8 h, or a minimum of replicas.',
  sets: '`idleScaledownPeriod` and `minReplicaCount` of the model that an endpoint has',
  sources: [
    {
      about: 'keys',
      says: 'idleScaledownPeriod of 5 min to 8 h, of v1beta1',
      at: "Google's reference of DedicatedResources.ScaleToZeroSpec",
      read: '2026-11-30',
    },
    {
      about: 'keys',
      says: 'the period is in v1beta1 alone, and MutateDeployedModel cannot set it',
      at: 'the protocol files of @google-cloud/aiplatform 7.4.0',
      read: '2026-11',
    },
    {
      about: 'default',
      says: 'minReplicaCount of 1 at least without that',
      at: "Google's reference of DedicatedResources",
      read: '2026-11-30',
    },
  ],
  assumed: [{ about: 'default', says: 'what a minimum of replicas is exceeded by stays for an hour' }],
  lacks: 'Pre-warming, schedules, windows below 5 min; a change of a model that is deployed.',
  present: {
    commands: ({ project, region }) => [
      // The period is in the beta of the API alone.
      `gcloud beta ai endpoints list --project ${project} --region ${region} --format json`,
    ],
    objects: (documents) =>
      entriesAt(documents, 'endpoints').flatMap(({ name, deployedModels }): Listed[] => {
        const model = listOf(deployedModels).find((each) => each['dedicatedResources'] !== undefined)
        const [, id] = /\/endpoints\/([^/]+)$/.exec(String(name)) ?? []
        return id === undefined || model === undefined ? [] : [[id, pick(model, ['dedicatedResources'])]]
      }),
  },
  names: {
    pattern: /^[a-z0-9][-a-z0-9]{0,62}$/,
    words: 'the id of an endpoint: at most 63 small letters, digits and "-"',
  },
  settings: {
    project: { describe: 'Id of the project.', default: 'my-project', pattern: /^[a-z][-a-z0-9]{4,28}[a-z0-9]$/ },
    region: { describe: 'The region.', default: 'us-central1', pattern: /^[a-z]+-[a-z]+\d+$/ },
  },
  byDefault: { prewarmMs: 0, keepAliveMs: HOUR, floor: constantFloor(1), from: 'minReplicaCount: 1' },
  either: true,
  window: { knob: 'idleScaledownPeriod', minS: 300, maxS: 8 * 3600 },
  floor: { knob: 'minReplicaCount' },
  patch: ({ seconds, instances }) => ({
    dedicatedResources: {
      minReplicaCount: instances,
      scaleToZeroSpec: instances > 0 ? null : { idleScaledownPeriod: `${seconds}s` },
    },
  }),
  read: ({ dedicatedResources }) => {
    const period = dedicatedResources?.['scaleToZeroSpec']?.['idleScaledownPeriod']
    const instances = Number(dedicatedResources?.['minReplicaCount'] ?? 1)
    // An endpoint with a minimum keeps beyond it what its autoscaler says, which is not simulated.
    return { seconds: period === undefined ? 3600 : Number.parseInt(String(period), 10), instances }
  },
  byHand: (_all, { project, region }) => [
    '# A deployed model cannot be told of an idle period: it must be deployed anew.',
    '# For each app: add apps/<app>.json to the deployedModel of a new deployment, let it have the traffic, and undeploy the old.',
    `# POST https://${region}-aiplatform.googleapis.com/v1beta1/projects/${project}/locations/${region}/endpoints/<app>:deployModel`,
  ],
  back: 'Deploy the model as it was; with --present, before/ has the dedicatedResources that it had.',
  before: [
    'The names of apps must be the ids of endpoints: map them with --names.',
    'Replicas are charged while they are idle.',
  ],
})
