/** Loads the values that completion offers. */
export type Values = () => Promise<readonly string[]>

/** A flag of a command: a switch, or one that takes a text. */
export interface Flag {
  readonly describe: string
  /** What it takes, as help shows it: `file`, `n`; absent for a switch. */
  readonly takes?: string
  /** Values that completion offers; absent for files, numbers, and where `takes` names them all, as in `app|function`. */
  readonly completes?: Values
  /** Whether it takes several values with commas between them. */
  readonly isList?: true
  readonly required?: boolean
}

/** A command as plain data: parsing, help, completion and the check of its flags all come from it. */
export interface Command {
  /** As it is typed, as in `run <experiment>` or `merge <store..>`. */
  readonly usage: string
  /** One sentence. */
  readonly summary: string
  /** What each word in brackets of the usage is. */
  readonly words: Readonly<Record<string, string>>
  /** Values that completion offers for a word; absent for files. */
  readonly completes?: Readonly<Record<string, Values>>
  readonly flags: Readonly<Record<string, Flag>>
  /** A whole line that works, and what it does. */
  readonly example: readonly [line: string, does: string]
  /** Does the work. Modules that are slow to load are imported here and not at the top of the file. */
  run(args: Arguments): Promise<void>
}

/** What was typed after a command. */
export interface Arguments {
  /** The text of a word of the usage or of a flag; undefined when it was not given. */
  text(name: string): string | undefined
  /** The same of a word or flag that must be given. */
  needed(name: string): string
  /** All texts of a word that may be repeated. */
  texts(name: string): readonly string[]
  /** Whether a switch was given. */
  on(name: string): boolean
}

/** The name of a command. */
export function commandName({ usage }: Pick<Command, 'usage'>): string {
  return usage.split(' ')[0]!
}

/** A flag of commands that write a folder. */
export const FORCE_FLAG: Flag = {
  describe: 'Also write into a folder that pilotlight did not make, and over files that were changed.',
}

/** A flag that many commands have. */
export const JSON_FLAG: Flag = { describe: 'Print one JSON document to stdout.' }
