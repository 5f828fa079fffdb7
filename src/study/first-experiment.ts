import { existsSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { counted } from '../core/counted.ts'
import { UserError } from '../core/user-error.ts'
import { formatDuration } from '../core/units.ts'
import { namesIn } from '../files/folder.ts'
import { holds, makeFiles, type NewFile } from '../files/new-files.ts'
import { formats } from '../trace/formats/index.ts'
import { lookAt } from '../trace/mapping/file-sample.ts'
import type { Mapping } from '../trace/mapping/mapping.ts'
import { previewRows } from '../trace/mapping/preview.ts'
import { propose } from '../trace/mapping/propose.ts'
import type { Trace } from '../trace/trace.ts'
import { traceIdOf } from '../trace/trace-id.ts'
import { filesOf } from '../trace/read.ts'
import { readMapping } from '../config/mapping-file.ts'
import { columns } from '../report/comparison/aligned-rows.ts'

/** What was proposed for files. */
export interface Proposed {
  /** What was seen and guessed, for people. */
  readonly lines: readonly string[]
  /** The mapping in one line, as the command line takes it; undefined where a format reads the files. */
  readonly mappingText: string | undefined
  /** Writes the files, once the whole trace was read; gives what to do next. */
  write(trace: Trace): Promise<readonly string[]>
}

/** How the files of a first experiment are read, and who hears of it meanwhile. */
export interface FirstReading {
  /** Reads all of them as one trace. */
  read(mapping: Mapping | undefined): Promise<Trace>
  /** Hears what was seen and guessed, before the files are read by a guess, and after they were read as they are. */
  tell?(lines: readonly string[]): void
}

/**
 * Proposes how files are read, and an experiment on them, and reads all of them so. Nothing is written before
 * `proposed.write`. `given` are files, or a folder of them. Throws a UserError where no way to read them is found, and
 * where an experiment of that name is in `folder`.
 */
export async function readAsProposed(
  given: readonly string[],
  folder: string,
  { read, tell = () => undefined }: FirstReading,
): Promise<{ readonly proposed: Proposed; readonly trace: Trace }> {
  const paths = await filesOf(given)
  const attempt = async (refused?: UserError): Promise<{ readonly proposed: Proposed; readonly trace: Trace }> => {
    const proposed = await proposeExperiment(paths, folder, given, refused)
    const { mappingText, lines } = proposed
    if (mappingText !== undefined) tell(lines)
    const mapping = mappingText === undefined ? undefined : await readMapping(mappingText, 'the proposed mapping')
    try {
      const trace = await read(mapping)
      if (mapping === undefined) tell(lines)
      return { proposed, trace }
    } catch (error) {
      // A table with the header of a format may have other units: a mapping says which.
      if (mapping !== undefined || !(error instanceof UserError)) throw error
      return attempt(error)
    }
  }
  return attempt()
}

const PREVIEW = 5

/**
 * Looks at files and proposes a mapping, where no format reads them, and an experiment. Throws where it finds no way.
 * `refused` is why the format that recognises them could not read them.
 */
export async function proposeExperiment(
  paths: readonly string[],
  folder: string,
  given: readonly string[] = paths,
  refused?: UserError,
): Promise<Proposed> {
  const [path = ''] = paths
  const found = await wholeOf(given, paths)
  // What is written into a folder would be read as a part of it.
  const whole = found === undefined || resolve(found) === resolve(folder) ? undefined : found
  const name =
    traceIdOf(resolve(found ?? path))
      .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
      .replace(/^[^A-Za-z0-9]+/, '') || 'trace'
  const files = { mapping: join(folder, `${name}.mapping.yaml`), experiment: join(folder, `${name}.experiment.yaml`) }
  const known = refused === undefined ? ((await formatOf(given[0]!)) ?? (await formatOf(path))) : undefined
  demandNone(files.experiment)
  if (known !== undefined) {
    return {
      lines: [`${path} is read as it is, in the format ${known}.`],
      mappingText: undefined,
      write: (trace) =>
        writeFiles(
          [{ path: files.experiment, text: experimentText(name, trace, { paths, whole, folder, mapping: undefined }) }],
          files.experiment,
          whole === undefined ? paths : [],
        ),
    }
  }
  const look = await lookAt(path)
  const proposal = propose(look)
  if ('lacks' in proposal) {
    if (refused !== undefined) throw refused
    const found =
      proposal.columns.length === 0 ? 'no columns were found in it' : `its columns are ${proposal.columns.join(', ')}`
    throw new UserError({
      where: path,
      problem: `no column that is ${proposal.lacks.join(' or ')} was found: ${found}`,
      hint:
        proposal.filter === undefined
          ? 'Write a mapping by hand; docs/traces.md shows one for lines of text, with a pattern whose named groups are columns.'
          : `It has lists within lists, and a row is a record of one list: jq -c ${shown(proposal.filter)} ${shown(path)} > rows.jsonl writes those of the innermost, one a line; then pilotlight init rows.jsonl.`,
    })
  }
  const { mapping, guesses } = proposal
  const mappingText = mappingFileText(mapping, guesses)
  // The very mapping is there already where a command was killed before it came to the experiment.
  if (!(await holds(files.mapping, mappingText))) demandNone(files.mapping)
  return {
    lines: [
      ...(refused === undefined ? [] : [`Its own format refuses it: ${refused.message}`, '']),
      `${path} seems to be ${look.as === 'text' ? 'lines of text' : look.as.toUpperCase()}. Its first rows would be read as:`,
      '',
      ...(await firstRows(path, mapping)),
      ...(guesses.length === 0 ? [] : ['', 'Guessed, so look at it:', ...guesses.map((guess) => `  ${guess}`)]),
    ],
    mappingText: flow(mapping),
    write: (trace) =>
      writeFiles(
        [
          { path: files.mapping, text: mappingText },
          {
            path: files.experiment,
            text: experimentText(name, trace, { paths, whole, folder, mapping: `./${name}.mapping.yaml` }),
          },
        ],
        files.experiment,
        whole === undefined ? paths : [],
        files.mapping,
      ),
  }
}

/** The first rows of a file as a mapping reads them. */
async function firstRows(path: string, mapping: Mapping): Promise<readonly string[]> {
  const rows = await previewRows(path, mapping, PREVIEW)
  const isDate = rows.every(({ startMs }) => startMs > 1e11)
  return columns(1, [
    ['app:function', 'start', 'duration', 'cold'],
    ...rows.map(({ name: row, startMs, durationMs, isCold }) => [
      row,
      isDate ? new Date(startMs).toISOString() : formatDuration(startMs),
      formatDuration(durationMs),
      isCold === undefined ? '' : isCold ? 'cold' : 'warm',
    ]),
  ])
}

/** What an experiment names for all of the files: the only one, or the folder that has these and no others. */
async function wholeOf(given: readonly string[], paths: readonly string[]): Promise<string | undefined> {
  if (given.length === 1) return given[0]!
  const [folder, ...others] = new Set(paths.map((path) => dirname(resolve(path))))
  if (folder === undefined || others.length > 0) return undefined
  const names = (await namesIn(folder)).filter((name) => !name.startsWith('.'))
  return names.length === new Set(paths.map((path) => resolve(path))).size ? relative('.', folder) || '.' : undefined
}

function demandNone(file: string): void {
  if (!existsSync(file)) return
  throw new UserError({
    where: file,
    problem: 'there is a file of that name already',
    hint: 'Name another folder with --out, or move it away.',
  })
}

/** Where an import puts the trace that an experiment beside it names. */
function compiledOf(experiment: string): string {
  return experiment.replace(/\.experiment\.yaml$/, '.trace')
}

/** A path as a shell takes it. */
function shown(path: string): string {
  return /^[\w./@%+=:,-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`
}

async function formatOf(path: string): Promise<string | undefined> {
  for (const format of formats.all) if (await format.recognises(path)) return format.id
  return undefined
}

async function writeFiles(
  files: readonly NewFile[],
  experiment: string,
  apart: readonly string[],
  mapping?: string,
): Promise<readonly string[]> {
  await makeFiles(files)
  return [
    ...files.map(({ path }) => `${path} written.`),
    ...(apart.length === 0
      ? []
      : [
          `First: pilotlight import ${apart.map(shown).join(' ')}${mapping === undefined ? '' : ` --mapping ${shown(mapping)}`} --out ${shown(compiledOf(experiment))}`,
        ]),
    `Now: pilotlight run ${experiment} && pilotlight report ${experiment} --open`,
  ]
}

function mappingFileText(mapping: Mapping, guesses: readonly string[]): string {
  const lines = Object.entries(mapping).map(([key, value]) => `${key}: ${flow(value)}`)
  const notes = guesses.map((guess) => `# Guessed: ${guess}.`)
  return `# How this file becomes a trace; docs/traces.md tells every key, pilotlight schema --mapping completes them.\n${[...notes, ...lines].join('\n')}\n`
}

/** A value as YAML in one line. */
function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    return `{ ${Object.entries(value)
      .map(([key, inner]) => `${/^\w+$/.test(key) ? key : JSON.stringify(key)}: ${flow(inner)}`)
      .join(', ')} }`
  }
  return JSON.stringify(value)
}

