import { HOUR, SECOND } from '../../core/units.ts'
import { constantFloor, NO_FLOOR } from '../../policy/plan/floor.ts'
import { type Data, documentsIn, yamlFile } from '../files/export-file.ts'
import { LABEL } from '../files/name-rule.ts'
import type { NamedApp, Platform } from '../platform.ts'
import { fittedFloor, fittedWindow } from '../fit/fit.ts'

const PREFIX = 'autoscaling.knative.dev/'
/** The stable window where no other is needed, as `config-autoscaler` has it. */
const WINDOW_S = 60
/** Longest window, retention period and delay that the webhook admits. */
const HOUR_S = HOUR / SECOND
const LAST_POD = { knob: 'window + scale-to-zero-pod-retention-period', minS: 6, maxS: 2 * HOUR_S }

/** The window of a pair of window and retention period that together keep the last pod for so many seconds. */
function windowFor(seconds: number): number {
  return seconds <= WINDOW_S ? seconds : Math.max(WINDOW_S, seconds - HOUR_S)
}

function annotationsOf(app: NamedApp, seconds: number, minScale: number): Record<string, string> {
  const window = windowFor(seconds)
  const annotations: Record<string, string> = {
    [`${PREFIX}window`]: `${window}s`,
    [`${PREFIX}scale-to-zero-pod-retention-period`]: `${seconds - window}s`,
  }
  // Retention spares the last pod only; the delay holds all of them.
  if (app.evidence.peakInstances > 1) annotations[`${PREFIX}scale-down-delay`] = `${seconds - window}s`
  if (minScale > 0) annotations[`${PREFIX}min-scale`] = String(minScale)
  return annotations
}

/** Knative Serving: pkg/apis/autoscaling/annotation_validation.go and kpa/scaler.go. */
export const knative: Platform = {
  id: 'knative',
  title: 'Knative Serving',
  summary: 'A window and a retention period per service, together up to 2 h for the last pod.',
  sets: 'the annotations `window`, `scale-to-zero-pod-retention-period`, `scale-down-delay` and `min-scale` of the revision template',
  lacks: 'Pre-warming; schedules without a new revision. Retention spares the last pod only.',
  names: LABEL,
  settings: { namespace: { describe: 'The namespace of the services.', default: 'default', pattern: LABEL.pattern } },
  byDefault: { prewarmMs: 0, keepAliveMs: WINDOW_S * SECOND, floor: NO_FLOOR, from: 'config-autoscaler: window 60 s' },
  write({ apps, settings: { namespace } }) {
    const services = apps.map((app) => {
      const { seconds, note } = fittedWindow(app, LAST_POD)
      const { instances, notes } = fittedFloor(app, 'min-scale')
      const annotations = annotationsOf(app, seconds, instances)
      const service = {
        apiVersion: 'serving.knative.dev/v1',
        kind: 'Service',
        metadata: { name: app.name, namespace },
        spec: { template: { metadata: { annotations } } },
      }
      return { name: app.name, service, notes: [note, ...notes] }
    })
    return {
      files: services.map(({ name, service }) => yamlFile(`services/${name}.yaml`, [service])),
      notes: services.flatMap(({ notes }) => notes),
      apply: services.map(
        ({ name }) =>
          `kubectl patch ksvc ${name} --namespace ${namespace} --type merge --patch-file services/${name}.yaml`,
      ),
    }
  },
  read(files) {
    return new Map(
      documentsIn(files, /^services\//).map(({ metadata, spec }) => {
        const annotations = (spec!['template']!['metadata']!['annotations'] ?? {}) as Data
        const ms = (key: string): number =>
          Number(/^(\d+)s$/.exec(String(annotations[PREFIX + key] ?? '0s'))![1]) * SECOND
        const keepAliveMs = ms('window') + ms('scale-down-delay')
        const lastKeepAliveMs = Math.max(keepAliveMs, ms('window') + ms('scale-to-zero-pod-retention-period'))
        const floor = constantFloor(Number(annotations[`${PREFIX}min-scale`] ?? 0))
        return [String(metadata!['name']), { prewarmMs: 0, keepAliveMs, lastKeepAliveMs, floor }]
      }),
    )
  },
}
