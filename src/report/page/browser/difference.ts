// Runs A and B side by side: by how much they differ, and for which reasons.
import type { PageRun } from '../page-contents.ts'
import { byId, chooser, element } from './element.ts'
import type { PageModel } from './page-model.ts'
import { numberText, signed } from './scale.ts'
import { swatch } from './run-table.ts'

export function difference(model: PageModel): void {
  const { runs } = model.data
  const options = runs.map(({ key, label }) => ({ value: key, text: label }))
  const a = chooser('A', options, (key) => model.choose({ a: key }))
  const b = chooser('B', options, (key) => model.choose({ b: key }))
  const swap = (): void => model.choose({ a: runs[model.b]!.key, b: runs[model.a]!.key })
  const button = element('button', { type: 'button', class: 'plain', click: swap }, model.says('page.swap'))
  byId('pair').append(a.label, b.label, button)
  model.follow(() => {
    const [one, other] = [runs[model.a]!, runs[model.b]!]
    a.show(one.key)
    b.show(other.key)
    byId('difference').replaceChildren(
      ...(one === other
        ? [element('p', {}, model.says('page.same'))]
        : [sentence(model, one, other), reasons(model, one, other)]),
    )
  })
}

/** How many cold starts and how much idle memory A has more or fewer than B. */
function sentence(model: PageModel, a: PageRun, b: PageRun): HTMLElement {
  const [coldA, coldB] = [a, b].map(({ reasons: counts }) => counts.reduce((sum, count) => sum + count, 0))
  const parts = [coldCompared(model, coldA!, coldB!)]
  const idle = model.column('idle-memory')
  const [idleA, idleB] = idle === undefined ? [null, null] : [model.valueOf(a, idle), model.valueOf(b, idle)]
  if (idleA !== null && idleB !== null) parts.push(idleCompared(model, idleA, idleB))
  const worlds = a.world === b.world ? '' : ` ${model.says('page.pair.worlds', { a: a.world, b: b.world })}`
  return element(
    'p',
    { class: 'sentence' },
    model.says('page.pair.a'),
    ' ',
    swatch(a),
    ` ${model.says('page.pair.has', { label: a.label, parts: parts.join(model.says('page.pair.and')) })} `,
    swatch(b),
    ` ${model.says('page.pair.b', { label: b.label })}${worlds}`,
  )
}

function coldCompared(model: PageModel, a: number, b: number): string {
  if (a === b) return model.says('page.pair.coldEqual')
  const difference = { count: numberText(Math.abs(a - b)), share: shareOf(model, a, b) }
  return a < b ? model.says('page.pair.coldFewer', difference) : model.says('page.pair.coldMore', difference)
}

function idleCompared(model: PageModel, a: number, b: number): string {
  if (a === b) return model.says('page.pair.idleEqual')
  const share = { share: shareOf(model, a, b) }
  return a < b ? model.says('page.pair.idleLess', share) : model.says('page.pair.idleMore', share)
}

function shareOf(model: PageModel, a: number, b: number): string {
  if (b === 0) return ''
  return model.says('page.pair.share', { percent: signed(Number(((100 * (a - b)) / b).toPrecision(3))) })
}

function reasons(model: PageModel, a: PageRun, b: PageRun): HTMLElement {
  const list = model.data.reasons
    .map(({ meaning }, index) => ({ meaning, a: a.reasons[index]!, b: b.reasons[index]! }))
    .filter((each) => each.a > 0 || each.b > 0)
  const most = Math.max(1, ...list.flatMap((each) => [each.a, each.b]))
  const bar = (count: number, run: PageRun): HTMLElement =>
    element(
      'td',
      { class: 'bar' },
      element('i', { style: `width:${(100 * count) / most}%;background:${run.colour}` }),
      element('span', {}, numberText(count)),
    )
  const rows = list.map((each) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, each.meaning),
      bar(each.a, a),
      bar(each.b, b),
      element('td', {}, signed(each.a - each.b)),
    ),
  )
  const heads = [model.says('page.reasons'), 'A', 'B', 'A − B'].map((text) => element('th', { scope: 'col' }, text))
  const table = element(
    'table',
    { class: 'reasons' },
    element('thead', {}, element('tr', {}, ...heads)),
    element('tbody', {}, ...rows),
  )
  return element(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': model.says('page.reasons.label') },
    table,
  )
}
