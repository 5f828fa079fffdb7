import type { Cloud } from './cloud.ts'

/** A cluster of one namespace: reads, replaces, creates and deletes objects as kubectl does. */
const KUBECTL = `verb=$1; shift
case $1 in --filename) from=$2 ;; *) object=$1 from= ;; esac
if [ -n "$from" ]; then
  object=$(jq -r '(({Service: "ksvc", Function: "functions.fission.io"}[.kind]) // (.kind | ascii_downcase)) + "/" + .metadata.name' "$from")
  from=$(realpath "$from")
fi
cd "$CLOUD"
file=$(printf %s "$object" | tr / _).json
case $verb in
  get) [ ! -e "$file" ] || cat "$file" ;;
  delete) rm "$file" ;;
  create) [ ! -e "$file" ]; jq '.metadata.uid = "new" | .metadata.resourceVersion = "1"' "$from" >"$file" ;;
  replace)
    [ "$(jq -r .metadata.resourceVersion "$from")" = "$(jq -r .metadata.resourceVersion "$file")" ]
    jq -s '. as [$old, $new] | $new + ($old | {status} | del(..|nulls)) | .metadata.managedFields = $old.metadata.managedFields | .metadata.resourceVersion |= ((tonumber + 1) | tostring)' "$file" "$from" >"$file.new"
    mv "$file.new" "$file" ;;
esac
`

const READS = /^kubectl get /
const COUNTERS = /: metadata\.resourceVersion$/

function meta(name: string, more: object = {}): object {
  return {
    name,
    namespace: 'default',
    uid: `uid-${name}`,
    resourceVersion: '70112',
    creationTimestamp: '2026-03-02T09:14:11Z',
    labels: { team: 'checkout' },
    managedFields: [{ manager: 'helm', operation: 'Update', time: '2026-03-02T09:14:11Z' }],
    ...more,
  }
}

const CONTAINERS = [
  {
    name: 'user-container',
    image: 'registry.example/shop@sha256:6f2a',
    env: [{ name: 'KEY', valueFrom: { secretKeyRef: { name: 'shop-key', key: 'key' } } }],
    resources: { limits: { cpu: '2', memory: '512Mi' }, requests: { cpu: '100m' } },
  },
]

/** A cluster with these objects, by kubectl's names. */
function cluster(
  platform: string,
  objects: Readonly<Record<string, object>>,
  { settings, ...rest }: Pick<Cloud, 'sets' | 'asItIs'> & { settings?: Readonly<Record<string, string>> },
): Cloud {
  const files = Object.entries(objects).map(([object, data]) => [`${object.replace('/', '_')}.json`, data])
  const listing = [{ apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: '' }, items: Object.values(objects) }]
  return {
    platform,
    has: Object.fromEntries(files) as Record<string, unknown>,
    programs: { kubectl: KUBECTL },
    listing,
    reads: READS,
    counters: COUNTERS,
    ...rest,
    ...(settings === undefined ? {} : { settings }),
  }
}

function knativeService(name: string, annotations: object): object {
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: meta(name, { annotations: { 'serving.knative.dev/creator': 'ci' } }),
    spec: {
      template: {
        metadata: { annotations: { 'sidecar.istio.io/inject': 'true', ...annotations } },
        spec: { containerConcurrency: 80, timeoutSeconds: 300, serviceAccountName: 'shop', containers: CONTAINERS },
      },
      traffic: [{ latestRevision: true, percent: 100 }],
    },
    status: { url: 'http://shop.default.example', conditions: [{ type: 'Ready', status: 'True' }] },
  }
}

const KNATIVE = {
  'ksvc/shop': knativeService('shop', {
    'autoscaling.knative.dev/window': '90s',
    'autoscaling.knative.dev/min-scale': '1',
    'autoscaling.knative.dev/max-scale': '20',
  }),
  // Its maximum is below what the policy holds.
  'ksvc/mailer': knativeService('mailer', { 'autoscaling.knative.dev/max-scale': '1' }),
  'ksvc/other': knativeService('other', {}),
}
const KNATIVE_FACTS = {
  sets: /ksvc_(shop|mailer)\.json: spec\.template\.(metadata\.annotations\.autoscaling\.knative\.dev\/(window|scale-down-delay|scale-to-zero-pod-retention-period|min-scale|max-scale|target|target-utilization-percentage)|spec\.containerConcurrency)$/,
  asItIs: { keepAliveS: 90, at10: 1, at3: 1 },
}

