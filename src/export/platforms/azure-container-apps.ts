import { SECOND } from '../../core/units.ts'
import { NO_FLOOR } from '../../policy/plan/floor.ts'
import { type Data, documentsIn, jsonFile, listOf } from '../files/export-file.ts'
import type { FidelityNote } from '../fit/fidelity.ts'
import { floorOfTriggers, kedaFloor } from '../fit/keda-scale.ts'
import { LABEL } from '../files/name-rule.ts'
import type { NamedApp, Platform } from '../platform.ts'
import { fittedWindow, MOST_SECONDS, othersNote } from '../fit/fit.ts'

const COOLDOWN = { knob: 'cooldownPeriod', minS: 0, maxS: MOST_SECONDS }
/** Replicas that an app may have where nothing else is said, and that a revision can have. */
const MAX_REPLICAS = 10
const MOST_REPLICAS = 1000
/** How long a replica that is not the last stays after it was needed; it cannot be set. */
const STABLE_S = 300
const API_VERSION = '2025-07-01'

function bodyOf(app: NamedApp, seconds: number, scale: ReturnType<typeof kedaFloor>): unknown {
  const rules = [
    { name: 'http', http: { metadata: { concurrentRequests: '1' } } },
    ...scale.triggers.map((metadata, index) => ({ name: `floor-${index + 1}`, custom: { type: 'cron', metadata } })),
  ]
  return {
    properties: {
      template: {
        scale: {
          minReplicas: scale.minimum,
          maxReplicas: Math.min(MOST_REPLICAS, Math.max(MAX_REPLICAS, scale.highest, app.evidence.peakInstances)),
          cooldownPeriod: seconds,
          pollingInterval: 30,
          rules,
        },
      },
    },
  }
}

/** A note for an app of which more instances were at work at once than there can be replicas. */
function peakNotes({ app, evidence: { peakInstances } }: NamedApp): FidelityNote[] {
  if (peakInstances <= MOST_REPLICAS) return []
  const wanted = `${peakInstances} instances at once`
  return [{ app, knob: 'maxReplicas', kind: 'clamped', wanted, written: `${MOST_REPLICAS} instances` }]
}

/** Azure Container Apps, which also hosts Functions: @azure/arm-appcontainers models; KEDA's semantics. */
export const azureContainerApps: Platform = {
  id: 'azure-container-apps',
  title: 'Azure Container Apps',
  summary: 'A cool-down per app before it goes to zero, and cron rules, both as KEDA has them.',
  sets: '`template.scale`: `cooldownPeriod`, `minReplicas` and cron rules',
  lacks: 'Pre-warming. The cool-down holds the last replica only; the others go 300 s after they were needed.',
  names: { pattern: /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/, words: LABEL.words },
  settings: {
    resourceGroup: { describe: 'The resource group.', default: 'pilotlight', pattern: /^[-\w.()]{1,90}$/ },
  },
  byDefault: { prewarmMs: 0, keepAliveMs: 300 * SECOND, floor: NO_FLOOR, from: 'cooldownPeriod: 300 s' },
  write({ apps, timeZone, settings: { resourceGroup } }) {
    const fitted = apps.map((app) => {
      const { seconds, note } = fittedWindow(app, COOLDOWN)
      const scale = kedaFloor(app, timeZone, MOST_REPLICAS)
      const others = othersNote(app, 'none', Math.min(STABLE_S, seconds))
      const path = `apps/${app.name}.json`
      return {
        name: app.name,
        file: jsonFile(path, bodyOf(app, seconds, scale)),
        notes: [note, ...others, ...scale.notes, ...peakNotes(app)],
      }
    })
    const base = `/subscriptions/$SUBSCRIPTION/resourceGroups/${resourceGroup}/providers/Microsoft.App/containerApps`
    return {
      files: fitted.map(({ file }) => file),
      notes: fitted.flatMap(({ notes }) => notes),
      apply: fitted.map(
        ({ name, file }) =>
          `az rest --method patch --url "${base}/${name}?api-version=${API_VERSION}" --body @${file.path}`,
      ),
    }
  },
  read(files) {
    return new Map(
      files.flatMap((file) => {
        const name = /^apps\/(.*)\.json$/.exec(file.path)?.[1]
        if (name === undefined) return []
        const [body] = documentsIn([file], /./)
        const { cooldownPeriod, minReplicas, rules } = body!['properties']!['template']!['scale'] as Data
        const crons = listOf(rules).flatMap((rule) =>
          rule['custom'] === undefined ? [] : [rule['custom']['metadata']!],
        )
        const cooldownMs = Number(cooldownPeriod) * SECOND
        const keepAliveMs = Math.min(STABLE_S * SECOND, cooldownMs)
        const floor = floorOfTriggers(Number(minReplicas), crons)
        return [[name, { prewarmMs: 0, keepAliveMs, lastKeepAliveMs: cooldownMs, floor }] as const]
      }),
    )
  },
}
