import { UserError } from '../../core/user-error.ts'
import { ORIGINS } from '../../trace/build/event-time.ts'
import type { TraceOptions } from '../../trace/read.ts'
import type { Arguments, Flag } from '../arguments/command.ts'
import { idsOf } from '../commands/list.ts'

/** How a trace is to be read: the flags of every command that reads one by its path. */
export const READING_FLAGS: Readonly<Record<string, Flag>> = {
  format: {
    describe: 'Id of its format; by default it is recognised. See pilotlight list formats.',
    takes: 'id',
    completes: idsOf('formats'),
  },
  mapping: {
    describe: 'How to read a file of any other form: a mapping file, or "{ read: csv, app: … }". See docs/traces.md.',
    takes: 'file.yaml',
  },
  origin: {
    describe: 'Time 0 of single events: first (arrival), midnight (before it) or zero (as the times are).',
    takes: 'name',
  },
}

/** What those flags say. Throws a UserError for what they cannot. */
export async function readingOf(args: Arguments): Promise<Omit<TraceOptions, 'onProgress'>> {
  const [format, mapping, origin] = ['format', 'mapping', 'origin'].map((name) => args.text(name))
  if (format !== undefined && mapping !== undefined) {
    throw new UserError({
      where: '--mapping',
      problem: 'a trace is read in a format or by a mapping, and both were named',
    })
  }
  const known = ORIGINS.find((each) => each === origin)
  if (origin !== undefined && known === undefined) {
    const problem = `expected ${ORIGINS.join(', ')}, found ${JSON.stringify(origin)}`
    throw new UserError({ where: '--origin', problem })
  }
  const { readMapping } = await import('../../config/mapping-file.ts')
  return { format, origin: known, mapping: mapping === undefined ? undefined : await readMapping(mapping, '--mapping') }
}
