import { DAY_MINUTES } from '../../core/units.ts'
import { mkdir, rename, rmdir, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { UserError } from '../../core/user-error.ts'
import { makeFolder, namesIn } from '../../files/folder.ts'
import { isSystemError, refused, systemCode } from '../../files/system-error.ts'
import { removeLeftovers, inTheMaking } from '../../files/unfinished.ts'
import { type AzureFiles, createAzureFiles } from './azure-files.ts'
import { withDefects } from './synthetic-defects.ts'
import { checkOptions, type SynthFileOptions } from './options.ts'
import { populationOf } from './population.ts'
import { putApp } from './synthetic-rows.ts'

/**
 * Writes a synthetic trace as a folder of files in the layout of Azure's data set of 2019. The folder must be new or
 * empty; it gets its files when all of them are whole. Memory does not grow with the size of the trace. `onProgress`
 * hears the share that is done, 0 to 1. Throws a {@link UserError} for bad options and for a folder that cannot be used.
 */
export async function writeSynth(
  options: SynthFileOptions,
  outDir: string,
  onProgress?: (done: number) => void,
): Promise<void> {
  checkOptions(options)
  if (outDir === '') throw new UserError({ where: 'an output', problem: 'expected a path, found an empty text' })
  const folder = resolve(outDir)
  await refuseUnlessEmpty(folder)
  const population = populationOf(options)
  try {
    await makeFolder(dirname(folder))
    await removeLeftovers(dirname(folder))
    await inTheMaking(folder, async (unfinished) => {
      await mkdir(unfinished)
      await writeApps(
        options,
        population,
        createAzureFiles(unfinished, options.days, options.gzip ?? false),
        onProgress,
      )
      await rmdir(folder).catch(() => undefined)
      await rename(unfinished, folder)
    })
  } catch (error) {
    throw refused(outDir, 'written', error, 'Choose another place.')
  }
}

async function writeApps(
  { apps, days, seed, defects }: SynthFileOptions,
  population: ReturnType<typeof populationOf>,
  files: AzureFiles,
  onProgress?: (done: number) => void,
): Promise<void> {
  const sink = defects === true ? withDefects(seed, files) : files
  const counts = new Uint32Array(days * DAY_MINUTES)
  try {
    for (let place = 0; place < apps; place += 1) {
      putApp(seed, population, population.app(place), counts, sink)
      await files.flush()
      onProgress?.((place + 1) / apps)
    }
  } finally {
    await files.close()
  }
}

async function refuseUnlessEmpty(folder: string): Promise<void> {
  const names = await stat(folder).then(
    () => namesIn(folder),
    (error: unknown) => {
      if (isSystemError(error) && systemCode(error) === 'ENOENT') return []
      throw refused(folder, 'written', error, 'Choose another place.')
    },
  )
  if (names.length === 0) return
  throw new UserError({
    where: folder,
    problem: `a new or empty folder was expected, and it holds ${names.length === 1 ? '' : `${names.length} files, such as `}${names[0]}`,
    hint: 'Name another folder, or empty this one.',
  })
}
