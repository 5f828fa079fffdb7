import { HOUR, SECOND } from '../../core/units.ts'
import { constantFloor, NO_FLOOR } from '../../policy/plan/floor.ts'
import { kubectl } from '../apply/tool.ts'
import { type Data, documentsOf, jsonFile } from '../files/export-file.ts'
import { kubernetesListing } from '../files/listing.ts'
import { concurrencyOf, limitBefore, servedNote } from './demand.ts'
import { DNS_SERVICE_LABEL } from '../files/name-rule.ts'
import { goSeconds } from '../files/go-duration.ts'
import type { AppRules, AutoscalerRules } from '../../policy/plan/plan.ts'
import type { NamedApp, Platform, ServedRules } from '../platform.ts'
import type { FidelityNote } from './fidelity.ts'
import { fittedFloor, fittedWindow, othersNote, windowsText } from './fit.ts'

const PREFIX = 'autoscaling.knative.dev/'
/** The stable window as `config-autoscaler` has it: a longer one would widen the panic window, which is a share of it. */
const WINDOW_S = 60
/** Longest retention period and delay that the webhook admits. */
const HOUR_S = HOUR / SECOND
/** `container-concurrency-target-default` and `container-concurrency-target-percentage` of `config-autoscaler`. */
const DEFAULT_TARGET = 100
const DEFAULT_UTILISATION = 70
/** `container-concurrency-max-limit` of `config-defaults`. */
export const MOST_AT_ONCE = 1000
const LAST_POD = {
  knob: 'window + scale-down-delay + scale-to-zero-pod-retention-period',
  minS: 6,
  maxS: WINDOW_S + 2 * HOUR_S,
}

/** The three waits, one after the other. The delay holds every pod, the retention period only the last one. */
function waitsOf(seconds: number): { window: number; delay: number; retention: number } {
  const window = Math.min(WINDOW_S, seconds)
  const delay = Math.min(HOUR_S, seconds - window)
  return { window, delay, retention: seconds - window - delay }
}

/** An app's three waits in the autoscaler's annotations, its containerConcurrency where it has one, and what is lost. */
export function knativeWaits(app: NamedApp) {
  const { seconds, note } = fittedWindow(app, LAST_POD)
  const { window, delay, retention } = waitsOf(seconds)
  const annotations = {
    [`${PREFIX}window`]: `${window}s`,
    [`${PREFIX}scale-down-delay`]: `${delay}s`,
    [`${PREFIX}scale-to-zero-pod-retention-period`]: `${retention}s`,
  }
  const others = othersNote(app, 'scale-down-delay', window + delay)
  const limit = concurrencyOf(app, MOST_AT_ONCE)
  const served = limit === undefined ? [] : servedNote(app, 'containerConcurrency', limit)
  const lost = [...others, ...meanNote(app), ...halvingNote(app, seconds, delay), ...served]
  return { annotations, limit, notes: [note, ...lost] }
}

/** The loop holds as many pods as the mean of its window needs. So pods for a shorter burst are not kept for the next one. */
function meanNote({ app, evidence, ...rules }: NamedApp): FidelityNote[] {
  if (evidence.peakInstances < 2) return []
  const written = `as many pods as the mean of a minute asks for, of ${evidence.peakInstances} at most`
  return [{ app, knob: 'window', kind: 'clamped', wanted: windowsText(rules), written }]
}

/** The loop never removes more than half of the pods at once. So the delay holds the last of several once per halving. */
function halvingNote({ app, evidence, ...rules }: NamedApp, seconds: number, delay: number): FidelityNote[] {
  const halvings = Math.floor(Math.log2(Math.max(1, evidence.peakInstances)))
  if (halvings === 0 || delay === 0) return []
  const written = `up to ${seconds + halvings * delay}s for the last of ${evidence.peakInstances} pods`
  return [{ app, knob: 'scale-down-delay', kind: 'superset', wanted: windowsText(rules), written }]
}

/** What Knative does where nothing is written, with `config-autoscaler` and `config-defaults` as they are shipped. */
export const KNATIVE_DEFAULT = {
  ...scaledByAnnotations({}),
  from: 'config-autoscaler: window 60 s; 70 requests per pod are aimed at (70 % of a target of 100), without a limit',
}

/**
 * The autoscaler as annotations set it, and about how long it keeps idle pods. `limit` is the containerConcurrency. Without
 * one, or with 0, a pod takes any number of requests, and the target only decides how many pods there are.
 */
export function scaledByAnnotations(annotations: object, limit?: unknown): Omit<ServedRules, 'floor'> {
  const found = annotations as Readonly<Record<string, unknown>>
  const most = Number(limit ?? 0)
  const ms = (key: string, otherwise: string): number => goSeconds(String(found[PREFIX + key] ?? otherwise)) * SECOND
  const rules = rulesOf({
    stableMs: ms('window', `${WINDOW_S}s`),
    downDelayMs: ms('scale-down-delay', '0s'),
    graceMs: ms('scale-to-zero-pod-retention-period', '0s'),
    target: targetOf(found, most),
  })
  return { ...rules, concurrency: most > 0 ? most : Number.POSITIVE_INFINITY }
}

