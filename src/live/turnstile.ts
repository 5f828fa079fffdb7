/**
 * Lets so many tasks be under way at a time; the others wait in the order in which they came. A task that takes longer
 * than it may keep others waiting goes on, but counts no longer.
 */
export class Turnstile {
  private readonly most: number
  private readonly patienceMs: number
  private inside = 0
  private readonly waiting: (() => void)[] = []

  constructor(most: number, patienceMs: number) {
    this.most = most
    this.patienceMs = patienceMs
  }

  async pass<T>(task: () => Promise<T>): Promise<T> {
    if (this.inside >= this.most) await new Promise<void>((resolve) => this.waiting.push(resolve))
    else this.inside += 1
    let isInside = true
    const leave = (): void => {
      if (isInside) this.letIn()
      isInside = false
    }
    const timer = setTimeout(leave, this.patienceMs)
    try {
      return await task()
    } finally {
      clearTimeout(timer)
      leave()
    }
  }

  private letIn(): void {
    const next = this.waiting.shift()
    if (next === undefined) this.inside -= 1
    else next()
  }
}
