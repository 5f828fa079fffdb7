import { SECOND } from '../../core/units.ts'
import { NO_FLOOR } from '../../policy/plan/floor.ts'
import { type Data, documentsIn, listOf, yamlFile } from '../files/export-file.ts'
import { floorOfTriggers, kedaFloor } from '../fit/keda-scale.ts'
import { LABEL } from '../files/name-rule.ts'
import type { NamedApp, Platform } from '../platform.ts'
import { fittedWindow, MOST_SECONDS, othersNote } from '../fit/fit.ts'

const COOLDOWN = { knob: 'cooldownPeriod', minS: 0, maxS: MOST_SECONDS }
/** Replicas that are allowed where nothing else is said, and seconds between polls. */
const MAX_REPLICAS = 100
const POLLING_S = 30
/** The longest stabilisation window of a HorizontalPodAutoscaler. */
const STABLE_S = 3600

function scaledObject(app: NamedApp, seconds: number, namespace: string, scale: ReturnType<typeof kedaFloor>): unknown {
  const { name } = app
  return {
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'ScaledObject',
    metadata: { name, namespace },
    spec: {
      scaleTargetRef: { name },
      pollingInterval: POLLING_S,
      cooldownPeriod: seconds,
      minReplicaCount: scale.minimum,
      maxReplicaCount: Math.max(MAX_REPLICAS, scale.highest, app.evidence.peakInstances),
      advanced: {
        horizontalPodAutoscalerConfig: {
          behavior: { scaleDown: { stabilizationWindowSeconds: Math.min(STABLE_S, seconds) } },
        },
      },
      triggers: [
        {
          type: 'external-push',
          metadata: { scalerAddress: 'keda-add-ons-http-external-scaler.keda:9090', interceptorRoute: name },
        },
        ...scale.triggers.map((metadata) => ({ type: 'cron', metadata })),
      ],
    },
  }
}

function interceptorRoute(name: string, namespace: string): unknown {
  return {
    apiVersion: 'http.keda.sh/v1beta1',
    kind: 'InterceptorRoute',
    metadata: { name, namespace },
    spec: {
      target: { service: name, port: 80 },
      rules: [{ hosts: [name] }],
      scalingMetric: { concurrency: { targetValue: 1 } },
    },
  }
}

/** KEDA and its HTTP add-on: apis/keda/v1alpha1/scaledobject_types.go, scalers/cron_scaler.go; the route counts requests. */
export const keda: Platform = {
  id: 'keda',
  title: 'KEDA',
  summary: 'A cool-down per scaled object before it goes to zero, and cron triggers.',
  sets: '`cooldownPeriod`, the stabilisation window, `minReplicaCount` and cron triggers of a ScaledObject, with its InterceptorRoute',
  lacks: 'Pre-warming. The cool-down holds the last replica only; the stabilisation window of the others ends at 1 h.',
  names: LABEL,
  settings: {
    namespace: { describe: 'The namespace of the deployments.', default: 'default', pattern: LABEL.pattern },
  },
  byDefault: { prewarmMs: 0, keepAliveMs: 300 * SECOND, floor: NO_FLOOR, from: 'cooldownPeriod and HPA: 300 s' },
  write({ apps, timeZone, settings }) {
    const namespace = settings['namespace']!
    const fitted = apps.map((app) => {
      const { seconds, note } = fittedWindow(app, COOLDOWN)
      const scale = kedaFloor(app, timeZone)
      const others = othersNote(app, 'stabilizationWindowSeconds', Math.min(STABLE_S, seconds))
      const objects = [interceptorRoute(app.name, namespace), scaledObject(app, seconds, namespace, scale)]
      return { file: yamlFile(`objects/${app.name}.yaml`, objects), notes: [note, ...others, ...scale.notes] }
    })
    return {
      files: fitted.map(({ file }) => file),
      notes: fitted.flatMap(({ notes }) => notes),
      apply: ['kubectl apply --filename objects/'],
    }
  },
  read(files) {
    const objects = documentsIn(files, /^objects\//).filter(({ kind }) => String(kind) === 'ScaledObject')
    return new Map(
      objects.map(({ metadata, spec }) => {
        const { cooldownPeriod, minReplicaCount, advanced, triggers } = spec as Data
        const stable =
          advanced!['horizontalPodAutoscalerConfig']!['behavior']!['scaleDown']!['stabilizationWindowSeconds']
        const crons = listOf(triggers)
          .filter((each) => String(each['type']) === 'cron')
          .map((each) => each['metadata']!)
        const keepAliveMs = Number(stable) * SECOND
        const lastKeepAliveMs = Math.max(keepAliveMs, Number(cooldownPeriod) * SECOND)
        const floor = floorOfTriggers(Number(minReplicaCount), crons)
        return [String(metadata!['name']), { prewarmMs: 0, keepAliveMs, lastKeepAliveMs, floor }]
      }),
    )
  },
}