/** Concurrent requests per pod that are aimed at: 70 % of the lower of target and limit. */
function targetOf(annotations: Readonly<Record<string, unknown>>, limit: number): number {
  const written = Number(annotations[`${PREFIX}target`] ?? (limit > 0 ? limit : DEFAULT_TARGET))
  const utilisation = Number(annotations[`${PREFIX}target-utilization-percentage`] ?? DEFAULT_UTILISATION)
  return ((limit > 0 ? Math.min(limit, written) : written) * utilisation) / 100
}

/** The delay holds all pods, the retention period the last one. */
function rulesOf(autoscaler: AutoscalerRules): Omit<AppRules, 'floor'> {
  const keepAliveMs = autoscaler.stableMs + autoscaler.downDelayMs
  return { prewarmMs: 0, keepAliveMs, lastKeepAliveMs: keepAliveMs + autoscaler.graceMs, autoscaler }
}

/** Without this, 70 % of the target would be aimed at, while instances of the simulation are full. */
export function aimedAtWhole(target: number | undefined): Readonly<Record<string, string | null>> {
  return { [`${PREFIX}target-utilization-percentage`]: target === undefined ? null : '100' }
}

function patchOf(
  { annotations: waits, limit }: Pick<ReturnType<typeof knativeWaits>, 'annotations' | 'limit'>,
  minScale: number,
): unknown {
  const annotations = {
    ...waits,
    [`${PREFIX}min-scale`]: String(minScale),
    [`${PREFIX}max-scale`]: String(Math.max(1, minScale)),
    [`${PREFIX}target`]: limit === undefined ? null : String(limit),
    ...aimedAtWhole(limit),
  }
  const spec = { containerConcurrency: limit ?? null }
  return { spec: { template: { metadata: { annotations }, spec } } }
}

/** A platform that runs Knative Serving, by the names that it has there. */
export function knativePlatform(named: Pick<Platform, 'id' | 'title' | 'summary'>): Platform {
  return { ...named, ...KNATIVE }
}

const KINDS = { ksvc: { apiVersion: 'serving.knative.dev/v1', kind: 'Service' } } as const

const KNATIVE: Omit<Platform, 'id' | 'title' | 'summary'> = {
  sets: 'the annotations `window`, `scale-down-delay`, `scale-to-zero-pod-retention-period`, `min-scale` and `target` of the revision template, and its `containerConcurrency`',
  sources: [
    {
      about: 'keys',
      says: 'ranges of the annotations',
      at: 'knative/serving, pkg/apis/autoscaling/annotation_validation.go',
      read: '2026-11-30',
    },
    {
      about: 'default',
      says: 'a window of 60 s, no delay and no retention',
      at: 'knative/serving, config/core/configmaps/autoscaler.yaml at 0d68a7be',
      read: '2026-11-30',
    },
    {
      about: 'default',
      says: 'the last pod goes once the stable window and a grace period are over',
      at: 'knative/serving, pkg/reconciler/autoscaling/kpa/scaler.go at 00f85baa',
      read: '2026-11-30',
    },
    {
      about: 'requests',
      says: 'by default no limit of requests and a target of 100, of which 70 % are aimed at; the lower of target and limit holds',
      at: 'knative/serving, ResolveMetricTarget; knative.dev, "Configuring concurrency"',
      read: '2026-11-30',
    },
  ],
  assumed: [{ about: 'default', says: 'the loop is the policy kpa, as docs/policies.md describes it' }],
  lacks: 'Pre-warming; schedules without a new revision. Beyond an hour and a minute only the last pod is kept.',
  present: kubernetesListing(KINDS),
  // By default config-autoscaler sets no maximum.
  maxima: { [`${PREFIX}max-scale`]: Number.POSITIVE_INFINITY },
  names: DNS_SERVICE_LABEL,
  settings: {
    namespace: { describe: 'The namespace of the services.', default: 'default', pattern: DNS_SERVICE_LABEL.pattern },
  },
  byDefault: { ...KNATIVE_DEFAULT, floor: NO_FLOOR },
  write({ apps, settings }) {
    const services = apps.map((app) => {
      const waits = knativeWaits(app)
      const { instances, notes } = fittedFloor(app, 'min-scale')
      return { name: app.name, patch: patchOf(waits, instances), notes: [...waits.notes, ...notes] }
    })
    return {
      files: services.map(({ name, patch }) => jsonFile(`services/${name}.json`, patch)),
      notes: services.flatMap(({ notes }) => notes),
      changes: services.map(({ name }) => ({ object: `ksvc/${name}`, patch: `services/${name}.json` })),
      tool: kubectl(settings['namespace']!, KINDS),
      before: [
        'Changed annotations make a new revision. Its first pod is cold, and is started before it gets traffic.',
        ...limitBefore(apps, 'containerConcurrency', MOST_AT_ONCE),
      ],
    }
  },
  read(files) {
    return new Map(
      [...documentsOf(files, 'services')].map(([name, { spec }]) => {
        const template = spec?.['template']
        const annotations = (template?.['metadata']?.['annotations'] ?? {}) as Data
        const floor = constantFloor(Number(annotations[`${PREFIX}min-scale`] ?? 0))
        return [
          name,
          { ...scaledByAnnotations(annotations, template?.['spec']?.['containerConcurrency']), floor },
        ] as const
      }),
    )
  },
}
