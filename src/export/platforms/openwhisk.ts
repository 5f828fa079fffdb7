import { MINUTE, SECOND } from '../../core/units.ts'
import { NO_FLOOR } from '../../policy/plan/floor.ts'
import { documentsOf, type ExportFile, jsonFile, yamlFile } from '../files/export-file.ts'
import { entriesAt, type Listed } from '../files/listing.ts'
import { filtered, type Tool } from '../apply/tool.ts'
import { servedNote } from '../fit/demand.ts'
import type { FidelityNote } from '../fit/fidelity.ts'
import type { NamedApp, Platform, ServedRules } from '../platform.ts'
import { fittedFloor, MOST_SECONDS, spanMs, windowsText } from '../fit/fit.ts'

/** Idle time before a container is paused, which counts as well; the default of `pause-grace`. */
const PAUSE_GRACE_S = 10
/** The least that all apps get: the grace and a second in the pool. */
const LEAST_S = PAUSE_GRACE_S + 1
/** Prefix, name and tag of an image, which ExecManifest.scala needs for every runtime. */
const IMAGE = /^([a-z0-9][-\w.:/]*)\/([a-z0-9][-\w.]*):([\w][-\w.]*)$/
/** Stem cells are made per memory size: what an action may have, in MB. */
const SIZES_MB = [128, 256, 512] as const

function wishedSeconds(app: NamedApp): number {
  return Math.min(MOST_SECONDS, Math.ceil(spanMs(app) / SECOND))
}

/** One window for all apps: the shortest one where namespaces add to it, else the one that most idle times need. */
function commonSeconds(apps: readonly NamedApp[], scheduler: string): number {
  const wished = apps
    .map((app) => ({ seconds: wishedSeconds(app), weight: app.evidence.idleTimes + 1 }))
    .toSorted((a, b) => a.seconds - b.seconds)
  if (scheduler === 'fpc') return Math.max(LEAST_S, wished[0]?.seconds ?? LEAST_S)
  const half = wished.reduce((sum, { weight }) => sum + weight, 0) / 2
  let below = 0
  const median = wished.find(({ weight }) => (below += weight) >= half)
  return Math.max(LEAST_S, median?.seconds ?? LEAST_S)
}

/**
 * Settings of every invoker, over those that it comes with; stem cells follow the cold starts of the last minute only if
 * they are checked each minute.
 */
function invokerConf(common: number): ExportFile {
  const text = `include classpath("application.conf")

whisk {
  container-proxy {
    timeouts {
      pause-grace = ${PAUSE_GRACE_S} seconds
      idle-container = ${common - PAUSE_GRACE_S} seconds
    }
  }
  container-pool {
    prewarm-expiration-check-interval = 1 minute
  }
}
`
  return { path: 'invoker.conf', text }
}

/** An image as a manifest has it, in parts. */
function imageOf(image: string): Record<string, string> {
  const [, prefix, name, tag] = IMAGE.exec(image)!
  return { prefix: prefix!, name: name!, tag: tag! }
}

/** One stem cell of each memory size, more while cold starts come: as many as there are apps of that size. */
function runtimes(apps: readonly NamedApp[], kind: string, image: string): ExportFile {
  const sizes = Map.groupBy(apps, ({ memoryMb }) => SIZES_MB.find((size) => memoryMb <= size) ?? SIZES_MB.at(-1)!)
  const stemCells = [...sizes]
    .toSorted(([a], [b]) => a - b)
    .map(([size, { length }]) => ({
      initialCount: 1,
      memory: `${size} MB`,
      reactive: { minCount: 1, maxCount: length, ttl: '10 minutes', threshold: 1, increment: 1 },
    }))
  const [family = kind] = kind.split(':')
  return jsonFile('runtimes.json', {
    runtimes: { [family]: [{ kind, default: true, image: imageOf(image), stemCells }] },
  })
}

/** The same for invokers that ansible deploys, where its environment takes the place of invoker.conf, and for others. */
function deployed(common: number): ExportFile[] {
  const idle = `${common - PAUSE_GRACE_S} seconds`
  const grace = `${PAUSE_GRACE_S} seconds`
  const environment = [
    `CONFIG_whisk_containerProxy_timeouts_idleContainer=${idle}`,
    `CONFIG_whisk_containerProxy_timeouts_pauseGrace=${grace}`,
    'CONFIG_whisk_containerPool_prewarmExpirationCheckInterval=1 minute',
  ]
  const variables = { containerProxy_timeouts_idleContainer: idle, containerProxy_timeouts_pauseGrace: grace }
  return [
    { path: 'invoker.env', text: `${environment.join('\n')}\n` },
    yamlFile('group_vars/all/pilotlight.yml', [variables]),
  ]
}

function limits({ name, evidence }: NamedApp, keepingS: number): ExportFile {
  return jsonFile(`limits/${name}.json`, {
    warmedContainerKeepingCount: keepingS === 0 ? 0 : Math.max(1, evidence.peakInstances),
    warmedContainerKeepingTimeout: `${Math.max(1, keepingS)} seconds`,
  })
}

