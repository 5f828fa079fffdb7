import { HOUR } from '../../core/units.ts'
import { constantFloor } from '../../policy/plan/floor.ts'
import { filtered, type Tool } from '../apply/tool.ts'
import { type Data, listOf } from '../files/export-file.ts'
import { entriesAt, type Listed } from '../files/listing.ts'
import { plainPlatform } from '../fit/plain-scale.ts'
import type { Platform } from '../platform.ts'

/** What keeps an endpoint's model loaded. Where the API leaves out the minimum, it is 0. */
function heldBy(model: Data): Data {
  const resources = model['dedicatedResources'] as unknown as object
  return { dedicatedResources: { minReplicaCount: 0, ...resources } } as unknown as Data
}

/**
 * Numbers of replicas are changed in place. To change a period the model is deployed again with the same share of the traffic;
 * then the old one is removed. Each call is an operation, which is waited for, half an hour at most.
 */
function toolOf(project: string, region: string): Tool {
  const api = `https://${region}-aiplatform.googleapis.com/v1beta1`
  const endpoint = `"${api}/projects/${project}/locations/${region}/endpoints/$1"`
  const curl = `curl --fail --silent --show-error -H "Authorization: Bearer $(gcloud auth print-access-token)" -H 'Content-Type: application/json'`
  const model = '[.deployedModels[]? | select(.dedicatedResources != null)][0]'
  return {
    needs: ['gcloud', 'curl'],
    get: filtered(
      `${curl} ${endpoint}`,
      `${model} // empty | {dedicatedResources: ({minReplicaCount: 0} + .dedicatedResources)}`,
    ),
    put: [
      'run() {',
      `  operation=$(${curl} -X POST --data @"$3" "${api}/projects/${project}/locations/${region}/endpoints/$1:$2")`,
      '  name=$(printf %s "$operation" | jq -r .name) tries=0',
      `  while [ "$(printf %s "$operation" | jq -r '.done // false')" = false ] && [ "$tries" -lt 180 ]; do`,
      '    sleep 10',
      '    tries=$((tries + 1))',
      `    operation=$(${curl} "${api}/$name")`,
      '  done',
      `  printf %s "$operation" | jq -e '.done == true and .error == null' >/dev/null || { printf %s "$operation" >&2; return 1; }`,
      '}',
      `${curl} ${endpoint} >"$2.now"`,
      `if jq -e -n --slurpfile new "$2" --slurpfile old "$4" '$new[0].dedicatedResources.scaleToZeroSpec == $old[0].dedicatedResources.scaleToZeroSpec' >/dev/null; then`,
      `  jq --slurpfile new "$2" '{deployedModel: {id: ${model}.id, dedicatedResources: ($new[0].dedicatedResources | {minReplicaCount, maxReplicaCount} | with_entries(select(.value != null)))}} | .updateMask = ([.deployedModel.dedicatedResources | keys[] | "dedicatedResources." + .] | join(","))' "$2.now" >"$2.body"`,
      '  run "$1" mutateDeployedModel "$2.body"',
      'else',
      `  jq --slurpfile new "$2" '${model} as $m | {deployedModel: ($m | del(.id, .createTime, .privateEndpoints, .status) | .dedicatedResources = $new[0].dedicatedResources), trafficSplit: (.trafficSplit // {} | with_entries(if .key == $m.id then .key = "0" else . end))}' "$2.now" >"$2.body"`,
      '  run "$1" deployModel "$2.body"',
      `  jq '{deployedModelId: ${model}.id}' "$2.now" >"$2.body"`,
      '  run "$1" undeployModel "$2.body"',
      'fi',
    ],
  }
}

/**
 * Vertex AI endpoints: `dedicatedResources.scaleToZeroSpec.idleScaledownPeriod`, 5 min to 8 h, with `minReplicaCount: 0`, in
 * v1beta1 of its API only. MutateDeployedModel takes numbers of replicas but no such period, so a model is deployed again.
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
      says: 'the period is in v1beta1 only, and MutateDeployedModel cannot set it',
      at: 'the protocol files of @google-cloud/aiplatform 7.4.0',
      read: '2026-11',
    },
    {
      about: 'default',
      says: 'without the period, minReplicaCount is at least 1',
      at: "Google's reference of DedicatedResources",
      read: '2026-11-30',
    },
  ],
  assumed: [{ about: 'default', says: 'replicas beyond the minimum stay for an hour' }],
  lacks: 'Pre-warming, schedules, windows below 5 min. To change the period, the model is deployed again.',
  present: {
    commands: ({ project, region }) => [
      // The period is only in the beta of the API.
      `gcloud beta ai endpoints list --project ${project} --region ${region} --format json`,
    ],
    objects: (documents) =>
      entriesAt(documents, 'endpoints').flatMap(({ name, deployedModels }): Listed[] => {
        const model = listOf(deployedModels).find((each) => each['dedicatedResources'] !== undefined)
        const [, id] = /\/endpoints\/([^/]+)$/.exec(String(name)) ?? []
        return id === undefined || model === undefined ? [] : [[id, heldBy(model)]]
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
  // The default maximum is the minimum, which is at least 1.
  maxima: { maxReplicaCount: 1 },
  either: true,
  window: { knob: 'idleScaledownPeriod', minS: 300, maxS: 8 * 3600 },
  floor: { knob: 'minReplicaCount' },
  patch: ({ seconds, instances }) => ({
    dedicatedResources: {
      minReplicaCount: instances,
      maxReplicaCount: Math.max(1, instances),
      // How long a model stays at least once it was loaded: its default is the least window.
      scaleToZeroSpec: instances > 0 ? null : { minScaleupPeriod: null, idleScaledownPeriod: `${seconds}s` },
    },
  }),
  read: ({ dedicatedResources }) => {
    const period = dedicatedResources?.['scaleToZeroSpec']?.['idleScaledownPeriod']
    const instances = Number(dedicatedResources?.['minReplicaCount'] ?? 1)
    // The replicas that the autoscaler keeps beyond a minimum are not simulated.
    return { seconds: period === undefined ? 3600 : Number.parseInt(String(period), 10), instances }
  },
  tool: ({ project, region }) => toolOf(project!, region!),
  before: [
    'The names of apps must be the ids of endpoints: map them with --names.',
    'To change the period, or to set one in place of a minimum, the model is deployed a second time, and the old one is removed when the new one answers. This takes minutes. Meanwhile both are charged, and the quota must have room for both.',
    'A minimum or maximum is changed in place.',
    'Replicas are charged while they are idle.',
  ],
})
