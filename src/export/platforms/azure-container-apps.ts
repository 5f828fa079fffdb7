import { SECOND } from '../../core/units.ts'
import { NO_FLOOR } from '../../policy/plan/floor.ts'
import { OWN } from '../apply/merged-document.ts'
import { filtered, type Tool } from '../apply/tool.ts'
import { bicepFile } from '../files/bicep-file.ts'
import { type Data, documentsOf, jsonFile, listOf, omit } from '../files/export-file.ts'
import { namedListing } from '../files/listing.ts'
import { concurrencyOf, isHttp } from '../fit/demand.ts'
import type { FidelityNote } from '../fit/fidelity.ts'
import { floorsOfTriggers, kedaFloor, type KedaFloor } from '../fit/keda-scale.ts'
import type { NamedApp, Platform } from '../platform.ts'
import { fittedWindow, MOST_SECONDS, othersNote } from '../fit/fit.ts'

/** Replicas that an app may have by default, and that a revision can have. */
const MAX_REPLICAS = 10
const MOST_REPLICAS = 1000
/** How long a replica that is not the last stays after it was needed; it cannot be set. */
const STABLE_S = 300
/** The http rule counts the requests of so many seconds; the cool-down begins when none of those is left. */
const RATE_S = 15
const API_VERSION = '2026-07-01'

function waitsOf(app: NamedApp): { rateS: number; window: ReturnType<typeof fittedWindow>; cooldownS: number } {
  const rateS = isHttp(app) ? RATE_S : 0
  const window = fittedWindow(app, { knob: 'cooldownPeriod', minS: rateS, maxS: MOST_SECONDS })
  return { rateS, window, cooldownS: window.seconds - rateS }
}

/** The rule divides requests per second by this number: what an instance serves at a time, divided by the duration of a request. */
function requestsASecond(app: NamedApp): string {
  const atOnce = concurrencyOf(app, MOST_SECONDS) ?? MAX_REPLICAS
  const { meanMs } = app.evidence
  return String(Math.max(1, Math.min(MOST_SECONDS, Math.round(meanMs > 0 ? (atOnce * SECOND) / meanMs : atOnce))))
}

function scaleOf(app: NamedApp, cooldownPeriod: number, { minimum, highest, triggers }: KedaFloor) {
  const needed = Math.min(MOST_REPLICAS, Math.max(1, highest, app.evidence.peakInstances))
  const http = { name: `${OWN}http`, http: { metadata: { concurrentRequests: requestsASecond(app) } } }
  return {
    minReplicas: minimum,
    maxReplicas: needed,
    cooldownPeriod,
    rules: [
      ...(isHttp(app) ? [http] : []),
      ...triggers.map(({ name, ...metadata }) => ({ name, custom: { type: 'cron', metadata } })),
    ],
  }
}

/** A template sets everything in it. So a maximum that is high enough is left out. */
function inBicep({ maxReplicas, ...set }: ReturnType<typeof scaleOf>) {
  return maxReplicas > MAX_REPLICAS ? { ...set, maxReplicas } : set
}

const BICEP_USE = `import { pilotlight } from 'pilotlight.bicep'
template: {
  scale: union(own, pilotlight.checkout, { rules: concat(own.rules, pilotlight.checkout.rules) })
}
own is the scale that the app has in your template; leave maxReplicas out of the union where yours is higher.`

/** A note for an app of which more instances were at work at once than there can be replicas. */
function peakNotes({ app, evidence: { peakInstances } }: NamedApp): FidelityNote[] {
  if (peakInstances <= MOST_REPLICAS) return []
  const wanted = `${peakInstances} instances at once`
  return [{ app, knob: 'maxReplicas', kind: 'clamped', wanted, written: `${MOST_REPLICAS} instances` }]
}

/** Only the scale is sent back: a merge patch keeps all else, and replaces the list of rules, which was merged before. */
function toolOf(resourceGroup: string): Tool {
  const url = `"https://management.azure.com/subscriptions/$SUBSCRIPTION/resourceGroups/${resourceGroup}/providers/Microsoft.App/containerApps/$1?api-version=${API_VERSION}"`
  const others = '[.properties.template.scale.rules[]? | select(.http != null and .name != "pilotlight-http")]'
  return {
    needs: ['az'],
    variables: { SUBSCRIPTION: 'the id of the subscription (az account show --query id)' },
    get: filtered(`az rest --method get --url ${url}`, `del(.systemData)`),
    put: [
      // A merge patch removes only what is null in it.
      `jq -n --slurpfile new "$2" --slurpfile old "$4" '{properties: {template: {scale: (($old[0].properties.template.scale // {} | map_values(null)) + $new[0].properties.template.scale)}}}' >"$2.body"`,
      `az rest --method patch --url ${url} --body "@$2.body"`,
    ],
    // An app that has an http rule of its own gets no second one.
    patch: [
      `jq --slurpfile now "$2" 'if ($now[0] | ${others} | length) > 0 then del(.properties.template.scale.rules[]? | select(.name == "${OWN}http")) else . end' "$1"`,
    ],
  }
}