function noteOf(app: NamedApp, seconds: number, scheduler: string): FidelityNote {
  const wished = Math.ceil(spanMs(app) / SECOND)
  const isSuperset = app.prewarmMs > 0 && app.prewarmMs < Number.POSITIVE_INFINITY
  const fpcKind = wished !== seconds ? 'clamped' : isSuperset ? 'superset' : 'exact'
  return {
    app: app.app,
    knob: scheduler === 'fpc' ? 'idle-container + warmedContainerKeepingTimeout' : 'idle-container',
    kind: scheduler === 'fpc' ? fpcKind : 'global',
    wanted: windowsText(app),
    written: `${seconds}s`,
  }
}

/** The defaults of application.conf. */
const SHIPPED = `pause-grace = ${PAUSE_GRACE_S} seconds\nidle-container = 10 minutes\n`
const KEEPING = '10 minutes'
/** How many containers of an action stay longer, by default. */
const KEPT = 1

/**
 * Idle containers under the scheduler. It looks at each when its idle time is over. While no more than
 * `count` containers of its action are there, it stays for `keepingS` longer. With a count of 1 only the last one does.
 */
function keptRules(commonS: number, count: number, keepingS: number): ServedRules {
  const rules = { prewarmMs: 0, keepAliveMs: commonS * SECOND, floor: NO_FLOOR }
  const longerMs = (commonS + keepingS) * SECOND
  if (count === 0) return rules
  return count === 1 ? { ...rules, lastKeepAliveMs: longerMs } : { ...rules, keepAliveMs: longerMs }
}

/** The seconds of a duration as Scala writes it, as in `10 minutes`. */
function scalaSeconds(text: string): number {
  const [, number = '', unit = ''] = /^\s*(\d+)\s*([a-z]*)/.exec(text) ?? []
  const found = Object.entries({ ms: 1e-3, milli: 1e-3, m: 60, h: 3600, d: 86_400, s: 1 }).find(([each]) =>
    unit.startsWith(each),
  )
  return Number(number) * (found?.[1] ?? 1)
}

/** A namespace's limits in CouchDB, whose other fields and revision are kept. */
const LIMITS: Tool = {
  needs: ['curl'],
  variables: {
    COUCHDB: 'the URL of the database, with its user and password (db_protocol, db_host and db_port of ansible)',
    SUBJECTS: 'the name of the database of subjects (whisk_local_subjects in a local deployment)',
  },
  get: filtered(
    `curl --silent --show-error "$COUCHDB/$SUBJECTS/$1%2Flimits"`,
    `if .error == "not_found" then empty elif .error then error(.error) else . end`,
  ),
  put: [
    `curl --fail --silent --show-error -X PUT "$COUCHDB/$SUBJECTS/$1%2Flimits" -H 'Content-Type: application/json' --data @"$2"`,
  ],
  drop: [
    `rev=$(curl --fail --silent "$COUCHDB/$SUBJECTS/$1%2Flimits" | jq -r ._rev)`,
    `curl --fail --silent --show-error -X DELETE "$COUCHDB/$SUBJECTS/$1%2Flimits?rev=$rev"`,
  ],
}

/** Without the scheduler all containers have the same idle time. */
const SHARDING_DEFAULT: Platform['byDefault'] = {
  concurrency: 1,
  prewarmMs: 0,
  keepAliveMs: 10 * MINUTE + PAUSE_GRACE_S * SECOND,
  floor: NO_FLOOR,
  from: 'application.conf: pause-grace 10 s, idle-container 10 min',
}

