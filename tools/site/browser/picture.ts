import type { Point } from './points.ts'
import { roundTicks } from './round-ticks.ts'

const MOST_WIDTH = 720
const HEIGHT = 380
const ROOM = { left: 70, right: 24, top: 14, bottom: 46 }
const SVG = 'http://www.w3.org/2000/svg'
/** Axes are this far longer than what they hold, so that no point lies on their end. */
const SPARE = 1.06

/** A point that is drawn, and how. */
export interface Drawn extends Point {
  readonly colour: string
  readonly isNamed: boolean
}

/**
 * Draws points over idle memory and cold starts, and the fixed windows as a line, into an SVG element. It is drawn as
 * wide as it is shown, so that its letters are as large on a telephone.
 */
export function draw(svg: SVGSVGElement, line: readonly Point[], points: readonly Drawn[]): void {
  const all = [...line, ...points]
  const width = Math.min(MOST_WIDTH, Math.max(280, svg.clientWidth))
  const idle = roundTicks(SPARE * Math.max(1e-9, ...all.map(({ idleGbS }) => idleGbS)), width < 500 ? 3 : 5)
  const cold = roundTicks(SPARE * Math.max(1, ...all.map(({ coldStarts }) => coldStarts)), 5)
  const x = (value: number): number => ROOM.left + (value / idle.at(-1)!) * (width - ROOM.left - ROOM.right)
  const y = (value: number): number => HEIGHT - ROOM.bottom - (value / cold.at(-1)!) * (HEIGHT - ROOM.top - ROOM.bottom)
  const place = ({ idleGbS, coldStarts }: Point): string => `${x(idleGbS).toFixed(1)},${y(coldStarts).toFixed(1)}`
  const parts: SVGElement[] = []
  for (const tick of cold) {
    parts.push(
      element('line', { x1: ROOM.left, x2: width - ROOM.right, y1: y(tick), y2: y(tick), class: 'grid' }),
      text(ROOM.left - 8, y(tick) + 4, short(tick), 'end'),
    )
  }
  for (const tick of idle) parts.push(text(x(tick), HEIGHT - ROOM.bottom + 18, short(tick), 'middle'))
  parts.push(text((width + ROOM.left) / 2, HEIGHT - 8, 'Idle memory time (GB·s)', 'middle'))
  const up = text(16, HEIGHT / 2, 'Cold starts', 'middle')
  up.setAttribute('transform', `rotate(-90 16 ${HEIGHT / 2})`)
  parts.push(up, element('polyline', { points: line.map(place).join(' '), class: 'fixed' }))
  for (const point of line) parts.push(dot(point, 3, 'var(--soft)'))
  for (const point of points) {
    parts.push(dot(point, 7, point.colour))
    const isRight = x(point.idleGbS) > width - 190
    if (point.isNamed)
      parts.push(
        text(x(point.idleGbS) + (isRight ? -11 : 11), y(point.coldStarts) - 8, point.label, isRight ? 'end' : 'start'),
      )
  }
  svg.setAttribute('viewBox', `0 0 ${width} ${HEIGHT}`)
  svg.replaceChildren(...parts)

  function dot(point: Point, r: number, fill: string): SVGElement {
    const circle = element('circle', { cx: x(point.idleGbS), cy: y(point.coldStarts), r, style: `fill:${fill}` })
    const title = element('title', {})
    title.textContent = `${point.label}: ${point.coldStarts.toLocaleString('en')} cold starts, ${Math.round(point.idleGbS).toLocaleString('en')} GB·s`
    circle.append(title)
    return circle
  }
}

function element(name: string, attributes: Readonly<Record<string, string | number>>): SVGElement {
  const made = document.createElementNS(SVG, name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value))
  return made
}

function text(x: number, y: number, content: string, anchor: string): SVGElement {
  const made = element('text', { x, y, 'text-anchor': anchor })
  made.textContent = content
  return made
}

function short(value: number): string {
  return new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 }).format(value)
}
