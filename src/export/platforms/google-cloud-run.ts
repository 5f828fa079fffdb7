import { MINUTE } from '../../core/units.ts'
import { constantFloor, NO_FLOOR } from '../../policy/plan/floor.ts'
import { OWN } from '../apply/merged-document.ts'
import type { Tool } from '../apply/tool.ts'
import { FIVE, fiveFields, timesOfCron } from '../schedule/cron.ts'
import { type Data, documentsOf, type ExportFile, jsonFile, listOf, pick } from '../files/export-file.ts'
import { entriesAt, type Listed, type PresentListing } from '../files/listing.ts'
import { servedNote } from '../fit/demand.ts'
import type { NamedPlan, Platform } from '../platform.ts'
import type { SetPoint } from '../schedule/schedule.ts'
import {
  type AppSchedule,
  heldBy,
  levelFile,
  mostHeld,
  replacedBefore,
  schedulesChanges,
  schedulesOf,
  withLevel,
} from '../fit/set-points.ts'

const MIN = 'run.googleapis.com/minScale'
const MAX = 'run.googleapis.com/maxScale'
const REVISION_MAX = 'autoscaling.knative.dev/maxScale'

const RULE = {
  knob: 'minimum instances',
  mostInstances: Number.MAX_SAFE_INTEGER,
  mostActions: 288,
  actions: 'jobs of Cloud Scheduler for a service',
  leadMinutes: 1,
}
/** Instances that a revision may have by default. */
const MAX_INSTANCES = 100

/** Jobs that call the Cloud Run API, each as the body of the call that makes it, without its location. */
function jobsOf({ app, points }: AppSchedule, { timeZone, settings }: NamedPlan) {
  const place = `projects/${settings['project']}/locations/${settings['region']}`
  return points.map((point, index) => {
    const body = JSON.stringify({ scaling: { minInstanceCount: point.instances } })
    return {
      name: `${OWN}${app.name}-${String(index + 1).padStart(3, '0')}`,
      schedule: fiveFields(point),
      timeZone,
      httpTarget: {
        uri: `https://run.googleapis.com/v2/${place}/services/${app.name}?updateMask=scaling.minInstanceCount`,
        httpMethod: 'PATCH',
        headers: { 'Content-Type': 'application/json' },
        body: Buffer.from(body).toString('base64'),
        oauthToken: { serviceAccountEmail: settings['serviceAccount'] },
      },
    }
  })
}

/** The same jobs for Terraform's provider google; services stay as your own files have them. */
function terraform(asking: readonly AppSchedule[], plan: NamedPlan): ExportFile {
  const { project, region } = plan.settings
  const jobs = asking.flatMap((schedule) =>
    jobsOf(schedule, plan).map(({ name, schedule: cron, timeZone, httpTarget }) => {
      const { uri, httpMethod, headers, body, oauthToken } = httpTarget
      const token = { service_account_email: oauthToken.serviceAccountEmail }
      const target = { uri, http_method: httpMethod, headers, body, oauth_token: token }
      return [name, { name, project, region, schedule: cron, time_zone: timeZone, http_target: target }] as const
    }),
  )
  return jsonFile('terraform/main.tf.json', { resource: { google_cloud_scheduler_job: Object.fromEntries(jobs) } })
}

/** A service's minimum, which takes effect without a new revision, and the jobs that change it, as one object. */
function toolOf({ project, region }: Readonly<Record<string, string>>): Tool {
  const where = `--project ${project} --region ${region}`
  const jobs = `--project ${project} --location ${region}`
  const api = `https://cloudscheduler.googleapis.com/v1/projects/${project}/locations/${region}/jobs`
  const curl = `curl --fail --silent --show-error -H "Authorization: Bearer $(gcloud auth print-access-token)" -H 'Content-Type: application/json'`
  const place = `projects/${project}/locations/${region}/jobs/`
  return {
    needs: ['gcloud', 'curl'],
    get: [
      `service=$(gcloud run services describe "$1" ${where} --format json) || return 1`,
      `jobs=$(gcloud scheduler jobs list ${jobs} --filter "name~/${OWN}$1-[0-9]+$" --format json) || return 1`,
      `jq -n --argjson s "$service" --argjson j "$jobs" 'def number: if . == null then null else tonumber end; {min: ($s.metadata.annotations["${MIN}"] // "0" | tonumber), most: ($s.metadata.annotations["${MAX}"] | number), revision: ($s.spec.template.metadata.annotations["${REVISION_MAX}"] | number), concurrency: $s.spec.template.spec.containerConcurrency} | with_entries(select(.value != null)) | .jobs = ( [$j[] | {name: (.name | sub(".*/"; "")), schedule, timeZone, httpTarget: (.httpTarget | {uri, httpMethod, headers: {"Content-Type": .headers["Content-Type"]}, body, oauthToken: {serviceAccountEmail: .oauthToken.serviceAccountEmail}})}])'`,
    ],
    put: [
      // In one call, since no minimum may be above a maximum.
      `flags=$(jq -n -r --slurpfile new "$2" --slurpfile old "$4" '[["min", "min"], ["most", "max"], ["revision", "max-instances"]][] as [$key, $flag] | select($new[0][$key] != $old[0][$key]) | "--\\($flag)=\\($new[0][$key] // "default")"')`,
      `if [ -n "$flags" ]; then printf '%s\\n' "$flags" | xargs gcloud run services update "$1" ${where}; fi`,
      `jq -n -c --slurpfile new "$2" --slurpfile old "$4" '$new[0].jobs[] | select(. as $a | $old[0].jobs | index([$a]) | not)' | while read -r job; do`,
      `  name=$(printf %s "$job" | jq -r .name)`,
      `  body=$(printf %s "$job" | jq -c '.name = "${place}" + .name')`,
      `  if jq -e --arg n "$name" 'any(.jobs[]; .name == $n)' "$4" >/dev/null; then ${curl} -X PATCH --data "$body" "${api}/$name"`,
      `  else ${curl} --data "$body" ${api}; fi`,
      'done',
      `jq -n -r --slurpfile new "$2" --slurpfile old "$4" '[$old[0].jobs[].name] - [$new[0].jobs[].name] | .[]' | while read -r name; do`,
      `  gcloud scheduler jobs delete "$name" ${jobs} --quiet`,
      'done',
    ],
    patch: [withLevel('.min')],
  }
}

