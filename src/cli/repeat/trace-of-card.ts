import { existsSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { counted } from '../../core/counted.ts'
import type { Experiment } from '../../config/experiment-file.ts'
import { UserError } from '../../core/user-error.ts'
import type { ResultCard } from '../../metrics/card.ts'
import type { Trace } from '../../trace/trace.ts'
import type { Arguments } from '../arguments/command.ts'
import { traceOf } from '../trace/trace-of.ts'

/** The trace that comes with pilotlight. */
const SAMPLE = fileURLToPath(new URL('../../../traces/sample', import.meta.url))

const MOST_NAMED = 5

/**
 * The trace of a card: the one that --trace names, else what is at its path as seen from the card, else the sample that
 * comes with pilotlight. Throws a {@link UserError} where none is there, or another one is.
 */
export async function traceOfCard(
  card: ResultCard,
  path: string,
  experiment: Experiment,
  args: Arguments,
): Promise<Trace> {
  const { trace } = card
  const places = [
    ...(trace.path === null || isAbsolute(trace.path) ? [] : [join(dirname(path), trace.path)]),
    experiment.trace.path,
    ...(trace.id === 'sample' ? [SAMPLE] : []),
  ]
  const place = args.text('trace') ?? places.find((each) => existsSync(each))
  if (place === undefined) throw absent(card, path)
  const { trace: found } = await traceOf({ trace: { ...experiment.trace, path: place } }, args)
  if (found.digest === trace.digest) return found
  const counts = `${counted(found.apps.count, 'app')} and ${counted(found.invocations, 'invocation')}, where the card has ${trace.apps} and ${trace.invocations}`
  const problem = `expected the trace ${trace.id}, of digest ${trace.digest}, found another one (${found.digest}) with ${counts}`
  throw new UserError({ where: place, problem, hint: `Name the right one: --trace <path>. ${filesOf(card)}` })
}

function absent(card: ResultCard, path: string): UserError {
  const { id, format, digest } = card.trace
  const problem = `its trace, ${id} (${format}, digest ${digest}), is not to be found from here`
  return new UserError({ where: path, problem, hint: `Say where it is: --trace <path>. ${filesOf(card)}` })
}

function filesOf({ trace: { files } }: ResultCard): string {
  if (files.length === 0) return 'The card does not tell its files.'
  const named = files.slice(0, MOST_NAMED).map((file) => `${file.path} (${file.bytes} bytes, SHA-256 ${file.sha256})`)
  const more = files.length > MOST_NAMED ? ` and ${files.length - MOST_NAMED} more` : ''
  return `Its files are ${named.join(', ')}${more}.`
}
