import { type Cloud, curl } from './cloud.ts'

/** Application Auto Scaling and what it provisions: a target that is deregistered leaves behind what it provisioned last. */
const AWS = `service=$1 call=$2; shift 2
while [ "$#" -gt 0 ]; do
  case $1 in
    --resource-ids | --resource-id) id=$2 ;; --function-name) function=$2 ;; --qualifier) qualifier=$2 ;;
    --min-capacity) min=$2 ;; --max-capacity) max=$2 ;;
    --cli-input-json) action=$2 ;; --scheduled-action-name) name=$2 ;;
    --provisioned-concurrent-executions) count=$2 ;; --function-scaling-config) config=\${2#file://} ;;
  esac
  shift
done
[ -z "\${function:-}" ] || id=function:$function:\${qualifier:-live}
# An alias cannot be scaled.
case $call:\${qualifier:-} in *-function-scaling-config:'$LATEST.PUBLISHED' | *-function-scaling-config:[0-9]*) ;; *-function-scaling-config:*) echo "aws: $qualifier?" >&2; exit 254 ;; esac
case \${config:-/} in /*) ;; *) config=$OLDPWD/$config ;; esac
cd "$CLOUD"
change() { jq --arg id "\${id:-}" --arg name "\${name:-}" --argjson min "\${min:-null}" --argjson max "\${max:-null}" --argjson count "\${count:-null}" --argjson action "\${action:-null}" "$1" aws.json >aws.new; mv aws.new aws.json; }
answer() { jq --arg id "\${id:-}" "$1" aws.json; }
case $service:$call in
  application-autoscaling:describe-scalable-targets) answer '{ScalableTargets: [.targets[$id] // empty | {ServiceNamespace: "lambda", ResourceId: $id} + .]}' ;;
  application-autoscaling:describe-scheduled-actions) answer '{ScheduledActions: [.actions[$id][]? | {ScheduledActionARN: "arn", ResourceId: $id, CreationTime: "2026-03-02T09:14:11Z"} + .]}' ;;
  application-autoscaling:describe-scaling-policies) answer '{ScalingPolicies: [.policies[$id][]? | {PolicyARN: "arn", ResourceId: $id, PolicyType: "TargetTrackingScaling"} + .]}' ;;
  application-autoscaling:register-scalable-target) change '.targets[$id] = {MinCapacity: $min, MaxCapacity: $max} | .provisioned[$id] = ([[.provisioned[$id] // 0, $min] | max, $max] | min)' ;;
  application-autoscaling:deregister-scalable-target) change 'del(.targets[$id], .actions[$id], .policies[$id])' ;;
  application-autoscaling:put-scheduled-action) change '.actions[$id] = [.actions[$id][]? | select(.ScheduledActionName != $action.ScheduledActionName)] + [$action]' ;;
  application-autoscaling:delete-scheduled-action) change '.actions[$id] |= map(select(.ScheduledActionName != $name))' ;;
  lambda:list-provisioned-concurrency-configs) answer '($id | split(":")[1]) as $f | {ProvisionedConcurrencyConfigs: [.provisioned | to_entries[] | select(.key | startswith("function:\\($f):")) | {FunctionArn: "arn:aws:lambda:eu-west-1:123456789012:\\(.key)", RequestedProvisionedConcurrentExecutions: .value, Status: "READY"}]}' ;;
  lambda:put-provisioned-concurrency-config) change '.provisioned[$id] = $count' ;;
  lambda:delete-provisioned-concurrency-config) change 'del(.provisioned[$id])' ;;
  lambda:get-function-scaling-config) answer '{FunctionArn: "arn:aws:lambda:eu-west-1:123456789012:\\($id)", RequestedFunctionScalingConfig: .scaling[$id], AppliedFunctionScalingConfig: .scaling[$id]}' ;;
  lambda:put-function-scaling-config) jq --arg id "$id" --slurpfile new "$config" '.scaling[$id] = $new[0]' aws.json >aws.new; mv aws.new aws.json ;;
  *) echo "aws: $service $call?" >&2; exit 2 ;;
esac
`

