// Runs the vectors of conformance/ against any simulator: node tools/conformance/run.ts <command of an adapter…>
// The adapter reads one vector a line from standard input and writes one answer a line, {"id", "apps": {app: accounts}}, or
// {"id", "skip": why}. Without a command pilotlight itself answers. Exit code 1 where an answer differs, 2 where the adapter
// does not start or does not keep to this.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { answerOf } from './pilotlight.ts'
import { differences, type Expected, type Vector, vectors } from './vector.ts'

interface Answer {
  readonly id: string
  readonly apps?: Readonly<Record<string, Expected>>
  readonly skip?: string
}

/** What is wrong with the adapter: a sentence for its author. */
class AdapterError extends Error {}

function answerIn(line: string): Answer {
  let found: unknown
  try {
    found = JSON.parse(line)
  } catch {
    throw new AdapterError(`expected a line of JSON, found ${JSON.stringify(line.slice(0, 80))}`)
  }
  const { id, apps, skip } = (found ?? {}) as Partial<Record<keyof Answer, unknown>>
  const isAnswer = typeof apps === 'object' && apps !== null && skip === undefined
  if (typeof id !== 'string' || !(isAnswer || typeof skip === 'string')) {
    throw new AdapterError(`expected {"id", "apps"} or {"id", "skip"}, found ${line.slice(0, 80)}`)
  }
  return found as Answer
}

/** The answers of an adapter's process, which is given every vector at once. */
async function* answersOf([program = '', ...words]: readonly string[], all: readonly Vector[]): AsyncGenerator<Answer> {
  const adapter = spawn(program, words, { stdio: ['pipe', 'pipe', 'inherit'] })
  const failed = new Promise<never>((_, reject) => {
    adapter.on('error', ({ message }) => reject(new AdapterError(`"${program}" does not start: ${message}`)))
  })
  adapter.stdin.on('error', () => {})
  adapter.stdin.end(all.map((vector) => `${JSON.stringify(vector)}\n`).join(''))
  const lines = createInterface({ input: adapter.stdout })[Symbol.asyncIterator]()
  for (;;) {
    const next = await Promise.race([lines.next(), failed])
    if (next.done === true) return
    yield answerIn(next.value)
  }
}

const command = process.argv.slice(2)
const all = vectors()
const waiting = new Map(all.map((vector) => [vector.id, vector]))
const own = (): Answer[] => all.map((vector) => ({ id: vector.id, apps: answerOf(vector) }))
let wrong = 0
let skipped = 0
async function compare(): Promise<void> {
  for await (const { id, apps, skip } of command.length === 0 ? own() : answersOf(command, all)) {
    const vector = waiting.get(id)
    if (vector === undefined)
      throw new AdapterError(`it answered to "${id}", which was not asked or is answered already`)
    waiting.delete(id)
    if (skip !== undefined) {
      skipped += 1
      console.log(`skipped ${id}: ${skip}`)
      continue
    }
    const found = differences(vector, apps ?? {})
    if (found.length > 0) wrong += 1
    console.log(
      [
        `${found.length === 0 ? 'ok     ' : 'FAILED '} ${id}: ${vector.what}`,
        ...found.map((line) => `        ${line}`),
      ].join('\n'),
    )
  }
}

try {
  await compare()
} catch (error) {
  if (!(error instanceof AdapterError)) throw error
  console.error(`the adapter: ${error.message}`)
  process.exit(2)
}
for (const id of waiting.keys()) console.log(`FAILED  ${id}: no answer`)
console.log(`${all.length - wrong - skipped - waiting.size} of ${all.length} vectors as expected, ${skipped} skipped`)
if (wrong + waiting.size > 0) process.exitCode = 1
