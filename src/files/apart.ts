import { realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { UserError } from '../core/user-error.ts'

/**
 * Refuses an output that would replace one of the inputs, or a file that lies in an input that is a folder. `where` is
 * what names the output.
 */
export async function demandApart(output: string, where: string, inputs: readonly string[]): Promise<void> {
  const place = await realPlace(output)
  const isThere = await stat(place).then(
    () => true,
    () => false,
  )
  for (const input of inputs) {
    const from = await realPlace(input)
    if (from !== place && !(isThere && from === dirname(place))) continue
    const what = from === place ? `is ${input}` : `is a file of ${input}`
    const problem = `${output} ${what}, which this command reads or writes besides`
    throw new UserError({ where, problem, hint: 'Choose another place.' })
  }
}

/** The real path of something, also where it is not there yet. */
async function realPlace(path: string): Promise<string> {
  const full = resolve(path)
  return realpath(full).catch(async () =>
    dirname(full) === full ? full : join(await realPlace(dirname(full)), basename(full)),
  )
}
