import { basename, isAbsolute, join } from 'node:path'
import { UserError } from '../core/user-error.ts'
import { MODEL_VERSION, VERSION } from '../core/version.ts'
import { fileDigest } from '../files/file-digest.ts'
import { refused } from '../files/system-error.ts'
import type { ResultCard } from '../metrics/card.ts'
import { parseSource, pathText } from './document.ts'
import { type Experiment, experimentOf } from './experiment-file.ts'
import { type NamedFile, namedFiles } from './named-files.ts'

/** Keys of an experiment that change no run: what they name is neither looked for nor loaded. */
const CHANGE_NO_RUN: readonly string[] = ['metrics', 'charts', 'prices']

/**
 * The experiment of a card, ready to be run. Files of the user's own, which are code, are taken from `folder` alone, by
 * their names, and only as the card has their digests. `path` is the card's. Throws a {@link UserError} for a card of
 * another version of the model, for one without an experiment, and for a file that is absent or another.
 */
export async function experimentOfCard(card: ResultCard, path: string, folder?: string): Promise<Experiment> {
  const { source, modelVersion, version } = card
  if (source === null || modelVersion === null) {
    const problem = 'the card has no experiment: it was made of a comparison that none stands behind'
    throw new UserError({ where: path, problem, hint: 'It can be read, and not be run again.' })
  }
  if (modelVersion !== MODEL_VERSION) {
    const made = `its runs were made by version ${modelVersion} of the model`
    const problem = `${made} (card of pilotlight ${version}), and this is version ${MODEL_VERSION} (pilotlight ${VERSION})`
    throw new UserError({
      where: path,
      problem,
      hint: `Use the pilotlight that made them, or run the experiment anew.`,
    })
  }
  const document = parseSource(source, join(folder ?? '.', 'experiment.yaml'))
  const data = withoutKeys(document.data, CHANGE_NO_RUN)
  for (const file of namedFiles(document)) put(data, file, basename(await sameFile(file, card, path, folder)))
  return experimentOf({ ...document, data })
}

function withoutKeys(data: unknown, keys: readonly string[]): unknown {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return data
  // A copy: names of files are replaced in it.
  const copy = structuredClone(data) as Record<string, unknown>
  return Object.fromEntries(Object.entries(copy).filter(([key]) => !keys.includes(key)))
}

/** The path of a named file in the folder. Throws where there is no folder, no such file in it, or another. */
async function sameFile(
  { at, path }: NamedFile,
  card: ResultCard,
  where: string,
  folder: string | undefined,
): Promise<string> {
  const key = pathText(at)
  const wanted = card.files.find((file) => file.path === (isAbsolute(path) ? basename(path) : path))
  if (wanted === undefined) {
    const problem = `its experiment names the file ${path} (${key}), and the card has no digest of it`
    throw new UserError({ where, problem, hint: 'It cannot be told whether a file is the one that was run.' })
  }
  const about = `${basename(path)} (${key}, ${wanted.bytes} bytes, SHA-256 ${wanted.sha256})`
  if (folder === undefined) {
    const problem = `its experiment needs the file ${about}, which a card does not hold`
    throw new UserError({ where, problem, hint: 'It is code: read it, and name its folder: --files <folder>.' })
  }
  const place = join(folder, basename(path))
  const found = await fileDigest(place).catch((error: unknown) => {
    throw refused(place, 'read', error, `The card needs ${about}.`)
  })
  if (found === wanted.sha256) return place
  const problem = `expected the file of SHA-256 ${wanted.sha256}, found another one (${found})`
  throw new UserError({ where: place, problem, hint: 'Another file makes other runs: get the one of the card.' })
}

/** Puts the name of a file in the place where another path of it stood. */
function put(data: unknown, { at }: NamedFile, name: string): void {
  let place = data as Record<string | number, unknown>
  for (const step of at.slice(0, -1)) place = place[step] as Record<string | number, unknown>
  place[at.at(-1)!] = `./${name}`
}
