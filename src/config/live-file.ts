import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { createSecureContext } from 'node:tls'
import type { z } from 'zod'
import { UserError } from '../core/user-error.ts'
import { readBytes, readText } from '../files/read-text.ts'
import { TO_FILL_IN } from '../export/files/live-document.ts'
import type { Purpose, Tokens } from '../live/gateway/admission.ts'
import type { LiveApp } from '../live/live-app.ts'
import type { LiveConfig } from '../live/live-config.ts'
import type { ReplayPlan } from '../live/replay/replay-plan.ts'
import { defaultsOf, type ParameterTable, type ParameterValues } from '../policy/parameters.ts'
import { policies } from '../policy/policies/index.ts'
import { isPlanFile } from '../own/own-code.ts'
import { guardedPolicy } from '../own/guarded-policy.ts'
import { tryLoading } from '../own/trial.ts'
import { parseSource, type SourceDocument } from './document.ts'
import { check } from './field.ts'
import {
  defaultBudgetMb,
  LIVE_DEFAULTS,
  liveAppSchema,
  lackingLive,
  liveFrame,
  NAME_PATTERN,
  REPLAY_DEFAULTS,
} from './live-schema.ts'
import { readParameterFile } from './parameter-file.ts'
import { loadOwnPolicyHere } from './own-policy.ts'
import { livePolicySchema, OWN_POLICY_PATTERN } from './experiment-schema.ts'
import { found, nearKey } from './setting.ts'

/** Larger code is not sent: a bound of our own. */
const MOST_CODE_BYTES = 48 * 1024 * 1024
const MOST_SECRET_BYTES = 64 * 1024
const MB = 1024 * 1024
const HINT = 'docs/live.md shows a whole file.'

/** Reads a live file. Throws a UserError with file, line, column and path for the first thing wrong with it. */
export async function readLiveFile(file: string): Promise<LiveFile> {
  const text = await readText(file, { what: 'a live file (.yaml)', hint: HINT })
  if (text.trim() === '') {
    throw new UserError({ where: file, problem: 'expected a live file (.yaml), found another file', hint: HINT })
  }
  return liveConfigOf(parseSource(text, file))
}

/** A live file that also says which trace is to be replayed. */
export interface LiveFile extends LiveConfig {
  readonly replay?: ReplayPlan
}

async function liveConfigOf(document: SourceDocument): Promise<LiveFile> {
  const frame = check(liveFrame, document, document.data, [])
  const { name, backend = LIVE_DEFAULTS.backend, socket, listen = {}, state = {}, limits = {} } = frame
  const apps = await appsOf(document, frame.apps, boundsOf(limits))
  demandHosts(document, apps)
  const budgetMb = numberOr(frame.memory, defaultBudgetMb())
  for (const app of apps) demandRoom(document, app, budgetMb)
  const { reuse, ...policy } = await policyIn(document, frame.policy, apps)
  const { host = LIVE_DEFAULTS.host, port = LIVE_DEFAULTS.port } = listen
  return {
    name,
    apps,
    backend: { id: backend as string, ...(socket === undefined ? {} : { socket: besides(document, socket) }) },
    policy: {
      ...policy,
      seed: numberOr(frame.seed, LIVE_DEFAULTS.seed),
    },
    reuse: reuse ?? ((frame.reuse ?? LIVE_DEFAULTS.reuse) as LiveConfig['reuse']),
    whileLoading: (frame.whileLoading ?? LIVE_DEFAULTS.whileLoading) as LiveConfig['whileLoading'],
    budgetMb,
    listen: { host, port: port as number, tokens: tokensOf(document, listen), ...(await tlsOf(document, listen.tls)) },
    ...(frame.folder === undefined ? {} : { folder: besides(document, frame.folder) }),
    state: {
      file: besides(document, state.file ?? `${name}.state.json`),
      everyMs: numberOr(state.every, LIVE_DEFAULTS.everyMs),
    },
    limits: {
      calls: numberOr(limits.calls, LIVE_DEFAULTS.calls),
      connections: numberOr(limits.connections, LIVE_DEFAULTS.connections),
      graceMs: numberOr(limits.grace, LIVE_DEFAULTS.graceMs),
      queue: numberOr(limits.queue, LIVE_DEFAULTS.queue),
      waitMs: numberOr(limits.wait, LIVE_DEFAULTS.waitMs),
      silenceMs: numberOr(limits.silence, LIVE_DEFAULTS.silenceMs),
      policyMs: numberOr(limits.policy, LIVE_DEFAULTS.policyMs),
    },
    ...(frame.telemetry === undefined ? {} : { telemetry: { endpoint: frame.telemetry.endpoint } }),
    ...(frame.accessLog === undefined ? {} : { accessLog: besides(document, frame.accessLog) }),
    ...(frame.replay === undefined ? {} : { replay: replayOf(document, name, frame.replay) }),
  }
}