/** Services as Knative has them, and jobs of Cloud Scheduler. */
const LISTING: PresentListing = {
  commands: ({ project, region }) => [
    `gcloud run services list --project ${project} --region ${region} --format json`,
    `gcloud scheduler jobs list --project ${project} --location ${region} --format json`,
  ],
  objects(documents, { region }) {
    const entries = entriesAt(documents, 'items', 'jobs')
    const jobs = entries.flatMap((entry) => (entry['httpTarget'] === undefined ? [] : [jobOf(entry)]))
    return entries.flatMap(({ kind, metadata, spec }): Listed[] => {
      const place: unknown = metadata?.['labels']?.['cloud.googleapis.com/location'] ?? region
      if (String(kind) !== 'Service' || place !== region) return []
      const name = String(metadata?.['name'])
      const numbers = {
        min: metadata?.['annotations']?.[MIN] ?? 0,
        most: metadata?.['annotations']?.[MAX],
        revision: spec?.['template']?.['metadata']?.['annotations']?.[REVISION_MAX],
        concurrency: spec?.['template']?.['spec']?.['containerConcurrency'],
      }
      const said = Object.entries(numbers).flatMap(([key, text]) => (text === undefined ? [] : [[key, Number(text)]]))
      const ours = jobs.filter((job) => String(job['name']).replace(/-[0-9]+$/, '-') === `${OWN}${name}-`)
      const object = { ...(Object.fromEntries(said) as object), jobs: ours }
      return [[name, object as unknown as Data]]
    })
  },
}

