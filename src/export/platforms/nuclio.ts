import { MINUTE, SECOND } from '../../core/units.ts'
import { constantFloor, NO_FLOOR } from '../../policy/plan/floor.ts'
import { kubectl } from '../apply/tool.ts'
import { documentsOf, jsonFile, listOf } from '../files/export-file.ts'
import { kubernetesListing } from '../files/listing.ts'
import { goSeconds } from '../files/go-duration.ts'
import { DNS_LABEL } from '../files/name-rule.ts'
import type { NamedApp, Platform } from '../platform.ts'
import { fittedFloor, fittedWindow } from '../fit/fit.ts'

/** Minutes that platforms before 1.15 offer as `inactivityWindowPresets` by default. */
const PRESETS = [1, 2, 5, 10, 30] as const
/** A function goes to zero when the window and a minute of the scaler are over. */
const SCALER_S = 60
const MOST_WINDOW_S = 7 * 24 * 3600
const METRIC = 'nuclio_processor_handled_events_total'

/** The window that ends, with the scaler's minute, when the plan says; of presets the shortest one that is long enough. */
function windowFor(app: NamedApp, windows: string) {
  const longest = windows === 'any' ? MOST_WINDOW_S : PRESETS.at(-1)! * 60
  const least = windows === 'any' ? 1 : PRESETS[0] * 60
  const range = { knob: 'scaleResources[].windowSize', minS: least + SCALER_S, maxS: longest + SCALER_S }
  const { seconds, note } = fittedWindow(app, range)
  const wished = seconds - SCALER_S
  const size = windows === 'any' ? wished : PRESETS.find((preset) => preset * 60 >= wished)! * 60
  const kind = size === wished ? note.kind : ('clamped' as const)
  return { size, note: { ...note, kind, written: `${size}s and a minute` } }
}

const KINDS = {
  nucliofunction: { apiVersion: 'nuclio.io/v1beta1', kind: 'NuclioFunction' },
} as const

/** Nuclio: pkg/functionconfig/types.go and pkg/platformconfig/types.go. */
export const nuclio: Platform = {
  id: 'nuclio',
  title: 'Nuclio',
  summary: 'An inactivity window per function, a minute after which it goes to zero.',
  sets: '`minReplicas` and `scaleToZero.scaleResources` of a NuclioFunction',
  sources: [
    {
      about: 'keys',
      says: 'keys',
      at: 'nuclio/nuclio, pkg/platformconfig/types.go at 00b8ad37',
      read: '2026-11-30',
    },
    {
      about: 'keys',
      says: 'since 1.15 any window',
      at: 'nuclio/nuclio 1.15, release notes',
      read: '2026-11-30',
    },
  ],
  assumed: [
    { about: 'default', says: 'the Helm chart leaves the autoscaler off' },
    { about: 'requests', says: 'calls wait for a worker of a running replica' },
  ],
  lacks:
    'Pre-warming, schedules; before 1.15 windows other than the presets. The autoscaler must be switched on in the Helm chart.',
  present: kubernetesListing(KINDS),
  sharesRunning: true,
  maxima: { maxReplicas: 1 },
  names: DNS_LABEL,
  settings: {
    namespace: { describe: 'The namespace of the functions.', default: 'nuclio', pattern: DNS_LABEL.pattern },
    windows: { describe: 'any (since 1.15) or presets.', default: 'any', pattern: /^(any|presets)$/ },
  },
  byDefault: {
    prewarmMs: 0,
    keepAliveMs: 30 * MINUTE,
    floor: constantFloor(1),
    from: 'the autoscaler is off: one replica stays',
  },
  write({ apps, settings }) {
    const fitted = apps.map((app) => {
      const { size, note } = windowFor(app, settings['windows']!)
      const { instances, notes } = fittedFloor(app, 'minReplicas')
      const spec = {
        minReplicas: instances,
        // The peak of the trace is no limit. Only a minimum needs a maximum that is as high.
        maxReplicas: instances > 1 ? Math.max(instances, app.evidence.peakInstances) : 1,
        scaleToZero: { scaleResources: [{ metricName: METRIC, windowSize: `${size}s`, threshold: 0 }] },
      }
      const file = jsonFile(`functions/${app.name}.json`, { spec })
      return { name: app.name, file, notes: [note, ...notes] }
    })
    return {
      files: fitted.map(({ file }) => file),
      notes: fitted.flatMap(({ notes }) => notes),
      changes: fitted.map(({ name, file }) => ({ object: `nucliofunction/${name}`, patch: file.path })),
      tool: kubectl(settings['namespace']!, KINDS),
      before: [
        'The controller deploys a changed function again: its pods are restarted.',
        'How many calls a pod serves at a time is not changed. In the simulation, calls beyond that go to running pods, whatever the concurrency of the model. None of them is cold.',
      ],
    }
  },
  read(files) {
    return new Map(
      [...documentsOf(files, 'functions')].map(([name, { spec }]) => {
        const resource = listOf(spec?.['scaleToZero']?.['scaleResources']).find(
          (each) => String(each['metricName']) === METRIC,
        )
        const least = Number(spec?.['minReplicas'] ?? 1)
        const floor = least === 0 ? NO_FLOOR : constantFloor(least)
        if (resource === undefined) return [name, { prewarmMs: 0, keepAliveMs: 30 * MINUTE, floor }] as const
        const keepAliveMs = (goSeconds(String(resource['windowSize'])) + SCALER_S) * SECOND
        return [name, { prewarmMs: 0, keepAliveMs, floor }] as const
      }),
    )
  },
}
