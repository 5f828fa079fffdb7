import { HOUR, MINUTE } from '../src/core/units.ts'
import type { ParameterTable } from '../src/policy/parameters.ts'
import { defaultsOf } from '../src/policy/parameters.ts'
import { Law } from '../src/policy/policies/break-even/law.ts'
import { GapMemory } from '../src/policy/policies/break-even/gap-memory.ts'
import { Prior } from '../src/policy/policies/break-even/prior.ts'
import { policies } from '../src/policy/policies/index.ts'

/** Idle times of the app that is drawn, in minutes: a timer of 30 minutes that people disturb now and then. */
const IDLES = [30, 30, 30, 12, 18, 30, 30, 30, 30, 4, 26, 30, 30, 30, 30, 30, 2, 28, 30, 30, 30, 30]
const MOST_MINUTES = 66
const WIDTH = 720
const LEFT = 84
const RIGHT = 16
const BARS = { top: 44, height: 170 }
const BANDS = { top: 266, height: 20, step: 32 }
const HEIGHT = 386

/** Where a policy has the app loaded after these idle times, in minutes from the idle moment. */
function windowOf(id: string, params: object): readonly [load: number, unload: number] {
  const definition = policies.get(id, 'the picture')
  const policy = definition.create(
    { ...defaultsOf<ParameterTable>(definition.parameters), ...params },
    {
      apps: 1,
      functions: 1,
      horizonMs: 24 * HOUR,
      memoryMb: new Float64Array([1]),
      coldStartMs: new Float64Array([1000]),
      trigger: new Uint8Array(1),
      functionApp: new Uint32Array(1),
      seed: 1,
    },
  )
  const out = { prewarmMs: 0, keepAliveMs: 0 }
  let now = 0
  policy.arrived(0, now, -1, 0)
  policy.decide(0, now, out)
  for (const idle of IDLES) {
    now += idle * MINUTE
    policy.arrived(0, now, idle * MINUTE, 0)
    policy.decide(0, now, out)
  }
  return [out.prewarmMs / MINUTE, (out.prewarmMs + out.keepAliveMs) / MINUTE]
}

/** The chance of each minute, as break-even has it without the clock. */
function lawOf(): number[] {
  const prior = new Prior({
    binWidth: MINUTE,
    range: 48 * HOUR,
    priorScale: 5 * MINUTE,
    priorExponent: 0.7,
    round: 0.3,
  })
  const likeness = Float64Array.from([1, 4, 16])
  const law = new Law(prior, { likeness, nearness: 1, nearWithin: 60, unseen: 1, discount: 0.2 })
  const memory = new GapMemory(256, prior.roundBins)
  for (const [at, idle] of IDLES.entries()) memory.learn(idle, at)
  law.begin(memory, IDLES.length)
  const masses = Array.from({ length: MOST_MINUTES }, (_, minute) => law.mass(minute))
  law.end()
  return masses
}

/** The picture of docs/policies.md as SVG: one app's law of its next idle time, and the windows that policies draw from it. */
export function breakEvenPicture(): string {
  const x = (minutes: number): number =>
    LEFT + (Math.min(minutes, MOST_MINUTES) / MOST_MINUTES) * (WIDTH - LEFT - RIGHT)
  const masses = lawOf()
  const price = 1 / 60
  // What is left to come falls as time passes; a minute of it is worth waiting where its chance is above the price.
  let alive = 1
  const hazards = masses.map((mass) => {
    const hazard = mass / alive
    alive -= mass
    return hazard
  })
  const most = 1
  const y = (value: number): number => BARS.top + BARS.height * (1 - Math.sqrt(Math.min(value, most) / most))
  const bars = hazards.map((hazard, minute) => {
    const fill = hazard > price ? '#0b6e99' : '#b8c4cc'
    const top = y(hazard)
    return `<rect x="${round(x(minute) + 1)}" y="${round(top)}" width="${round(x(1) - x(0) - 2)}" height="${round(BARS.top + BARS.height - top)}" fill="${fill}"/>`
  })
  const rows = [
    ['break-even', windowOf('break-even', { clock: false }), '#0b6e99'],
    ['hybrid', windowOf('hybrid-histogram', {}), '#8a5a00'],
    ['fixed 10m', windowOf('fixed', {}), '#666666'],
  ] as const
  const bands = rows.map(([name, [load, unload], fill], at) => {
    const top = BANDS.top + at * BANDS.step
    const width = x(unload) - x(load)
    const words = `${load === 0 ? 'stays' : `loads after ${round(load)} min`}, goes after ${round(unload)} min`
    const label = width > 260 ? x(load) + 6 : x(unload) + 6
    const anchor = width > 260 || unload < 40 ? 'start' : 'end'
    const place = anchor === 'end' ? x(load) - 6 : label
    const ink = width > 260 ? '#ffffff' : '#222222'
    return [
      `<text x="${LEFT - 6}" y="${top + 14}" text-anchor="end" font-size="10">${name}</text>`,
      `<rect x="${round(x(load))}" y="${top}" width="${round(width)}" height="${BANDS.height}" fill="${fill}"/>`,
      `<text x="${round(place)}" y="${top + 14}" text-anchor="${anchor}" fill="${ink}">${words}</text>`,
    ].join('\n')
  })
  const ticks = [0, 10, 20, 30, 40, 50, 60].map(
    (minutes) =>
      `<text x="${round(x(minutes + 0.5))}" y="${BARS.top + BARS.height + 16}" text-anchor="middle">${minutes}</text>`,
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" fill="#222222" role="img" aria-label="One app: the chance of an arrival in each minute against the price of a minute, and the windows of three policies">
<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>
<text x="${LEFT}" y="20" font-size="14">A timer of 30 minutes that people disturb: is the next minute worth its memory?</text>
<text x="${LEFT}" y="36">chance that the app is invoked in this minute, if it was not before (root scale); dark: above the price</text>
${bars.join('\n')}
<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${round(y(price))}" y2="${round(y(price))}" stroke="#b00020" stroke-width="1.5"/>
<text x="${round(x(58))}" y="${round(y(price)) - 4}" text-anchor="end" fill="#b00020">price of a minute: 1/60 of a cold start</text>
${ticks.join('\n')}
<text x="${WIDTH - RIGHT}" y="${BARS.top + BARS.height + 32}" text-anchor="end">minutes since the app went idle</text>
${bands.join('\n')}
<text x="${LEFT}" y="${HEIGHT - 12}">Loaded while coloured. Break-even takes the window whose chances less price are most.</text>
</svg>
`
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