function replayOf(
  document: SourceDocument,
  name: string,
  raw: NonNullable<z.output<typeof liveFrame>['replay']>,
): ReplayPlan {
  const given = raw as unknown as { readonly [key: string]: number | undefined }
  return {
    trace: besides(document, raw.trace),
    ...(raw.format === undefined ? {} : { format: raw.format }),
    where: document.value(['replay', 'trace']).where,
    apps: given['apps'] ?? REPLAY_DEFAULTS.apps,
    most: given['most'] ?? REPLAY_DEFAULTS.most,
    fromMs: given['from'] ?? 0,
    forMs: given['for'] ?? REPLAY_DEFAULTS.forMs,
    speed: given['speed'] ?? 1,
    lateMs: given['late'] ?? REPLAY_DEFAULTS.lateMs,
    out: raw.out === undefined ? join('reports', name) : besides(document, raw.out),
  }
}

type Frame = z.output<typeof liveFrame>

/** Bounds that are said once for all apps. */
type CallBounds = Pick<LiveApp, 'streamMs' | 'mostRequestBytes' | 'mostAnswerBytes'>

function boundsOf(limits: NonNullable<Frame['limits']>): CallBounds {
  return {
    streamMs: numberOr(limits.stream, LIVE_DEFAULTS.streamMs),
    mostRequestBytes: numberOr(limits.request, LIVE_DEFAULTS.requestMb) * MB,
    mostAnswerBytes: numberOr(limits.answer, LIVE_DEFAULTS.answerMb) * MB,
  }
}

async function appsOf(document: SourceDocument, raw: unknown, bounds: CallBounds): Promise<LiveApp[]> {
  const isMapping = typeof raw === 'object' && raw !== null && !Array.isArray(raw)
  if (!isMapping || Object.keys(raw).length === 0) {
    const problem = `expected apps as a mapping of names, found ${isMapping ? 'one without any' : found(raw)}`
    throw new UserError({ where: document.value(['apps']).where, problem, hint: HINT })
  }
  const apps: LiveApp[] = []
  for (const [name, app] of Object.entries(raw)) {
    demandName(name, document.key(['apps', name]).where)
    apps.push(await appOf(document, name, check(liveAppSchema, document, app, ['apps', name]), bounds))
  }
  return apps
}

