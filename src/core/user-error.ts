/** What a user needs to fix a mistake: the place, what was expected and found, and what to do. */
export interface Complaint {
  /** `file:line:column`, a configuration path such as `policies[1].policy`, or the flag. */
  readonly where: string
  /** What was expected there and what was found, without a closing full stop. */
  readonly problem: string
  /** What to do about it, a whole sentence. */
  readonly hint?: string
  /** The policy's parameter or option of a model that it comes of, as `spread`: who knows where that stands tells that place instead. */
  readonly option?: string
}

/** Anything that the user can fix. The command prints its message alone and exits with 2; any other error is a bug. */
export class UserError extends Error {
  override readonly name = 'UserError'
  /** What the message was made of, so that an error can cross from one thread to another. */
  readonly complaint: Complaint

  constructor(complaint: Complaint) {
    const { where, problem, hint, option } = complaint
    const told = {
      where: shortened(where),
      problem: shortened(problem),
      ...(hint === undefined ? {} : { hint: shortened(hint) }),
      ...(option === undefined ? {} : { option }),
    }
    super(`${told.where}: ${told.problem}.${told.hint === undefined ? '' : ` ${told.hint}`}`)
    this.complaint = told
  }
}

/** A message is there to be read: longer parts hold a value of a whole file, or thousands of names. */
const LONGEST = 2000

function shortened(text: string): string {
  if (text.length <= LONGEST) return text
  return `${text.slice(0, LONGEST).toWellFormed()}… (${text.length - LONGEST} more characters)`
}
