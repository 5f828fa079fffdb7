import { byId, element } from './element.ts'

/** Space between the pointer and its tip, in pixels. */
const GAP = 14

/** Shows facts beside the pointer. */
export function showTip({ clientX, clientY }: MouseEvent, facts: readonly (readonly [string, string])[]): void {
  const tip = byId('tip')
  const rows = facts.map(([name, text]) => element('tr', {}, element('td', {}, name), element('td', {}, text)))
  tip.replaceChildren(element('table', {}, element('tbody', {}, ...rows)))
  tip.hidden = false
  const { width, height } = tip.getBoundingClientRect()
  const right = clientX + GAP + width > innerWidth ? clientX - GAP - width : clientX + GAP
  const down = clientY + GAP + height > innerHeight ? clientY - GAP - height : clientY + GAP
  tip.style.left = `${Math.max(0, right)}px`
  tip.style.top = `${Math.max(0, down)}px`
}

export function hideTip(): void {
  byId('tip').hidden = true
}
