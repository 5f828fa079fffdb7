import { MINUTE, SECOND } from '../../core/units.ts'
import { constantFloor, NO_FLOOR } from '../../policy/plan/floor.ts'
import { filtered, type Tool } from '../apply/tool.ts'
import { type Data, documentsOf, jsonFile, omit } from '../files/export-file.ts'
import { namedListing } from '../files/listing.ts'
import { concurrencyOf } from '../fit/demand.ts'
import { DNS_LABEL } from '../files/name-rule.ts'
import { goSeconds } from '../files/go-duration.ts'
import type { NamedApp, Platform } from '../platform.ts'
import { fittedFloor, fittedWindow, MOST_SECONDS, othersNote } from '../fit/fit.ts'

const PREFIX = 'com.openfaas.scale.'
const ZERO_DURATION = { knob: 'scale.zero-duration', minS: 1, maxS: MOST_SECONDS }
/** Replicas that a function may have by default. */
const MAX_REPLICAS = 20
/** The longest stable window of the autoscaler. */
const MOST_STABLE_S = 300

function labelsOf(app: NamedApp, seconds: number, floor: number): Record<string, string | null> {
  const needed = Math.max(floor, app.evidence.peakInstances)
  const target = concurrencyOf(app, MOST_SECONDS)
  return {
    // The minimum holds only while the function is not at zero, so one that must hold forbids zero.
    [`${PREFIX}zero`]: String(floor === 0),
    [`${PREFIX}zero-duration`]: `${seconds}s`,
    [`${PREFIX}min`]: String(Math.max(1, floor)),
    [`${PREFIX}max`]: String(Math.max(1, needed)),
    [`${PREFIX}type`]: target === undefined ? null : 'capacity',
    [`${PREFIX}target`]: target === undefined ? null : String(target),
    [`${PREFIX}down.window`]: `${Math.min(MOST_STABLE_S, seconds)}s`,
  }
}

/** Fields that the gateway adds to a function. */
const SAID = ['replicas', 'availableReplicas', 'invocationCount', 'createdAt', 'usage'] as const

/** A function as it is sent to the gateway, made from what the gateway prints. */
function asDeployed(said: Data): Data {
  return { ...omit(said, ['name', ...SAID]), service: said['name']! }
}

/** The gateway accepts only whole functions. So what it prints is sent back with changed labels, and all else as it was. */
function toolOf(gateway: string): Tool {
  const call = `curl --fail --silent --show-error --user "admin:$OPENFAAS_PASSWORD"`
  const url = `${gateway.replace(/\/$/, '')}/system/function`
  return {
    needs: ['curl'],
    variables: { OPENFAAS_PASSWORD: 'the password of the user admin of the gateway (the secret basic-auth)' },
    get: filtered(
      `${call} ${url}/"$1"`,
      `. + {service: .name} | del(.name, ${SAID.map((key) => `.${key}`).join(', ')})`,
    ),
    put: [`${call} -X PUT ${url}s -H 'Content-Type: application/json' --data @"$2"`],
  }
}

/**
 * OpenFaaS Pro: docs.openfaas.com/reference/autoscaling for the labels, faas-provider types for the gateway's functions
 * (read in 2026).
 */
export const openfaas: Platform = {
  id: 'openfaas',
  title: 'OpenFaaS',
  summary: 'An idle duration per function before it goes to zero, in OpenFaaS Pro.',
  sets: 'the labels `scale.zero`, `scale.zero-duration`, `scale.min`, `scale.down.window`, `scale.type` and `scale.target` of a function',
  sources: [
    {
      about: 'default',
      says: 'scale.zero is false unless a function says otherwise; 5 to 10 min are recommended',
      at: 'docs.openfaas.com, "Scale to Zero"',
      read: '2026-11-30',
    },
    {
      about: 'keys',
      says: 'labels',
      at: 'openfaas/docs, docs/architecture/autoscaling.md at 7962ff8e',
      read: '2026-11-30',
    },
    {
      about: 'keys',
      says: "the gateway's functions",
      at: 'openfaas/faas-provider, types/model.go at 2a26d3f7',
      read: '2026-11-30',
    },
  ],
  assumed: [
    { about: 'default', says: 'replicas beyond the first stay for 5 min at most' },
    { about: 'requests', says: 'requests go to running replicas' },
  ],
  lacks:
    'Pre-warming, schedules. The documentation advises 5 min or more; replicas beyond the first stay for 5 min at most.',
  present: namedListing(
    ({ gateway }) => [
      `curl --fail --silent --show-error --user "admin:$OPENFAAS_PASSWORD" ${gateway!.replace(/\/$/, '')}/system/functions`,
    ],
    { key: 'name', lists: ['functions'], of: asDeployed },
  ),
  sharesRunning: true,
  maxima: { [`${PREFIX}max`]: MAX_REPLICAS },
  names: DNS_LABEL,
  settings: {
    gateway: { describe: 'The gateway.', default: 'http://127.0.0.1:8080', pattern: /^https?:\/\/[-\w.:[\]]+\/?$/ },
  },
  byDefault: {
    prewarmMs: 0,
    keepAliveMs: 15 * MINUTE,
    floor: constantFloor(1),
    from: 'scale.zero: false; scale.min: 1; zero-duration: 15 min',
  },
  write({ apps, settings }) {
    const fitted = apps.map((app) => {
      const { seconds, note } = fittedWindow(app, ZERO_DURATION)
      const { instances, notes } = fittedFloor(app, 'scale.min')
      const others = othersNote(app, 'scale.down.window', Math.min(MOST_STABLE_S, seconds))
      const file = jsonFile(`functions/${app.name}.json`, { labels: labelsOf(app, seconds, instances) })
      return { name: app.name, file, notes: [note, ...others, ...notes] }
    })
    return {
      files: fitted.map(({ file }) => file),
      notes: fitted.flatMap(({ notes }) => notes),
      changes: fitted.map(({ name, file }) => ({ object: name, patch: file.path })),
      tool: toolOf(settings['gateway']!),
      before: [
        'An updated function is rolled out again: its pods are replaced.',
        'Put the labels also into the stack.yaml from which functions are deployed, since faas-cli deploy replaces them.',
      ],
    }
  },
  read(files) {
    return new Map(
      [...documentsOf(files, 'functions')].map(([name, { labels }]) => {
        const label = (key: string, otherwise: string): string =>
          String((labels as Data | undefined)?.[PREFIX + key] ?? otherwise)
        const lastKeepAliveMs = goSeconds(label('zero-duration', '15m')) * SECOND
        const keepAliveMs = Math.min(lastKeepAliveMs, goSeconds(label('down.window', '0s')) * SECOND)
        const floor = label('zero', 'false') === 'true' ? NO_FLOOR : constantFloor(Number(label('min', '1')))
        return [name, { prewarmMs: 0, keepAliveMs, lastKeepAliveMs, floor }] as const
      }),
    )
  },
}
