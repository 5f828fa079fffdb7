/** Lets so many tasks be under way at a time; the others wait in the order in which they came. */
export class Turnstile {
  private readonly most: number
  private inside = 0
  private readonly waiting: (() => void)[] = []

  constructor(most: number) {
    this.most = most
  }

  async pass<T>(task: () => Promise<T>): Promise<T> {
    if (this.inside >= this.most) await new Promise<void>((resolve) => this.waiting.push(resolve))
    else this.inside += 1
    try {
      return await task()
    } finally {
      const next = this.waiting.shift()
      if (next === undefined) this.inside -= 1
      else next()
    }
  }
}