async function appOf(
  document: SourceDocument,
  name: string,
  raw: z.output<typeof liveAppSchema>,
  bounds: CallBounds,
): Promise<LiveApp> {
  const {
    traceName,
    contract = 'http',
    image,
    command = [],
    folder = '.',
    env = {},
    functions = [name],
    code,
    main,
    hosts = [],
    entrypoint,
    user,
  } = raw
  functions.forEach((fn, index) => demandName(fn, document.value(['apps', name, 'functions', index]).where))
  if (functions.length === 0 || new Set(functions).size < functions.length) {
    const { where } = document.value(['apps', name, 'functions'])
    throw new UserError({ where, problem: 'expected one function or several, each once' })
  }
  demandEnvironment(document, name, command, env)
  demandFilledIn(document, name, [image, ...command])
  const app: Omit<LiveApp, 'revision'> = {
    ...bounds,
    name,
    hosts,
    retries: numberOr(raw.retries, LIVE_DEFAULTS.retries),
    ...(entrypoint === undefined ? {} : { entrypoint }),
    ...(user === undefined ? {} : { user }),
    ...(raw.cpus === undefined ? {} : { cpus: raw.cpus as number }),
    ...(main === undefined ? {} : { handler: main }),
    ...(traceName === undefined ? {} : { traceName }),
    functions,
    contract: contract as string,
    ...(image === undefined ? {} : { image }),
    command,
    folder: resolve(besides(document, folder)),
    env: await environmentOf(document, name, env, raw.secrets ?? {}),
    memoryMb: raw.memory as number,
    concurrency: numberOr(raw.concurrency, LIVE_DEFAULTS.concurrency),
    timeoutMs: numberOr(raw.timeout, LIVE_DEFAULTS.timeoutMs),
    startTimeoutMs: numberOr(raw.startTimeout, LIVE_DEFAULTS.startTimeoutMs),
    stopGraceMs: numberOr(raw.stopGrace, LIVE_DEFAULTS.stopGraceMs),
    pauseAfterMs: numberOr(raw.pauseAfter, Number.POSITIVE_INFINITY),
    ...(code === undefined ? {} : { code: { ...(await codeOf(document, name, code)), main: main ?? 'main' } }),
  }
  return { ...app, revision: createHash('sha256').update(JSON.stringify(app)).digest('hex').slice(0, 8) }
}

/** What no operating system can hand to a program. */
function demandEnvironment(
  document: SourceDocument,
  app: string,
  command: readonly string[],
  env: Readonly<Record<string, unknown>>,
  key = 'env',
): void {
  const wrong = Object.entries(env).find(
    ([name, value]) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || String(value).includes('\0'),
  )
  if (wrong !== undefined) {
    const problem = `expected names of letters, digits and "_" with values of text, found ${JSON.stringify(wrong[0])}`
    throw new UserError({ where: document.key(['apps', app, key, wrong[0]]).where, problem })
  }
  const word = command.findIndex((each) => each.includes('\0'))
  if (word < 0) return
  const { where } = document.value(['apps', app, 'command', word])
  throw new UserError({ where, problem: 'a word of a command cannot hold the character NUL' })
}

/** A value that a field has checked to be a number, or what stands for it where it was not given. */
function numberOr(value: unknown, standard: number): number {
  return (value as number | undefined) ?? standard
}

/** Code that is no text (an archive) is sent as base64. */
async function codeOf(document: SourceDocument, app: string, path: string): Promise<{ text: string; binary: boolean }> {
  const { where } = document.value(['apps', app, 'code'])
  const bytes = await readBytes(besides(document, path), { what: 'code', where, mostBytes: MOST_CODE_BYTES })
  const binary = bytes.includes(0)
  return { text: bytes.toString(binary ? 'base64' : 'utf8'), binary }
}

