/**
 * `pilotlight/live`: a policy in front of real processes and containers.
 *
 * ```ts
 * import { readLiveFile, serve } from 'pilotlight/live'
 *
 * const serving = await serve(await readLiveFile('experiments/live/example.yaml'), { log: console.error })
 * console.log(serving.url)
 * await serving.close()
 * ```
 *
 * @packageDocumentation
 */

export { type LiveFile, readLiveFile } from '../config/live-file.ts'
export type { Adapter } from '../live/adapter.ts'
export { BACKENDS as backends } from '../live/backends/index.ts'
export { CONTRACTS as contracts } from '../live/contracts/index.ts'
export type { Stay, Watcher } from '../live/fleet/watcher.ts'
export type { BackendDefinition } from '../live/instance/backend.ts'
export type { Contract } from '../live/instance/contract.ts'
export type { LiveApp } from '../live/live-app.ts'
export type { LiveConfig } from '../live/live-config.ts'
export type { LogLine } from '../live/log.ts'
export { replay } from '../live/replay/live-replay.ts'
export {
  type RecordedDecision,
  type RecordedVisit,
  type Recording,
  type Sends,
  writeRecording,
} from '../live/replay/recording.ts'
export { type PlannedArrival, type PlannedReplay, planReplay, type ReplayPlan } from '../live/replay/replay-plan.ts'
export { serve, type ServeOptions, type Serving } from '../live/serve.ts'
export {
  type Mismatch,
  type ValidatedApp,
  type Validation,
  validateRecording,
} from '../validation/live-validation.ts'
