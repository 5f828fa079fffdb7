type Child = Node | string
type Attributes = Readonly<Record<string, string | number | boolean | ((event: Event) => void)>>

const SVG = 'http://www.w3.org/2000/svg'

/** The element of the page with that id. */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id)
  if (found === null) throw new Error(`the page has no element "${id}"`)
  return found
}

/** An element with its attributes and children; a function is a listener, true is an attribute without a value. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  return furnished(document.createElement(tag), attributes, children)
}

/** The same for drawings. */
export function drawing<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[K] {
  return furnished(document.createElementNS(SVG, tag), attributes, children)
}

/** A label that may go on in the next line after a bracket or an equals sign, rather than within a number. */
export function breakable(label: string): (Node | string)[] {
  return label.split(/(?<=[(=])/).flatMap((part, at) => (at === 0 ? [part] : [element('wbr'), part]))
}

function furnished<E extends Element>(made: E, attributes: Attributes, children: readonly Child[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(name, value)
    else if (value !== false) made.setAttribute(name, value === true ? '' : String(value))
  }
  made.append(...children)
  return made
}

/** An option of a list. */
interface Option {
  readonly value: string
  readonly text: string
}

/** A list to choose from, with its name before it; `show` sets what is chosen. */
export function chooser(name: string, options: readonly Option[], choose: (value: string) => void) {
  const select = element('select', { change: () => choose(select.value) })
  select.append(...options.map(({ value, text }) => element('option', { value }, text)))
  return {
    label: element('label', {}, `${name} `, select),
    show(value: string): void {
      if (select.value !== value) select.value = value
    },
  }
}

/** A path of a shape around 0, 0, as vega draws it, of about so many square pixels. */
export function shapePath(shape: string, area: number): string {
  const r = Math.sqrt(area) / 2
  const h = r * 1.15
  switch (shape) {
    case 'square':
      return `M${-r},${-r}h${2 * r}v${2 * r}h${-2 * r}Z`
    case 'triangle-up':
      return `M0,${-h}L${h},${h}L${-h},${h}Z`
    case 'triangle-down':
      return `M0,${h}L${h},${-h}L${-h},${-h}Z`
    case 'diamond':
      return `M0,${-1.35 * r}L${1.35 * r},0L0,${1.35 * r}L${-1.35 * r},0Z`
    case 'cross': {
      const [a, b] = [0.42 * r, 1.2 * r]
      return `M${-a},${-b}h${2 * a}v${b - a}h${b - a}v${2 * a}h${a - b}v${b - a}h${-2 * a}v${a - b}h${a - b}v${-2 * a}h${b - a}Z`
    }
    default:
      return `M${-h},0a${h},${h} 0 1,0 ${2 * h},0a${h},${h} 0 1,0 ${-2 * h},0Z`
  }
}
