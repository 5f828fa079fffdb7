import { knativePlatform } from '../fit/knative-scale.ts'
import type { Platform } from '../platform.ts'

/** Knative Serving: pkg/apis/autoscaling/annotation_validation.go, pkg/autoscaler/scaling and kpa/scaler.go. */
export const knative: Platform = knativePlatform({
  id: 'knative',
  title: 'Knative Serving',
  summary: 'A window, a delay and a retention period per service, which add up to 2 h for the last pod.',
})
