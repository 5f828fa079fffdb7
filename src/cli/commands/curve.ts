import type { Fact } from '../../report/comparison/provenance.ts'
import type { CurveInput } from '../../sim/curve/reuse-distance.ts'
import { type Command, FORCE_FLAG, JSON_FLAG } from '../arguments/command.ts'
import type { CurveStudy } from '../curve/curve-study.ts'
import { print, printJson, say } from '../terminal/output.ts'
import { idsOf } from './list.ts'

export const curveCommand: Command = {
  usage: 'curve <trace>',
  summary: 'Prints how many starts are cold at every memory size under LRU, exactly, from one pass over a trace.',
  words: { trace: 'A folder or file of a trace, or a compiled .trace.' },
  flags: {
    format: {
      describe: 'Id of its format; by default it is recognised. See pilotlight list formats.',
      takes: 'id',
      completes: idsOf('formats'),
    },
    unit: {
      describe: 'What is loaded: app (the default), or each function as an app of its own.',
      takes: 'app|function',
    },
    memory: {
      describe: 'Each app its own memory, or 1 MB each; by default the trace’s where it has memory, else equal.',
      takes: 'trace|equal',
    },
    spread: { describe: 'How minute counts become arrivals; by default uniform. See docs/model.md.', takes: 'spread' },
    seed: { describe: 'Seed of the spread; by default 1.', takes: 'n' },
    at: { describe: 'Memory sizes to print, as in 8GB,16GB; by default doublings.', takes: 'sizes' },
    out: { describe: 'Also write the curve as CSV, SVG and PNG to this folder.', takes: 'folder' },
    force: FORCE_FLAG,
    json: JSON_FLAG,
  },
  example: [
    'curve traces/sample',
    'prints the cold starts of the sample trace by memory, and the memory for a few shares',
  ],
  async run(args) {
    const { curveInput, curveOptions } = await import('../curve/curve-options.ts')
    const { readMemorySizes } = await import('../arguments/memory-sizes.ts')
    const sizes = readMemorySizes('at', args.text('at'))
    const options = curveOptions(args)
    const { readShowing } = await import('../trace/read-showing.ts')
    const trace = await readShowing([args.needed('trace')], { format: args.text('format') }, args.on('quiet'))
    const out = args.text('out')
    if (out !== undefined) {
      const { demandOwnFolder } = await import('../../files/own-folder.ts')
      await demandOwnFolder(out, { force: args.on('force') })
    }
    const study = await studyShowing(curveInput(trace, options), sizes, args.on('quiet'))
    const { curveFacts } = await import('../curve/curve-facts.ts')
    const facts = curveFacts(study)
    const files = await filesOf(study, facts, out, args.on('force'))
    if (args.on('json')) {
      printJson({ schema: 1, ...study, ...(files === undefined ? {} : { files }) })
      return
    }
    const { curveText } = await import('../curve/curve-text.ts')
    print(curveText(study, facts))
    if (files === undefined) return
    if (!args.on('quiet')) say('The curve is written to:')
    print(files.join('\n'))
  },
}

/** Makes the study and shows how far it is. */
async function studyShowing(
  input: CurveInput,
  sizes: readonly number[] | undefined,
  quiet: boolean,
): Promise<CurveStudy> {
  const { inlineMore } = await import('../../sim/workers/inlining.ts')
  inlineMore()
  const { beginProgress, INVOCATIONS } = await import('../terminal/progress.ts')
  const { studyOf } = await import('../curve/curve-study.ts')
  const { id, invocations } = input.trace
  const progress = await beginProgress(`curve of ${id}`, INVOCATIONS, quiet)
  try {
    return studyOf({ ...input, onProgress: (share) => progress.at(share * invocations, invocations) }, sizes)
  } finally {
    progress.end()
  }
}

async function filesOf(
  study: CurveStudy,
  facts: readonly Fact[],
  folder: string | undefined,
  force: boolean,
): Promise<string[] | undefined> {
  if (folder === undefined) return undefined
  const { writeCurve } = await import('../curve/curve-files.ts')
  return writeCurve(study, facts, folder, { force })
}
