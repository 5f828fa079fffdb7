import { type Tag, tagsOf } from './svg-tags.ts'
import { BOLD_FONT, furtherFont, furtherSubset, REGULAR_FONT } from './fonts.ts'

type Pdf = PDFKit.PDFDocument

/** How a shape or a text is painted; inherited from the groups around it. */
interface Paint {
  readonly fill: string
  readonly stroke: string
  readonly width: number
  readonly dash: readonly number[]
  readonly fillOpacity: number
  readonly strokeOpacity: number
  readonly opacity: number
  readonly fontSize: number
  readonly isBold: boolean
  readonly anchor: string
}

const PLAIN: Paint = {
  fill: '#000000',
  stroke: 'none',
  width: 1,
  dash: [],
  fillOpacity: 1,
  strokeOpacity: 1,
  opacity: 1,
  fontSize: 11,
  isBold: false,
  anchor: 'start',
}

/**
 * An SVG document of this project as a PDF of one page, a unit of the drawing being a point. Its letters stay text, in a
 * face that is embedded as far as it is used; `own` is the user's font file for letters that the face lacks. What is drawn is what vega draws: groups, paths, lines, rectangles and texts.
 */
export async function pdfOf(svg: string, title: string, own?: string): Promise<Uint8Array> {
  const { default: PDFDocument } = await import('pdfkit')
  const [, width = 100, height = 100] = /<svg[^>]* width="([\d.]+)" height="([\d.]+)"/.exec(svg)?.map(Number) ?? []
  // The same drawing gives the same bytes, whenever it is made.
  const info = { Title: title, Producer: 'pilotlight', Creator: 'pilotlight', CreationDate: new Date(0) }
  const pdf = new PDFDocument({ size: [width, height], margin: 0, font: REGULAR_FONT, info })
  pdf.registerFont('bold', BOLD_FONT)
  pdf.registerFont('regular', REGULAR_FONT)
  const further = await furtherFont(svg, own)
  if (further !== undefined) pdf.registerFont('further', Buffer.from(await furtherSubset(further)) as unknown as string)
  const chunks: Uint8Array[] = []
  const done = new Promise<void>((resolve, reject) => {
    pdf.on('data', (chunk: Uint8Array) => chunks.push(chunk))
    pdf.on('end', () => resolve())
    pdf.on('error', reject)
  })
  draw({ pdf, further: further?.letters ?? new Set() }, tagsOf(svg))
  pdf.end()
  await done
  return Buffer.concat(chunks)
}

/** What is drawn on, and the letters that another font than the face has. */
interface Sheet {
  readonly pdf: Pdf
  readonly further: ReadonlySet<number>
}

