import { basename } from 'node:path'
import { COMPLETION_SCRIPTS } from '../arguments/completion.ts'
import type { Command } from '../arguments/command.ts'
import { print } from '../terminal/output.ts'

const SHELLS = Object.keys(COMPLETION_SCRIPTS)

export const completionCommand: Command = {
  usage: 'completion [shell]',
  summary: 'Prints a script that completes commands, flags, ids and files in your shell.',
  words: { shell: `${SHELLS.join(', ')}; by default the one that SHELL names, else bash.` },
  completes: { shell: async () => SHELLS },
  flags: {},
  example: ['completion bash >> ~/.bashrc', 'completes pilotlight in every new bash'],
  async run(args) {
    const { registry } = await import('../../core/registry.ts')
    const scripts = registry(
      'shell with a completion script',
      Object.entries(COMPLETION_SCRIPTS).map(([id, script]) => ({ id, summary: '', script })),
    )
    const own = basename(process.env['SHELL'] ?? '')
    const shell = args.text('shell') ?? (SHELLS.includes(own) ? own : 'bash')
    print(scripts.get(shell, 'pilotlight completion').script)
  },
}