async function policyIn(document: SourceDocument, raw: unknown, apps: readonly LiveApp[]) {
  const id = typeof raw === 'object' && raw !== null ? (raw as Record<string, unknown>)['policy'] : undefined
  const { where } = document.value(['policy', 'policy'])
  if (typeof id !== 'string' || id === '') {
    const near = nearKey(raw, 'policy')
    const told = near === undefined ? found(raw) : `a mapping with the key ${JSON.stringify(near)}`
    const problem = `expected a mapping with the key "policy", found ${told}`
    if (near !== undefined) throw new UserError({ where, problem, hint: 'Did you mean "policy"?' })
    throw new UserError({ where, problem, hint: 'Write, for example, policy: { policy: fixed, keepAlive: 10m }.' })
  }
  const isOwn = new RegExp(OWN_POLICY_PATTERN).test(id)
  if (isOwn && !isPlanFile(id)) await demandStill(besides(document, id), id)
  const own = isOwn ? await loadOwnPolicyHere(besides(document, id), where) : undefined
  const definition = own?.definition ?? policies.get(id, where)
  const lacking = lackingLive(definition)
  if (lacking !== undefined) {
    throw new UserError({ where, problem: `the policy ${id} needs ${lacking}, which nobody knows of live calls` })
  }
  const { policy: _id, label: _label, ...given } = check(livePolicySchema(definition), document, raw, ['policy'])
  const params: Record<string, ParameterValues<ParameterTable>[string]> = {
    ...defaultsOf(definition.parameters),
    ...given,
  }
  for (const name of Object.keys(given)) {
    const parameter = definition.parameters[name]
    if (parameter?.kind !== 'file' || params[name] === '') continue
    const place = document.value(['policy', name]).where
    params[name] = await readParameterFile(parameter, document.file, String(params[name]), place)
  }
  const wrong = definition.contradiction?.(params as ParameterValues<ParameterTable>)
  if (wrong !== undefined) {
    const { name, problem, hint } = wrong
    const told = { where: document.value(['policy', name]).where, problem }
    throw new UserError({ ...told, ...(hint === undefined ? {} : { hint }) })
  }
  const world = definition.world?.(params as ParameterValues<ParameterTable>) ?? {}
  if (world.pools !== undefined) {
    const problem = `the policy ${id} divides the memory of nodes, and live instances share one budget`
    throw new UserError({ where, problem })
  }
  if (world.stages !== undefined) {
    const problem = `the policy ${id} keeps parts of instances, and live instances are loaded or gone`
    throw new UserError({ where, problem })
  }
  if (world.lines === true) {
    const problem = `the policy ${id} has invocations wait for a busy instance, and live calls do not wait so`
    throw new UserError({ where, problem })
  }
  const names = { at: (app: number): string => apps[app]!.name }
  return {
    definition: own === undefined ? definition : guardedPolicy(definition, own.path, names),
    // A plan is data, which the adapter's own code replays.
    ...(own === undefined || isPlanFile(own.path) ? {} : { code: { file: own.path, sha256: own.sha256 } }),
    params,
    reuse: world.reuse,
  }
}

/** A file is loaded beside everybody's calls: what it left at work there could stop them at any time. */
async function demandStill(path: string, file: string): Promise<void> {
  if (!existsSync(path)) return
  const left = await tryLoading(resolve(path), file)
  if (left.length === 0) return
  const problem = `once it has loaded, it leaves this at work: ${[...new Set(left)].join(', ')}`
  throw new UserError({
    where: file,
    problem,
    hint: 'Code in front of live instances leaves timers and connections alone.',
  })
}

function demandName(name: string, where: string): void {
  if (NAME_PATTERN.test(name)) return
  const problem = `expected a name of at most 63 letters, digits, ".", "-" and "_", found ${JSON.stringify(name)}`
  throw new UserError({ where, problem })
}

function demandFilledIn(document: SourceDocument, app: string, words: readonly (string | undefined)[]): void {
  const first = words.indexOf(TO_FILL_IN)
  if (first < 0) return
  const { where } = document.value(first === 0 ? ['apps', app, 'image'] : ['apps', app, 'command', first - 1])
  const problem = `${first === 0 ? 'the image' : 'the command'} of the app ${app} is still to be filled in`
  throw new UserError({ where, problem, hint: 'An export leaves to you what runs an app; see docs/export.md.' })
}

function demandRoom(document: SourceDocument, { name, memoryMb }: LiveApp, budgetMb: number): void {
  if (memoryMb <= budgetMb) return
  const { where } = document.value(['apps', name, 'memory'])
  throw new UserError({ where, problem: `an instance of ${memoryMb} MB has no room in the budget of ${budgetMb} MB` })
}

