import { POD_AUTOSCALER, PodAutoscaler } from '../demand/pod-autoscaler.ts'
import { definePolicy } from '../policy.ts'

/** Knative's autoscaler, which has no windows: a loop that holds instances by the concurrency of late. */
export const kpa = definePolicy({
  id: 'kpa',
  summary: 'Holds instances by the mean concurrency of the last minute, and in a surge by that of the last seconds.',
  paper:
    'Knative Pod Autoscaler of knative/serving, its own defaults. Departures: an arrival for which there is no instance begins one at once, beyond what the loop holds; instances that load count as there; an execution that takes no time counts as 1 ms; no burst capacity, no activation scale',
  parameters: POD_AUTOSCALER,
  scope: 'app',
  needs: [],
  create: (params, context) => new PodAutoscaler(() => params, context),
})
