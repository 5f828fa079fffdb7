import { readExperiment } from '../config/experiment-file.ts'
import { traceToRead } from '../experiment/experiment-trace.ts'
import { defaultStore, isStoreFile } from '../experiment/places.ts'
import { finishedRun, resultsFor, resultsIn } from '../experiment/results.ts'
import type { Explanation } from '../report/explanation/explanation.ts'
import { openStore } from '../store/store.ts'
import { explanationOf } from '../study/explained-app.ts'
import { readTrace } from '../trace/read.ts'

/** What is explained of an app. */
export interface ExplainOptions {
  /** Labels of finished runs; by default all. */
  readonly runs?: readonly string[]
  /** The path of the trace, where it is not where the experiment says. */
  readonly trace?: string
  /** The file that the results are in. Default: where {@link runExperiment} keeps them by default. */
  readonly store?: string
}

/**
 * Says what finished runs did to one app: its arrivals, which of them were cold and why, and the windows. The runs are made
 * again for its sake. `source` is the path of an experiment, or of a store; of the app's name the beginning is enough.
 * Throws a UserError where no app, or more than one, is meant, and where the runs cannot be made again.
 */
export async function explain(source: string, app: string, options: ExplainOptions = {}): Promise<Explanation> {
  const experiment = (await isStoreFile(source)) ? undefined : await readExperiment(source)
  const path = options.store ?? (experiment === undefined ? source : defaultStore(experiment.name))
  const store = openStore(path, { create: false })
  try {
    const results = experiment === undefined ? resultsIn(store) : resultsFor(store, experiment)
    const runs = options.runs?.map((label) => finishedRun(results, label)) ?? results.finished
    return await explanationOf(app, results, runs, {
      path: source,
      async read(asked) {
        const { path: found, how } = traceToRead(asked, { path: options.trace, where: 'trace' })
        return { trace: await readTrace(found, how), path: found }
      },
    })
  } finally {
    store.close()
  }
}
