import { knativePlatform } from '../fit/knative-scale.ts'
import type { Platform } from '../platform.ts'

/** OpenShift Serverless, which is Knative Serving under another name (assumed: differences were not looked up). */
export const openshiftServerless: Platform = knativePlatform({
  id: 'openshift-serverless',
  title: 'OpenShift Serverless',
  summary: 'Knative Serving as Red Hat ships it: the same window, delay and retention period per service.',
})
