import type { ResultCard } from '../../metrics/card.ts'

/** The card in a file or page, or that of the results in a store. */
export async function cardAt(path: string): Promise<ResultCard> {
  const { isStoreFile } = await import('../../experiment/places.ts')
  if (!(await isStoreFile(path))) return (await import('../../config/card-file.ts')).readCard(path)
  const { openResults } = await import('../terminal/opened-results.ts')
  const { comparisonOf } = await import('../../experiment/results.ts')
  const { originOf } = await import('../../experiment/origin-of.ts')
  const { resultCard } = await import('../../metrics/card.ts')
  const { store, results } = await openResults(path)
  try {
    const comparison = comparisonOf(results)
    return resultCard({ ...comparison, origin: await originOf(results, comparison) })
  } finally {
    store.close()
  }
}
