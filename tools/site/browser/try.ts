import { counted } from '../../../src/core/counted.ts'
import { MINUTE } from '../../../src/core/units.ts'
import { UserError } from '../../../src/core/user-error.ts'
import type { Trace } from '../../../src/trace/trace.ts'
import { draw, type Drawn } from './picture.ts'
import { breakEvenPoint, fixedPoint, hybridPoint, type Point, spoken, WINDOWS } from './points.ts'
import { type App, traceOfApps, traceOfCsv } from './trace-of-csv.ts'

/** A log of some hundred megabytes would hold the page up for minutes. */
const MOST_BYTES = 64 * 1024 * 1024

const one = <T extends Element>(selector: string): T => document.querySelector<T>(selector)!
const svg = one<SVGSVGElement>('#picture')
const said = one<HTMLElement>('#said')
const keepAlive = one<HTMLInputElement>('#keep-alive')
const range = one<HTMLInputElement>('#range')
const file = one<HTMLInputElement>('#file')

/** Windows and ranges of the sliders, in minutes: finer where they are short. */
const STEPS = [1, 2, 3, 5, 7, 10, 15, 20, 30, 45, 60, 75, 90, 120, 150, 180, 240, 300, 360, 480]
for (const slider of [keepAlive, range]) slider.max = String(STEPS.length - 1)
keepAlive.value = String(STEPS.indexOf(10))
range.value = String(STEPS.indexOf(240))

let trace: Trace
let line: readonly Point[] = []
let held: Point

/** Lets the browser draw before long work. */
const pause = (): Promise<void> => new Promise((done) => setTimeout(done, 0))

async function open(next: Trace): Promise<void> {
  document.documentElement.dataset['ready'] = 'no'
  trace = next
  const points: Point[] = []
  for (const [at, window] of WINDOWS.entries()) {
    said.textContent = `Simulating ${at + 1} of ${WINDOWS.length} windows …`
    await pause()
    points.push(fixedPoint(trace, window))
  }
  line = points
  held = breakEvenPoint(trace)
  redraw()
  document.documentElement.dataset['ready'] = 'yes'
}

function minutesOf(slider: HTMLInputElement): number {
  return STEPS[Number(slider.value)]!
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en')
}

function redraw(): void {
  const began = performance.now()
  const chosen = fixedPoint(trace, minutesOf(keepAlive) * MINUTE)
  const hybrid = hybridPoint(trace, minutesOf(range) * MINUTE)
  const points: Drawn[] = [
    { ...held, colour: '#009E73', isNamed: true },
    { ...hybrid, colour: '#0072B2', isNamed: true },
    { ...chosen, colour: '#D55E00', isNamed: true },
  ]
  draw(svg, line, points)
  const ms = Math.round(performance.now() - began)
  one('#keep-alive-is').textContent = spoken(minutesOf(keepAlive) * MINUTE)
  one('#range-is').textContent = spoken(minutesOf(range) * MINUTE)
  said.textContent = `${trace.id}: ${counted(count(trace.apps.count), 'app')}, ${counted(count(trace.invocations), 'invocation')}. Two simulations in ${ms} ms, in this page alone.`
  one('#figures').replaceChildren(
    ...points.map(({ label, coldStarts, idleGbS }) => {
      const row = document.createElement('tr')
      for (const text of [label, count(coldStarts), count(idleGbS)]) row.append(cell(text))
      return row
    }),
  )
  document.documentElement.dataset['took'] = String(ms)
}

function cell(text: string): HTMLElement {
  const made = document.createElement('td')
  made.textContent = text
  return made
}

async function take(chosen: File | undefined): Promise<void> {
  if (chosen === undefined) return
  try {
    if (chosen.size > MOST_BYTES) {
      const problem = `expected at most ${MOST_BYTES / 1024 / 1024} MB, found ${Math.ceil(chosen.size / 1024 / 1024)} MB`
      throw new UserError({ where: chosen.name, problem, hint: 'The command line reads logs of any size.' })
    }
    await open(traceOfCsv(await chosen.text(), chosen.name))
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    said.textContent = error.message
    document.documentElement.dataset['ready'] = 'refused'
  }
}

async function sample(): Promise<void> {
  const packed = Uint8Array.from(atob(one('#sample').textContent ?? ''), (letter) => letter.charCodeAt(0))
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'))
  const { horizonMs, apps } = (await new Response(stream).json()) as { horizonMs: number; apps: App[] }
  // Minutes lie in the page as steps from one to the next, which pack well.
  const whole = apps.map((app) => {
    let minute = 0
    return { ...app, at: app.at.map((step) => (minute += step)) }
  })
  await open(traceOfApps('sample', whole, horizonMs))
}

for (const slider of [keepAlive, range]) slider.addEventListener('input', redraw)
file.addEventListener('change', () => {
  const [chosen] = file.files ?? []
  void take(chosen)
  // A file that was changed and is chosen again would else be no change.
  file.value = ''
})
one('#again').addEventListener('click', () => void sample())
addEventListener('dragover', (event) => event.preventDefault())
addEventListener('drop', (event) => {
  event.preventDefault()
  void take(event.dataTransfer?.files[0])
})
void sample()
