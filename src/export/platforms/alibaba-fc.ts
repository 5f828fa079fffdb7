import { MINUTE } from '../../core/units.ts'
import { NO_FLOOR } from '../../policy/plan/floor.ts'
import { fiveFields, timeOfCron, WITH_SECONDS } from '../schedule/cron.ts'
import { type Data, documentsIn, jsonFile, listOf, yamlFile } from '../files/export-file.ts'
import type { Platform } from '../platform.ts'
import type { SetPoint } from '../schedule/schedule.ts'
import { type AppSchedule, heldBy, schedulesOf } from '../fit/set-points.ts'

const MOST_POLICIES = 100
const RULE = {
  knob: 'provisionConfig',
  mostInstances: 10_000,
  mostActions: MOST_POLICIES,
  actions: 'scheduled actions',
  leadMinutes: 1,
}
/** Actions need a beginning and an end; these hold for any use of the files. */
const VALID = { startTime: '2020-01-01T00:00:00Z', endTime: '2099-12-31T23:59:59Z' }

/** Every key is there because the schema of s.yaml asks for all of them. */
function provisionConfig({ first, points }: AppSchedule, timeZone: string) {
  return {
    defaultTarget: first,
    // The idle mode, which is the cheaper one.
    alwaysAllocateCPU: false,
    alwaysAllocateGPU: false,
    scheduledActions: points.map((point, index) => ({
      name: `pilotlight-${String(index + 1).padStart(3, '0')}`,
      target: point.instances,
      scheduleExpression: `cron(0 ${fiveFields(point)})`,
      ...VALID,
      timeZone,
    })),
    targetTrackingPolicies: [],
  }
}

/** Alibaba Cloud Function Compute 3.0: @alicloud/fc20230330 models; devsapp/fc3 src/schema.json. */
export const alibabaFc: Platform = {
  id: 'alibaba-fc',
  title: 'Alibaba Cloud Function Compute',
  summary: 'No windows; provisioned instances by the clock.',
  sets: '`provisionConfig` with `scheduledActions`, in s.yaml and as bodies of PutProvisionConfig',
  lacks: 'Windows; instances on demand go after 3 to 5 min.',
  names: {
    pattern: /^[a-zA-Z_][a-zA-Z0-9_-]{0,63}$/,
    words: 'at most 64 letters, digits, "_" and "-", not beginning with a digit',
  },
  settings: {
    region: { describe: 'The region.', default: 'cn-hangzhou', pattern: /^[a-z]{2}-[-a-z0-9]+$/ },
    qualifier: { describe: 'The alias or version.', default: 'LATEST', pattern: /^[a-zA-Z0-9_-]{1,128}$/ },
  },
  standIn: { mostChanges: MOST_POLICIES },
  byDefault: { prewarmMs: 0, keepAliveMs: 5 * MINUTE, floor: NO_FLOOR, from: 'Alibaba: after 3 to 5 idle minutes' },
  write(plan) {
    const { region, qualifier } = plan.settings
    const { asking, notes } = schedulesOf(plan, RULE)
    const configs = asking.map((schedule) => [schedule.app.name, provisionConfig(schedule, plan.timeZone)] as const)
    const resources = Object.fromEntries(
      configs.map(([functionName, config]) => [
        functionName,
        { component: 'fc3', props: { region, functionName, provisionConfig: config } },
      ]),
    )
    const project = { edition: '3.0.0', name: 'pilotlight', access: 'default', resources }
    return {
      files: [
        ...(configs.length === 0 ? [] : [yamlFile('s.yaml', [project])]),
        ...configs.map(([name, config]) => jsonFile(`provision/${name}.json`, config)),
      ],
      notes,
      apply: configs.map(
        ([name]) =>
          `aliyun fc PUT /2023-03-30/functions/${name}/provision-config --region ${region} --qualifier ${qualifier} --header "Content-Type=application/json" --body "$(cat provision/${name}.json)"`,
      ),
    }
  },
  read(files) {
    const [project] = documentsIn(files, /^s\.yaml$/)
    return new Map(
      Object.entries((project?.['resources'] ?? {}) as Record<string, Data>).map(([name, { props }]) => {
        const { defaultTarget, scheduledActions } = props!['provisionConfig'] as Data
        const points = listOf(scheduledActions).map((action): SetPoint => {
          const [, cron = ''] = /^cron\((.*)\)$/.exec(String(action['scheduleExpression'])) ?? []
          return { ...timeOfCron(cron, WITH_SECONDS), instances: Number(action['target']) }
        })
        return [name, { prewarmMs: 0, keepAliveMs: 5 * MINUTE, floor: heldBy(points, Number(defaultTarget), RULE) }]
      }),
    )
  },
}
