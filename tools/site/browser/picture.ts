import type { Point } from './points.ts'

const WIDTH = 720
const HEIGHT = 380
const ROOM = { left: 78, right: 20, top: 14, bottom: 46 }
const SVG = 'http://www.w3.org/2000/svg'
const TICKS = 5

/** A point that is drawn, and how. */
export interface Drawn extends Point {
  readonly colour: string
  readonly isNamed: boolean
}

/** Draws points over idle memory and cold starts, and the fixed windows as a line, into an SVG element. */
export function draw(svg: SVGSVGElement, line: readonly Point[], points: readonly Drawn[]): void {
  const all = [...line, ...points]
  const most = {
    idle: 1.06 * Math.max(1e-9, ...all.map(({ idleGbS }) => idleGbS)),
    cold: 1.06 * Math.max(1, ...all.map(({ coldStarts }) => coldStarts)),
  }
  const x = (value: number): number => ROOM.left + (value / most.idle) * (WIDTH - ROOM.left - ROOM.right)
  const y = (value: number): number => HEIGHT - ROOM.bottom - (value / most.cold) * (HEIGHT - ROOM.top - ROOM.bottom)
  const place = ({ idleGbS, coldStarts }: Point): string => `${x(idleGbS).toFixed(1)},${y(coldStarts).toFixed(1)}`
  const parts: SVGElement[] = []
  for (let tick = 0; tick <= TICKS; tick += 1) {
    const [idle, cold] = [(most.idle * tick) / TICKS, (most.cold * tick) / TICKS]
    parts.push(element('line', { x1: ROOM.left, x2: WIDTH - ROOM.right, y1: y(cold), y2: y(cold), class: 'grid' }))
    parts.push(
      text(ROOM.left - 8, y(cold) + 4, short(cold), 'end'),
      text(x(idle), HEIGHT - ROOM.bottom + 18, short(idle), 'middle'),
    )
  }
  parts.push(text((WIDTH + ROOM.left) / 2, HEIGHT - 8, 'Idle memory time (GB·s)', 'middle'))
  const up = text(16, HEIGHT / 2, 'Cold starts', 'middle')
  up.setAttribute('transform', `rotate(-90 16 ${HEIGHT / 2})`)
  parts.push(up, element('polyline', { points: line.map(place).join(' '), class: 'fixed' }))
  for (const point of line) parts.push(dot(point, 3, 'var(--soft)'))
  for (const point of points) {
    parts.push(dot(point, 7, point.colour))
    const isRight = x(point.idleGbS) > WIDTH - 190
    if (point.isNamed)
      parts.push(
        text(x(point.idleGbS) + (isRight ? -11 : 11), y(point.coldStarts) - 8, point.label, isRight ? 'end' : 'start'),
      )
  }
  svg.setAttribute('viewBox', `0 0 ${WIDTH} ${HEIGHT}`)
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
