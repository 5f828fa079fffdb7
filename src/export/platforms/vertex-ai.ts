import { HOUR } from '../../core/units.ts'
import { constantFloor } from '../../policy/plan/floor.ts'
import { filtered, type Tool } from '../apply/tool.ts'
import { type Data, listOf } from '../files/export-file.ts'
import { entriesAt, type Listed } from '../files/listing.ts'
import { plainPlatform } from '../fit/plain-scale.ts'
import type { Platform } from '../platform.ts'

/** The least of both periods, in s. */
const LEAST_S = 300

/** What keeps an endpoint's model loaded. Where the API leaves out the minimum, it is 0. */
function heldBy({ id, dedicatedResources }: Data): Data {
  const resources = dedicatedResources as unknown as object
  return { id, dedicatedResources: { minReplicaCount: 0, ...resources } } as unknown as Data
}

/** A model is changed in place, by an operation that is waited for, half an hour at most. */
function toolOf(project: string, region: string): Tool {
  const api = `https://${region}-aiplatform.googleapis.com/v1beta1`
  const endpoint = `"${api}/projects/${project}/locations/${region}/endpoints/$1"`
  const curl = `curl --fail --silent --show-error -H "Authorization: Bearer $(gcloud auth print-access-token)" -H 'Content-Type: application/json'`
  const models = '[.deployedModels[]? | select(.dedicatedResources != null)]'
  return {
    needs: ['gcloud', 'curl'],
    get: filtered(
      `${curl} ${endpoint}`,
      `${models} | if length > 1 then error("it has several models with resources of their own: set them by hand") else .[0] // empty end | {id, dedicatedResources: ({minReplicaCount: 0} + .dedicatedResources)}`,
    ),
    put: [
      `jq '{deployedModel: {id, dedicatedResources: (.dedicatedResources | {minReplicaCount, maxReplicaCount, scaleToZeroSpec} | del(..|nulls))}, updateMask: "dedicatedResources.minReplicaCount,dedicatedResources.maxReplicaCount,dedicatedResources.scaleToZeroSpec"}' "$2" >"$2.body"`,
      `operation=$(${curl} -X POST --data @"$2.body" ${endpoint}:mutateDeployedModel)`,
      'name=$(printf %s "$operation" | jq -r .name) tries=0',
      `while [ "$(printf %s "$operation" | jq -r '.done // false')" = false ] && [ "$tries" -lt 180 ]; do`,
      '  sleep 10',
      '  tries=$((tries + 1))',
      `  operation=$(${curl} "${api}/$name")`,
      'done',
      `printf %s "$operation" | jq -e '.done == true and .error == null' >/dev/null || { printf %s "$operation" >&2; return 1; }`,
    ],
  }
}

/**
 * Vertex AI endpoints: `dedicatedResources.scaleToZeroSpec.idleScaledownPeriod`, 5 min to 8 h, with `minReplicaCount: 0`, in
 * v1beta1 of its API only.
 */
export const vertexAi: Platform = plainPlatform({
  id: 'vertex-ai',
  title: 'Vertex AI endpoints',
  summary: 'An idle period before the model of an endpoint goes to zero, 5 min to 8 h, or a minimum of replicas.',
  sets: '`idleScaledownPeriod`, `minScaleupPeriod` and `minReplicaCount` of the model that an endpoint has',
  sources: [
    {
      about: 'keys',
      says: 'idleScaledownPeriod of 5 min to 8 h, of v1beta1',
      at: "Google's reference of DedicatedResources.ScaleToZeroSpec",
      read: '2026-11-30',
    },
    {
      about: 'keys',
      says: 'mutateDeployedModel sets numbers of replicas and, in v1beta1, the scaleToZeroSpec',
      at: "Google's reference of projects.locations.endpoints.mutateDeployedModel, v1beta1",
      read: '2026-11-30',
    },
    {
      about: 'default',
      says: 'idleScaledownPeriod and minScaleupPeriod of 1 h; a model that has gone to zero answers 429 until it is loaded',
      at: 'Google, Vertex AI, "Scale inference nodes by using autoscaling", Scale To Zero',
      read: '2026-11-30',
    },
    {
      about: 'default',
      says: 'without the period, minReplicaCount is at least 1',
      at: "Google's reference of DedicatedResources",
      read: '2026-11-30',
    },
  ],
  assumed: [{ about: 'default', says: 'replicas beyond the minimum stay for an hour' }],
  lacks: 'Pre-warming, schedules, windows below 5 min. While a model loads, requests fail instead of waiting.',
  present: {
    commands: ({ project, region }) => [
      // The period is only in the beta of the API.
      `gcloud beta ai endpoints list --project ${project} --region ${region} --format json`,
    ],
    objects: (documents, { region }) =>
      entriesAt(documents, 'endpoints').flatMap(({ name, deployedModels }): Listed[] => {
        const model = listOf(deployedModels).find((each) => each['dedicatedResources'] !== undefined)
        const [, place, id] = /\/locations\/([^/]+)\/endpoints\/([^/]+)$/.exec(String(name)) ?? []
        return id === undefined || place !== region || model === undefined ? [] : [[id, heldBy(model)]]
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
  window: { knob: 'idleScaledownPeriod', minS: LEAST_S, maxS: 8 * 3600 },
  floor: { knob: 'minReplicaCount' },
  patch: ({ seconds, instances }) => ({
    dedicatedResources: {
      minReplicaCount: instances,
      maxReplicaCount: Math.max(1, instances),
      // By default a model stays for an hour once it was loaded, whatever the window is. The least is that of windows.
      scaleToZeroSpec: instances > 0 ? null : { minScaleupPeriod: `${LEAST_S}s`, idleScaledownPeriod: `${seconds}s` },
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
    'Requests to a model that has gone to zero are dropped with the status 429 until it is loaded, which takes minutes: callers must try again. The simulation lets them wait.',
    'Only an endpoint with one model can go to zero, and no shared public endpoint can. A model that stays at zero for 30 days is undeployed. This is a preview of Google.',
    'Replicas are charged while they are idle.',
  ],
})
