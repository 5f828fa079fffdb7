import { SECOND } from '../../core/units.ts'
import { constantFloor, NO_FLOOR } from '../../policy/plan/floor.ts'
import type { Tool } from '../apply/tool.ts'
import { documentsOf, jsonFile } from '../files/export-file.ts'
import { namedListing } from '../files/listing.ts'
import { concurrencyOf, limitBefore, servedNote } from '../fit/demand.ts'
import { DNS_SERVICE_LABEL } from '../files/name-rule.ts'
import type { NamedApp, Platform } from '../platform.ts'
import { fittedFloor, fittedWindow } from '../fit/fit.ts'

/** Ranges of an app and of a function of Code Engine. An app stays about a minute even at a delay of 0. */
const KINDS = {
  app: { staysS: 60, defaultS: 0, maxS: 3600, path: 'apps', resource: 'ibm_code_engine_app', serves: 100, most: 1000 },
  function: {
    staysS: 0,
    defaultS: 1,
    maxS: 600,
    path: 'functions',
    resource: 'ibm_code_engine_function',
    serves: 1,
    most: 100,
  },
} as const
type Kind = keyof typeof KINDS
/** Instances that an app may have by default. */
const MAX_INSTANCES = 10

/** What is set of an app or function, by the names of the API and of the Terraform provider, which are the same. */
function scaleOf(app: NamedApp, kind: Kind) {
  const { staysS, maxS, most } = KINDS[kind]
  const range = { knob: 'scale_down_delay', minS: staysS, maxS: maxS + staysS }
  const { seconds, note } = fittedWindow(app, range)
  const floor = fittedFloor(app, kind === 'app' ? 'scale_min_instances' : 'none', kind === 'app' ? undefined : 0)
  const needed = Math.max(floor.instances, app.evidence.peakInstances)
  const scale = {
    scale_down_delay: seconds - staysS,
    // Always written, since the value of an earlier export would stay.
    scale_concurrency: concurrencyOf(app, most) ?? most,
    ...(kind === 'app' ? { scale_min_instances: floor.instances } : {}),
    ...(kind === 'app' ? { scale_max_instances: Math.max(1, needed) } : {}),
  }
  const served = servedNote(app, 'scale_concurrency', scale.scale_concurrency)
  return { name: app.name, scale, notes: [note, ...served, ...floor.notes] }
}

/** An override file replaces what it names. So a maximum that is high enough is left to the user's own files. */
function inTerraform({ scale_max_instances: most = 0, ...scale }: ReturnType<typeof scaleOf>['scale']) {
  return most > MAX_INSTANCES ? { ...scale, scale_max_instances: most } : scale
}

function toolOf(kind: Kind, region: string): Tool {
  const url = `"https://api.${region}.codeengine.cloud.ibm.com/v2/projects/$PROJECT_ID/${KINDS[kind].path}/$1"`
  const call = 'curl --fail --silent --show-error -H "Authorization: Bearer $TOKEN"'
  const keys =
    '{scale_down_delay, scale_concurrency, scale_min_instances, scale_max_instances} | with_entries(select(.value != null))'
  return {
    needs: ['curl'],
    variables: {
      PROJECT_ID: 'the id of the project (ibmcloud ce project current)',
      TOKEN: 'a token of IAM (ibmcloud iam oauth-tokens), without "Bearer", which is valid for an hour',
    },
    get: [`${call} ${url}`],
    put: [
      // A merge patch removes only what is null in it.
      `jq -n --slurpfile new "$2" --slurpfile old "$4" '($old[0] | ${keys} | map_values(null)) + ($new[0] | ${keys})' >"$2.body"`,
      `${call} -X PATCH ${url} -H 'If-Match: *' -H 'Content-Type: application/merge-patch+json' --data @"$2.body"`,
    ],
  }
}

/**
 * IBM Code Engine: code_engine_app and code_engine_function in the documentation of IBM-Cloud/terraform-provider-ibm; the
 * calls are those of its API, version 2, from general knowledge.
 */
