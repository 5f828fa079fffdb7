import { MOST_OUTPUT } from '../live-limits.ts'

/** The last characters of a text without end. */
export class Tail {
  text = ''

  add(more: string): void {
    this.text = (this.text + more).slice(-MOST_OUTPUT)
  }
}
