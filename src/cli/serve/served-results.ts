import { stat } from 'node:fs/promises'
import { readExperiment } from '../../config/experiment-file.ts'
import type { Experiment } from '../../config/experiment-file.ts'
import { defaultStore, isStoreFile } from '../../experiment/places.ts'
import { comparisonOf, type Results, resultsFor, resultsIn } from '../../experiment/results.ts'
import { UserError } from '../../core/user-error.ts'
import { type Language, told } from '../../language/language.ts'
import { reportPage } from '../../report/page/report-page.ts'
import { openStore, type Store } from '../../store/store.ts'
import { appAccounts } from '../terminal/accounts-of-stores.ts'

/** How far the runs of an experiment are. */
export interface ServedState {
  readonly finished: number
  readonly of: number
  /** A text that changes whenever the page does. */
  readonly version: string
}

/** What a store has now; it is read again when its file has changed. */
export class ServedResults {
  readonly language: Language
  private readonly path: string
  private readonly experiment: Experiment | undefined
  private readonly store: string
  private seen = ''
  /** The store is open: the accounts of its runs are read when they are asked for. */
  private latest: { readonly results: Results; readonly page: string; readonly store: Store } | undefined
  private waits: string

  private constructor(path: string, experiment: Experiment | undefined, language: Language) {
    this.language = language
    this.waits = told(language, 'served.notBegun')
    this.path = path
    this.experiment = experiment
    this.store = experiment === undefined ? path : defaultStore(experiment.name)
  }

  static async of(path: string, language: Language): Promise<ServedResults> {
    if (!(await isStoreFile(path))) return new ServedResults(path, await readExperiment(path), language)
    // An experiment may still be running; a store that is named is there, or a mistake.
    openStore(path, { create: false }).close()
    return new ServedResults(path, undefined, language)
  }

  get results(): Results | undefined {
    return this.latest?.results
  }

  /** The page as it is now; where there is nothing to compare yet, a text that says so. */
  async page(): Promise<{ readonly page: string | undefined; readonly waits: string }> {
    await this.refresh()
    return { page: this.latest?.page, waits: this.waits }
  }

  async state(): Promise<ServedState> {
    await this.refresh()
    const { results } = this
    const finished = results?.finished.length ?? 0
    const version =
      results === undefined ? this.waits : results.finished.map(({ digest }) => digest.slice(0, 8)).join('')
    return { finished, of: results?.record.runs.length ?? 0, version }
  }

  private async refresh(): Promise<void> {
    const seen = (await Promise.all([stampOf(this.store), stampOf(`${this.store}-wal`)])).join()
    if (seen === this.seen) return
    if (!seen.startsWith('none')) await this.read()
    this.seen = seen
  }

  private async read(): Promise<void> {
    const store = openStore(this.store, { create: false })
    const before = this.latest
    try {
      const results = this.experiment === undefined ? resultsIn(store) : resultsFor(store, this.experiment)
      const comparison = comparisonOf(results, this.experiment?.metrics, { language: this.language })
      const material = {
        charts: this.experiment?.charts ?? [],
        apps: appAccounts([{ path: this.path, store, results, experiment: this.experiment }]),
        experiment: this.path,
      }
      const served = { finished: results.finished.length, of: results.record.runs.length }
      this.latest = { results, page: await reportPage(comparison, material, served), store }
      before?.store.close()
    } catch (error) {
      store.close()
      // Until the baseline is finished there is nothing to compare with.
      if (!(error instanceof UserError)) throw error
      this.waits = error.message
    }
  }

  close(): void {
    this.latest?.store.close()
    this.latest = undefined
  }
}

/** Changes whenever the file does. */
async function stampOf(path: string): Promise<string> {
  return stat(path, { bigint: true }).then(
    ({ mtimeNs, size }) => `${mtimeNs}:${size}`,
    () => 'none',
  )
}
