import { type Command, type Flag, commandName, type Values } from './command.ts'

/**
 * What may stand where the last word is typed: the words after `pilotlight`, the last one begun or empty. Gives nothing
 * where a file is wanted, and the shell then completes files.
 */
export async function candidates(
  words: readonly string[],
  commands: readonly Command[],
  common: Readonly<Record<string, Flag>>,
): Promise<readonly string[]> {
  const typed = words.at(-1) ?? ''
  if (words.length <= 1) return [...commands.map((command) => commandName(command)), '--help', '--version']
  const command = commands.find((each) => commandName(each) === words[0])
  if (command === undefined) return []
  const flags = { ...command.flags, ...common }
  const before = words.slice(1, -1)
  const flagOf = (word: string | undefined): Flag | undefined =>
    word?.startsWith('--') === true && Object.hasOwn(flags, word.slice(2)) ? flags[word.slice(2)] : undefined
  const asked = flagOf(before.at(-1))
  if (asked?.takes !== undefined) return valuesOf(asked, typed)
  if (typed.startsWith('-')) {
    const free = Object.keys(flags).filter((name) => !before.includes(`--${name}`))
    return [...free, 'help'].map((name) => `--${name}`)
  }
  // Words that are neither flags nor what a flag takes.
  const position = before.filter(
    (word, index) => !word.startsWith('-') && flagOf(before[index - 1])?.takes === undefined,
  ).length
  const names = Object.keys(command.words)
  const isRepeated = command.usage.includes('..')
  const name = names[isRepeated ? Math.min(position, names.length - 1) : position]
  if (name === undefined) return Object.keys(flags).map((each) => `--${each}`)
  return (await command.completes?.[name]?.()) ?? []
}

async function valuesOf({ takes = '', completes, isList }: Flag, typed: string): Promise<readonly string[]> {
  const load: Values | undefined = completes ?? (takes.includes('|') ? async () => takes.split('|') : undefined)
  const values = (await load?.()) ?? []
  if (isList !== true) return values
  const done = typed.slice(0, typed.lastIndexOf(',') + 1)
  const taken = done.split(',')
  return values.filter((value) => !taken.includes(value)).map((value) => done + value)
}

/** The shells that have a script. Each asks `pilotlight --complete` for what may stand at the cursor. */
export const COMPLETION_SCRIPTS: Readonly<Record<string, string>> = {
  bash: `# Put this into ~/.bashrc:  source <(pilotlight completion bash)
_pilotlight() {
  local IFS=$'\\n'
  COMPREPLY=($(compgen -W "$(pilotlight --complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o bashdefault -o default -F _pilotlight pilotlight`,
  zsh: `#compdef pilotlight
# Put this into ~/.zshrc, after compinit:  source <(pilotlight completion zsh)
_pilotlight() {
  local -a found
  found=("\${(@f)$(pilotlight --complete "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "$found[1]" ]]; then compadd -- $found; else _files; fi
}
compdef _pilotlight pilotlight`,
  fish: `# Put this into ~/.config/fish/config.fish:  pilotlight completion fish | source
function __pilotlight
  set -l words (commandline -opc)
  set -e words[1]
  pilotlight --complete $words (commandline -ct | string collect --allow-empty) 2>/dev/null
end
complete -c pilotlight -a '(__pilotlight)'`,
}