const SCALED = {
  apiVersion: 'keda.sh/v1alpha1',
  kind: 'ScaledObject',
  metadata: meta('shop', { annotations: { 'autoscaling.keda.sh/paused': 'false' } }),
  spec: {
    scaleTargetRef: { name: 'shop-v2' },
    maxReplicaCount: 250,
    cooldownPeriod: 60,
    fallback: { failureThreshold: 3, replicas: 2 },
    advanced: { restoreToOriginalReplicaCount: true },
    triggers: [
      {
        type: 'kafka',
        metadata: { topic: 'orders', lagThreshold: '50' },
        authenticationRef: { name: 'kafka-credentials' },
      },
      {
        type: 'cron',
        name: 'office',
        metadata: {
          timezone: 'Europe/Berlin',
          start: '0 8 * * 1-5',
          end: '30 18 * * MON-FRI',
          desiredReplicas: '3',
        },
      },
    ],
  },
  status: { conditions: [{ type: 'Ready', status: 'True' }], scaleTargetGVKR: { kind: 'Deployment' } },
}

/** Clusters of Kubernetes under the scalers that exports know. */
export const CLUSTERS: readonly Cloud[] = [
  cluster('knative', KNATIVE, KNATIVE_FACTS),
  cluster('openshift-serverless', KNATIVE, KNATIVE_FACTS),
  cluster(
    'keda',
    {
      'scaledobject/shop': SCALED,
      'interceptorroute/shop': {
        apiVersion: 'http.keda.sh/v1beta1',
        kind: 'InterceptorRoute',
        metadata: meta('shop'),
        spec: {
          target: { service: 'shop-v2', port: 8080 },
          rules: [{ hosts: ['shop.example'], paths: [{ value: '/api' }] }],
          scalingMetric: { concurrency: { targetValue: 100 } },
        },
      },
      // Where a Service of Kubernetes' own has the same name, it is another thing.
      'service/shop': { apiVersion: 'v1', kind: 'Service', metadata: meta('shop'), spec: { clusterIP: '10.0.0.7' } },
    },
    {
      sets: /(scaledobject|interceptorroute)_(shop\.json: spec\.(cooldownPeriod|minReplicaCount|advanced\.horizontalPodAutoscalerConfig\.|triggers\[[2-9]\]|scalingMetric\.)|mailer\.json: )/,
      // Of UTC, in standard time: from seven to half past five, and what the autoscaler holds after that.
      asItIs: { keepAliveS: 60, lastS: 60, at10: 3, at3: 0 },
    },
  ),
  cluster(
    'kserve',
    {
      'inferenceservice/shop': {
        apiVersion: 'serving.kserve.io/v1beta1',
        kind: 'InferenceService',
        metadata: meta('shop', { annotations: { 'autoscaling.knative.dev/scale-down-delay': '4m' } }),
        spec: {
          predictor: {
            serviceAccountName: 'models',
            minReplicas: 2,
            maxReplicas: 5,
            model: {
              modelFormat: { name: 'onnx' },
              storageUri: 's3://models/shop',
              resources: { limits: { memory: '2Gi' } },
            },
          },
        },
        status: { modelStatus: { transitionStatus: 'UpToDate' } },
      },
      'inferenceservice/mailer': {
        apiVersion: 'serving.kserve.io/v1beta1',
        kind: 'InferenceService',
        metadata: meta('mailer'),
        spec: { predictor: { maxReplicas: 1, model: { modelFormat: { name: 'sklearn' } } } },
      },
    },
    {
      sets: /inferenceservice_(shop|mailer)\.json: (metadata\.annotations\.autoscaling\.knative\.dev\/(window|scale-down-delay|scale-to-zero-pod-retention-period|target-utilization-percentage)|spec\.predictor\.(minReplicas|maxReplicas|scaleTarget|scaleMetric|containerConcurrency))$/,
      asItIs: { keepAliveS: 300, at10: 2, at3: 2 },
    },
  ),
  cluster(
    'fission',
    {
      'functions.fission.io/shop': {
        apiVersion: 'fission.io/v1',
        kind: 'Function',
        metadata: meta('shop'),
        spec: {
          environment: { name: 'node', namespace: 'default' },
          package: { packageref: { name: 'shop-7f', namespace: 'default' } },
          secrets: [{ name: 'shop-key', namespace: 'default' }],
          resources: { limits: { memory: '256Mi' } },
          InvokeStrategy: { StrategyType: 'execution', ExecutionStrategy: { ExecutorType: 'poolmgr', MaxScale: 4 } },
          idletimeout: 300,
          concurrency: 500,
          provisionedConcurrency: {
            target: 1,
            windows: [{ name: 'lunch', start: 'CRON_TZ=Europe/Berlin 0 10 * * MON-FRI', duration: '3h30m', target: 6 }],
          },
        },
      },
      'functions.fission.io/mailer': {
        apiVersion: 'fission.io/v1',
        kind: 'Function',
        metadata: meta('mailer'),
        spec: {
          environment: { name: 'go', namespace: 'default' },
          configmaps: [{ name: 'mail', namespace: 'default' }],
        },
      },
    },
    {
      sets: /functions\.fission\.io_(shop|mailer)\.json: spec\.(idletimeout|requestsPerPod|provisionedConcurrency\.(target|windows($|\[[1-9])))/,
      asItIs: { keepAliveS: 300, at10: 6, at3: 1 },
    },
  ),
  cluster(
    'nuclio',
    {
      'nucliofunction/shop': {
        apiVersion: 'nuclio.io/v1beta1',
        kind: 'NuclioFunction',
        metadata: meta('shop', { namespace: 'nuclio' }),
        spec: {
          image: 'registry.example/shop:7',
          env: [{ name: 'KEY', valueFrom: { secretKeyRef: { name: 'shop-key', key: 'key' } } }],
          triggers: { http: { kind: 'http', numWorkers: 8 }, orders: { kind: 'kafka-cluster' } },
          resources: { limits: { memory: '512Mi' } },
          minReplicas: 0,
          maxReplicas: 40,
          scaleToZero: {
            scaleResources: [
              { metricName: 'nuclio_processor_handled_events_total', windowSize: '2m', threshold: 0 },
              { metricName: 'gpu_busy', windowSize: '10m', threshold: 1 },
            ],
          },
        },
        status: { state: 'ready' },
      },
      'nucliofunction/mailer': {
        apiVersion: 'nuclio.io/v1beta1',
        kind: 'NuclioFunction',
        metadata: meta('mailer', { namespace: 'nuclio' }),
        spec: { image: 'registry.example/mailer:2', minReplicas: 1, maxReplicas: 1 },
      },
    },
    {
      settings: { windows: 'any' },
      sets: /nucliofunction_(shop|mailer)\.json: spec\.(minReplicas|maxReplicas|scaleToZero\.scaleResources\[0\])/,
      asItIs: { keepAliveS: 180, at10: 0, at3: 0 },
    },
  ),
  cluster(
    'slimfaas',
    {
      'deployment/shop': {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: meta('shop'),
        spec: { replicas: 2, template: { spec: { containers: CONTAINERS } } },
      },
      'deployment/mailer': {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: meta('mailer', {
          annotations: { 'SlimFaas/Function': 'true', 'SlimFaas/DependsOn': 'mysql' },
        }),
        spec: { replicas: 0, template: { spec: { containers: CONTAINERS } } },
      },
    },
    {
      sets: /deployment_(shop|mailer)\.json: metadata\.annotations(\.SlimFaas\/(ReplicasMin|ReplicasAtStart|TimeoutSecondBeforeSetReplicasMin|Schedule))?$/,
      asItIs: { keepAliveS: 300, at10: 0, at3: 0 },
    },
  ),
]
