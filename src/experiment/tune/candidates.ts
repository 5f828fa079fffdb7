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
