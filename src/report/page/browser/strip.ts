// What happened to an app over time: asked of the server where the page is served, else the command that tells it.
import { element } from './element.ts'
import type { PageModel } from './page-model.ts'

/** A text as one word of a shell. */
function word(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}

export function drawStrip(model: PageModel, app: string): HTMLElement {
  const { command } = model.data
  const typed = `pilotlight explain ${word(command)} --app ${word(app)}`
  const place = element(
    'div',
    { class: 'strip' },
    element('p', {}, 'When it was loaded, and when it was cold: ', element('code', {}, typed)),
  )
  if (document.documentElement.dataset['served'] === 'yes') void askFor(model, app, place)
  return place
}

async function askFor(model: PageModel, app: string, place: HTMLElement): Promise<void> {
  const keys = [...new Set([model.data.runs[model.a]!.key, model.data.runs[model.b]!.key])]
  const words = new URLSearchParams([['app', app], ...keys.map((key) => ['run', key])])
  place.replaceChildren(element('p', { role: 'status' }, 'Making the two runs again for this app …'))
  try {
    const answer = await fetch(`explain?${words}`)
    const text = await answer.text()
    if (!answer.ok) throw new Error(text)
    // As a picture of its own, nothing in it can act.
    place.replaceChildren(
      element('img', {
        alt: `What runs A and B did to the app ${app} over time`,
        src: `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`,
      }),
    )
  } catch (error) {
    place.replaceChildren(element('p', { role: 'status' }, error instanceof Error ? error.message : String(error)))
  }
}