const SHOP = 'function:shop:live'
const BLACK_FRIDAY = {
  ScheduledActionName: 'black-friday',
  Schedule: 'at(2026-11-27T00:00:00)',
  ScalableTargetAction: { MinCapacity: 9, MaxCapacity: 9 },
}
const OFFICE = {
  ScheduledActionName: 'office',
  Schedule: 'cron(0 8 ? * 2-6 *)',
  Timezone: 'Europe/Berlin',
  ScalableTargetAction: { MinCapacity: 5, MaxCapacity: 5 },
}
const NIGHT = {
  ScheduledActionName: 'night',
  Schedule: 'cron(0 20 * * ? *)',
  Timezone: 'Europe/Berlin',
  ScalableTargetAction: { MinCapacity: 1, MaxCapacity: 1 },
}
const AWS_TARGET = {
  ServiceNamespace: 'lambda',
  ResourceId: SHOP,
  ScalableDimension: 'lambda:function:ProvisionedConcurrency',
  MinCapacity: 1,
  MaxCapacity: 9,
  RoleARN: 'arn:aws:iam::123456789012:role/aws-service-role/lambda.application-autoscaling.amazonaws.com',
  CreationTime: '2026-03-02T10:14:11.123000+01:00',
  SuspendedState: {
    DynamicScalingInSuspended: false,
    DynamicScalingOutSuspended: false,
    ScheduledScalingSuspended: false,
  },
}

function awsAction(action: object): object {
  const { ResourceId, ServiceNamespace, ScalableDimension, CreationTime } = AWS_TARGET
  const arn = 'arn:aws:autoscaling:eu-west-1:123456789012:scheduledAction:7f3a:resource/lambda/function:shop:live'
  return { ...action, ScheduledActionARN: arn, ResourceId, ServiceNamespace, ScalableDimension, CreationTime }
}

/** Azure: a site is changed property by property, a container app by a JSON merge patch, always-ready groups by their names. */
const AZ = `args="$*"
valueOf() { printf %s "$args" | sed -n "s/.*$1 \\([^ ]*\\).*/\\1/p"; }
body=$(valueOf --body) url=$(valueOf --url)
[ -z "$body" ] || cp "\${body#@}" "$CALLS.body"
cd "$CLOUD"
name=$(valueOf --name) name=\${name%%/*}
change() { jq "$@" >"$file.new"; mv "$file.new" "$file"; }
case $args in
  'rest --method get'*) name=\${url%%\\?*}; cat "\${name##*/}.json" ;;
  'rest --method patch'*)
    name=\${url%%\\?*} file=\${name##*/}.json
    # A list that is sent replaces the one that there is.
    jq -s '.[0].properties.template.scale = ((.[0].properties.template.scale // {}) * .[1].properties.template.scale | with_entries(select(.value != null))) | .[0]' "$file" "$CALLS.body" >"$file.new"; mv "$file.new" "$file" ;;
  'resource show'*) cat "$name.json" ;;
  'resource update'*) file=$name.json; set=$(valueOf --set); change --argjson n "\${set##*=}" '.properties.minimumElasticInstanceCount = $n' "$file" ;;
  'functionapp scale config show'*) jq .properties.functionAppConfig.scaleAndConcurrency "$name.json" ;;
  'functionapp scale config set'*) file=$name.json; change --argjson n "$(valueOf --maximum-instance-count)" '.properties.functionAppConfig.scaleAndConcurrency.maximumInstanceCount = $n' "$file" ;;
  'functionapp scale config always-ready set'*) file=$name.json; change --arg of "\${args##*--settings }" '($of | split(" ") | map(split("=") | {name: .[0], instanceCount: (.[1] | tonumber)})) as $new | .properties.functionAppConfig.scaleAndConcurrency.alwaysReady |= (map(select(.name as $n | any($new[]; .name == $n) | not)) + $new)' "$file" ;;
  'functionapp scale config always-ready delete'*) file=$name.json; change --arg of "\${args##*--setting-names }" '($of | split(" ")) as $gone | .properties.functionAppConfig.scaleAndConcurrency.alwaysReady |= map(select(.name as $n | $gone | index($n) | not))' "$file" ;;
  *) echo "az: $args?" >&2; exit 2 ;;
esac
`
const AZ_READS = /^az (rest --method get|resource show|functionapp scale config show) /

