import { SECOND } from '../../core/units.ts'
import { constantFloor, NO_FLOOR } from '../../policy/plan/floor.ts'
import { type Data, documentsIn, jsonFile } from '../files/export-file.ts'
import { LABEL } from '../files/name-rule.ts'
import type { NamedApp, Platform } from '../platform.ts'
import { fittedFloor, fittedWindow } from '../fit/fit.ts'

/** What an app and a function of Code Engine take. */
const KINDS = {
  app: { maxS: 3600, resource: 'ibm_code_engine_app', word: 'application', mostInstances: Number.MAX_SAFE_INTEGER },
  function: { maxS: 600, resource: 'ibm_code_engine_function', word: 'function', mostInstances: 0 },
} as const
type Kind = keyof typeof KINDS

function fitted(app: NamedApp, kind: Kind) {
  const { maxS, mostInstances } = KINDS[kind]
  const { seconds, note } = fittedWindow(app, { knob: 'scale_down_delay', minS: 0, maxS })
  const { instances, notes } = fittedFloor(app, kind === 'app' ? 'scale_min_instances' : 'none', mostInstances)
  return { name: app.name, seconds, instances, peak: app.evidence.peakInstances, notes: [note, ...notes] }
}

/** The values that Terraform has to be told of what is deployed already, and must not change. */
function deployed(kind: Kind, name: string): Record<string, unknown> {
  const known = { project_id: '${var.project_id}', name }
  if (kind === 'app') return { ...known, image_reference: `\${var.images["${name}"]}` }
  return { ...known, runtime: `\${var.runtimes["${name}"]}`, code_reference: `\${var.code["${name}"]}` }
}

/** IBM Code Engine: code_engine_app and code_engine_function in the documentation of IBM-Cloud/terraform-provider-ibm. */
export const ibmCodeEngine: Platform = {
  id: 'ibm-code-engine',
  title: 'IBM Code Engine',
  summary: 'A scale-down delay per app (up to 1 h) or function (up to 10 min).',
  sets: '`scale_down_delay`, and `scale_min_instances` of an app',
  lacks:
    'Pre-warming, schedules; minimum instances of functions. Nothing but the delay is simulated: what else its autoscaler keeps an idle instance for is not documented.',
  names: LABEL,
  settings: {
    kind: { describe: 'app or function: what the deployed things are.', default: 'app', pattern: /^(app|function)$/ },
  },
  byDefault: { prewarmMs: 0, keepAliveMs: 0, floor: NO_FLOOR, from: 'scale_down_delay of an app: 0 s' },
  defaultUnder(settings) {
    if (settings['kind'] !== 'function') return undefined
    return { prewarmMs: 0, keepAliveMs: SECOND, floor: NO_FLOOR, from: 'scale_down_delay of a function: 1 s' }
  },
  write({ apps, settings }) {
    const kind = settings['kind'] as Kind
    const { resource, word } = KINDS[kind]
    const all = apps.map((app) => fitted(app, kind))
    const resources = all.map(({ name, seconds, instances, peak }) => {
      const scale =
        kind === 'app' ? { scale_min_instances: instances, scale_max_instances: Math.max(10, instances, peak) } : {}
      return [name, { ...deployed(kind, name), scale_down_delay: seconds, ...scale }] as const
    })
    const maps = kind === 'app' ? ['images'] : ['runtimes', 'code']
    const variables = Object.fromEntries(maps.map((name) => [name, { type: 'map(string)' }]))
    const terraform = {
      terraform: { required_providers: { ibm: { source: 'IBM-Cloud/ibm' } } },
      variable: { project_id: { type: 'string' }, ...variables },
      resource: { [resource]: Object.fromEntries(resources) },
    }
    return {
      files: [jsonFile('main.tf.json', terraform)],
      notes: all.flatMap(({ notes }) => notes),
      apply: all.map(({ name, seconds, instances }) => {
        const least = kind === 'app' ? ` --min-scale ${instances}` : ''
        return `ibmcloud code-engine ${word} update --name ${name} --scale-down-delay ${seconds}${least}`
      }),
    }
  },
  read(files) {
    const [terraform] = documentsIn(files, /^main\.tf\.json$/)
    const resources = Object.values((terraform?.['resource'] ?? {}) as Record<string, Data>)
    return new Map(
      resources.flatMap((named) =>
        Object.values(named as Record<string, Data>).map((resource) => {
          const keepAliveMs = Number(resource['scale_down_delay']) * SECOND
          const floor = constantFloor(Number(resource['scale_min_instances'] ?? 0))
          return [String(resource['name']), { prewarmMs: 0, keepAliveMs, floor }] as const
        }),
      ),
    )
  },
}
