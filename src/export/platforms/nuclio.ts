import { MINUTE, SECOND } from '../../core/units.ts'
import { constantFloor, NO_FLOOR } from '../../policy/plan/floor.ts'
import { documentsIn, listOf, yamlFile } from '../files/export-file.ts'
import { LABEL } from '../files/name-rule.ts'
import type { NamedApp, Platform } from '../platform.ts'
import { fittedFloor, fittedWindow } from '../fit/fit.ts'

/** Minutes that the platform's configuration offers as `inactivityWindowPresets` where it says nothing else. */
const PRESETS = [1, 2, 5, 10, 30] as const
const WINDOW = { knob: 'scaleResources[].windowSize', minS: 60, maxS: 1800 }

/** The least preset that is no shorter, and what that loses. */
function presetFor(app: NamedApp) {
  const { seconds, note } = fittedWindow(app, WINDOW)
  const minutes = PRESETS.find((preset) => preset * 60 >= seconds)!
  const isOther = minutes * 60 !== seconds
  return { minutes, note: { ...note, kind: isOther ? ('clamped' as const) : note.kind, written: `${minutes}m` } }
}

/** Nuclio: pkg/functionconfig/types.go and pkg/platformconfig/types.go. */
export const nuclio: Platform = {
  id: 'nuclio',
  title: 'Nuclio',
  summary: 'An inactivity window per function out of a few presets, 1 to 30 min.',
  sets: '`minReplicas`, `maxReplicas` and `scaleToZero.scaleResources` of a NuclioFunction',
  lacks:
    'Pre-warming, schedules, windows between the presets. The autoscaler is off in the Helm chart until it is switched on.',
  names: LABEL,
  settings: { namespace: { describe: 'The namespace of the functions.', default: 'nuclio', pattern: LABEL.pattern } },
  byDefault: {
    prewarmMs: 0,
    keepAliveMs: 30 * MINUTE,
    floor: constantFloor(1),
    from: 'the autoscaler is off: one replica stays',
  },
  write({ apps, settings: { namespace } }) {
    const fitted = apps.map((app) => {
      const { minutes, note } = presetFor(app)
      const { instances, notes } = fittedFloor(app, 'minReplicas')
      const resource = { metricName: 'nuclio_processor_handled_events_total', windowSize: `${minutes}m`, threshold: 0 }
      const spec = {
        minReplicas: instances,
        maxReplicas: Math.max(1, instances, app.evidence.peakInstances),
        scaleToZero: { scaleResources: [resource] },
      }
      const metadata = { name: app.name, namespace }
      const object = { apiVersion: 'nuclio.io/v1beta1', kind: 'NuclioFunction', metadata, spec }
      return { name: app.name, file: yamlFile(`functions/${app.name}.yaml`, [object]), notes: [note, ...notes] }
    })
    return {
      files: fitted.map(({ file }) => file),
      notes: fitted.flatMap(({ notes }) => notes),
      apply: fitted.map(
        ({ name, file }) =>
          `kubectl patch nucliofunction ${name} --namespace ${namespace} --type merge --patch-file ${file.path}`,
      ),
    }
  },
  read(files) {
    return new Map(
      documentsIn(files, /^functions\//).map(({ metadata, spec }) => {
        const [resource] = listOf(spec!['scaleToZero']!['scaleResources'])
        const keepAliveMs = Number.parseInt(String(resource!['windowSize']), 10) * 60 * SECOND
        const least = Number(spec!['minReplicas'])
        const floor = least === 0 ? NO_FLOOR : constantFloor(least)
        return [String(metadata!['name']), { prewarmMs: 0, keepAliveMs, floor }]
      }),
    )
  },
}