const CONTAINER_APP = {
  id: '/subscriptions/s/resourceGroups/pilotlight/providers/Microsoft.App/containerApps/shop',
  location: 'West Europe',
  name: 'shop',
  type: 'Microsoft.App/containerApps',
  identity: { type: 'SystemAssigned' },
  properties: {
    configuration: { secrets: [{ name: 'queue-key' }], ingress: { external: true, targetPort: 8080 } },
    template: {
      containers: [{ name: 'shop', image: 'registry.example/shop:7', resources: { cpu: 0.5, memory: '1Gi' } }],
      scale: {
        minReplicas: 1,
        maxReplicas: 30,
        cooldownPeriod: 120,
        pollingInterval: 30,
        rules: [
          { name: 'by-request', http: { metadata: { concurrentRequests: '40' } } },
          {
            name: 'queue',
            azureQueue: {
              queueName: 'orders',
              queueLength: 5,
              auth: [{ secretRef: 'queue-key', triggerParameter: 'connection' }],
            },
          },
        ],
      },
    },
  },
}
const CONTAINER_MAILER = {
  name: 'mailer',
  properties: {
    template: { containers: [{ name: 'mailer', image: 'mailer:1' }], scale: { minReplicas: 0, maxReplicas: 1 } },
  },
}
const FLEX = {
  id: '/subscriptions/s/resourceGroups/pilotlight/providers/Microsoft.Web/sites/shop',
  name: 'shop',
  type: 'Microsoft.Web/sites',
  kind: 'functionapp,linux',
  properties: {
    state: 'Running',
    siteConfig: { minimumElasticInstanceCount: null },
    functionAppConfig: {
      runtime: { name: 'node', version: '20' },
      deployment: { storage: { type: 'blobContainer', value: 'https://shop.blob.core.windows.net/packages' } },
      scaleAndConcurrency: {
        alwaysReady: [
          { name: 'blob', instanceCount: 1 },
          { name: 'http', instanceCount: 2 },
        ],
        maximumInstanceCount: 60,
        instanceMemoryMB: 2048,
        triggers: { http: { perInstanceConcurrency: 16 } },
      },
    },
  },
}
const FLEX_MAILER = {
  name: 'mailer',
  properties: {
    functionAppConfig: { scaleAndConcurrency: { alwaysReady: [], maximumInstanceCount: 100, instanceMemoryMB: 2048 } },
  },
}

function premium(name: string, count: number): Record<string, unknown> {
  return {
    id: `/subscriptions/s/resourceGroups/pilotlight/providers/Microsoft.Web/sites/${name}/config/web`,
    // A show of the settings has their name after the app's.
    name: `${name}/web`,
    type: 'Microsoft.Web/sites/config',
    properties: {
      linuxFxVersion: 'Node|20',
      alwaysOn: false,
      minimumElasticInstanceCount: count,
      preWarmedInstanceCount: 1,
    },
  }
}

function cloudRun(name: string, own: object, revision: object): object {
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: {
      name,
      namespace: '123456789',
      labels: { 'cloud.googleapis.com/location': 'us-central1' },
      annotations: { 'run.googleapis.com/ingress': 'all', ...own },
    },
    spec: {
      template: {
        metadata: { annotations: { 'run.googleapis.com/startup-cpu-boost': 'true', ...revision } },
        spec: {
          containerConcurrency: 80,
          containers: [
            {
              image: `europe-docker.pkg.dev/p/${name}:7`,
              env: [{ name: 'KEY', valueFrom: { secretKeyRef: { key: 'latest', name: 'shop-key' } } }],
            },
          ],
        },
      },
    },
    status: { url: `https://${name}-x.a.run.app` },
  }
}

const OTHER_JOB = {
  name: 'projects/my-project/locations/us-central1/jobs/nightly-report',
  schedule: '0 3 * * *',
  timeZone: 'Europe/Berlin',
  state: 'ENABLED',
  httpTarget: {
    uri: 'https://report.example/run',
    httpMethod: 'POST',
    headers: { 'User-Agent': 'Google-Cloud-Scheduler' },
  },
}

