import type { Language } from '../../language/language.ts'
import type { Arguments, Flag } from './command.ts'

/** A flag of commands that write what people read. */
export const LANG_FLAG: Flag = {
  describe:
    'The language of what people read: en (the default) or zh. Files for programs (csv, json, card) are always in English.',
  takes: 'language',
  completes: async () => (await import('../../language/index.ts')).LANGUAGES.ids,
}

/** The language that was asked for; undefined where none was. Throws a UserError for one that there is not. */
export async function askedLanguage(args: Arguments): Promise<Language | undefined> {
  const lang = args.text('lang')
  const { LANGUAGES } = await import('../../language/index.ts')
  return lang === undefined ? undefined : LANGUAGES.get(lang, '--lang')
}
