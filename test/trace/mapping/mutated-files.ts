import { join } from 'node:path'
import { RandomStream } from '../../../src/core/random.ts'
import { UserError } from '../../../src/core/user-error.ts'
import { readTrace } from '../../../src/trace/read.ts'
import { inFolder } from '../temporary-folder.ts'
import { PRESET_EXAMPLES } from './preset-examples.ts'

const PIECES = [
  '"',
  '\n',
  ',',
  '\t',
  '{',
  '}',
  '[',
  ']',
  '\\',
  '-',
  'e999',
  '99999999999999999999',
  'NaN',
  '\u0000',
  '\ufeff',
  '\r',
  'null',
  '1e308',
  '-1',
]

/**
 * Changes files of every preset at random places and reads them: each must be read or refused by a UserError that names
 * the file, within seconds. Gives how many were read and how many refused.
 */
export async function readMutated(
  files: number,
  seed: number,
): Promise<{ readonly read: number; readonly refused: number }> {
  const random = new RandomStream()
  random.begin(seed, 2, 3, 4)
  const below = (limit: number): number => Math.floor(random.uniform() * limit)
  let read = 0
  let refused = 0
  await inFolder({}, async (folder) => {
    const { writeFile } = await import('node:fs/promises')
    for (let file = 0; file < files; file += 1) {
      const example = PRESET_EXAMPLES[file % PRESET_EXAMPLES.length]!
      const content = mutated(Buffer.from(example.content), below)
      const path = join(folder, `mutated-${file % 50}`)
      await writeFile(path, content)
      const begin = process.cpuUsage()
      try {
        const trace = await readTrace(path, below(2) === 0 ? { format: example.preset } : {})
        if (!Number.isSafeInteger(trace.invocations) || !(trace.horizonMs >= 0))
          throw new Error(`nonsense was read: ${trace.invocations} invocations in ${trace.horizonMs} ms`)
        read += 1
      } catch (error) {
        if (!(error instanceof UserError) || !error.message.includes('mutated-')) {
          throw new Error(`file ${file} of seed ${seed} (${example.preset}: ${example.name}): ${String(error)}`, {
            cause: error,
          })
        }
        refused += 1
      }
      const { user, system } = process.cpuUsage(begin)
      // Not the time of the clock: a busy machine takes long for anything.
      const took = (user + system) / 1000
      if (took > 3000) throw new Error(`file ${file} of seed ${seed} took ${took} ms of a processor`)
    }
  })
  return { read, refused }
}

function mutated(bytes: Buffer, below: (limit: number) => number): Buffer {
  let result = bytes
  for (let change = below(3); change >= 0; change -= 1) {
    const at = below(result.length + 1)
    const to = Math.min(result.length, at + 1 + below(8))
    const piece = Buffer.from(PIECES[below(PIECES.length)]!)
    const kinds = [
      () => Buffer.concat([result.subarray(0, at), piece, result.subarray(at)]),
      () => Buffer.concat([result.subarray(0, at), result.subarray(to)]),
      () => Buffer.concat([result.subarray(0, at), piece, result.subarray(to)]),
      () => Buffer.concat([result.subarray(0, at), Buffer.of(below(256)), result.subarray(at)]),
      () => result.subarray(0, at),
      () => Buffer.concat([result, result.subarray(at)]),
    ]
    result = kinds[below(kinds.length)]!()
  }
  return result
}