const GCLOUD = `args="$*"
valueOf() { printf %s "$args" | sed -n "s/.*$1[ =]\\([^ ]*\\).*/\\1/p"; }
cd "$CLOUD"
case $args in
  'auth print-access-token') echo token ;;
  'run services describe '*) jq --arg n "$4" '.[] | select(.metadata.name == $n)' services.json ;;
  'run services update '*)
    jq --arg n "$4" --arg min "$(valueOf --min)" --arg max "$(valueOf --max)" --arg most "$(valueOf --max-instances)" '
      def put($key; $text): if $text == "" then . elif $text == "default" or ($text == "0") then del(.[$key]) else .[$key] = $text end;
      map(if .metadata.name == $n then .metadata.annotations |= (put("run.googleapis.com/minScale"; $min) | put("run.googleapis.com/maxScale"; $max))
        | .spec.template.metadata.annotations |= put("autoscaling.knative.dev/maxScale"; $most) else . end)' services.json >new; mv new services.json ;;
  'scheduler jobs list '*) f=$(printf %s "$args" | sed 's/.*--filter name~\\([^ ]*\\).*/\\1/'); jq --arg f "$f" 'map(select(.name | test($f)))' jobs.json ;;
  'scheduler jobs delete '*) jq --arg n "$4" 'map(select(.name | endswith("/" + $n) | not))' jobs.json >new; mv new jobs.json ;;
  *) echo "gcloud: $args?" >&2; exit 2 ;;
esac
`

