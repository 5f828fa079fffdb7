import { constantFloor, NO_FLOOR } from '../../policy/plan/floor.ts'
import { kubectl } from '../apply/tool.ts'
import { type Data, documentsOf, jsonFile } from '../files/export-file.ts'
import { kubernetesListing } from '../files/listing.ts'
import { DNS_SERVICE_LABEL } from '../files/name-rule.ts'
import { limitBefore } from '../fit/demand.ts'
import { fittedFloor } from '../fit/fit.ts'
import { aimedAtWhole, KNATIVE_DEFAULT, knativeWaits, MOST_AT_ONCE, scaledByAnnotations } from '../fit/knative-scale.ts'
import type { Platform } from '../platform.ts'

const KINDS = {
  inferenceservice: { apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService' },
} as const

/**
 * KServe v1beta1 in its Knative mode: `minReplicas`, `scaleTarget` and `scaleMetric` of a predictor
 * (pkg/apis/serving/v1beta1/component.go). That annotations of an InferenceService reach the revision is assumed.
 */
export const kserve: Platform = {
  id: 'kserve',
  title: 'KServe',
  summary: 'The waits of Knative per InferenceService, and a minimum of replicas.',
  sets: 'the annotations `window`, `scale-down-delay`, `scale-to-zero-pod-retention-period` and `target-utilization-percentage`, and `minReplicas`, `scaleTarget`, `scaleMetric` and `containerConcurrency` of the predictor',
  sources: [
    {
      about: 'keys',
      says: 'keys of a predictor',
      at: 'kserve/kserve, pkg/apis/serving/v1beta1/component.go at 017d86a9',
      read: '2026-11-30',
    },
    {
      about: 'keys',
      says: 'annotations of an InferenceService, minReplicas and containerConcurrency reach its revision',
      at: 'kserve/kserve, ksvc_reconciler.go',
      read: '2026-11-30',
    },
    {
      about: 'keys',
      says: 'scaleTarget is the target of the revision',
      at: 'kserve/kserve, pkg/controller/v1beta1/inferenceservice/reconcilers/knative/ksvc_reconciler.go',
      read: '2026-11-30',
    },
    {
      about: 'default',
      says: 'one replica where minReplicas is not set; the waits are those of Knative',
      at: 'kserve/kserve, ksvc_reconciler.go',
      read: '2026-11-30',
    },
    {
      about: 'requests',
      says: 'its limit and target are those of Knative',
      at: 'kserve/kserve, ksvc_reconciler.go',
      read: '2026-11-30',
    },
  ],
  assumed: [],
  lacks: 'Pre-warming, schedules. In its raw mode, KServe uses an autoscaler of Kubernetes: export to keda then.',
  present: kubernetesListing(KINDS),
  // By default there is no maximum.
  maxima: { maxReplicas: Number.POSITIVE_INFINITY },
  names: DNS_SERVICE_LABEL,
  settings: { namespace: { describe: 'The namespace.', default: 'default', pattern: DNS_SERVICE_LABEL.pattern } },
  byDefault: {
    ...KNATIVE_DEFAULT,
    floor: constantFloor(1),
    from: `minReplicas: 1; ${KNATIVE_DEFAULT.from}`,
  },
  write({ apps, settings }) {
    const fitted = apps.map((app) => {
      const { annotations, limit: target, notes } = knativeWaits(app)
      const floor = fittedFloor(app, 'minReplicas')
      const predictor = {
        minReplicas: floor.instances,
        maxReplicas: Math.max(1, floor.instances),
        scaleTarget: target ?? null,
        scaleMetric: target === undefined ? null : 'concurrency',
        containerConcurrency: target ?? null,
      }
      const metadata = { annotations: { ...annotations, ...aimedAtWhole(target) } }
      const file = jsonFile(`services/${app.name}.json`, { metadata, spec: { predictor } })
      return { name: app.name, file, notes: [...notes, ...floor.notes] }
    })
    return {
      files: fitted.map(({ file }) => file),
      notes: fitted.flatMap(({ notes }) => notes),
      changes: fitted.map(({ name, file }) => ({ object: `inferenceservice/${name}`, patch: file.path })),
      tool: kubectl(settings['namespace']!, KINDS),
      before: [
        'A changed InferenceService makes a new revision. Its first pod loads the model again.',
        ...limitBefore(apps, 'containerConcurrency', MOST_AT_ONCE),
      ],
    }
  },
  read(files) {
    return new Map(
      [...documentsOf(files, 'services')].map(([name, { metadata, spec }]) => {
        const predictor = spec?.['predictor']
        // KServe writes the target of a predictor into the annotation of its revision.
        const target = predictor?.['scaleTarget'] ?? undefined
        const annotations = {
          ...(metadata?.['annotations'] as Data | undefined),
          ...(target === undefined ? {} : { 'autoscaling.knative.dev/target': target }),
        } as Data
        const least = Number(predictor?.['minReplicas'] ?? 1)
        const scaled = scaledByAnnotations(annotations, predictor?.['containerConcurrency'])
        return [name, { ...scaled, floor: least === 0 ? NO_FLOOR : constantFloor(least) }] as const
      }),
    )
  },
}
