import { MINUTE } from '../../core/units.ts'
import { constantFloor, type Floor, higherFloor, highestLevel, NO_FLOOR } from '../../policy/plan/floor.ts'
import { filtered, type Tool } from '../apply/tool.ts'
import { FIVE, fiveFields, timesOfCron } from '../schedule/cron.ts'
import { bicepFile } from '../files/bicep-file.ts'
import { type Data, documentsOf, jsonFile, listOf, pick } from '../files/export-file.ts'
import { entriesAt, type Listed } from '../files/listing.ts'
import { servedBefore } from '../fit/demand.ts'
import type { FidelityNote } from '../fit/fidelity.ts'
import type { NamedApp, Platform } from '../platform.ts'
import type { SetPoint } from '../schedule/schedule.ts'
import { heldBy, levelFile, schedulesOf } from '../fit/set-points.ts'

/** How both plans take changes at times of day; a timer of the user's makes them. */
const RULE = { mostActions: 288, actions: 'timed calls for an app', leadMinutes: 1 }

/** How many always-ready instances each plan accepts, and how many it always holds. */
const PLANS = {
  // Per app; the plan holds the highest of its apps' counts, and at least one.
  premium: { knob: 'minimumElasticInstanceCount', mostInstances: 20, least: 1 },
  // Per group of functions; all HTTP functions of an app are one group.
  flex: { knob: 'alwaysReady', mostInstances: 1000, least: 0 },
} as const
type PlanKind = keyof typeof PLANS

/** The groups into which Flex Consumption puts functions of one kind of trigger. */
const GROUPS: Readonly<Record<string, string>> = {
  http: 'http',
  unknown: 'http',
  orchestration: 'durable',
  storage: 'blob',
}

/** The scale group that most of an app's invocations go to, and a note where there are others. */
function groupOf({ app, functions }: NamedApp): { group: string; notes: FidelityNote[] } {
  if (functions.length === 0) return { group: 'http', notes: [] }
  const used = new Map<string, number>()
  for (const { name, trigger, invocations } of functions) {
    const group = GROUPS[trigger] ?? `function:${name.replaceAll(/[^\w-]/g, '-')}`
    used.set(group, (used.get(group) ?? 0) + invocations)
  }
  const [[group] = ['http'], ...others] = [...used].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
  if (others.length === 0) return { group, notes: [] }
  const wanted = `instances for ${others.length + 1} groups of functions`
  return { group, notes: [{ app, knob: 'alwaysReady', kind: 'clamped', wanted, written: `for ${group} alone` }] }
}

/** What is set for a number of always-ready instances. */
function stateOf(kind: PlanKind, group: string, instances: number) {
  if (kind === 'premium') return { minimumElasticInstanceCount: Math.max(PLANS.premium.least, instances) }
  return { alwaysReady: [{ name: group, instanceCount: instances }] }
}

/** No more instances can be ready than an app of Flex may have. */
function roomFor(kind: PlanKind, floor: Floor): { readonly maximumInstanceCount?: number } {
  return kind === 'flex' ? { maximumInstanceCount: Math.max(LEAST_MOST, highestLevel(floor)) } : {}
}

/** What a site of a plan Premium says of itself, or its settings do. */
function premiumState(site: Data): Data | undefined {
  const inside = (site['properties'] ?? site) as Data
  const count = (inside['siteConfig'] ?? inside)['minimumElasticInstanceCount']
  return count === undefined || count === null ? undefined : ({ minimumElasticInstanceCount: count } as Data)
}

/** What a site of the plan Flex says of itself. */
function flexState(site: Data): Data | undefined {
  const scale = ((site['properties'] ?? site) as Data)['functionAppConfig']?.['scaleAndConcurrency']
  if (scale === undefined || scale === null) return undefined
  const alwaysReady = listOf(scale['alwaysReady']).map((each) => pick(each, ['name', 'instanceCount']))
  return { ...pick(scale, ['maximumInstanceCount']), alwaysReady } as unknown as Data
}

const BICEP_USES = {
  premium: `import { pilotlight } from 'pilotlight.bicep'
siteConfig: union(own, pilotlight.checkout)
own is the siteConfig of your template. A deployment sets this level whatever the timers set before.`,
  flex: `import { pilotlight } from 'pilotlight.bicep'
functionAppConfig: { scaleAndConcurrency: union(own, pilotlight.checkout) }
own is the scaleAndConcurrency of your template. A deployment sets this level whatever the timers set before.`,
} as const

/** The command that does the same; a timer runs it. */
function commandOf(kind: PlanKind, { name, group }: { name: string; group: string }, instances: number, place: string) {
  if (kind === 'premium') {
    const least = Math.max(PLANS.premium.least, instances)
    const site = `--resource-type Microsoft.Web/sites --resource-group ${place} --name ${name}/config/web`
    return `az resource update ${site} --set properties.minimumElasticInstanceCount=${least}`
  }
  const scale = `az functionapp scale config always-ready`
  if (instances === 0) return `${scale} delete --resource-group ${place} --name ${name} --setting-names ${group}`
  return `${scale} set --resource-group ${place} --name ${name} --settings ${group}=${instances}`
}