/** Functions of Alibaba, Tencent and Huawei under their provisioned instances: each call replaces the whole configuration. */
const ALIYUN = `args="$*"
name=\${3#/2023-03-30/functions/} name=\${name%/provision-config}
body=\${args##*--body }
cd "$CLOUD"
case "$2" in
  # A function without a configuration answers with one of nothing.
  GET) jq --arg n "$name" '.provisionConfigs | map(select(.functionArn | endswith("/\\($n)/LATEST")))[0] // {defaultTarget: 0, scheduledActions: []}' fc.json ;;
  PUT) jq --arg n "$name" --argjson body "$body" '"acs:fc:cn-hangzhou:123:functions/\\($n)/LATEST" as $arn | .provisionConfigs |= ([.[] | select(.functionArn != $arn)] + [{functionArn: $arn} + $body] | sort_by(.functionArn) | reverse)' fc.json >new; mv new fc.json ;;
  DELETE) jq --arg n "$name" '.provisionConfigs |= map(select(.functionArn | endswith("/\\($n)/LATEST") | not))' fc.json >new; mv new fc.json ;;
esac
`
const TCCLI = `args="$*"
valueOf() { printf %s "$args" | sed -n "s/.*$1 \\([^ ]*\\).*/\\1/p"; }
input=$(valueOf --cli-input-json); [ -z "$input" ] || cp "\${input#file://}" "$CALLS.body"
name=$(valueOf --FunctionName)
cd "$CLOUD"
case $2 in
  GetProvisionedConcurrencyConfig) jq --arg n "$name" '.[$n] // {UnallocatedConcurrencyNum: 100, Allocated: []}' scf.json ;;
  PutProvisionedConcurrencyConfig) jq -s '.[1] as $b | .[0] | .[$b.FunctionName].Allocated |= ([.[]? | select(.Qualifier != $b.Qualifier)] + [{Qualifier: $b.Qualifier, AllocatedProvisionedConcurrencyNum: $b.VersionProvisionedConcurrencyNum, TriggerActions: $b.TriggerActions}])' scf.json "$CALLS.body" >new; mv new scf.json ;;
  DeleteProvisionedConcurrencyConfig) jq --arg n "$name" --arg q "$(valueOf --Qualifier)" '.[$n].Allocated |= map(select(.Qualifier != $q)) | if .[$n].Allocated == [] then del(.[$n]) else . end' scf.json >new; mv new scf.json ;;
esac
`
const FC = {
  functionArn: 'acs:fc:cn-hangzhou:123:functions/shop/LATEST',
  defaultTarget: 1,
  alwaysAllocateCPU: true,
  alwaysAllocateGPU: false,
  scheduledActions: [
    {
      name: 'morning',
      target: 4,
      scheduleExpression: 'cron(0 0 9 * * *)',
      startTime: '2026-01-01T00:00:00',
      endTime: '2027-01-01T00:00:00',
      timeZone: 'Asia/Shanghai',
    },
    {
      name: 'evening',
      target: 1,
      scheduleExpression: 'cron(0 0 21 * * *)',
      startTime: '2026-01-01T00:00:00',
      endTime: '2027-01-01T00:00:00',
      timeZone: 'Asia/Shanghai',
    },
  ],
  targetTrackingPolicies: [
    {
      name: 'busy',
      metricType: 'ProvisionedConcurrencyUtilization',
      metricTarget: 0.6,
      minCapacity: 1,
      maxCapacity: 20,
    },
  ],
}
const SCF = {
  UnallocatedConcurrencyNum: 90,
  Allocated: [
    {
      AllocatedProvisionedConcurrencyNum: 2,
      AvailableProvisionedConcurrencyNum: 2,
      Status: 'Done',
      StatusReason: '',
      Qualifier: '1',
      TriggerActions: [
        {
          TriggerName: 'sale',
          TriggerProvisionedConcurrencyNum: 7,
          TriggerCronConfig: '0 0 17 * * * *',
          ProvisionedType: 'Default',
        },
        {
          TriggerName: 'quiet',
          TriggerProvisionedConcurrencyNum: 2,
          TriggerCronConfig: '0 0 23 * * * *',
          ProvisionedType: 'Default',
        },
      ],
    },
  ],
}
const URN = 'urn:fss:cn-north-4:p1:function:default'
const RESERVED = {
  function_urn: `${URN}:shop:latest`,
  qualifier_type: 'version',
  qualifier_name: 'latest',
  min_count: 1,
  idle_mode: true,
  tactics_config: {
    cron_configs: [
      {
        name: 'office',
        cron: 'CRON_TZ=Asia/Shanghai 0 0 17 ? * MON-FRI',
        count: 6,
        start_time: 1767225600,
        expired_time: 1798761600,
      },
      { name: 'rest', cron: '0 0 12 * * ?', count: 1, start_time: 1767225600, expired_time: 1798761600 },
    ],
    metric_configs: [{ name: 'busy', type: 'Concurrency', threshold: 60, min: 1 }],
  },
}