interface TraceSource {
  /** What stands for all of the files in an experiment; undefined where nothing does. */
  readonly whole: string | undefined
  readonly paths: readonly string[]
  readonly folder: string
  readonly mapping: string | undefined
}

function experimentText(name: string, trace: Trace, { paths, whole, folder, mapping }: TraceSource): string {
  const from = whole === undefined ? `./${name}.trace` : isAbsolute(whole) ? whole : relative(folder, resolve(whole))
  const hasTime = trace.offers.includes('duration')
  const memory = trace.offers.includes('memory') ? {} : { memory: 'equal' }
  const lines = [
    `# Made by pilotlight init from ${counted(paths.length, 'file')}; pilotlight run ${name}.experiment.yaml runs it.`,
    `name: ${JSON.stringify(name)}`,
    `trace: ${flow({ path: from, ...(mapping === undefined || whole === undefined ? {} : { mapping }) })}`,
    `model: ${flow({ kind: hasTime ? 'instances' : 'paper', ...memory })}`,
    'policies:',
    '  - { policy: fixed, keepAlive: [5m, 10m, 20m, 1h] }',
    '  - { policy: hybrid-histogram }',
    'baseline: fixed(keepAlive=10m)',
    'seed: 1',
  ]
  if (paths.length > 1)
    lines.splice(
      3,
      0,
      `# ${whole === undefined ? 'The files become this trace by the pilotlight import that init printed.' : 'All files of the folder are one trace.'}`,
    )
  return `${lines.join('\n')}\n`
}
