import { counted } from '../../core/counted.ts'
import type { Command } from '../arguments/command.ts'
import { print } from '../terminal/output.ts'
import { wholeNumber } from '../arguments/whole-number.ts'

export const synthCommand: Command = {
  usage: 'synth',
  summary: 'Writes a synthetic trace, calibrated to the published characterisation of Azure Functions.',
  words: {},
  flags: {
    out: {
      describe: 'A new folder for files in the layout of Azure 2019, or a .trace file.',
      takes: 'path',
      required: true,
    },
    apps: { describe: 'How many apps; by default 1000.', takes: 'n' },
    days: { describe: 'How many days; by default 1.', takes: 'n' },
    seed: { describe: 'Seed of all random draws; by default 1.', takes: 'n' },
  },
  example: ['synth --apps 5000 --days 3 --out traces/mine', 'writes three days of five thousand apps'],
  async run(args) {
    const { SYNTH_DEFAULTS, synthesizeTrace, writeSynth } = await import('../../trace/synth/index.ts')
    const { beginProgress } = await import('../terminal/progress.ts')
    const out = args.needed('out')
    const options = {
      apps: wholeNumber('apps', args.text('apps'), 1, SYNTH_DEFAULTS.apps),
      days: wholeNumber('days', args.text('days'), 1, SYNTH_DEFAULTS.days),
      seed: wholeNumber('seed', args.text('seed'), 0, SYNTH_DEFAULTS.seed),
    }
    const progress = await beginProgress('synthesizing', { name: 'apps', size: 1 }, args.on('quiet'))
    const onProgress = (share: number): void => progress.at(share * options.apps, options.apps)
    try {
      if (out.endsWith('.trace')) {
        const { writeCompiled } = await import('../../trace/compiled/compiled-file.ts')
        await writeCompiled(synthesizeTrace(options, onProgress), out)
      } else await writeSynth(options, out, onProgress)
    } finally {
      progress.end()
    }
    print(`${out} written: ${counted(options.apps, 'app')}, ${counted(options.days, 'day')}, seed ${options.seed}.`)
  },
}
