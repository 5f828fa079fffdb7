import { UserError } from '../core/user-error.ts'
import { stackPlace } from './stack-place.ts'
import { toldOf } from './told.ts'
import { callNumber, enter, leave, type MethodOf, type OwnPart, type Watch } from './watch.ts'

/** A file of a user's own whose methods are called, and who hears of the calls. */
export interface OwnCode {
  /** Its absolute path. */
  readonly file: string
  /** Names of the apps. */
  readonly names: { at(app: number): string }
  readonly watch: Watch
}

/** Calls a method of the file, for an app or for none; what it throws is told as {@link thrownBy} tells it. */
export type OwnCall<P extends OwnPart> = <R>(method: MethodOf<P>, call: () => R, app?: number) => R

/** The way to call the methods of one file. */
export function ownCall<P extends OwnPart>(part: P, own: OwnCode): OwnCall<P> {
  const { watch } = own
  return (method, call, app = -1) => {
    enter(watch, callNumber(part, method), app)
    try {
      return call()
    } catch (error) {
      throw thrownBy(own, method, error, app)
    } finally {
      leave(watch)
    }
  }
}

/** What a method threw, as a UserError that names the place in the file, the method and the app. */
export function thrownBy({ file, names }: OwnCode, method: string, error: unknown, app = -1): UserError {
  if (error instanceof UserError) return error
  const about = app < 0 ? '' : ` for the app ${names.at(app)}`
  return new UserError({
    where: stackPlace(file, error),
    problem: `${method}()${about} threw ${nameOf(error)}${toldOf(error)}`,
  })
}

/** The name of an error, as it stands before its message. */
function nameOf(error: unknown): string {
  return error instanceof Error && typeof error.name === 'string' ? `${error.name}: ` : ''
}
