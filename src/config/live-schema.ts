import { totalmem } from 'node:os'
import { z } from 'zod'
import { MINUTE, SECOND } from '../core/units.ts'
import { BACKENDS } from '../live/backends/index.ts'
import { CONTRACTS } from '../live/contracts/index.ts'
import type { Parameter } from '../policy/parameters.ts'
import type { PolicyDefinition } from '../policy/policy.ts'
import { mappingField, textField, valueField } from './field.ts'
import { MEMORY_PATTERN, readMemorySize } from './memory-setting.ts'
import { livePolicySchemas, toJsonSchema } from './experiment-schema.ts'
import { DURATION_PATTERN, found, type Mistake, type Setting, settingKind } from './setting.ts'

/** What a live file leaves out. */
export const LIVE_DEFAULTS = {
  backend: 'process',
  host: '127.0.0.1',
  port: 8700,
  reuse: 'newest',
  whileLoading: 'join',
  seed: 1,
  everyMs: 10 * SECOND,
  calls: 20_000,
  connections: 20_000,
  graceMs: 30 * SECOND,
  queue: 10_000,
  waitMs: 30 * SECOND,
  requestMb: 6,
  answerMb: 6,
  streamMs: 60 * MINUTE,
  silenceMs: 5 * MINUTE,
  policyMs: 100,
  retries: 0,
  concurrency: 1,
  timeoutMs: MINUTE,
  startTimeoutMs: MINUTE,
  stopGraceMs: 0,
} as const

/** What the part `replay` leaves out. */
export const REPLAY_DEFAULTS = { apps: 20, most: 500, forMs: 60 * MINUTE, lateMs: 100 } as const

/** Half of the machine's memory, in MB: the budget of a file that names none. */
export function defaultBudgetMb(): number {
  return Math.floor(totalmem() / 2 / 1024 / 1024)
}

const MOST_CPUS = 1024
/** A user or its number, and a group. */
const USER = '^[A-Za-z0-9_.-]{1,32}(:[A-Za-z0-9_.-]{1,32})?$'

/** A time of more than a day is a slip of the pen. */
const LONGEST_MS = 24 * 60 * MINUTE

function number(describe: string, standard: number, min: number, max: number) {
  return valueField(settingKind({ kind: 'number', describe, default: standard, min, max, whole: true })).optional()
}

function duration(describe: string, standard: number, min: number, max = LONGEST_MS) {
  const kind: Parameter = { kind: 'duration', describe, default: standard, min, max }
  return valueField(settingKind(kind)).optional()
}

function choice(describe: string, standard: string, options: readonly string[]) {
  return valueField(settingKind({ kind: 'choice', describe, default: standard, options })).optional()
}

/** Whole or broken processors. */
function readCpus(raw: unknown): Setting | Mistake {
  if (typeof raw !== 'number' || !(raw > 0 && raw <= MOST_CPUS)) {
    return { problem: `expected a number above 0, as in 0.5, found ${found(raw)}` }
  }
  return { value: raw, written: String(raw), canonical: String(raw) }
}

function text(what: string, description: string, pattern?: string) {
  return textField(what, pattern === undefined ? { description } : { description, pattern })
}

const memory = valueField({
  jsonSchema: { type: 'string', pattern: MEMORY_PATTERN, description: 'Memory, as in 512MB.' },
  read: readMemorySize,
})

const tokenText = (description: string) => text('a token, or $NAME for that of the environment', description)

/** Apps, functions and adapters are named in URLs, labels and folders. */
const NAME = '^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$'
const named = (whose: string) =>
  text(`a name of at most 63 letters, digits, ".", "-" and "_" that begins with a letter or digit`, whose, NAME)

