import { inflateSync } from 'node:zlib'

/** The operators of all content streams of a PDF that draw letters, inflated. */
export function contentOf(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString('latin1')
  const streams = [...text.matchAll(/\/Filter \/FlateDecode\s*>>\s*stream\r?\n([\s\S]*?)\r?\nendstream/g)]
  const inflated = streams.map(([, data]) => inflateSync(Buffer.from(data!, 'latin1')).toString('latin1'))
  return inflated.filter((stream) => stream.includes(' Tf')).join('\n')
}

/** The sizes in points of all letters on the page: the font's, times how much the transformations around it enlarge. */
export function letterSizes(content: string): number[] {
  const stack: number[] = []
  const sizes: number[] = []
  let scale = 1
  for (const line of content.split('\n')) {
    const words = line.trim().split(/\s+/)
    const operator = words.at(-1)
    const [a = 1, b = 0] = words.map(Number)
    if (operator === 'q') stack.push(scale)
    else if (operator === 'Q') scale = stack.pop()!
    else if (operator === 'cm') scale *= Math.hypot(a, b)
    else if (operator === 'Tf') sizes.push(Number(words[1]) * scale)
  }
  return sizes
}

/** The width of a PDF's page in mm. */
export function widthMm(bytes: Uint8Array): number {
  const [, points] = /\/MediaBox \[0 0 ([\d.]+) [\d.]+\]/.exec(Buffer.from(bytes).toString('latin1'))!
  return (Number(points) / 72) * 25.4
}
