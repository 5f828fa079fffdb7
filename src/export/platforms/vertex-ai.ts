import { HOUR } from '../../core/units.ts'
import { constantFloor } from '../../policy/plan/floor.ts'
import { plainPlatform } from '../fit/plain-scale.ts'
import type { Platform } from '../platform.ts'

/**
 * Vertex AI endpoints: `dedicatedResources.scaleToZeroSpec.idleScaledownPeriod`, 5 min to 8 h, with `minReplicaCount: 0`
 * (reference of DeployedModel, read in November 2026). That mutateDeployedModel takes it is from general knowledge.
 */
export const vertexAi: Platform = plainPlatform({
  id: 'vertex-ai',
  title: 'Vertex AI endpoints',
  summary: 'An idle period before the model of an endpoint goes to zero, 5 min to 8 h, or a minimum of replicas.',
  sets: '`idleScaledownPeriod` and `minReplicaCount` of the model that an endpoint has',
  sources: ["dedicatedResources.scaleToZeroSpec.idleScaledownPeriod: Google's reference of DeployedModel"],
  assumed: ['mutateDeployedModel takes it'],
  lacks: 'Pre-warming, schedules, windows below 5 min.',
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
  tool: ({ project, region }) => {
    const url = `https://${region}-aiplatform.googleapis.com/v1/projects/${project}/locations/${region}/endpoints/$1`
    const call = `curl --fail --silent --show-error -H "Authorization: Bearer $(gcloud auth print-access-token)" -H 'Content-Type: application/json'`
    return {
      needs: ['gcloud', 'curl'],
      get: [`${call} "${url}" | jq '.deployedModels[0] // empty | {id, dedicatedResources}'`],
      put: [
        `jq '{deployedModel: ., updateMask: "dedicatedResources.minReplicaCount,dedicatedResources.scaleToZeroSpec"}' "$2" >"$2.body"`,
        `${call} -X POST --data @"$2.body" "${url}:mutateDeployedModel"`,
      ],
    }
  },
  before: [
    'The names of apps must be the ids of endpoints: map them with --names.',
    'Replicas are charged while they are idle.',
  ],
})