/** Two apps cannot have the requests to one host. */
function demandHosts(document: SourceDocument, apps: readonly LiveApp[]): void {
  const owners = new Map<string, string>()
  for (const { name, hosts } of apps) {
    hosts.forEach((host, index) => {
      const { where } = document.value(['apps', name, 'hosts', index])
      if (!/^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/.test(host)) {
        throw new UserError({ where, problem: `expected the name of a host, found ${JSON.stringify(host)}` })
      }
      const other = owners.get(host.toLowerCase())
      if (other !== undefined) throw new UserError({ where, problem: `${host} is a host of the app ${other} already` })
      owners.set(host.toLowerCase(), name)
    })
  }
}

/** What a program finds in its environment: values of the file, $NAME of the adapter's own, and what files hold. */
async function environmentOf(
  document: SourceDocument,
  app: string,
  env: Readonly<Record<string, string | number | boolean>>,
  secrets: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, string>>> {
  const all: Record<string, string> = {}
  for (const [name, value] of Object.entries(env)) {
    all[name] = ownOr(String(value), document.value(['apps', app, 'env', name]).where)
  }
  for (const [name, path] of Object.entries(secrets)) {
    const { where } = document.value(['apps', app, 'secrets', name])
    demandEnvironment(document, app, [], { [name]: '' }, 'secrets')
    const wanted = { what: 'a secret', where, mostBytes: MOST_SECRET_BYTES }
    const text = await readText(besides(document, path), wanted)
    // Editors end a file with a line's end, which is no part of a secret.
    all[name] = text.replace(/\r?\n$/, '')
  }
  return all
}

/** `$NAME` stands for that of the adapter's environment, and `$$` for a dollar at the beginning. */
function ownOr(written: string, where: string): string {
  if (written.startsWith('$$')) return written.slice(1)
  if (!/^\$[A-Za-z_][A-Za-z0-9_]*$/.test(written)) return written
  const value = process.env[written.slice(1)]
  if (value !== undefined) return value
  throw new UserError({
    where,
    problem: `the environment has no variable ${written.slice(1)}`,
    hint: 'Write $$ for a dollar.',
  })
}

function tokensOf(document: SourceDocument, { token, tokens = {} }: NonNullable<Frame['listen']>): Tokens {
  const found: { -readonly [purpose in Purpose]?: string } = {}
  for (const purpose of ['calls', 'admin', 'metrics'] as const) {
    const own = tokens[purpose]
    if (own !== undefined) found[purpose] = tokenOf(document, own, ['listen', 'tokens', purpose])
    else if (token !== undefined) found[purpose] = tokenOf(document, token, ['listen', 'token'])
  }
  return found
}

async function tlsOf(
  document: SourceDocument,
  tls: NonNullable<Frame['listen']>['tls'],
): Promise<Pick<LiveConfig['listen'], 'tls'>> {
  if (tls === undefined) return {}
  const read = async (key: 'cert' | 'key'): Promise<string> => {
    const { where } = document.value(['listen', 'tls', key])
    return readText(besides(document, tls[key]), { what: 'a file in PEM', where })
  }
  const both = { cert: await read('cert'), key: await read('key') }
  try {
    createSecureContext(both)
  } catch (error) {
    const { where } = document.value(['listen', 'tls'])
    throw new UserError({ where, problem: `certificate and key cannot be used (${(error as Error).message})` })
  }
  return { tls: both }
}

/** A token stands in the file, or in the variable of the environment that the file names. */
function tokenOf(document: SourceDocument, written: string, path: readonly string[]): string {
  const { where } = document.value([...path])
  const token = written.startsWith('$') ? process.env[written.slice(1)] : written
  if (token !== undefined && /^[\x21-\x7e]+$/.test(token)) return token
  if (token !== undefined && token !== '') {
    throw new UserError({
      where,
      problem: 'a token has no spaces and none but ASCII characters, so that a header can hold it',
    })
  }
  throw new UserError({ where, problem: `the environment has no variable ${written.slice(1)}` })
}

function besides({ file }: SourceDocument, path: string): string {
  return isAbsolute(path) ? path : join(dirname(file), path)
}