/** A job without its location, and without the fields that Cloud Scheduler adds. */
function jobOf({ name, schedule, timeZone, httpTarget }: Data): Data {
  const { uri, httpMethod, headers, body, oauthToken } = httpTarget!
  const target = {
    uri,
    httpMethod,
    headers: pick(headers ?? ({} as Data), ['Content-Type']),
    body,
    oauthToken: pick(oauthToken ?? ({} as Data), ['serviceAccountEmail']),
  }
  return { name: String(name).replace(/.*\//, ''), schedule, timeZone, httpTarget: target } as unknown as Data
}

/** An instance of a service takes 80 requests at a time, one of a function takes one. */
const BY_DEFAULT = {
  prewarmMs: 0,
  keepAliveMs: 15 * MINUTE,
  floor: NO_FLOOR,
  concurrency: 80,
  from: 'Google: idle for up to 15 min; 80 requests per instance',
}

/** Google Cloud Run, which also runs Google's functions: cloud.google.com on minimum instances; @google-cloud/run. */
export const googleCloudRun: Platform = {
  id: 'google-cloud-run',
  title: 'Google Cloud Run and functions',
  summary: 'No windows; minimum instances per service, which jobs of Cloud Scheduler change by the time of day.',
  sets: `the minimum instances of a service, and jobs of Cloud Scheduler that patch \`scaling.minInstanceCount\``,
  sources: [
    {
      about: 'default',
      says: 'idle instances stay for up to 15 min',
      at: 'Google Cloud Run, "About instance autoscaling", as public repositories quote it',
      read: '2026-11-30',
    },
    { about: 'keys', says: 'calls', at: 'the protocol files of @google-cloud/run 3.3.0', read: '2026-11' },
    {
      about: 'schedule',
      says: 'google_cloud_scheduler_job of Terraform',
      at: 'its provider in @cdktf/provider-google 16.12.1',
      read: '2026-11',
    },
    {
      about: 'requests',
      says: '80 requests per instance with one vCPU by default, and 1,000 at most',
      at: 'Google Cloud Run, "Maximum concurrent requests per instance"',
      read: '2026-11-30',
    },
    {
      about: 'requests',
      says: 'one request per instance of a function',
      at: 'Google, Knative serving, "Concurrency values", on Cloud Run functions',
      read: '2026-11-30',
    },
  ],
  assumed: [
    { about: 'default', says: 'instances stay idle for all of the 15 min' },
    { about: 'schedule', says: 'instances above a minimum go as idle ones do' },
    { about: 'keys', says: 'names of 49 characters' },
  ],
  lacks:
    'Windows, and schedules without Cloud Scheduler. Idle instances may stay for up to 15 min, which cannot be set.',
  present: LISTING,
  afterFall: 'Instances beyond the minimum go once they were idle for 15 min, some of them at once (assumed).',
  tariff: { onDemand: 'google-cloud-run', held: 'google-cloud-run-min-instances' },
  names: {
    pattern: /^[a-z]([-a-z0-9]{0,47}[a-z0-9])?$/,
    words: 'at most 49 small letters, digits and "-", beginning with a letter',
  },
  settings: {
    project: { describe: 'Id of the project.', default: 'my-project', pattern: /^[a-z][-a-z0-9]{4,28}[a-z0-9]$/ },
    region: { describe: 'The region.', default: 'us-central1', pattern: /^[a-z]+-[a-z]+\d+$/ },
    serviceAccount: {
      describe: 'E-mail address of the service account that may change the services.',
      default: 'pilotlight@my-project.iam.gserviceaccount.com',
      pattern: /^[-\w.]+@[-\w.]+$/,
    },
    concurrency: {
      describe:
        'Requests that an instance takes at a time. It is not changed: the default is 80 for services and 1 for functions.',
      default: String(BY_DEFAULT.concurrency),
      pattern: /^[1-9]\d{0,2}$|^1000$/,
    },
  },
  schedule: { mostChanges: RULE.mostActions },
  // The maximum of a service (by default it has none), and of its revisions.
  maxima: { most: Number.POSITIVE_INFINITY, revision: MAX_INSTANCES },
  byDefault: BY_DEFAULT,
  defaultUnder: ({ concurrency }) => {
    return concurrency === undefined ? undefined : { ...BY_DEFAULT, concurrency: Number(concurrency) }
  },
  write(plan) {
    const { settings, timeZone } = plan
    const schedules = schedulesOf(plan, RULE)
    const { asking, others, notes, refused } = schedules
    const jobs = asking.reduce((sum, { points }) => sum + points.length, 0)
    return {
      files: [
        ...asking.flatMap((schedule) => [
          jsonFile(`services/${schedule.app.name}.json`, {
            // That of Monday's midnight; apply.sh sets that of the moment.
            min: schedule.first,
            most: schedule.highest,
            revision: schedule.highest,
            jobs: jobsOf(schedule, plan),
          }),
          levelFile(schedule.app.name, schedule.floor, timeZone),
        ]),
        ...others.map(({ name }) => jsonFile(`services/${name}.json`, { min: 0, most: 1, revision: 1, jobs: [] })),
        ...(jobs === 0 ? [] : [terraform(asking, plan)]),
      ],
      notes: [...notes, ...plan.apps.flatMap((app) => servedNote(app, 'none', Number(settings['concurrency'])))],
      refused,
      changes: schedulesChanges(schedules, 'services'),
      tool: toolOf(settings),
      before: [
        replacedBefore('A minimum of yours'),
        `Minimum instances are charged while they are idle; ${mostHeld(asking)}.`,
        ...(asking.some(({ highest }) => highest > MAX_INSTANCES)
          ? [
              `Where the maximum of a revision is below the new minimum, it is raised. This makes a new revision, whose first instance is cold.`,
            ]
          : []),
        ...(jobs > 0
          ? ['terraform/main.tf.json has the same jobs for those who keep them there: use it or apply.sh, not both.']
          : []),
        ...(jobs > 0
          ? [
              `${jobs} jobs of Cloud Scheduler are made, which has a quota and a price of its own. They act as ${settings['serviceAccount']}: it must exist, and may change services (roles/run.developer).`,
            ]
          : []),
      ],
    }
  },
  read(files, { timeZone }) {
    return new Map(
      [...documentsOf(files, 'services')].map(([name, { min, jobs, concurrency }]) => {
        const points = listOf(jobs).flatMap(({ schedule, timeZone: from, httpTarget }): SetPoint[] => {
          const body = Buffer.from(String(httpTarget!['body']), 'base64').toString('utf8')
          const { scaling } = JSON.parse(body) as { scaling: { minInstanceCount: number } }
          const zones = { from: from === undefined ? 'UTC' : String(from), to: timeZone }
          const times = timesOfCron(String(schedule), FIVE, zones)
          return times.map((time) => ({ ...time, instances: scaling.minInstanceCount }))
        })
        const always = Number(min ?? 0)
        const floor = points.length === 0 ? constantFloor(always) : heldBy(points, always, RULE)
        const served = concurrency === undefined ? {} : { concurrency: Number(concurrency) }
        return [name, { prewarmMs: 0, keepAliveMs: 15 * MINUTE, floor, ...served }] as const
      }),
    )
  },
}
