// Where the page is served: it asks how far the runs are, and shows itself anew when more are finished.
import { byId } from './element.ts'

const EVERY_MS = 2000

interface State {
  readonly finished: number
  readonly of: number
  readonly version: string
}

export function followServer(): void {
  if (document.documentElement.dataset['served'] !== 'yes') return
  let first: string | undefined
  const place = byId('served')
  const ask = async (): Promise<void> => {
    try {
      const state = (await (await fetch('state')).json()) as State
      first ??= state.version
      place.textContent = state.finished < state.of ? `${state.finished} of ${state.of} runs are finished.` : ''
      // What the reader has chosen stands in the address, so that it is kept; whoever types is not disturbed.
      const isTyping = document.activeElement instanceof HTMLInputElement
      if (state.version !== first && !isTyping && document.visibilityState === 'visible') return location.reload()
    } catch {
      place.textContent = 'The server has ended: this is how far the runs were.'
    }
    setTimeout(() => void ask(), EVERY_MS)
  }
  void ask()
}
