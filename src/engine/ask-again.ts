import type { Engine } from './engine.ts'

/**
 * The line on which a policy asks to be asked again. A policy is made before the engine that it works for: what it asks
 * for until then waits.
 */
export class AskAgain {
  private engine: Pick<Engine, 'askAgain'> | null = null
  private readonly waiting: (readonly [app: number, at: number])[] = []

  /** For the policy's context. */
  readonly ask = (app: number, at: number): void => {
    if (this.engine === null) this.waiting.push([app, at])
    else this.engine.askAgain(app, at)
  }

  /** From now on the engine is asked. */
  connect(engine: Pick<Engine, 'askAgain'>): void {
    this.engine = engine
    for (const [app, at] of this.waiting.splice(0)) engine.askAgain(app, at)
  }
}
