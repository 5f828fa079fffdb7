// The timelines of docs/model.md and docs/hybrid.md, from vectors of the conformance suite; npm run pictures writes them.
import { formatSpan } from '../src/core/units.ts'
import { escapeXml } from '../src/report/drawing/safe-html.ts'
import { textWidth } from '../src/report/drawing/text-width.ts'
import { loadedStretches } from '../src/report/explanation/explanation.ts'
import { type AppHistory, historiesOf } from '../src/sim/app-history.ts'
import { simulationOf } from './conformance/pilotlight.ts'
import { type Vector, vectors } from './conformance/vector.ts'

/** The pictures by their files in docs/pictures, each with the ids of the vectors that it shows. */
export const TIMELINES: Readonly<Record<string, readonly string[]>> = {
  'timelines-model.svg': [
    'warm-at-expiry',
    'cold-after-expiry',
    'window-renews',
    'idle-not-arrival',
    'cut-at-the-end',
    'nothing-kept',
    'scale-out',
  ],
  'timelines-hybrid.svg': [
    'new-app',
    'timer',
    'prewarm-instant',
    'before-prewarm',
    'unused-prewarm',
    'forecast-window',
  ],
}

const [WIDTH, MARGIN, LINE, LANE, AXIS, GAP] = [720, 12, 16, 20, 20, 18] as const
/** Colours that readers with any common colour blindness tell apart, and that differ in grey. */
const [LOADED, BUSY, WARM, COLD] = ['#BBD7EA', '#6FA8CC', '#0072B2', '#D55E00'] as const
/** Distances of marks of time, in ms. */
const STEPS = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400, 36_000].map((s) => s * 1000)

/** A picture of some vectors, one strip each, below one another, as an SVG document. */
export function timelines(ids: readonly string[]): string {
  const all = new Map(vectors().map((vector) => [vector.id, vector]))
  const parts: string[] = []
  let y = MARGIN
  for (const id of ids) {
    const { drawing, height } = strip(all.get(id)!, y)
    parts.push(...drawing)
    y += height + GAP
  }
  parts.push(...key(y))
  const height = y + LINE + MARGIN
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="12" fill="#1b1f24">`,
    `<rect width="${WIDTH}" height="${height}" fill="white"/>`,
    ...parts,
    '</svg>\n',
  ].join('\n')
}

function strip(vector: Vector, top: number): { readonly drawing: string[]; readonly height: number } {
  const { what, arrivals, horizonMs, policy, model } = vector
  const history = historiesOf(simulationOf(vector), [0])[0]!
  const stretches = loadedStretches(history, horizonMs)
  // What comes after the last load is empty.
  const lastMs = Math.max(...stretches.map(({ to }) => to), ...arrivals.map(({ startMs }) => startMs))
  const endMs = Math.min(horizonMs, 1.1 * lastMs)
  const x = (ms: number): string => (MARGIN + (ms / endMs) * (WIDTH - 2 * MARGIN)).toFixed(1)
  const params = Object.entries(policy.params).map(([name, ms]) => `${name} ${formatSpan(Number(ms))}`)
  const options = Object.entries(model).filter(([name]) => name !== 'kind')
  const title = [policy.id, ...params, ...options.map(([name, value]) => `${name} ${String(value)}`)].join(', ')
  const sentence = wrapped(what)
  const lane = top + LINE * (1 + sentence.length)
  const bar = (from: number, to: number, colour: string): string =>
    `<rect x="${x(from)}" y="${lane}" width="${(Number(x(to)) - Number(x(from))).toFixed(1)}" height="${LANE}" fill="${colour}"/>`
  const busy = arrivals.filter(({ durationMs }) => durationMs > 0)
  const drawing = [
    `<text x="${MARGIN}" y="${top + 11}" font-weight="600">${escapeXml(title)}</text>`,
    ...sentence.map((line, row) => `<text x="${MARGIN}" y="${top + 11 + LINE * (row + 1)}">${escapeXml(line)}</text>`),
    ...stretches.map(({ from, to }) => bar(from, to, LOADED)),
    ...busy.map(({ startMs, durationMs }) => bar(startMs, Math.min(endMs, startMs + durationMs), BUSY)),
    `<path d="M${MARGIN},${lane + LANE}H${WIDTH - MARGIN}" stroke="#57606a"/>`,
    ...history.arrivals.map(({ at, cold }) => mark(Number(x(at)), lane, cold > 0)),
    ...reasons(history, lane, x),
    ...axis(endMs, lane + LANE, x),
  ]
  return { drawing, height: lane + LANE + AXIS - top }
}

function mark(x: number, lane: number, isCold: boolean): string {
  const [from, to] = isCold ? [lane - 3, lane + LANE + 3] : [lane + 5, lane + LANE]
  return `<path d="M${x},${from}V${to}" stroke="${isCold ? COLD : WARM}" stroke-width="${isCold ? 3 : 2}"/>`
}

/** Why arrivals were cold, where there is room for the word. */
function reasons({ arrivals }: AppHistory, lane: number, x: (ms: number) => string): string[] {
  let free = 0
  return arrivals.flatMap(({ at, cold, reason }) => {
    const left = Number(x(at)) + 4
    if (cold === 0 || reason === null || left < free) return []
    const width = textWidth(reason, 11)
    const isRoom = left + width < WIDTH
    free = left + width
    return isRoom
      ? [`<text x="${left.toFixed(1)}" y="${lane + 14}" font-size="11" fill="#8a3a00">${reason}</text>`]
      : []
  })
}

function axis(endMs: number, y: number, x: (ms: number) => string): string[] {
  const step = STEPS.find((ms) => endMs / ms <= 9) ?? endMs
  return Array.from({ length: Math.floor(endMs / step) + 1 }, (_, index) => index * step).flatMap((ms) => {
    const at = Number(x(ms))
    const anchor = at < 30 ? 'start' : at > WIDTH - 40 ? 'end' : 'middle'
    const text = ms === 0 ? '0' : formatSpan(ms)
    return [
      `<path d="M${at},${y}v4" stroke="#57606a"/>`,
      `<text x="${at}" y="${y + 15}" font-size="10" fill="#57606a" text-anchor="${anchor}">${text}</text>`,
    ]
  })
}

function key(y: number): string[] {
  const entries = [
    { colour: LOADED, width: 14, text: 'loaded by its windows' },
    { colour: BUSY, width: 14, text: 'executing' },
    { colour: WARM, width: 2, text: 'warm arrival' },
    { colour: COLD, width: 3, text: 'cold start, with its reason' },
  ]
  let x: number = MARGIN
  return entries.flatMap(({ colour, width, text }) => {
    const from = x
    x += 34 + textWidth(text, 12)
    return [
      `<rect x="${from}" y="${y + 1}" width="${width}" height="11" fill="${colour}"/>`,
      `<text x="${from + 20}" y="${y + 11}">${text}</text>`,
    ]
  })
}

/** A sentence in lines that fit the picture. */
function wrapped(text: string): string[] {
  const lines: string[] = ['']
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`.trim()
    if (textWidth(longer, 12) <= WIDTH - 2 * MARGIN) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines
}
