import { MINUTE } from '../../core/units.ts'
import { NO_FLOOR } from '../../policy/plan/floor.ts'
import { FIVE, fiveFields, timeOfCron } from '../schedule/cron.ts'
import { documentsIn, type ExportFile, jsonFile, yamlFile } from '../files/export-file.ts'
import type { NamedPlan, Platform } from '../platform.ts'
import type { SetPoint } from '../schedule/schedule.ts'
import { type AppSchedule, heldBy, schedulesOf } from '../fit/set-points.ts'

const MIN_SCALE = 'run.googleapis.com/minScale'
const RULE = {
  knob: 'minimum instances',
  mostInstances: Number.MAX_SAFE_INTEGER,
  mostActions: 288,
  actions: 'jobs of Cloud Scheduler for a service',
  leadMinutes: 1,
}

/** The service-level minimum takes effect without a new revision. */
function service({ app, first }: AppSchedule): ExportFile {
  const metadata = { name: app.name, annotations: { [MIN_SCALE]: String(first) } }
  return yamlFile(`services/${app.name}.yaml`, [{ apiVersion: 'serving.knative.dev/v1', kind: 'Service', metadata }])
}

/** Jobs that call the Cloud Run API, each as the body of the API's call that makes a job. */
function jobs({ app, points }: AppSchedule, { timeZone, settings }: NamedPlan): ExportFile[] {
  const place = `projects/${settings['project']}/locations/${settings['region']}`
  return points.map((point, index) => {
    const id = `${app.name}-${String(index + 1).padStart(3, '0')}`
    const body = JSON.stringify({ scaling: { minInstanceCount: point.instances } })
    return jsonFile(`jobs/${id}.json`, {
      name: `${place}/jobs/${id}`,
      schedule: fiveFields(point),
      timeZone,
      httpTarget: {
        uri: `https://run.googleapis.com/v2/${place}/services/${app.name}?updateMask=scaling.minInstanceCount`,
        httpMethod: 'PATCH',
        headers: { 'Content-Type': 'application/json' },
        body: Buffer.from(body).toString('base64'),
        oauthToken: { serviceAccountEmail: settings['serviceAccount'] },
      },
    })
  })
}

/** Google Cloud Run, which also runs Google's functions: cloud.google.com on minimum instances; @google-cloud/run. */
export const googleCloudRun: Platform = {
  id: 'google-cloud-run',
  title: 'Google Cloud Run and functions',
  summary: 'No windows; minimum instances per service, which jobs of Cloud Scheduler change by the clock.',
  sets: `the annotation \`${MIN_SCALE}\`, and jobs that patch \`scaling.minInstanceCount\``,
  lacks: 'Windows and a schedule of its own; idle instances may be kept for up to 15 min, which cannot be set.',
  names: { pattern: /^[a-z]([-a-z0-9]{0,47}[a-z0-9])?$/, words: 'at most 49 small letters, digits and "-"' },
  settings: {
    project: { describe: 'Id of the project.', default: 'my-project', pattern: /^[a-z][-a-z0-9]{4,28}[a-z0-9]$/ },
    region: { describe: 'The region.', default: 'us-central1', pattern: /^[a-z]+-[a-z]+\d+$/ },
    serviceAccount: {
      describe: 'E-mail address of the service account that may change the services.',
      default: 'pilotlight@my-project.iam.gserviceaccount.com',
      pattern: /^[-\w.]+@[-\w.]+$/,
    },
  },
  standIn: { mostChanges: RULE.mostActions },
  byDefault: { prewarmMs: 0, keepAliveMs: 15 * MINUTE, floor: NO_FLOOR, from: 'Google: idle for up to 15 min' },
  write(plan) {
    const { settings } = plan
    const { asking, notes } = schedulesOf(plan, RULE)
    const changing = asking.some(({ points }) => points.length > 0)
    const place = `projects/${settings['project']}/locations/${settings['region']}`
    const where = `--project ${settings['project']} --region ${settings['region']}`
    return {
      files: asking.flatMap((schedule) => [service(schedule), ...jobs(schedule, plan)]),
      notes,
      apply: [
        ...asking.map(({ app, first }) => `gcloud run services update ${app.name} --min ${first} ${where}`),
        ...(changing
          ? [
              `for f in jobs/*.json; do curl --fail -H "Authorization: Bearer $(gcloud auth print-access-token)" -H 'Content-Type: application/json' --data "@$f" https://cloudscheduler.googleapis.com/v1/${place}/jobs; done`,
            ]
          : []),
      ],
    }
  },
  read(files) {
    const patches = documentsIn(files, /^jobs\//).map(({ schedule, httpTarget }) => {
      const [, name] = /\/services\/([^?]+)\?/.exec(String(httpTarget!['uri']))!
      const body = Buffer.from(String(httpTarget!['body']), 'base64').toString('utf8')
      const { scaling } = JSON.parse(body) as { scaling: { minInstanceCount: number } }
      const point: SetPoint = { ...timeOfCron(String(schedule), FIVE), instances: scaling.minInstanceCount }
      return { name, point }
    })
    const points = Map.groupBy(patches, ({ name }) => name)
    return new Map(
      documentsIn(files, /^services\//).map(({ metadata }) => {
        const name = String(metadata!['name'])
        const first = Number(metadata!['annotations']![MIN_SCALE])
        const own = (points.get(name) ?? []).map(({ point }) => point)
        return [name, { prewarmMs: 0, keepAliveMs: 15 * MINUTE, floor: heldBy(own, first, RULE) }]
      }),
    )
  },
}
