import { parseSource } from '../../src/config/document.ts'
import { type Experiment, experimentOf } from '../../src/config/experiment-file.ts'
import type { TraceFacts } from '../../src/experiment/trace-facts.ts'

/** A trace of minute counts that offers everything such a trace may. */
export const COUNTS: TraceFacts = {
  id: 'counts',
  digest: 'digest-of-counts',
  horizonMs: 12 * 86_400_000,
  offers: ['memory', 'duration', 'trigger'],
}
/** A trace of events with neither memory nor triggers. */
export const EVENTS: TraceFacts = {
  id: 'events',
  digest: 'digest-of-events',
  horizonMs: 3_600_000,
  offers: ['duration', 'arrivalTime'],
}

/** The experiment of a text, as if it were read from `x.yaml`. */
export async function experiment(text: string): Promise<Experiment> {
  return experimentOf(parseSource(text, 'x.yaml'))
}

/** An experiment over the policies of these lines, with more lines after them. */
export function experimentWith(policies: string, more = ''): Promise<Experiment> {
  return experiment(`name: x\ntrace: { path: somewhere }\n${more}\npolicies:\n${policies}\n`)
}