function draw({ pdf, further }: Sheet, tags: readonly Tag[]): void {
  const clips = clipsOf(tags)
  const stack: { readonly paint: Paint; readonly name: string }[] = []
  let paint = PLAIN
  let isHidden = 0
  for (const tag of tags) {
    if (tag.kind === 'text') {
      if (isHidden === 0) write({ pdf, further }, tag.text, stack, paint)
      continue
    }
    if (tag.kind === 'close') {
      const top = stack.pop()!
      if (top.name === 'defs') isHidden -= 1
      pdf.restore()
      paint = top.paint
      continue
    }
    const { name, attributes } = tag
    pdf.save()
    if (name === 'defs') isHidden += 1
    const inside = painted(paint, attributes)
    place(pdf, attributes)
    const clip = clips.get(/url\(#(.+)\)/.exec(attributes['clip-path'] ?? '')?.[1] ?? '')
    if (clip !== undefined) pdf.rect(...clip).clip()
    if (isHidden === 0) shape(pdf, name, attributes, inside)
    if (tag.isEmpty) pdf.restore()
    else {
      stack.push({ paint, name })
      paint = inside
    }
  }
}

function clipsOf(tags: readonly Tag[]): ReadonlyMap<string, [number, number, number, number]> {
  const clips = new Map<string, [number, number, number, number]>()
  let id: string | undefined
  for (const tag of tags) {
    if (tag.kind !== 'open') continue
    if (tag.name === 'clipPath') id = tag.attributes['id']
    else if (tag.name === 'rect' && id !== undefined) {
      clips.set(id, boxOf(tag.attributes))
      id = undefined
    }
  }
  return clips
}

function boxOf(attributes: Readonly<Record<string, string>>): [number, number, number, number] {
  const [x = 0, y = 0, width = 0, height = 0] = ['x', 'y', 'width', 'height'].map((name) => number(attributes, name, 0))
  return [x, y, width, height]
}

function number(attributes: Readonly<Record<string, string>>, name: string, otherwise: number): number {
  const text = attributes[name]
  return text === undefined ? otherwise : Number.parseFloat(text)
}

function painted(from: Paint, attributes: Readonly<Record<string, string>>): Paint {
  const dash = attributes['stroke-dasharray']?.split(/[ ,]+/).map(Number)
  const weight = attributes['font-weight']
  return {
    fill: attributes['fill'] ?? from.fill,
    stroke: attributes['stroke'] ?? from.stroke,
    width: number(attributes, 'stroke-width', from.width),
    // Gaps of no length are no gaps.
    dash: dash === undefined ? from.dash : dash.every((length) => length > 0) ? dash : [],
    fillOpacity: number(attributes, 'fill-opacity', from.fillOpacity),
    strokeOpacity: number(attributes, 'stroke-opacity', from.strokeOpacity),
    opacity: from.opacity * number(attributes, 'opacity', 1),
    fontSize: number(attributes, 'font-size', from.fontSize),
    isBold: weight === undefined ? from.isBold : weight === 'bold' || Number(weight) >= 600,
    anchor: attributes['text-anchor'] ?? from.anchor,
  }
}

/** Moves and turns what follows. */
function place(pdf: Pdf, attributes: Readonly<Record<string, string>>): void {
  if (attributes['dy'] !== undefined || (attributes['y'] !== undefined && attributes['width'] === undefined)) {
    pdf.translate(number(attributes, 'x', 0), number(attributes, 'y', 0) + number(attributes, 'dy', 0))
  }
  for (const [, name, list] of (attributes['transform'] ?? '').matchAll(/(\w+)\(([^)]*)\)/g)) {
    const [a = 0, b = 0] = list!.split(/[ ,]+/).map(Number)
    if (name === 'translate') pdf.translate(a, b)
    else if (name === 'rotate') pdf.rotate(a)
    else if (name === 'scale') pdf.transform(a, 0, 0, b === 0 ? a : b, 0, 0)
  }
}

function shape(pdf: Pdf, name: string, attributes: Readonly<Record<string, string>>, paint: Paint): void {
  if (name === 'path') {
    const { d = '' } = attributes
    if (d === '') return
    pdf.path(d)
  } else if (name === 'line') {
    pdf.moveTo(number(attributes, 'x1', 0), number(attributes, 'y1', 0))
    pdf.lineTo(number(attributes, 'x2', 0), number(attributes, 'y2', 0))
  } else if (name === 'rect') pdf.rect(...boxOf(attributes))
  else return
  const fill = name === 'line' ? undefined : colour(paint.fill)
  const stroke = colour(paint.stroke)
  pdf.fillOpacity(paint.fillOpacity * paint.opacity).strokeOpacity(paint.strokeOpacity * paint.opacity)
  pdf.lineWidth(paint.width).lineJoin('round')
  if (paint.dash.length > 0) pdf.dash([...paint.dash] as unknown as number, {})
  else pdf.undash()
  if (fill !== undefined && stroke !== undefined) pdf.fillAndStroke(fill, stroke)
  else if (fill !== undefined) pdf.fill(fill)
  else if (stroke !== undefined) pdf.stroke(stroke)
  // A path that is not painted must not become part of the next one.
  else pdf.fillOpacity(0).fill('#ffffff')
}

function colour(text: string): string | undefined {
  if (text === 'none' || text === 'transparent') return undefined
  return text === 'currentColor' ? '#000000' : text
}

/** Writes a text where its element stands. */
function write({ pdf, further }: Sheet, text: string, stack: readonly { readonly name: string }[], paint: Paint): void {
  const name = stack.at(-1)?.name
  const fill = colour(paint.fill)
  if ((name !== 'text' && name !== 'tspan') || fill === undefined || text.trim() === '') return
  const parts = partsOf(text, further).map((part) => {
    const font = part.isFurther ? 'further' : paint.isBold ? 'bold' : 'regular'
    return { ...part, font, width: pdf.font(font).fontSize(paint.fontSize).widthOfString(part.text) }
  })
  const width = parts.reduce((sum, part) => sum + part.width, 0)
  let left = paint.anchor === 'middle' ? -width / 2 : paint.anchor === 'end' ? -width : 0
  pdf.fillOpacity(paint.fillOpacity * paint.opacity).fillColor(fill)
  for (const part of parts) {
    pdf.font(part.font).text(part.text, left, 0, { lineBreak: false, baseline: 'alphabetic' })
    left += part.width
  }
}

/** A text in parts, each of letters of one font. */
function partsOf(text: string, further: ReadonlySet<number>): { readonly text: string; readonly isFurther: boolean }[] {
  const parts: { text: string; isFurther: boolean }[] = []
  for (const letter of text) {
    const isFurther = further.has(letter.codePointAt(0)!)
    const last = parts.at(-1)
    if (last?.isFurther === isFurther) last.text += letter
    else parts.push({ text: letter, isFurther })
  }
  return parts
}
