import { MINUTE, SECOND } from '../../core/units.ts'
import { constantFloor, NO_FLOOR } from '../../policy/plan/floor.ts'
import { type Data, documentsIn, yamlFile } from '../files/export-file.ts'
import { LABEL } from '../files/name-rule.ts'
import type { NamedApp, Platform } from '../platform.ts'
import { fittedFloor, fittedWindow, MOST_SECONDS } from '../fit/fit.ts'

const PREFIX = 'com.openfaas.scale.'
const ZERO_DURATION = { knob: 'scale.zero-duration', minS: 1, maxS: MOST_SECONDS }
const MAX_REPLICAS = 20

function labelsOf(app: NamedApp, seconds: number, floor: number): Record<string, string> {
  return {
    // The minimum holds only while the function is not at zero, so one that must hold forbids zero.
    [`${PREFIX}zero`]: String(floor === 0),
    [`${PREFIX}zero-duration`]: `${seconds}s`,
    [`${PREFIX}min`]: String(Math.max(1, floor)),
    [`${PREFIX}max`]: String(Math.max(MAX_REPLICAS, floor, app.evidence.peakInstances)),
  }
}

/** OpenFaaS Pro: labels of a function as openfaas/faas-cli deploys them. */
export const openfaas: Platform = {
  id: 'openfaas',
  title: 'OpenFaaS',
  summary: 'An idle duration per function before it goes to zero, in OpenFaaS Pro.',
  sets: 'the labels `scale.zero`, `scale.zero-duration`, `scale.min` and `scale.max` in stack.yaml',
  lacks:
    'Pre-warming, schedules. The documentation advises 5 min or more. How fast further replicas go is not documented: the same time is simulated.',
  names: LABEL,
  settings: {
    gateway: { describe: 'The gateway.', default: 'http://127.0.0.1:8080', pattern: /^https?:\/\/[-\w.:[\]]+\/?$/ },
  },
  byDefault: {
    prewarmMs: 0,
    keepAliveMs: 15 * MINUTE,
    floor: constantFloor(1),
    from: 'scale.zero: false; scale.min: 1; zero-duration: 15 min',
  },
  write({ apps, settings: { gateway } }) {
    const fitted = apps.map((app) => {
      const { seconds, note } = fittedWindow(app, ZERO_DURATION)
      const { instances, notes } = fittedFloor(app, 'scale.min')
      const image = `\${REGISTRY:-docker.io/library}/${app.name}:\${TAG:-latest}`
      const entry = { skip_build: true, image, labels: labelsOf(app, seconds, instances) }
      return { entry: [app.name, entry] as const, notes: [note, ...notes] }
    })
    const functions = Object.fromEntries(fitted.map(({ entry }) => entry))
    return {
      files: [yamlFile('stack.yaml', [{ version: '1.0', provider: { name: 'openfaas', gateway }, functions }])],
      notes: fitted.flatMap(({ notes }) => notes),
      apply: ['faas-cli deploy --yaml stack.yaml'],
    }
  },
  read(files) {
    const [stack] = documentsIn(files, /^stack\.yaml$/)
    return new Map(
      Object.entries((stack?.['functions'] ?? {}) as Record<string, Data>).map(([name, { labels }]) => {
        const label = (key: string): string => String(labels![PREFIX + key])
        const keepAliveMs = Number.parseInt(label('zero-duration'), 10) * SECOND
        const floor = label('zero') === 'true' ? NO_FLOOR : constantFloor(Number(label('min')))
        return [name, { prewarmMs: 0, keepAliveMs, floor }]
      }),
    )
  },
}
