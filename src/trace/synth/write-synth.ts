import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { UserError } from '../../core/user-error.ts'
import { type AzureFiles, createAzureFiles } from './azure-files.ts'
import { DAY_MINUTES } from './cycle.ts'
import { withDefects } from './defects.ts'
import { checkOptions, type SynthFileOptions } from './options.ts'
import { populationOf } from './population.ts'
import { putApp } from './rows.ts'

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
  const folder = resolve(outDir)
  await refuseUnlessEmpty(folder)
  const population = populationOf(options)
  try {
    const unfinished = `${folder}.unfinished-${randomUUID()}`
    await mkdir(unfinished, { recursive: true })
    try {
      await writeApps(
        options,
        population,
        createAzureFiles(unfinished, options.days, options.gzip ?? false),
        onProgress,
      )
      await rmdir(folder).catch(() => undefined)
      await rename(unfinished, folder)
    } finally {
      await rm(unfinished, { recursive: true, force: true })
    }
  } catch (error) {
    throw ofTheDisk(error) ? new UserError({ where: outDir, problem: `cannot be written: ${error.message}` }) : error
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
  let names: string[]
  try {
    names = await readdir(folder)
  } catch (error) {
    if (!ofTheDisk(error)) throw error
    if (error.code === 'ENOENT') return
    throw new UserError({ where: folder, problem: `a new or empty folder was expected: ${error.message}` })
  }
  if (names.length === 0) return
  throw new UserError({
    where: folder,
    problem: `a new or empty folder was expected, and it holds ${names.length === 1 ? '' : `${names.length} files, such as `}${names[0]}`,
    hint: 'Name another folder, or empty this one.',
  })
}

function ofTheDisk(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error
}
