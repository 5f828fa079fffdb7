// Where the page is served: it asks how far the runs are, and shows itself anew when more are finished.
import { told } from '../../../language/told.ts'
import type { PageData } from '../page-contents.ts'
import { byId } from './element.ts'

const EVERY_MS = 2000

type State = {
  readonly finished: number
  readonly of: number
  readonly version: string
}

export function followServer(data: Pick<PageData, 'words'>): void {
  if (document.documentElement.dataset['served'] !== 'yes') return
  reopen()
  let first: string | undefined
  const place = byId('served')
  const ask = async (): Promise<void> => {
    try {
      const state = (await (await fetch('state')).json()) as State
      first ??= state.version
      place.textContent = state.finished < state.of ? told(data, 'page.served.some', state) : ''
      // What the reader has chosen stands in the address, so that it is kept; whoever types is not disturbed.
      const isTyping = document.activeElement instanceof HTMLInputElement
      if (state.version !== first && !isTyping && document.visibilityState === 'visible') {
        keepOpened()
        return location.reload()
      }
    } catch {
      place.textContent = told(data, 'page.served.ended')
    }
    setTimeout(() => void ask(), EVERY_MS)
  }
  void ask()
}

const KEPT = 'opened'

/** Which parts are open, for the page that comes next. */
function keepOpened(): void {
  const opened = [...document.querySelectorAll('details[id][open]')].map(({ id }) => id)
  sessionStorage.setItem(KEPT, opened.join())
}

function reopen(): void {
  const opened = sessionStorage.getItem(KEPT)
  sessionStorage.removeItem(KEPT)
  for (const id of opened?.split(',') ?? []) {
    const part = document.getElementById(id)
    if (part instanceof HTMLDetailsElement) part.open = true
  }
}
