import { streamOf } from '../../core/random.ts'
import type { RandomStream } from '../../core/random.ts'
import { DAY, formatDuration, HOUR, MINUTE, SECOND } from '../../core/units.ts'
import { isMistake, settingKind, type Setting } from '../../config/setting.ts'
import type { Experiment } from '../../config/experiment-file.ts'
import { beatenBy } from '../../metrics/pareto.ts'
import type { Parameter } from '../../policy/parameters.ts'
import { standardNormal } from '../../sim/standard-normal.ts'
import type { GridPoint } from '../grid.ts'
import type { TraceFacts } from '../trace-facts.ts'
import { type TuneCandidate, withPoint } from './candidates.ts'

/** A number that is searched: between the least and the greatest value that the experiment lists for it. */
interface Axis {
  readonly name: string
  readonly parameter: Parameter & { kind: 'duration' | 'number' }
  readonly least: number
  readonly most: number
  /** Steps are factors and not sums, where no value is 0. */
  readonly isLog: boolean
}

/** A candidate that was run, and what came of it; all figures are the better the smaller they are. */
export interface Tried {
  readonly candidate: TuneCandidate
  /** The figures that make the Pareto front. */
  readonly figures: readonly number[]
}

/** Part of the range of a number that a step spans, at the beginning and at the end of the search: its standard deviation. */
const FIRST_STEP = 0.25
const LAST_STEP = 0.05
/** Part of the proposals that halve the way to a near neighbour; the others step at random. */
const HALVING = 0.5
/** Part of the proposals that start from the best so far; the others from anywhere on the front. */
const FROM_BEST = 0.5
/** The neighbours, by distance, of which one is chosen. */
const NEIGHBOURS = 3
/** So many proposals that fail for each that is wanted, and the search is over: what is near is known. */
const IN_VAIN = 50
/** A duration is a whole number of the longest unit of which it is so many. */
const UNITS_IN_A_DURATION = 40

/**
 * Proposes values beyond those that an experiment lists: a Pareto archived evolution strategy (Knowles and Corne,
 * "Approximating the Nondominated Front Using the Pareto Archived Evolution Strategy", Evolutionary Computation 8(2), 2000),
 * whose archive is every run that was made. A parent is the best so far or one of the front; its child lies halfway to a near
 * neighbour, or a random step away. It takes no gradient, suits counts that leap, knows several figures at a time, and of
 * one number it is a bisection. The same seed proposes the same values.
 */
export class Search {
  private readonly axes: ReadonlyMap<number, readonly Axis[]>
  private readonly trace: TraceFacts
  private readonly stream: RandomStream

  constructor({ policies }: Experiment, trace: TraceFacts, seed: number) {
    this.axes = new Map(policies.map((entry, place) => [place, axesOf(entry)]))
    this.trace = trace
    this.stream = streamOf(seed, 'tune')
  }

  /** Whether there is a number to search. */
  get isEmpty(): boolean {
    return [...this.axes.values()].every((axes) => axes.length === 0)
  }

  /**
   * At most `count` candidates that are not among those tried, which stand in their order, the best first. `done` is the
   * part of the search that is over, 0 to 1. None: nothing new was found.
   */
  propose(tried: readonly Tried[], count: number, done: number): TuneCandidate[] {
    const known = new Set(tried.map(({ candidate }) => candidate.variant))
    const searched = tried.filter(({ candidate }) => this.axes.get(candidate.place)!.length > 0)
    const beaten = beatenBy(searched.map(({ figures }) => figures))
    const front = searched.filter((_, at) => beaten[at] === 0)
    const found: TuneCandidate[] = []
    for (let left = IN_VAIN * count; left > 0 && found.length < count && searched.length > 0; left -= 1) {
      const parent = this.stream.uniform() < FROM_BEST ? searched[0]! : this.oneOf(front)
      const child = withPoint(parent.candidate, this.childOf(parent, searched, done), this.trace)
      if (child === undefined || known.has(child.variant)) continue
      known.add(child.variant)
      found.push(child)
    }
    return found
  }