/** Instances that an app of Flex may have by default, and the lowest maximum that it accepts. */
const FLEX_INSTANCES = 100
const LEAST_MOST = 40

function toolOf(kind: PlanKind, group: string): Tool {
  const of = `--resource-group ${group} --name "$1"`
  const level = '--argjson level "$(level "levels/$(basename "$1")")"'
  if (kind === 'premium') {
    const site = `--resource-type Microsoft.Web/sites --resource-group ${group} --name "$1/config/web"`
    return {
      needs: ['az'],
      get: filtered(
        `az resource show ${site} --output json`,
        `{minimumElasticInstanceCount: .properties.minimumElasticInstanceCount}`,
      ),
      put: [
        `az resource update ${site} --set properties.minimumElasticInstanceCount="$(jq .minimumElasticInstanceCount "$2")"`,
      ],
      patch: [`jq ${level} '.minimumElasticInstanceCount = ([${PLANS.premium.least}, $level] | max)' "$1"`],
    }
  }
  const ready = 'az functionapp scale config always-ready'
  const set = `az functionapp scale config set ${of} --maximum-instance-count "$most"`
  return {
    needs: ['az'],
    get: filtered(
      `az functionapp scale config show ${of} --output json`,
      `{maximumInstanceCount, alwaysReady: [.alwaysReady[]? | {name, instanceCount}]}`,
    ),
    put: [
      `most=$(jq '.maximumInstanceCount // ${FLEX_INSTANCES}' "$2") before=$(jq '.maximumInstanceCount // ${FLEX_INSTANCES}' "$4")`,
      `if [ "$most" -gt "$before" ]; then ${set}; fi`,
      `settings=$(jq -r '.alwaysReady[] | select(.instanceCount > 0) | "\\(.name)=\\(.instanceCount)"' "$2")`,
      `if [ -n "$settings" ]; then printf '%s\\n' "$settings" | xargs ${ready} set ${of} --settings; fi`,
      `gone=$(jq -n -r --slurpfile new "$2" --slurpfile old "$4" '$old[0].alwaysReady[].name | select(. as $n | any($new[0].alwaysReady[]; .name == $n and .instanceCount > 0) | not)')`,
      `if [ -n "$gone" ]; then printf '%s\\n' "$gone" | xargs ${ready} delete ${of} --setting-names; fi`,
      // No more instances can be ready than there may be.
      `if [ "$most" -lt "$before" ]; then ${set}; fi`,
    ],
    patch: [
      `jq ${level} --slurpfile now "$2" '.alwaysReady[0].name as $n | if $level > 0 or any($now[0].alwaysReady[]?; .name == $n) then .alwaysReady[0].instanceCount = $level else .alwaysReady = [] end' "$1"`,
    ],
  }
}

