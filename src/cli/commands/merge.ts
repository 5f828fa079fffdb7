import { counted } from '../../core/counted.ts'
import type { Command } from '../arguments/command.ts'
import { print } from '../terminal/output.ts'

export const mergeCommand: Command = {
  usage: 'merge <store..>',
  summary: 'Puts the runs of several stores into one.',
  words: { store: 'Stores (.sqlite), as the shards of an experiment leave them.' },
  flags: {
    out: { describe: 'The store to put them into; made when it does not exist.', takes: 'store', required: true },
    shards: {
      describe: 'Merge only if the stores are those of all n shards of one experiment, each once and whole.',
      takes: 'n',
    },
  },
  example: ['merge shard1.sqlite shard2.sqlite --out all.sqlite', 'gathers the runs of two machines'],
  async run(args) {
    const { mergeStores } = await import('../../store/merge-stores.ts')
    const { wholeNumber } = await import('../arguments/whole-number.ts')
    const shards = wholeNumber('shards', args.text('shards'), 1, 0)
    if (shards > 0) {
      const { demandAllShards } = await import('../../experiment/shard-stores.ts')
      demandAllShards(args.texts('store'), shards)
    }
    const { added, shared, unfinished } = mergeStores(args.texts('store'), args.needed('out'))
    print(`${args.needed('out')}: ${counted(added, 'run')} added, ${counted(shared, 'was', 'were')} there already.`)
    if (unfinished > 0)
      print(
        `${counted(unfinished, 'more is', 'more are')} there in part: merge the stores of the other shards as well.`,
      )
  },
}
