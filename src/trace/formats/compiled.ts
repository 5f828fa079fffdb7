import { isCompiled, readCompiled } from '../compiled/compiled-file.ts'
import type { TraceFormat } from '../trace-format.ts'
import { kindOfPath } from '../table/source-bytes.ts'

/** This package's own columns, which load without parsing. */
export const compiled: TraceFormat = {
  id: 'compiled',
  summary: 'A trace that was imported before: one binary file that loads without parsing.',
  source: 'Written by "pilotlight import" and "pilotlight synth".',
  looksFor: 'a file that "pilotlight import" wrote',
  // What was found when the trace was imported is inside the file.
  defects: [],
  async recognises(path) {
    return (await kindOfPath(path)).kind === 'file' && isCompiled(path)
  },
  read: readCompiled,
}