/** Apache OpenWhisk: core/invoker application.conf, ExecManifest.scala, the FPC scheduler's namespace limits. */
export const openwhisk: Platform = {
  id: 'openwhisk',
  title: 'Apache OpenWhisk',
  summary: 'An idle time per namespace with the new scheduler, one for all without it; stem cells per runtime.',
  sets: 'the invoker (invoker.conf), `warmedContainerKeepingCount` and `-Timeout` of a namespace per app, stem cells in runtimes.json',
  sources: [
    {
      about: 'default',
      says: 'pause-grace 10 s, idle-container 10 min and keeping-duration 10 min',
      at: 'apache/openwhisk, core/invoker application.conf',
      read: '2026-11-30',
    },
    {
      about: 'keys',
      says: 'stem cells',
      at: 'apache/openwhisk, ExecManifest.scala at 0dd7cf6b',
      read: '2026-11-30',
    },
    {
      about: 'keys',
      says: 'warmedContainerKeepingCount and -Timeout of a namespace, with the new scheduler only',
      at: 'apache/openwhisk, its page "Warmed Containers", and FPCInvokerReactive.scala at e172168f',
      read: '2026-11-30',
    },
    {
      about: 'default',
      says: 'a namespace without a count has 1: the last container of an action stays for keeping-duration longer',
      at: 'apache/openwhisk, FPCInvokerReactive.scala at e172168f and FunctionPullingContainerProxy.scala',
      read: '2026-11-30',
    },
    {
      about: 'requests',
      says: 'one invocation per container unless the action says otherwise',
      at: 'apache/openwhisk, ConcurrencyLimit.scala at 004e0408',
      read: '2026-11-30',
    },
  ],
  assumed: [{ about: 'keys', says: 'the environment that the standard role sets takes the place of the file' }],
  lacks: 'Pre-warming of an action, schedules. Stem cells still load the code; they are not simulated.',
  present: {
    commands: () => ['curl --fail --silent --show-error "$COUCHDB/$SUBJECTS/_all_docs?include_docs=true"'],
    objects: (documents) =>
      [...documents.filter((each) => !Array.isArray(each)), ...entriesAt(documents, 'rows')].flatMap(
        (row): Listed[] => {
          const document = row['doc'] ?? row
          const [, name] = /^(.+)\/limits$/.exec(String(document['_id'])) ?? []
          return name === undefined ? [] : [[name, document]]
        },
      ),
  },
  names: { pattern: /^[a-zA-Z0-9_][\w@.-]{0,254}$/, words: 'at most 255 letters, digits, "_", "@", "." and "-"' },
  settings: {
    scheduler: { describe: 'fpc (OpenWhisk 2) or sharding.', default: 'fpc', pattern: /^(fpc|sharding)$/ },
    kind: { describe: 'The runtime that gets stem cells.', default: 'nodejs:20', pattern: /^[a-z]+:[\w.-]+$/ },
    image: { describe: 'The image of that runtime.', default: 'openwhisk/action-nodejs-v20:nightly', pattern: IMAGE },
  },
  byDefault: {
    concurrency: 1,
    prewarmMs: 0,
    keepAliveMs: 10 * MINUTE + PAUSE_GRACE_S * SECOND,
    lastKeepAliveMs: 20 * MINUTE + PAUSE_GRACE_S * SECOND,
    floor: NO_FLOOR,
    from: 'application.conf: pause-grace 10 s, idle-container 10 min, and for the last container of an action 10 min more',
  },
  defaultUnder: ({ scheduler }) => (scheduler === 'sharding' ? SHARDING_DEFAULT : undefined),
  write({ apps, settings }) {
    const { scheduler = 'fpc', kind = '', image = '' } = settings
    const common = commonSeconds(apps, scheduler)
    const fitted = apps.map((app) => {
      const seconds = scheduler === 'fpc' ? Math.max(common, wishedSeconds(app)) : common
      const notes = [
        noteOf(app, seconds, scheduler),
        ...servedNote(app, 'none', 1),
        ...fittedFloor(app, 'none', 0).notes,
      ]
      return { name: app.name, file: limits(app, seconds - common), notes }
    })
    const perNamespace = scheduler === 'fpc' ? fitted : []
    return {
      files: [
        invokerConf(common),
        ...deployed(common),
        runtimes(apps, kind, image),
        ...perNamespace.flatMap(({ name, file }) => [file, jsonFile(`create/${name}.json`, { _id: `${name}/limits` })]),
      ],
      notes: fitted.flatMap(({ notes }) => notes),
      changes: perNamespace.map(({ name, file }) => {
        return { object: name, patch: file.path, create: `create/${name}.json` }
      }),
      ...(perNamespace.length === 0 ? {} : { tool: LIMITS }),
      before: [
        'Invokers must be restarted, which ends their warm containers.',
        'The standard deployment by ansible sets the environment of invokers, which takes the place of invoker.conf. Use group_vars/ there.',
      ],
      back: 'Restart the invokers without these files. Then they have their own settings again.',
      byHand: [
        '# With ansible: copy group_vars/ beside your inventory, then',
        '# ansible-playbook -i environments/$ENVIRONMENT invoker.yml',
        '# Else restart every invoker with the variables of invoker.env, or with -Dconfig.file=invoker.conf for its JVM,',
        '# and with the stem cells of runtimes.json among all runtimes of its own manifest, which names others too.',
      ],
    }
  },
  read(files, { settings }) {
    const conf = files.find(({ path }) => path === 'invoker.conf')?.text
    // No listing has the settings of invokers. They are assumed to be OpenWhisk's defaults.
    const seconds = (key: string): number => {
      return scalaSeconds(new RegExp(`${key} = (.*)`).exec(conf ?? SHIPPED)![1]!)
    }
    const common = seconds('pause-grace') + seconds('idle-container')
    if (settings['scheduler'] === 'sharding') return new Map([['*', keptRules(common, 0, 0)]])
    const namespaces = [...documentsOf(files, 'limits')].map(([name, limit]) => {
      const count = Number(limit['warmedContainerKeepingCount'] ?? KEPT)
      return [
        name,
        keptRules(common, count, scalaSeconds(String(limit['warmedContainerKeepingTimeout'] ?? KEEPING))),
      ] as const
    })
    return new Map([['*', keptRules(common, KEPT, scalaSeconds(KEEPING))], ...namespaces])
  },
}
