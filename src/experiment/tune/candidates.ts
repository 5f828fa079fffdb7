import { UserError } from '../../core/user-error.ts'
import type { Experiment, GivenOption, PolicyEntry } from '../../config/experiment-file.ts'
import { grid, type GridPoint } from '../grid.ts'
import { variantsOf } from '../variant.ts'
import type { TraceFacts } from '../trace-facts.ts'

/** A policy of an experiment with one value for each of its parameters that the experiment gives. */
export interface TuneCandidate {
  readonly label: string
  /** Id of the policy with all its parameters. */
  readonly variant: string
  /** The policy that it is, by its place in the experiment. */
  readonly place: number
  readonly entry: PolicyEntry
  readonly point: GridPoint
}

/** What an experiment lists: every combination of every policy, each once. Throws a UserError for what does not fit the trace. */
export function listedCandidates({ policies }: Experiment, trace: TraceFacts): TuneCandidate[] {
  const all = policies.flatMap((entry, place) => {
    const variants = variantsOf(entry, trace)
    return grid(entry.params).map((point, at): TuneCandidate => {
      const { id, label } = variants[at]!
      return { label, variant: id, place, entry, point }
    })
  })
  return [...new Map(all.map((candidate) => [candidate.variant, candidate])).values()]
}

/**
 * The policy of another candidate with another choice of values, called by its id and parameters. Undefined where these
 * contradict each other.
 */
export function withPoint(
  { entry, place }: TuneCandidate,
  point: GridPoint,
  trace: TraceFacts,
): TuneCandidate | undefined {
  const { label: _, ...unnamed } = { ...entry, params: point.map((choice) => given(entry, choice)) }
  try {
    const { id, label } = variantsOf(unnamed, trace)[0]!
    return { label, variant: id, place, entry: unnamed, point }
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}

/** A parameter of a candidate that has the least or the greatest of the values that are listed for it. */
export interface ListedEnd {
  /** The name of the parameter. */
  readonly parameter: string
  /** As an experiment spells it. */
  readonly value: string
  /** Whether it is the least or the greatest value that is listed. */
  readonly end: 'least' | 'greatest'
}

/** Where a candidate lies at an end of what is listed for its policy: what is beyond was not tried. */
export function listedEnds({ place, point }: TuneCandidate, listed: readonly TuneCandidate[]): ListedEnd[] {
  const own = listed.filter((candidate) => candidate.place === place)
  return point.flatMap(({ name, setting }): ListedEnd[] => {
    const all = new Set(
      own.flatMap((each) => each.point.filter((part) => part.name === name)).map((part) => part.setting.value),
    )
    const { value } = setting
    if (typeof value !== 'number' || all.size < 2) return []
    const numbers = [...all].filter((each) => typeof each === 'number')
    const end = numbers.every((each) => each >= value)
      ? 'least'
      : numbers.every((each) => each <= value)
        ? 'greatest'
        : null
    return end === null ? [] : [{ parameter: name, value: setting.canonical, end }]
  })
}

/** An experiment of these candidates alone; its baseline must be among them. */
export function withCandidates(experiment: Experiment, candidates: readonly TuneCandidate[]): Experiment {
  const policies = candidates.map(({ entry, point, label }) => ({
    ...entry,
    label,
    params: point.map((choice) => given(entry, choice)),
  }))
  return { ...experiment, policies }
}

function given({ params }: PolicyEntry, { name, setting }: GridPoint[number]): GivenOption {
  return { name, values: [setting], where: params.find((each) => each.name === name)!.where }
}
