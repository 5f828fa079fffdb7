import { MINUTE_SPREADS } from '../trace/spread.ts'

/** How minute counts become arrivals (model.md). */
export const SPREADS = ['minute', ...MINUTE_SPREADS] as const
export type Spread = (typeof SPREADS)[number]

/** Every option in force of a simulated world without memory limits; plain data, part of a run's digest. */
export interface Model {
  /** `paper`: executions take no time, one instance an app; `instances`: durations, loading time, scale-out. */
  readonly kind: 'paper' | 'instances'
  /** What is loaded and decided for: an app, or each function as an app of its own. */
  readonly unit: 'app' | 'function'
  /** `trace`: each app its own MB; `equal`: 1 MB each, so that MB·s reads as instance-seconds. */
  readonly memory: 'trace' | 'equal'
  /** Counts only; a trace of events has its own times. */
  readonly spread: Spread
  /** `cut`: account until the end of the trace; `expire`: until each instance's window ends. */
  readonly horizon: 'cut' | 'expire'
  /** Invocations that one instance serves at a time; Infinity in `paper`. */
  readonly concurrency: number
  /** Which idle instance takes an arrival. */
  readonly reuse: 'newest' | 'oldest'
  /** Does an arrival start an instance of its own while one is loading, or wait for that one. */
  readonly whileLoading: 'new' | 'join'
  /** Loading time in ms of every app, or `trace`: the trace's own, one second where it has none. 0 in `paper`. */
  readonly coldStart: 'trace' | number
}

/** The model of the published evaluation (Shahrad et al., USENIX ATC 2020, section 5.1) at its defaults. */
export const PAPER_MODEL: Model = {
  kind: 'paper',
  unit: 'app',
  memory: 'trace',
  spread: 'minute',
  horizon: 'cut',
  concurrency: Number.POSITIVE_INFINITY,
  reuse: 'newest',
  whileLoading: 'new',
  coldStart: 0,
}

/** The model of instances with durations, loading time and scale-out at its defaults. */
export const INSTANCES_MODEL: Model = {
  kind: 'instances',
  unit: 'app',
  memory: 'trace',
  spread: 'uniform',
  horizon: 'cut',
  concurrency: 1,
  reuse: 'newest',
  whileLoading: 'new',
  coldStart: 'trace',
}