/** A live file but for its policy and its apps. */
export const liveFrame = mappingField('a live file', 'key', {
  name: named('Names the adapter among those of this machine.'),
  backend: choice('What instances run on.', LIVE_DEFAULTS.backend, BACKENDS.ids),
  socket: text(
    'the path of a socket',
    'The socket of a Docker Engine API; by default /var/run/docker.sock.',
  ).optional(),
  listen: mappingField('listen', 'key', {
    host: text('an address', 'The address to listen at; any but loopback needs a token.').optional(),
    port: number('The port to listen at; 0 for any that is free.', LIVE_DEFAULTS.port, 0, 65_535),
    token: tokenText('What callers must send as a bearer token, or in the header Pilotlight-Token.').optional(),
    tokens: mappingField('tokens', 'key', {
      calls: tokenText('The token for calls, instead of `token`.').optional(),
      admin: tokenText('The token for the admin page, logs and readiness, instead of `token`.').optional(),
      metrics: tokenText('The token for metrics, instead of `token`.').optional(),
    }).optional(),
    tls: mappingField('tls', 'key', {
      cert: text('the path of a file', 'The certificate, with those that signed it, in PEM.'),
      key: text('the path of a file', 'Its key, in PEM.'),
    }).optional(),
  }).optional(),
  folder: text(
    'the path of a folder',
    'Where sockets are shared with instances; by default that of temporary files. The engine must see it too.',
  ).optional(),
  policy: z.unknown().optional(),
  memory: memory.optional(),
  reuse: choice('Which idle instance takes a call.', LIVE_DEFAULTS.reuse, ['newest', 'oldest']),
  whileLoading: choice('Does a call start an instance while one is starting, or join it.', LIVE_DEFAULTS.whileLoading, [
    'new',
    'join',
  ]),
  seed: number('Seed of what the policy draws.', LIVE_DEFAULTS.seed, 0, Number.MAX_SAFE_INTEGER),
  state: mappingField('state', 'key', {
    file: text('the path of a file', 'Where the learnt state is kept; by default <name>.state.json.').optional(),
    every: duration('How often it is saved.', LIVE_DEFAULTS.everyMs, 100),
  }).optional(),
  limits: mappingField('limits', 'key', {
    calls: number('Calls under way at a time.', LIVE_DEFAULTS.calls, 1, 1_000_000),
    connections: number('Connections of clients at a time.', LIVE_DEFAULTS.connections, 1, 1_000_000),
    grace: duration('How long calls may go on once the adapter is told to end.', LIVE_DEFAULTS.graceMs, 0),
    queue: number('Calls that wait for room at a time; 0: none waits.', LIVE_DEFAULTS.queue, 0, 1_000_000),
    wait: duration('How long a call waits for room; 0s: not at all.', LIVE_DEFAULTS.waitMs, 0),
    request: memory.optional(),
    answer: memory.optional(),
    stream: duration('How long an event stream or a WebSocket may last.', LIVE_DEFAULTS.streamMs, 1),
    silence: duration('How long a WebSocket may be silent.', LIVE_DEFAULTS.silenceMs, 1),
    policy: duration(
      'How long an answer of a policy of your own is waited for.',
      LIVE_DEFAULTS.policyMs,
      1,
      10 * SECOND,
    ),
  }).optional(),
  telemetry: mappingField('telemetry', 'key', {
    endpoint: text(
      'a URL',
      'Where traces and metrics of OpenTelemetry are sent, as http://127.0.0.1:4318.',
      '^https?://',
    ),
  }).optional(),
  accessLog: text('the path of a file', 'Where every call is written down, one line each.').optional(),
  apps: z.unknown().optional(),
  replay: mappingField('replay', 'key', {
    trace: text('the path of a trace', 'The trace whose arrivals are sent, relative to this file.'),
    format: text('the id of a trace format', 'Id of its format; guessed when it is not given.').optional(),
    apps: number('Apps of the trace, evenly from the most to the least invoked.', REPLAY_DEFAULTS.apps, 1, 1000),
    most: number('Invocations of one app at most, in the stretch.', REPLAY_DEFAULTS.most, 1, 1_000_000),
    from: duration('Where in the trace the stretch begins.', 0, 0, 366 * LONGEST_MS),
    for: duration('How long a stretch of the trace is sent.', REPLAY_DEFAULTS.forMs, 1, 366 * LONGEST_MS),
    speed: number('How many times faster than in the trace; executions are shorter as well.', 1, 1, 100_000),
    late: duration('Arrivals that would be sent later than this are not sent.', REPLAY_DEFAULTS.lateMs, 1),
    out: text(
      'the path of a file',
      'Where the recording goes, without .csv and .json; by default reports/<name>.',
    ).optional(),
  }).optional(),
})

