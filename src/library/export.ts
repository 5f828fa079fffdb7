/**
 * `pilotlight/export`: what a policy settled on as the configuration of a platform.
 *
 * ```ts
 * import { derivePlan, exportPlan, OWN_NAMES, platforms } from 'pilotlight/export'
 *
 * const { files, fidelity } = exportPlan(derivePlan(simulation, { timeZone: 'UTC', startMinute: 0 }), platforms.get('knative', 'study'), OWN_NAMES)
 * ```
 *
 * @packageDocumentation
 */

export { type ExportedRun, type ExportRequest, exportRun } from '../experiment/export-run.ts'
export { defaultPlan, type Export, exportPlan } from '../export/export-plan.ts'
export type { ExportFile } from '../export/files/export-file.ts'
export type { NameRule } from '../export/files/name-rule.ts'
export { type NameMap, OWN_NAMES, readNames } from '../export/files/deployed-names.ts'
export { FIDELITY_KINDS, type FidelityKind, type FidelityNote } from '../export/fit/fidelity.ts'
export type { AppliedRules, NamedApp, NamedPlan, Platform, PlatformSetting, Written } from '../export/platform.ts'
export { PLATFORMS as platforms } from '../export/platforms/index.ts'
export { constantFloor, type Floor, type FloorStep, levelAt, NO_FLOOR } from '../policy/plan/floor.ts'
export type { AppPlan, AppRules, Evidence, Plan } from '../policy/plan/plan.ts'
export { planOfJson, planToJson } from '../policy/plan/plan-json.ts'
export { planPolicy } from '../policy/plan/plan-policy.ts'
export { COLD_START_WORTH_MS, derivePlan, type PlanOptions } from '../sim/plan/derive-plan.ts'
export type { ScheduleOptions } from '../sim/plan/scheduled-floor.ts'
