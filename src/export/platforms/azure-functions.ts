import { MINUTE } from '../../core/units.ts'
import { NO_FLOOR } from '../../policy/plan/floor.ts'
import { FIVE, fiveFields, timeOfCron } from '../schedule/cron.ts'
import { documentsIn, jsonFile, listOf } from '../files/export-file.ts'
import type { Platform } from '../platform.ts'
import type { SetPoint } from '../schedule/schedule.ts'
import { type AppSchedule, heldBy, schedulesOf } from '../fit/set-points.ts'

/** How both plans take changes by the clock, which a timer of the user's makes. */
const RULE = { mostActions: 288, actions: 'timed calls for an app', leadMinutes: 1 }

/** What the plans with always-ready instances take. */
const PLANS = {
  // Per app; the plan holds the highest of its apps' counts.
  premium: { knob: 'minimumElasticInstanceCount', mostInstances: 20 },
  // Per group of functions; all HTTP functions of an app are one group.
  flex: { knob: 'alwaysReady', mostInstances: 1000 },
} as const
type PlanKind = keyof typeof PLANS

/** The body of ARM that sets a number of always-ready instances; for Flex it is a part of what a PUT must hold whole. */
function bodyOf(kind: PlanKind, instances: number): unknown {
  if (kind === 'premium') return { properties: { minimumElasticInstanceCount: instances } }
  const alwaysReady = instances === 0 ? [] : [{ name: 'http', instanceCount: instances }]
  return { properties: { functionAppConfig: { scaleAndConcurrency: { alwaysReady } } } }
}

/** The command that does the same. */
function commandOf(kind: PlanKind, name: string, instances: number, group: string): string {
  if (kind === 'premium') {
    const site = `--resource-type Microsoft.Web/sites --resource-group ${group} --name ${name}/config/web`
    return `az resource update ${site} --set properties.minimumElasticInstanceCount=${instances}`
  }
  const scale = `az functionapp scale config always-ready`
  if (instances === 0) return `${scale} delete --resource-group ${group} --name ${name} --setting-names http`
  return `${scale} set --resource-group ${group} --name ${name} --settings http=${instances}`
}

/** Instances that an app of Flex may have where it says nothing else; no more of them can be ready. */
const FLEX_INSTANCES = 100

/** The command that lets an app have as many instances as will be ready. */
function roomFor({ app, highest }: AppSchedule, group: string): string[] {
  if (highest <= FLEX_INSTANCES) return []
  const scale = `az functionapp scale config set --resource-group ${group} --name ${app.name}`
  return [`${scale} --maximum-instance-count ${highest}`]
}

function scheduleFile({ app, first, points }: AppSchedule, kind: PlanKind, timeZone: string, group: string) {
  const change = (instances: number) => ({
    instances,
    body: bodyOf(kind, instances),
    command: commandOf(kind, app.name, instances, group),
  })
  return jsonFile(`apps/${app.name}.json`, {
    name: app.name,
    timeZone,
    first: change(first),
    changes: points.map((point) => ({ cron: fiveFields(point), ...change(point.instances) })),
  })
}

/** Azure Functions, plans Premium and Flex Consumption: @azure/arm-appservice models; MicrosoftDocs on both plans. */
export const azureFunctions: Platform = {
  id: 'azure-functions',
  title: 'Azure Functions (Premium, Flex)',
  summary: 'No windows; always-ready instances, for whose changes by the clock a timer must call Azure.',
  sets: '`minimumElasticInstanceCount` (Premium) or `alwaysReady` (Flex): a list of timed bodies and commands',
  lacks:
    'Windows, and a schedule: Automation, a Logic App or a workflow must run the commands by the clock. Premium: 20 instances.',
  names: { pattern: /^[a-zA-Z0-9]([-a-zA-Z0-9]{0,58}[a-zA-Z0-9])?$/, words: 'at most 60 letters, digits and "-"' },
  settings: {
    plan: { describe: 'premium or flex.', default: 'flex', pattern: /^(premium|flex)$/ },
    resourceGroup: { describe: 'The resource group.', default: 'pilotlight', pattern: /^[-\w.()]{1,90}$/ },
  },
  standIn: { mostChanges: RULE.mostActions },
  byDefault: {
    prewarmMs: 0,
    keepAliveMs: 20 * MINUTE,
    floor: NO_FLOOR,
    from: 'Shahrad et al., USENIX ATC 2020: 20 min',
  },
  write(plan) {
    const { timeZone, settings } = plan
    const kind = settings['plan'] as PlanKind
    const group = settings['resourceGroup']!
    const { asking, notes } = schedulesOf(plan, { ...PLANS[kind], ...RULE })
    return {
      files: asking.map((schedule) => scheduleFile(schedule, kind, timeZone, group)),
      notes,
      apply: [
        '# Sets what holds at Monday 00:00; a timer has to run the commands of "changes" in apps/*.json at their times.',
        ...(kind === 'flex' ? asking.flatMap((schedule) => roomFor(schedule, group)) : []),
        ...asking.map(({ app, first }) => commandOf(kind, app.name, first, group)),
      ],
    }
  },
  read(files) {
    return new Map(
      documentsIn(files, /^apps\//).map(({ name, first, changes }) => {
        const points = listOf(changes).map((change): SetPoint => {
          return { ...timeOfCron(String(change['cron']), FIVE), instances: Number(change['instances']) }
        })
        const floor = heldBy(points, Number(first!['instances']), RULE)
        return [String(name), { prewarmMs: 0, keepAliveMs: 20 * MINUTE, floor }]
      }),
    )
  },
}