const texts = (what: string, description: string) =>
  z.array(text(what, description), { error: () => `expected a list, as in [${what.replace(/^an? /, '')}, …]` })

/** One app of a live file. */
export const liveAppSchema = mappingField('an app', 'key', {
  traceName: text('a name', 'Its name in a trace, by which a plan knows it; by default its own.').optional(),
  contract: choice('How the adapter and an instance talk.', 'http', CONTRACTS.ids),
  image: text('the name of an image', 'The image of its containers.').optional(),
  entrypoint: texts('a word', 'What the image’s own entry point is replaced by.').optional(),
  command: texts('a word', 'Program and arguments.').optional(),
  cpus: valueField({
    jsonSchema: { type: 'number', description: 'Processors that a container may use, as 0.5.', exclusiveMinimum: 0 },
    read: readCpus,
  }).optional(),
  user: text('a user', 'User that a container runs as, as 1000:1000.', USER).optional(),
  hosts: texts('a name', 'Names of hosts whose requests all go to this app.').optional(),
  secrets: z
    .record(z.string(), z.string(), { error: () => 'expected a mapping of names to paths, as in { KEY: ./key.txt }' })
    .optional(),
  retries: number('How often an asynchronous call that failed is tried again.', LIVE_DEFAULTS.retries, 0, 100),
  folder: text(
    'the path of a folder',
    'Where the program starts, without an image; by default that of this file.',
  ).optional(),
  env: z
    .record(
      z.string(),
      z.union([z.string(), z.number(), z.boolean()], { error: () => 'expected a text, a number or a truth value' }),
      { error: () => 'expected a mapping of names to texts, as in { LEVEL: 3 }' },
    )
    .optional(),
  memory,
  concurrency: number('Calls that an instance serves at a time.', LIVE_DEFAULTS.concurrency, 1, 10_000),
  timeout: duration('How long an execution may take.', LIVE_DEFAULTS.timeoutMs, 1),
  startTimeout: duration('How long an instance may take until it is ready.', LIVE_DEFAULTS.startTimeoutMs, 1),
  stopGrace: duration(
    'How long an instance has from SIGTERM to its end; 0s: it is killed.',
    LIVE_DEFAULTS.stopGraceMs,
    0,
  ),
  pauseAfter: valueField({
    jsonSchema: {
      type: 'string',
      pattern: DURATION_PATTERN,
      description: 'Idle instances are paused after so long; by default never.',
    },
    read: settingKind({ kind: 'duration', describe: '', default: 0, min: 0, max: LONGEST_MS }).read,
  }).optional(),
  functions: texts('a name', 'What calls may name; by default one function of the app’s name.').optional(),
  code: text('the path of a file', 'The code that an openwhisk instance is sent.').optional(),
  main: text('a name', 'The entry point of the code, for openwhisk and lambda; by default main.').optional(),
})

/** Names of apps and functions. */
export const NAME_PATTERN = new RegExp(NAME, 'u')

/** The fact that a policy needs and nobody knows of live calls; undefined when there is none. */
export function lackingLive({ needs }: Pick<PolicyDefinition, 'needs'>): string | undefined {
  return needs.find((need) => need !== 'memory')
}

/** The JSON Schema of a live file over these policies, for editors; plain data. */
export function liveJsonSchema(policies: readonly PolicyDefinition[]): Record<string, unknown> {
  const usable = policies.filter((policy) => lackingLive(policy) === undefined)
  const apps = z
    .record(z.string().regex(NAME_PATTERN), liveAppSchema)
    .meta({ description: 'Apps by their names.', minProperties: 1 })
  const policy = livePolicySchemas(usable).meta({ description: 'The policy that decides how long instances stay.' })
  const whole = liveFrame
    .extend({ policy, apps })
    .meta({ title: 'pilotlight live file', description: 'What pilotlight live serves, and under which policy.' })
  return toJsonSchema(whole)
}