  private childOf({ candidate }: Tried, searched: readonly Tried[], done: number): GridPoint {
    const axes = this.axes.get(candidate.place)!
    const halves = this.stream.uniform() < HALVING
    const place = placeOf(candidate, axes)
    const other = halves ? this.neighbourOf(candidate, searched, axes) : undefined
    const size = FIRST_STEP * (LAST_STEP / FIRST_STEP) ** done
    // At least one number changes.
    const chosen = Math.floor(this.stream.uniform() * axes.length)
    const moved = place.map((at, axis) => {
      if (other !== undefined) return (at + other[axis]!) / 2
      const changes = axis === chosen || this.stream.uniform() < 1 / axes.length
      return changes ? reflected(at + size * standardNormal(this.stream)) : at
    })
    return candidate.point.map((choice) => {
      const axis = axes.findIndex(({ name }) => name === choice.name)
      if (axis < 0) return choice
      const setting = settingAt(axes[axis]!, moved[axis]!)
      return { ...choice, setting: setting ?? choice.setting }
    })
  }

  /** The place of one of the nearest candidates of the same policy that differ in the numbers that are searched. */
  private neighbourOf(candidate: TuneCandidate, searched: readonly Tried[], axes: readonly Axis[]) {
    const from = placeOf(candidate, axes)
    const near = searched
      .filter(({ candidate: each }) => each.place === candidate.place)
      .map(({ candidate: each }) => placeOf(each, axes))
      .map((place) => ({ place, distance: Math.hypot(...place.map((at, axis) => at - from[axis]!)) }))
      .filter(({ distance }) => distance > 0)
      .toSorted((one, two) => one.distance - two.distance)
      .slice(0, NEIGHBOURS)
    return near.length === 0 ? undefined : this.oneOf(near).place
  }

  private oneOf<T>(list: readonly T[]): T {
    return list[Math.floor(this.stream.uniform() * list.length)]!
  }
}

function axesOf({ definition, params, ownOptions }: Experiment['policies'][number]): Axis[] {
  return params.flatMap(({ name, values }): Axis[] => {
    const parameter = ownOptions.includes(name) ? undefined : definition.parameters[name]
    if (parameter === undefined || (parameter.kind !== 'duration' && parameter.kind !== 'number')) return []
    const numbers = values.map(({ value }) => value as number)
    const [least, most] = [Math.min(...numbers), Math.max(...numbers)]
    return least < most ? [{ name, parameter, least, most, isLog: least > 0 }] : []
  })
}

/** Where a candidate lies in the ranges, 0 to 1 each. */
function placeOf({ point }: TuneCandidate, axes: readonly Axis[]): number[] {
  return axes.map(({ name, least, most, isLog }) => {
    const value = point.find((choice) => choice.name === name)!.setting.value as number
    return isLog ? Math.log(value / least) / Math.log(most / least) : (value - least) / (most - least)
  })
}

/** A step beyond an end of the range comes back from it. */
function reflected(at: number): number {
  const within = Math.abs(at) % 2
  return within > 1 ? 2 - within : within
}

/** The setting at a place of a range, in figures that people would write; undefined where the policy does not take it. */
function settingAt({ parameter, least, most, isLog }: Axis, at: number): Setting | undefined {
  const exact = isLog ? least * (most / least) ** at : least + (most - least) * at
  const value = Math.min(most, Math.max(least, roundOf(parameter, exact)))
  const read = settingKind(parameter).read(parameter.kind === 'duration' ? formatDuration(value) : value)
  return isMistake(read) ? undefined : read
}

function roundOf(parameter: Axis['parameter'], value: number): number {
  if (parameter.kind === 'number') return parameter.whole === true ? Math.round(value) : Number(value.toPrecision(3))
  const unit = [DAY, HOUR, MINUTE, SECOND].find((each) => value >= UNITS_IN_A_DURATION * each) ?? 1
  return Math.round(value / unit) * unit
}
