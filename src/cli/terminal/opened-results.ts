import { agreeing, counted } from '../../core/counted.ts'
import type { Experiment } from '../../config/experiment-file.ts'
import type { CombinedInput } from '../../experiment/combined.ts'
import type { Results } from '../../experiment/results.ts'
import type { Store } from '../../store/store.ts'
import type { Arguments } from '../arguments/command.ts'
import { say } from './output.ts'

/** The results that a command was pointed at. */
export interface OpenedResults {
  /** What was typed: the path of an experiment or a store. */
  readonly path: string
  readonly store: Store
  readonly results: Results
  /** The experiment, where its file was given and not a store. */
  readonly experiment: Experiment | undefined
}

/** Opens the results of an experiment, with values set as `readExperiment` takes them, or those in a store; says on stderr which runs are still to be made. */
export async function openResults(path: string, set: readonly string[] = []): Promise<OpenedResults> {
  const { defaultStore, isStoreFile } = await import('../../experiment/places.ts')
  const { resultsFor, resultsIn } = await import('../../experiment/results.ts')
  const { openStore } = await import('../../store/store.ts')
  const isStore = await isStoreFile(path)
  const experiment = isStore
    ? undefined
    : await (await import('../../config/experiment-file.ts')).readExperiment(path, set)
  const store = openStore(experiment === undefined ? path : defaultStore(experiment.name), { create: false })
  try {
    const results = experiment === undefined ? resultsIn(store) : resultsFor(store, experiment)
    const { record, unfinished } = results
    if (unfinished.length > 0) {
      say(
        `${unfinished.length} of ${counted(record.runs.length, 'run')} ${agreeing(unfinished.length, 'is', 'are')} not finished: ${someOf(unfinished)}.`,
      )
    }
    return { path, store, results, experiment }
  } catch (error) {
    store.close()
    throw error
  }
}

/** Opens the results of each word, and closes all of them after the work. */
export async function withResults<T>(
  args: Pick<Arguments, 'texts'>,
  work: (inputs: readonly OpenedResults[]) => Promise<T>,
): Promise<T> {
  const inputs: OpenedResults[] = []
  try {
    for (const path of args.texts('experiment')) inputs.push(await openResults(path, args.texts('set')))
    return await work(inputs)
  } finally {
    for (const { store } of inputs) store.close()
  }
}

/** The results with the columns of the user's own. */
export function combinedInputs(inputs: readonly OpenedResults[]): CombinedInput[] {
  return inputs.map(({ results, experiment }) => ({ results, metrics: experiment?.metrics ?? [] }))
}

/** The first few labels, and how many there are besides. */
function someOf(labels: readonly string[]): string {
  const shown = labels.slice(0, 5).join(', ')
  return labels.length > 5 ? `${shown} and ${labels.length - 5} more` : shown
}