/** Azure Functions, plans Premium and Flex Consumption: @azure/arm-appservice models; MicrosoftDocs on both plans. */
export const azureFunctions: Platform = {
  id: 'azure-functions',
  title: 'Azure Functions (Premium, Flex)',
  summary: 'No windows; always-ready instances. A timer of yours must call Azure to change them by the time of day.',
  sets: '`minimumElasticInstanceCount` (Premium) or `alwaysReady` (Flex), and a list of timed commands',
  sources: [
    { about: 'keys', says: 'keys and ranges', at: '@azure/arm-appservice 19.0.0', read: '2026-11' },
    {
      about: 'keys',
      says: 'always-ready instances of both plans',
      at: 'MicrosoftDocs/azure-docs, articles/azure-functions/flex-consumption-plan.md at 0064c4ba, and functions-premium-plan.md at 25b0e4cc',
      read: '2026-11-30',
    },
  ],
  assumed: [
    { about: 'default', says: 'the window of 20 min, which Shahrad et al. saw in 2020, holds for these plans' },
    { about: 'schedule', says: 'instances that are no longer always ready go as idle ones do' },
    { about: 'keys', says: '60 characters of a name' },
  ],
  lacks:
    'Windows and schedules: Automation, a Logic App or a workflow must run the commands by the time of day. Premium: 1 to 20 instances.',
  present: {
    // A list of apps leaves their settings out.
    commands: ({ plan, resourceGroup }) => [
      `for app in $(az functionapp list --resource-group ${resourceGroup} --query '[].name' --output tsv); do`,
      plan === 'premium'
        ? `  az resource show --resource-type Microsoft.Web/sites --resource-group ${resourceGroup} --name "$app/config/web" --output json`
        : `  az functionapp show --resource-group ${resourceGroup} --name "$app" --output json`,
      'done',
    ],
    objects: (documents, { plan }) =>
      [...documents.filter((each) => !Array.isArray(each)), ...entriesAt(documents, 'value')].flatMap(
        (entry): Listed[] => {
          const state = plan === 'premium' ? premiumState(entry) : flexState(entry)
          // The settings of an app are called app/web.
          const [name = ''] = String(entry['name']).split('/')
          return state === undefined || name === '' ? [] : [[name, state]]
        },
      ),
  },
  afterFall: 'Instances that are no longer always ready go as idle ones do (assumed: not documented).',
  tariff: ({ plan }) =>
    plan === 'flex' ? { onDemand: 'azure-functions-flex', held: 'azure-functions-always-ready' } : undefined,
  names: { pattern: /^[a-zA-Z0-9]([-a-zA-Z0-9]{0,58}[a-zA-Z0-9])?$/, words: 'at most 60 letters, digits and "-"' },
  settings: {
    plan: { describe: 'premium or flex.', default: 'flex', pattern: /^(premium|flex)$/ },
    resourceGroup: { describe: 'The resource group.', default: 'pilotlight', pattern: /^[-\w.()]{1,90}$/ },
  },
  schedule: { mostChanges: RULE.mostActions },
  maxima: { maximumInstanceCount: FLEX_INSTANCES },
  byDefault: {
    prewarmMs: 0,
    keepAliveMs: 20 * MINUTE,
    floor: NO_FLOOR,
    from: 'Shahrad et al., USENIX ATC 2020: 20 min',
  },
  defaultUnder(settings) {
    if (settings['plan'] !== 'premium') return undefined
    const from = 'Shahrad et al., USENIX ATC 2020: 20 min; the plan keeps one instance'
    return { prewarmMs: 0, keepAliveMs: 20 * MINUTE, floor: constantFloor(PLANS.premium.least), from }
  },
  write(plan) {
    const { timeZone, settings, apps } = plan
    const kind = settings['plan'] as PlanKind
    const place = settings['resourceGroup']!
    const { asking, others, notes, refused } = schedulesOf(plan, { ...PLANS[kind], ...RULE })
    const all = [
      ...asking.map(({ app, first, points, floor }) => ({ app, first, points, floor })),
      ...others.map((app) => ({ app, first: 0, points: [], floor: NO_FLOOR })),
    ].map((each) => ({ ...each, group: groupOf(each.app).group }))
    const states = all.map(({ app, group, first }) => [app.name, stateOf(kind, group, first)] as const)
    const files = all.flatMap(({ app: { name }, first, points, floor, group }) => {
      const command = (instances: number): string => commandOf(kind, { name, group }, instances, place)
      const changes = points.map((point) => {
        return { cron: fiveFields(point), instances: point.instances, command: command(point.instances) }
      })
      return [
        jsonFile(`apps/${name}.json`, { ...stateOf(kind, group, first), ...roomFor(kind, floor) }),
        levelFile(name, floor, timeZone),
        ...(changes.length === 0 ? [] : [jsonFile(`timers/${name}.json`, { timeZone, changes })]),
      ]
    })
    return {
      files: [...files, ...(all.length === 0 ? [] : [bicepFile(BICEP_USES[kind], Object.fromEntries(states))])],
      notes: [...notes, ...apps.flatMap((app) => (kind === 'flex' ? groupOf(app).notes : []))],
      refused,
      changes: all.map(({ app: { name } }) => ({ object: name, patch: `apps/${name}.json` })),
      back: 'Stop the timer that runs the commands first.',
      tool: toolOf(kind, place),
      before: [
        'apply.sh sets the level of this moment; a timer has to run the commands in timers/ at their times.',
        'Always-ready instances are charged while they are idle.',
        'A Flex app restarts when its scale is changed (assumed).',
        ...servedBefore(apps),
      ],
    }
  },
  read(files, { settings }) {
    const kind = settings['plan'] as PlanKind
    const timers = documentsOf(files, 'timers')
    return new Map(
      [...documentsOf(files, 'apps')].map(([name, state]) => {
        const ready = listOf(state['alwaysReady']).map(({ instanceCount }) => Number(instanceCount))
        const first = kind === 'premium' ? Number(state['minimumElasticInstanceCount'] ?? 1) : Math.max(0, ...ready)
        const points = listOf(timers.get(name)?.['changes']).flatMap((change): SetPoint[] => {
          const times = timesOfCron(String(change['cron']), FIVE)
          return times.map((time) => ({ ...time, instances: Number(change['instances']) }))
        })
        const held = points.length === 0 ? constantFloor(first) : heldBy(points, first, RULE)
        const floor = higherFloor(held, constantFloor(PLANS[kind].least))
        return [name, { prewarmMs: 0, keepAliveMs: 20 * MINUTE, floor }] as const
      }),
    )
  },
}
