import { MINUTE, SECOND } from '../../core/units.ts'
import { NO_FLOOR } from '../../policy/plan/floor.ts'
import { OWN } from '../apply/merged-document.ts'
import { kubectl, type Tool } from '../apply/tool.ts'
import { type Data, documentsOf, jsonFile, listOf } from '../files/export-file.ts'
import { goSeconds } from '../files/go-duration.ts'
import { kubernetesListing } from '../files/listing.ts'
import { concurrencyOf, isHttp } from '../fit/demand.ts'
import { floorsOfTriggers, kedaFloor, type KedaFloor } from '../fit/keda-scale.ts'
import { DNS_SERVICE_LABEL } from '../files/name-rule.ts'
import type { NamedApp, Platform } from '../platform.ts'
import { fittedWindow, MOST_SECONDS, othersNote } from '../fit/fit.ts'

const COOLDOWN = { knob: 'cooldownPeriod', minS: 0, maxS: MOST_SECONDS }
/** Replicas that are allowed by default. */
const MAX_REPLICAS = 100
/** The longest stabilisation window of a HorizontalPodAutoscaler, and the usual one. */
const MOST_STABLE_S = 3600
const STABLE_S = 300
/**
 * How far back the add-on counts requests. It sees all of these, however short. The cool-down begins when none is left.
 * Its gauge of requests in flight is sampled every half second, and misses most of them.
 */
const RATE_S = 60
/** A rate for which one replica is always enough. So the rule only tells whether there were requests. */
const ANY_RATE = 2 ** 31 - 1

function waitsOf(app: NamedApp, seconds: number) {
  const rateS = isHttp(app) ? Math.min(RATE_S, seconds) : 0
  return { rateS, cooldownS: seconds - rateS, stableS: Math.min(MOST_STABLE_S, seconds) }
}

function scaledObject({ name, evidence, ...app }: NamedApp, waits: ReturnType<typeof waitsOf>, scale: KedaFloor) {
  const needed = Math.max(scale.highest, evidence.peakInstances)
  const http = {
    type: 'external-push',
    name: `${OWN}http`,
    metadata: { scalerAddress: 'keda-add-ons-http-external-scaler.keda:9090', interceptorRoute: name },
  }
  return {
    spec: {
      cooldownPeriod: waits.cooldownS,
      minReplicaCount: scale.minimum,
      maxReplicaCount: Math.max(1, needed),
      advanced: {
        horizontalPodAutoscalerConfig: { behavior: { scaleDown: { stabilizationWindowSeconds: waits.stableS } } },
      },
      triggers: [
        ...(isHttp(app) ? [http] : []),
        ...scale.triggers.map(({ name, ...metadata }) => ({ type: 'cron', name, metadata })),
      ],
    },
  }
}

function interceptorRoute(app: NamedApp, rateS: number) {
  const targetValue = concurrencyOf(app, ANY_RATE) ?? null
  const requestRate = rateS === 0 ? null : { window: `${rateS}s`, granularity: '1s', targetValue: ANY_RATE }
  return { spec: { scalingMetric: { concurrency: { targetValue }, requestRate } } }
}