/** Clouds of vendors whose functions are held by numbers and by the clock. */
export const VENDORS: readonly Cloud[] = [
  {
    platform: 'aws-lambda',
    has: {
      'aws.json': {
        targets: { [SHOP]: { MinCapacity: 1, MaxCapacity: 9 } },
        actions: { [SHOP]: [BLACK_FRIDAY, OFFICE, NIGHT] },
        policies: { [SHOP]: [{ PolicyName: 'busy' }] },
        // What somebody provisioned by hand, and another version.
        provisioned: { [SHOP]: 5, 'function:mailer:live': 3, 'function:mailer:7': 1 },
      },
    },
    programs: { aws: AWS },
    listing: [
      { ScalableTargets: [AWS_TARGET, { ...AWS_TARGET, ResourceId: 'function:shop:staging', MinCapacity: 50 }] },
      { ScheduledActions: [BLACK_FRIDAY, OFFICE, NIGHT].map((each) => awsAction(each)) },
      {
        ScalingPolicies: [SHOP, 'function:shop:staging'].map((ResourceId) => {
          return { ...awsAction({ PolicyName: 'busy', PolicyType: 'TargetTrackingScaling' }), ResourceId }
        }),
      },
      {
        ProvisionedConcurrencyConfigs: [
          {
            FunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:mailer:live',
            RequestedProvisionedConcurrentExecutions: 3,
            Status: 'READY',
          },
          {
            FunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:mailer:7',
            RequestedProvisionedConcurrentExecutions: 1,
            Status: 'READY',
          },
        ],
      },
    ],
    reads: /^aws (application-autoscaling describe|lambda (list|get))-/,
    // With a target, the autoscaler moves it: what was held at the time comes back with the operator's next action.
    counters: /provisioned\.function:shop:live$/,
    sets: /^aws\.json: (targets|actions|provisioned)\.function:(shop|mailer):live/,
    // The target never goes below what "at" set: only what repeats is simulated.
    asItIs: { keepAliveS: 600, at10: 5, at3: 1 },
  },
  {
    platform: 'lambda-managed-instances',
    has: {
      'aws.json': {
        scaling: {
          'function:shop:$LATEST.PUBLISHED': { MinExecutionEnvironments: 5, MaxExecutionEnvironments: 50 },
          'function:mailer:$LATEST.PUBLISHED': { MinExecutionEnvironments: 1, MaxExecutionEnvironments: 1 },
        },
      },
    },
    programs: { aws: AWS },
    listing: ['shop', 'mailer'].map((name) => {
      const config =
        name === 'shop'
          ? { MinExecutionEnvironments: 5, MaxExecutionEnvironments: 50 }
          : { MinExecutionEnvironments: 1, MaxExecutionEnvironments: 1 }
      return {
        FunctionArn: `arn:aws:lambda:eu-west-1:123456789012:function:${name}:$LATEST.PUBLISHED`,
        AppliedFunctionScalingConfig: config,
        RequestedFunctionScalingConfig: config,
      }
    }),
    reads: /^aws lambda get-/,
    sets: /scaling\.function:(shop|mailer):\$LATEST\.PUBLISHED\.M(in|ax)ExecutionEnvironments$/,
    asItIs: { keepAliveS: 3600, at10: 5, at3: 5 },
  },
  {
    platform: 'azure-container-apps',
    has: { 'shop.json': CONTAINER_APP, 'mailer.json': CONTAINER_MAILER },
    programs: { az: AZ },
    environment: { SUBSCRIPTION: 's' },
    listing: [
      [CONTAINER_APP, CONTAINER_MAILER].map((app) => ({
        ...app,
        resourceGroup: 'pilotlight',
        systemData: { createdBy: 'ci' },
      })),
    ],
    reads: AZ_READS,
    sets: /^(shop|mailer)\.json: properties\.template\.scale\.(minReplicas|maxReplicas|cooldownPeriod|rules(\[\d\])?)/,
    asItIs: { keepAliveS: 135, lastS: 135, at10: 1, at3: 1 },
  },
  {
    platform: 'azure-functions',
    settings: { plan: 'flex' },
    has: { 'shop.json': FLEX, 'mailer.json': FLEX_MAILER },
    programs: { az: AZ },
    listing: [FLEX, FLEX_MAILER],
    reads: AZ_READS,
    sets: /^(shop|mailer)\.json: properties\.functionAppConfig\.scaleAndConcurrency\.(alwaysReady(\[\d\])?|maximumInstanceCount)/,
    asItIs: { keepAliveS: 1200, at10: 2, at3: 2 },
  },
  {
    platform: 'azure-functions',
    settings: { plan: 'premium' },
    has: { 'shop.json': premium('shop', 3), 'mailer.json': premium('mailer', 1) },
    programs: { az: AZ },
    listing: [premium('shop', 3), premium('mailer', 1)],
    reads: AZ_READS,
    sets: /^(shop|mailer)\.json: properties\.minimumElasticInstanceCount$/,
    asItIs: { keepAliveS: 1200, at10: 3, at3: 3 },
  },
  {
    platform: 'google-cloud-run',
    has: {
      'services.json': [
        cloudRun('shop', { 'run.googleapis.com/minScale': '2', 'run.googleapis.com/maxScale': '3' }, {}),
        cloudRun('mailer', {}, { 'autoscaling.knative.dev/maxScale': '1' }),
      ],
      'jobs.json': [OTHER_JOB],
    },
    programs: {
      gcloud: GCLOUD,
      curl: curl(`
  "POST https://cloudscheduler.googleapis.com/"*) jq -s '.[0] + [.[1]]' jobs.json "$body" >new; mv new jobs.json ;;
  "PATCH https://cloudscheduler.googleapis.com/"*) jq -s '.[1] as $b | .[0] | map(if .name == $b.name then $b else . end)' jobs.json "$body" >new; mv new jobs.json ;;`),
    },
    listing: [
      [
        cloudRun('shop', { 'run.googleapis.com/minScale': '2', 'run.googleapis.com/maxScale': '3' }, {}),
        cloudRun('mailer', {}, { 'autoscaling.knative.dev/maxScale': '1' }),
      ],
      [OTHER_JOB],
    ],
    reads: /^gcloud (run services describe|scheduler jobs list|auth print)/,
    sets: /^(services\.json: \[\d\]\.(metadata\.annotations\.run\.googleapis\.com\/m(in|ax)Scale|spec\.template\.metadata\.annotations\.autoscaling\.knative\.dev\/maxScale)|jobs\.json: \[[1-9])/,
    asItIs: { keepAliveS: 900, at10: 2, at3: 2 },
  },
  {
    platform: 'alibaba-fc',
    has: { 'fc.json': { provisionConfigs: [FC] } },
    programs: { aliyun: ALIYUN },
    listing: [{ provisionConfigs: [{ ...FC, current: 4, currentError: '' }], nextToken: '' }],
    reads: /^aliyun fc GET /,
    sets: /^fc\.json: provisionConfigs\[\d\]\.?(defaultTarget|scheduledActions|functionArn|alwaysAllocate|targetTrackingPolicies$)/,
    // From one in the morning of UTC on.
    asItIs: { keepAliveS: 300, at10: 4, at3: 4 },
  },
  {
    platform: 'tencent-scf',
    has: { 'scf.json': { shop: SCF } },
    programs: { tccli: TCCLI },
    listing: [
      { shop: { ...SCF, RequestId: 'r-1' } },
      { mailer: { UnallocatedConcurrencyNum: 100, Allocated: [], RequestId: 'r-2' } },
    ],
    reads: /^tccli scf Get/,
    sets: /^scf\.json: (mailer\.|shop\.Allocated\[0\]\.(AllocatedProvisionedConcurrencyNum|AvailableProvisionedConcurrencyNum|Status|StatusReason|TriggerActions\[[2-9]))/,
    counters: /(AvailableProvisionedConcurrencyNum|Status|StatusReason)$/,
    // Their clocks are eight hours ahead: from nine until three in the afternoon of UTC.
    asItIs: { keepAliveS: 600, at10: 7, at3: 2 },
  },
  {
    platform: 'huawei-functiongraph',
    has: { 'fg.json': { reserved_instances: [RESERVED] } },
    programs: {
      curl: curl(`
  "GET "*) jq --arg of "\${url##*function_urn=}" '{reserved_instances: [.reserved_instances[] | select(.function_urn == $of)]}' fg.json ;;
  "PUT "*) jq -s --arg url "$url" '($url | capture("functions/(?<urn>.*)/reserved").urn) as $urn | .[1] as $b | .[0] | .reserved_instances |= ([.[] | select(.function_urn != $urn)] + (if $b.count == 0 and (($b.tactics_config.cron_configs // []) | length) == 0 then [] else [{function_urn: $urn, qualifier_type: "version", qualifier_name: "latest", min_count: $b.count, idle_mode: $b.idle_mode, tactics_config: $b.tactics_config}] end) | sort_by(.function_urn) | reverse)' fg.json "$body" >new; mv new fg.json ;;`),
    },
    environment: { REGION: 'cn-north-4', PROJECT_ID: 'p1', TOKEN: 't' },
    listing: [{ reserved_instances: [RESERVED], page_info: { next_marker: 1 }, count: 1 }],
    reads: /^curl (?!.*-X )/,
    sets: /^fg\.json: reserved_instances\[(1\]|0\]\.(min_count|tactics_config\.cron_configs\[[2-9]))/,
    // From nine until noon of UTC, from Monday to Friday.
    asItIs: { keepAliveS: 60, at10: 6, at3: 1 },
  },
]