/** Azure Container Apps, which also hosts Functions: @azure/arm-appcontainers models; KEDA's semantics. */
export const azureContainerApps: Platform = {
  id: 'azure-container-apps',
  title: 'Azure Container Apps',
  summary: 'A cool-down per app before it goes to zero, and cron rules, both as KEDA has them.',
  sets: '`template.scale`: `cooldownPeriod`, `minReplicas`, an http rule where the app has none, and cron rules',
  sources: [
    { about: 'keys', says: 'keys', at: '@azure/arm-appcontainers 4.0.0, API 2026-07-01', read: '2026-11' },
    {
      about: 'keys',
      says: '10 replicas by default, and 1,000 at most',
      at: 'Microsoft, "Set scaling rules in Azure Container Apps", Scale definition',
      read: '2026-11-30',
    },
    {
      about: 'default',
      says: 'cool-down of 300 s and polls of 30 s by default',
      at: 'Microsoft, reference of azure-mgmt-appcontainers, Scale',
      read: '2026-11-30',
    },
    {
      about: 'schedule',
      says: 'it runs KEDA, so cron rules and what stays after them are KEDA’s',
      at: 'MicrosoftDocs/azure-docs, articles/container-apps/scale-app.md at 05361382, Custom',
      read: '2026-11-30',
    },
    {
      about: 'requests',
      says: 'the http rule divides the requests of 15 s by 15; an app without ingress, minimum and rules cannot start again',
      at: 'MicrosoftDocs/azure-docs, articles/container-apps/scale-app.md, HTTP and the notes above',
      read: '2026-11-30',
    },
  ],
  assumed: [{ about: 'requests', says: 'the requests that the http rule counts go to running replicas' }],
  lacks: 'Pre-warming. The cool-down keeps the last replica only; the others go 300 s after they were needed.',
  present: namedListing(
    ({ resourceGroup }) => [`az containerapp list --resource-group ${resourceGroup} --output json`],
    { key: 'name', lists: ['value'], of: (app) => omit(app, ['systemData', 'resourceGroup']) },
  ),
  afterFall: 'All replicas stay for 300 s, and the last one for the cool-down. At the end of the cool-down all go.',
  sharesRunning: true,
  maxima: { maxReplicas: MAX_REPLICAS },
  names: {
    pattern: /^(?!.*--)[a-z]([-a-z0-9]{0,29}[a-z0-9])?$/,
    words: 'fewer than 32 small letters, digits and "-", beginning with a letter, without "--"',
    most: 31,
  },
  settings: {
    resourceGroup: { describe: 'The resource group.', default: 'pilotlight', pattern: /^[-\w.()]{1,90}$/ },
  },
  byDefault: { prewarmMs: 0, keepAliveMs: 300 * SECOND, floor: NO_FLOOR, from: 'cooldownPeriod: 300 s' },
  write({ apps, timeZone, settings: { resourceGroup } }) {
    const fitted = apps.map((app) => {
      const { window, cooldownS } = waitsOf(app)
      const scale = kedaFloor(app, timeZone, { cooldownS, stableS: STABLE_S }, MOST_REPLICAS)
      const others = othersNote(app, 'none', Math.min(STABLE_S, window.seconds))
      const set = scaleOf(app, cooldownS, scale)
      return {
        name: app.name,
        set,
        file: jsonFile(`apps/${app.name}.json`, { properties: { template: { scale: set } } }),
        notes: [window.note, ...others, ...scale.notes, ...peakNotes(app)],
      }
    })
    return {
      files: [
        ...fitted.map(({ file }) => file),
        bicepFile(BICEP_USE, Object.fromEntries(fitted.map(({ name, set }) => [name, inBicep(set)]))),
      ],
      notes: fitted.flatMap(({ notes }) => notes),
      changes: fitted.map(({ name, file }) => ({ object: name, patch: file.path })),
      tool: toolOf(resourceGroup!),
      before: [
        'At a minimum of 0, only requests to its ingress or a rule start an app. One that has neither ingress nor a rule of its own, such as that of a queue, is never started again: leave it out with --names.',
        'A changed scale makes a new revision. In single-revision mode its replicas are cold at first, and the old ones are removed.',
        'Functions on Container Apps may have rules of their own only with allowScalingRuleOverride.',
      ],
    }
  },
  read(files, { timeZone }) {
    return new Map(
      [...documentsOf(files, 'apps')].map(([name, body]) => {
        const { cooldownPeriod, minReplicas, rules } = (body['properties']?.['template']?.['scale'] ?? {}) as Data
        const crons = listOf(rules).flatMap((rule) =>
          rule['custom']?.['type'] === undefined || String(rule['custom']['type']) !== 'cron'
            ? []
            : [rule['custom']['metadata']!],
        )
        const rateS = listOf(rules).some((rule) => rule['http'] !== undefined) ? RATE_S : 0
        const cooldownS = Number(cooldownPeriod ?? STABLE_S)
        const lastKeepAliveMs = (cooldownS + rateS) * SECOND
        const keepAliveMs = Math.min(STABLE_S * SECOND, lastKeepAliveMs)
        const floors = floorsOfTriggers(Number(minReplicas ?? 0), crons, { cooldownS, stableS: STABLE_S }, timeZone)
        return [name, { prewarmMs: 0, keepAliveMs, lastKeepAliveMs, ...floors }] as const
      }),
    )
  },
}