const KINDS = {
  scaledobject: { apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', appends: ['spec', 'triggers'] },
  interceptorroute: { apiVersion: 'http.keda.sh/v1beta1', kind: 'InterceptorRoute' },
} as const

/** The object that is made where there is none yet. */
function made(kind: 'ScaledObject' | 'InterceptorRoute', name: string, namespace: string) {
  const metadata = { name, namespace }
  if (kind === 'ScaledObject') {
    return { apiVersion: KINDS.scaledobject.apiVersion, kind, metadata, spec: { scaleTargetRef: { name } } }
  }
  const spec = { target: { service: name, port: 80 }, rules: [{ hosts: [name] }] }
  return { apiVersion: KINDS.interceptorroute.apiVersion, kind, metadata, spec }
}

/** An operator's own trigger for the same route is as good as ours. */
function toolOf(namespace: string): Tool {
  const withoutOwn = `del(.spec.triggers[]? | select(.name == "${OWN}http"))`
  const others = `[.spec.triggers[]? | select(.type == "external-push" and .name != "${OWN}http")]`
  return {
    ...kubectl(namespace, KINDS),
    patch: [`jq --slurpfile now "$2" 'if ($now[0] | ${others} | length) > 0 then ${withoutOwn} else . end' "$1"`],
  }
}

/**
 * KEDA and its HTTP add-on: apis/keda/v1alpha1/scaledobject_types.go, scalers/cron_scaler.go, and
 * http-add-on operator/apis/http/v1beta1/interceptorroute_types.go (read in 2026).
 */
export const keda: Platform = {
  id: 'keda',
  title: 'KEDA',
  summary: 'A cool-down per scaled object before it goes to zero, and cron triggers.',
  sets: '`cooldownPeriod`, the stabilisation window, `minReplicaCount` and cron triggers of a ScaledObject, and the `scalingMetric` of its InterceptorRoute',
  sources: [
    {
      about: 'keys',
      says: 'keys, and 100 replicas at most by default',
      at: 'kedacore/keda, apis/keda/v1alpha1/scaledobject_types.go',
      read: '2026-11-30',
    },
    {
      about: 'keys',
      says: 'the route',
      at: 'kedacore/http-add-on, operator/apis/http/v1beta1/interceptorroute_types.go at 047f5b85',
      read: '2026-11-30',
    },
    {
      about: 'schedule',
      says: 'cron triggers',
      at: 'kedacore/keda, pkg/scalers/cron_scaler.go, its Validate and GetMetricsAndActivity of version 2',
      read: '2026-11-30',
    },
    {
      about: 'default',
      says: 'a cool-down of 300 s',
      at: 'kedacore/keda, pkg/scaling/executor/scale_executor.go, defaultCooldownPeriod',
      read: '2026-11-30',
    },
    {
      about: 'default',
      says: 'a stabilisation of 300 s, and 3600 s at most',
      at: 'Kubernetes, reference of HPAScalingRules',
      read: '2026-11-30',
    },
    {
      about: 'requests',
      says: 'requests in flight are counted in samples; they wait until a replica is there',
      at: 'kedacore/http-add-on, interceptor/middleware/counting.go at 06fb14a0 and endpoint_resolver.go at 047f5b85',
      read: '2026-11-30',
    },
  ],
  assumed: [
    {
      about: 'keys',
      says: 'the Deployment and the Service of an app have its name, and the Service listens at port 80',
    },
  ],
  lacks:
    'Pre-warming. The cool-down keeps the last replica only; the others are kept by the stabilisation window, for 1 h at most.',
  present: kubernetesListing(KINDS),
  afterFall:
    'The autoscaler keeps all replicas for its stabilisation window, and KEDA keeps the last one for the cool-down. At the end of the cool-down all go.',
  sharesRunning: true,
  maxima: { maxReplicaCount: MAX_REPLICAS },
  names: DNS_SERVICE_LABEL,
  settings: {
    namespace: {
      describe: 'The namespace of the deployments.',
      default: 'default',
      pattern: DNS_SERVICE_LABEL.pattern,
    },
  },
  byDefault: { prewarmMs: 0, keepAliveMs: 5 * MINUTE, floor: NO_FLOOR, from: 'cooldownPeriod and HPA: 300 s' },
  write({ apps, timeZone, settings }) {
    const namespace = settings['namespace']!
    const fitted = apps.map((app) => {
      const { name } = app
      const { seconds, note } = fittedWindow(app, COOLDOWN)
      const waits = waitsOf(app, seconds)
      const scale = kedaFloor(app, timeZone, waits)
      const others = othersNote(app, 'stabilizationWindowSeconds', waits.stableS)
      const objects = [
        ['ScaledObject', 'scaledobjects', scaledObject(app, waits, scale)] as const,
        ...(isHttp(app) ? [['InterceptorRoute', 'routes', interceptorRoute(app, waits.rateS)] as const] : []),
      ]
      const files = objects.flatMap(([kind, folder, patch]) => [
        jsonFile(`${folder}/${name}.json`, patch),
        jsonFile(`create/${folder}/${name}.json`, made(kind, name, namespace)),
      ])
      const changes = objects.map(([kind, folder]) => ({
        object: `${kind.toLowerCase()}/${name}`,
        patch: `${folder}/${name}.json`,
        create: `create/${folder}/${name}.json`,
      }))
      return { files, changes, notes: [note, ...others, ...scale.notes] }
    })
    return {
      files: fitted.flatMap(({ files }) => files),
      notes: fitted.flatMap(({ notes }) => notes),
      changes: fitted.flatMap(({ changes }) => changes),
      tool: toolOf(namespace),
      before: [
        'At zero replicas, only the interceptor of the http add-on or a trigger of your own starts an app. So route calls to the interceptor first: those that go straight to the Service find nothing.',
        'Where an app has no ScaledObject or InterceptorRoute, one is made for a Deployment and a Service of its name at port 80. Look at create/ first.',
        'The rule with the request rate is there so that no short request is missed. It makes the cool-down begin later after the last request.',
      ],
    }
  },
  read(files, { timeZone }) {
    const routes = documentsOf(files, 'routes')
    return new Map(
      [...documentsOf(files, 'scaledobjects')].map(([name, { spec }]) => {
        const { cooldownPeriod, minReplicaCount, advanced, triggers } = (spec ?? {}) as Data
        const stable =
          advanced?.['horizontalPodAutoscalerConfig']?.['behavior']?.['scaleDown']?.['stabilizationWindowSeconds']
        const crons = listOf(triggers)
          .filter((each) => String(each['type']) === 'cron')
          .map((each) => each['metadata'] ?? {})
        const waits = { cooldownS: Number(cooldownPeriod ?? 300), stableS: Number(stable ?? STABLE_S) }
        const rateS = goSeconds(
          String(routes.get(name)?.['spec']?.['scalingMetric']?.['requestRate']?.['window'] ?? '0s'),
        )
        const lastKeepAliveMs = (rateS + waits.cooldownS) * SECOND
        const keepAliveMs = Math.min(waits.stableS * SECOND, lastKeepAliveMs)
        const floors = floorsOfTriggers(Number(minReplicaCount ?? 0), crons, waits, timeZone)
        return [name, { prewarmMs: 0, keepAliveMs, lastKeepAliveMs, ...floors }]
      }),
    )
  },
}
