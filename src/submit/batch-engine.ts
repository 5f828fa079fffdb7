import type { Described } from '../core/registry.ts'
import type { ArrayJob, JobFile } from './array-job.ts'

/** What an engine says of a submitted job. */
export interface JobState {
  /** Members that wait for their turn, that work, and that failed. */
  readonly waiting: number
  readonly working: number
  readonly failed: number
  /** Whether the engine has nothing more to do for the job, whether it succeeded or not. */
  readonly isOver: boolean
}

/** Submits a job to an engine by the engine's own command, and watches it. */
interface Submitter {
  /**
   * Submits these shards and the job that gathers them. Gives the engine's names of the two jobs. Throws a UserError where the
   * engine refuses.
   */
  submit(job: ArrayJob, shards: readonly number[]): Promise<readonly string[]>
  /** How far the jobs of those names are. */
  state(names: readonly string[], job: ArrayJob): Promise<JobState>
}

/** An engine that runs array jobs: a workload manager or a container platform. */
export interface BatchEngine extends Described {
  /** The files that describe the job to the engine. Throws a UserError for a job that the engine cannot run. */
  files(job: ArrayJob): readonly JobFile[]
  /** How a person submits the job by hand, from its folder: shell lines. */
  byHand(job: ArrayJob): readonly string[]
  /** Absent where pilotlight only writes files. */
  readonly submitter?: Submitter
}