export const ibmCodeEngine: Platform = {
  id: 'ibm-code-engine',
  title: 'IBM Code Engine',
  summary:
    'A scale-down delay per app (up to 1 h, after which it still stays for a minute) or function (up to 10 min).',
  sets: '`scale_down_delay`, `scale_concurrency`, and `scale_min_instances` of an app; the same in a Terraform override file',
  sources: [
    {
      about: 'keys',
      says: 'keys, ranges and defaults',
      at: 'IBM-Cloud/terraform-provider-ibm, documentation of code_engine_app at 04f067e6 and of code_engine_function at 24509745',
      read: '2026-11-30',
    },
    {
      about: 'default',
      says: 'an app stays for about a minute at a delay of 0',
      at: 'ibm-cloud-docs/codeengine, app-scale.md at cf2aa0e9, "Example scenario for autoscaling"',
      read: '2026-11-30',
    },
    {
      about: 'default',
      says: 'apps go to their minimum of 0 by their concurrency setting',
      at: 'IBM Code Engine, "Configuring application scaling"',
      read: '2026-11-30',
    },
    {
      about: 'requests',
      says: 'scale_concurrency of 100 for an app and 1 for a function',
      at: 'IBM-Cloud/terraform-provider-ibm, documentation of code_engine_app at 04f067e6 and of code_engine_function at 24509745',
      read: '2026-11-30',
    },
  ],
  assumed: [{ about: 'keys', says: 'the calls of its API, version 2' }],
  lacks: 'Pre-warming, schedules; minimum instances of functions.',
  present: namedListing(
    ({ kind, region }) => [
      `curl --fail --silent --show-error -H "Authorization: Bearer $TOKEN" "https://api.${region}.codeengine.cloud.ibm.com/v2/projects/$PROJECT_ID/${kind}s?limit=100"`,
    ],
    { key: 'name', lists: ['apps', 'functions'] },
  ),
  maxima: { scale_max_instances: MAX_INSTANCES },
  names: DNS_SERVICE_LABEL,
  settings: {
    kind: { describe: 'What is deployed: app or function.', default: 'app', pattern: /^(app|function)$/ },
    region: { describe: 'The region of the project.', default: 'us-south', pattern: /^[a-z]{2}-[a-z]+$/ },
  },
  byDefault: {
    prewarmMs: 0,
    keepAliveMs: 60 * SECOND,
    floor: NO_FLOOR,
    concurrency: KINDS.app.serves,
    from: 'scale_down_delay of an app: 0 s, after which it still stays for about a minute; scale_concurrency: 100',
  },
  defaultUnder(settings) {
    if (settings['kind'] !== 'function') return undefined
    const from = 'scale_down_delay of a function: 1 s'
    return { prewarmMs: 0, keepAliveMs: SECOND, floor: NO_FLOOR, concurrency: KINDS.function.serves, from }
  },
  write({ apps, settings }) {
    const kind = settings['kind'] as Kind
    const all = apps.map((app) => scaleOf(app, kind))
    const resources = Object.fromEntries(all.map(({ name, scale }) => [name, inTerraform(scale)]))
    return {
      files: [
        ...all.map(({ name, scale }) => jsonFile(`${kind}s/${name}.json`, scale)),
        ...(all.length === 0
          ? []
          : [jsonFile('pilotlight_override.tf.json', { resource: { [KINDS[kind].resource]: resources } })]),
      ],
      notes: all.flatMap(({ notes }) => notes),
      changes: all.map(({ name }) => ({ object: name, patch: `${kind}s/${name}.json` })),
      tool: toolOf(kind, settings['region']!),
      before: [
        'A changed app gets a new revision, whose first instance is cold.',
        ...limitBefore(
          apps.filter(({ concurrency }) => Number.isFinite(concurrency)),
          'scale_concurrency',
          KINDS[kind].most,
        ),
        'Are the apps managed by Terraform? Then put pilotlight_override.tf.json beside your files instead. Terraform merges it into the resources of the same names.',
      ],
    }
  },
  read(files) {
    const kinds = Object.keys(KINDS) as Kind[]
    return new Map(
      kinds.flatMap((kind) =>
        [...documentsOf(files, `${kind}s`)].map(([name, scale]) => {
          const { staysS, defaultS, serves } = KINDS[kind]
          const keepAliveMs = (Number(scale['scale_down_delay'] ?? defaultS) + staysS) * SECOND
          const floor = constantFloor(Number(scale['scale_min_instances'] ?? 0))
          const concurrency = Number(scale['scale_concurrency'] ?? serves)
          return [name, { prewarmMs: 0, keepAliveMs, concurrency, floor }] as const
        }),
      ),
    )
  },
}
