import { UserError } from '../../core/user-error.ts'
import { choiceFlag } from '../arguments/choice-flag.ts'
import { type Command } from '../arguments/command.ts'
import { print, say } from '../terminal/output.ts'

export const newCommand: Command = {
  usage: 'new <kind> <name>',
  summary: 'Writes a policy of your own to begin from, and its test.',
  words: { kind: 'What to write: policy.', name: 'Its id: small letters, digits and "-", as in my-policy.' },
  flags: { out: { describe: 'Folder to write to; by default the one you are in.', takes: 'folder' } },
  example: ['new policy my-policy', 'writes my-policy.ts, which passes check-policy, and my-policy.test.ts'],
  async run(args) {
    choiceFlag('kind', args.needed('kind'), ['policy'])
    const name = args.needed('name')
    if (!/^[a-z][a-z0-9-]*$/.test(name)) {
      const problem = `expected small letters, digits and "-", beginning with a letter, found ${JSON.stringify(name)}`
      throw new UserError({ where: 'pilotlight new policy', problem })
    }
    const { writePolicy } = await import('../own-policy/write-policy.ts')
    const files = await writePolicy(name, args.text('out') ?? '.')
    if (!args.on('quiet')) say(`Written; look at it with: pilotlight check-policy ${files[0]}`)
    print(files.join('\n'))
  },
}
