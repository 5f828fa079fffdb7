import { POD_AUTOSCALER, PodAutoscaler } from '../demand/pod-autoscaler.ts'
import { definePolicy } from '../policy.ts'

/** Knative's autoscaler, which has no windows: a loop that holds instances by the concurrency of late. */
export const kpa = definePolicy({
  id: 'kpa',
  summary: 'Holds instances by the mean concurrency of the last minute, and in a surge by that of the last seconds.',
  paper: 'Knative Pod Autoscaler of knative/serving, its own defaults',
  departures: [
    'An arrival without an instance starts one at once, beyond what the loop holds.',
    'Instances that load count as if they were there.',
    'An execution that takes no time counts as 1 ms.',
    'There is no burst capacity and no activation scale.',
  ],
  parameters: POD_AUTOSCALER,
  scope: 'app',
  needs: [],
  create: (params, context) => new PodAutoscaler(() => params, context),
})
