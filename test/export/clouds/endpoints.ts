import { type Cloud, curl } from './cloud.ts'

function vertex(name: string, dedicatedResources: object): object {
  return {
    name: `projects/123456789/locations/us-central1/endpoints/${name}`,
    displayName: name,
    trafficSplit: { '77': 90, '5': 10 },
    deployedModels: [
      {
        id: '77',
        createTime: '2026-03-02T09:14:11Z',
        model: 'projects/123456789/locations/us-central1/models/9',
        serviceAccount: 'models@my-project.iam.gserviceaccount.com',
        enableAccessLogging: true,
        dedicatedResources: {
          machineSpec: { machineType: 'g2-standard-4', acceleratorCount: 1 },
          ...dedicatedResources,
        },
      },
      { id: '5', createTime: '2026-01-02T09:14:11Z', automaticResources: { minReplicaCount: 1 } },
    ],
  }
}

// Numbers that are 0 are left out by the API.
const VERTEX = {
  shop: vertex('shop', {
    maxReplicaCount: 4,
    scaleToZeroSpec: { idleScaledownPeriod: '1800s', minScaleupPeriod: '300s' },
  }),
  mailer: vertex('mailer', { minReplicaCount: 1, maxReplicaCount: 1 }),
}

/** Each call is an operation, which is not done at once; what the mask names and the model does not have is cleared. */
const VERTEX_ROUTES = `
  "GET "*/operations/*) echo '{"name": "projects/123456789/operations/1", "done": true}' ;;
  "GET "*/endpoints/*) there "$name.json" ;;
  "POST "*:mutateDeployedModel) of=\${name%%:*}; jq --slurpfile b "$body" '($b[0].updateMask | split(",") | map(split("."))) as $paths | $b[0].deployedModel as $m | .deployedModels |= map(if .id == $m.id then reduce $paths[] as $p (.; if ($m | getpath($p)) == null then delpaths([$p]) else setpath($p; $m | getpath($p)) end) | if .dedicatedResources.minReplicaCount == 0 then del(.dedicatedResources.minReplicaCount) else . end else . end)' "$of.json" >new; mv new "$of.json"; echo '{"name": "projects/123456789/operations/1"}' ;;`

const READ_ONLY = /^curl (?!.*-X )/

function openfaasFunction(name: string, more: object): object {
  return {
    service: name,
    image: `registry.example/${name}:7`,
    namespace: 'openfaas-fn',
    envProcess: 'node index.js',
    envVars: { LOG: 'debug' },
    secrets: ['shop-key'],
    constraints: ['node.kubernetes.io/instance-type=small'],
    limits: { memory: '256Mi' },
    annotations: { topic: 'orders' },
    ...more,
  }
}

const OPENFAAS = {
  shop: openfaasFunction('shop', {
    labels: {
      team: 'checkout',
      'com.openfaas.scale.zero': 'true',
      'com.openfaas.scale.zero-duration': '5m',
      'com.openfaas.scale.max': '40',
    },
  }),
  mailer: openfaasFunction('mailer', { labels: { team: 'mail', 'com.openfaas.scale.max': '1' } }),
}

/** What the gateway says of a function: its name stands elsewhere, beside how it is doing. */
const SAID = `({name: .service, replicas: 2, availableReplicas: 2, invocationCount: 7, createdAt: "2026-03-02T09:14:11Z"} + .) | del(.service)`

const WHISK = {
  _id: 'shop/limits',
  _rev: '3-967a00dff5e02add41819138abb3284d',
  concurrentInvocations: 40,
  invocationsPerMinute: 120,
  warmedContainerKeepingCount: 2,
  warmedContainerKeepingTimeout: '900 seconds',
}

const FN = {
  id: '01D2',
  name: 'shop',
  app_id: '01D1',
  image: 'registry.example/shop:7',
  memory: 256,
  timeout: 60,
  idle_timeout: 120,
  config: { KEY: 'secret' },
  annotations: { 'fnproject.io/fn/invokeEndpoint': 'http://localhost:8080/invoke/01D2' },
}

const CODE_ENGINE = {
  name: 'shop',
  id: 'e33b1cv7',
  entity_tag: '2385407409',
  image_reference: 'icr.io/shop/web:7',
  image_secret: 'icr-key',
  run_env_variables: [{ type: 'secret_key_reference', name: 'KEY', reference: 'shop-key', key: 'key' }],
  scale_cpu_limit: '1',
  scale_memory_limit: '4G',
  scale_concurrency: 80,
  scale_down_delay: 240,
  scale_min_instances: 1,
  scale_max_instances: 3,
  scale_request_timeout: 300,
}

const HUGGING_FACE = {
  name: 'shop',
  type: 'protected',
  provider: { region: 'us-east-1', vendor: 'aws' },
  compute: {
    accelerator: 'gpu',
    instanceType: 'nvidia-a10g',
    scaling: { minReplica: 0, maxReplica: 4, scaleToZeroTimeout: 45, metric: 'hardwareUsage' },
  },
  model: { repository: 'org/model', image: { custom: { url: 'registry.example/model:7' } }, secrets: { KEY: 'key' } },
}

const RUNPOD = {
  id: 'shop',
  name: 'shop -fb',
  templateId: 'xkhgg72fuo',
  gpuTypeIds: ['NVIDIA A40'],
  networkVolumeId: 'v1',
  idleTimeout: 30,
  workersMin: 1,
  workersMax: 5,
  scalerType: 'QUEUE_DELAY',
  scalerValue: 4,
  executionTimeoutMs: 600_000,
}

function scaleway(kind: string): readonly Record<string, unknown>[] {
  const shared = {
    namespace_id: 'n1',
    region: 'fr-par',
    environment_variables: { LOG: 'debug' },
    memory_limit: 1024,
    cpu_limit: 560,
  }
  const image =
    kind === 'container'
      ? { registry_image: 'rg.fr-par.scw.cloud/shop/web:7' }
      : { runtime: 'node20', handler: 'shop.handle' }
  return [
    {
      id: 'shop',
      name: 'web',
      ...shared,
      ...image,
      min_scale: 1,
      max_scale: 5,
      secret_environment_variables: [{ key: 'KEY', hashed_value: '7f' }],
    },
    { id: 'mailer', name: 'mail', ...shared, ...image, min_scale: 0, max_scale: 1 },
  ]
}

const BENTO_SCALING = {
  min_replicas: 1,
  max_replicas: 3,
  policy: { metrics: [{ type: 'concurrency' }], scale_down_stabilization_window: 300 },
}

function bento(name: string, scaling: object): Record<string, unknown> {
  return {
    name,
    bento: `${name}:ghfvclwp2kwm5e56`,
    cluster: 'aws-ca-1',
    config: {
      access_authorization: true,
      envs: [{ name: 'LOG', value: 'debug' }],
      services: { Model: { instance_type: 'gpu.t4', envs: [], scaling, deployment_strategy: 'RollingUpdate' } },
    },
    status: { status: 'running' },
  }
}

function koyeb(name: string, scaling: object, at: string): Record<string, unknown> {
  return {
    id: `d-${name}-${at}`,
    service_id: `s-${name}`,
    created_at: at,
    status: 'HEALTHY',
    definition: {
      name,
      type: 'WEB',
      docker: { image: 'docker.io/shop/web:7' },
      env: [{ key: 'KEY', secret: 'shop-key' }],
      instance_types: [{ type: 'small' }],
      scalings: [scaling],
    },
  }
}

const KOYEB_NOW = {
  min: 0,
  max: 4,
  targets: [
    { requests_per_second: { value: 20 } },
    { sleep_idle_delay: { deep_sleep_value: 1800, light_sleep_value: 60 } },
  ],
}

const FLY_DIGEST = 'sha256:967a00dff5e02add41819138abb3284d'
const FLY = {
  shop: {
    app: 'shop',
    primary_region: 'ams',
    build: { dockerfile: 'Dockerfile' },
    deploy: { release_command: 'npm run migrate' },
    env: { LOG: 'debug' },
    http_service: {
      internal_port: 8080,
      force_https: true,
      auto_stop_machines: 'stop',
      auto_start_machines: true,
      min_machines_running: 1,
      concurrency: { type: 'requests', soft_limit: 20 },
    },
    vm: [{ memory: '512mb' }],
  },
  // Its machines run for ever, and it has no minimum.
  mailer: {
    app: 'mailer',
    mounts: [{ source: 'mail', destination: '/mail' }],
    services: [
      { protocol: 'tcp', internal_port: 25, auto_stop_machines: false, ports: [{ port: 25 }] },
      { protocol: 'tcp', internal_port: 143, auto_stop_machines: true, min_machines_running: 1 },
    ],
  },
}

/** Platforms of endpoints, containers and functions behind an API or a command of their own. */
export const ENDPOINTS: readonly Cloud[] = [
  {
    platform: 'openfaas',
    has: { 'shop.json': OPENFAAS.shop, 'mailer.json': OPENFAAS.mailer },
    programs: {
      curl: curl(`
  "GET "*) [ -e "$name.json" ] || missing; jq '${SAID}' "$name.json" ;;
  "PUT "*) jq . "$body" >"$(jq -r .service "$body").json" ;;`),
    },
    environment: { OPENFAAS_PASSWORD: 'p' },
    listing: [
      Object.values(OPENFAAS).map((each) => {
        const { service, ...said } = each as Record<string, unknown>
        return {
          name: service,
          replicas: 2,
          availableReplicas: 2,
          invocationCount: 7,
          createdAt: '2026-03-02T09:14:11Z',
          ...said,
        }
      }),
    ],
    reads: READ_ONLY,
    sets: /^(shop|mailer)\.json: labels\.com\.openfaas\.scale\./,
    asItIs: { keepAliveS: 0, lastS: 300, at10: 0, at3: 0 },
  },
  {
    platform: 'openwhisk',
    settings: { scheduler: 'fpc' },
    has: { 'shop.json': WHISK },
    programs: {
      curl: curl(`
  "GET "*) name=\${name%\\%2Flimits}; if [ -e "$name.json" ]; then cat "$name.json"; else echo '{"error": "not_found", "reason": "missing"}'; fi ;;
  "PUT "*) name=\${name%\\%2Flimits}
    # CouchDB takes a document only with the revision that it has.
    old=$(jq -r ._rev "$name.json" 2>/dev/null || echo null); [ "$(jq -r ._rev "$body")" = "$old" ] || { echo 409 >&2; exit 22; }
    jq '._rev = (((._rev // "0-0") | split("-")[0] | tonumber) + 1 | tostring) + "-b"' "$body" >"$name.new"; mv "$name.new" "$name.json" ;;
  "DELETE "*) rm "\${name%\\%2Flimits}.json" ;;`),
    },
    environment: { COUCHDB: 'http://127.0.0.1:5984', SUBJECTS: 'whisk_local_subjects' },
    listing: [
      {
        total_rows: 2,
        offset: 0,
        rows: [
          {
            id: 'guest',
            key: 'guest',
            value: { rev: '1-a' },
            doc: { _id: 'guest', _rev: '1-a', subject: 'guest', namespaces: [{ name: 'shop', uuid: 'u', key: 'k' }] },
          },
          { id: 'shop/limits', key: 'shop/limits', value: { rev: '3-967a00dff5e02add41819138abb3284d' }, doc: WHISK },
        ],
      },
    ],
    reads: READ_ONLY,
    sets: /^(shop\.json: (warmedContainerKeepingCount|warmedContainerKeepingTimeout)$|mailer\.json: )/,
    counters: /: _rev$/,
    asItIs: { keepAliveS: 1510, at10: 0, at3: 0 },
  },
  {
    platform: 'fn',
    has: { 'shop.json': FN, 'mailer.json': { ...FN, id: '01D3', name: 'mailer', idle_timeout: 30 } },
    programs: {
      fn: `cd "$CLOUD"
case "$1 $2" in
  'inspect function') cat "$4.json" ;;
  'update function') jq --argjson n "$6" '.idle_timeout = $n' "$4.json" >new; mv new "$4.json" ;;
  *) exit 2 ;;
esac
`,
    },
    listing: [{ items: [FN, { ...FN, id: '01D3', name: 'mailer', idle_timeout: 30 }], next_cursor: '' }],
    reads: /^fn inspect /,
    sets: /^(shop|mailer)\.json: idle_timeout$/,
    asItIs: { keepAliveS: 120, at10: 0, at3: 0 },
  },
  ...['app', 'function'].map((kind): Cloud => {
    const { scale_down_delay: _, ...rest } = CODE_ENGINE
    const mailer = { ...rest, name: 'mailer', scale_max_instances: 1, scale_min_instances: 0 }
    return {
      platform: 'ibm-code-engine',
      settings: { kind },
      has: { 'shop.json': CODE_ENGINE, 'mailer.json': mailer },
      programs: { curl: curl(`\n  "GET "*) there "$name.json" ;;\n  "PATCH "*) patched "$name.json" ;;`) },
      environment: { PROJECT_ID: 'p', TOKEN: 't' },
      listing: [{ limit: 100, first: { href: 'x' }, [`${kind}s`]: [CODE_ENGINE, mailer] }],
      reads: READ_ONLY,
      sets: /^(shop|mailer)\.json: (scale_down_delay|scale_concurrency|scale_min_instances|scale_max_instances)$/,
      asItIs: { keepAliveS: kind === 'app' ? 300 : 240, at10: 1, at3: 1 },
    }
  }),
  {
    platform: 'hugging-face',
    has: {
      'shop.json': HUGGING_FACE,
      'mailer.json': {
        ...HUGGING_FACE,
        name: 'mailer',
        compute: { accelerator: 'cpu', scaling: { minReplica: 1, maxReplica: 1, scaleToZeroTimeout: null } },
      },
    },
    programs: {
      curl: curl(`
  "GET "*) [ -e "$name.json" ] || missing; jq '. + {status: {state: "running", readyReplica: 1}}' "$name.json" ;;
  "PUT "*) jq -s '.[0] * .[1]' "$name.json" "$body" >new; mv new "$name.json" ;;`),
    },
    environment: { HF_TOKEN: 't' },
    listing: [
      {
        items: [
          { ...HUGGING_FACE, status: { state: 'running' } },
          {
            ...HUGGING_FACE,
            name: 'mailer',
            compute: { accelerator: 'cpu', scaling: { minReplica: 1, maxReplica: 1, scaleToZeroTimeout: null } },
            status: { state: 'paused' },
          },
        ],
      },
    ],
    reads: READ_ONLY,
    sets: /^(shop|mailer)\.json: compute\.scaling\.(minReplica|maxReplica|scaleToZeroTimeout)$/,
    asItIs: { keepAliveS: 2700, at10: 0, at3: 0 },
  },
  {
    platform: 'runpod',
    has: { 'shop.json': RUNPOD, 'mailer.json': { ...RUNPOD, id: 'mailer', workersMin: 0, workersMax: 1 } },
    programs: { curl: curl(`\n  "GET "*) there "$name.json" ;;\n  "PATCH "*) patched "$name.json" ;;`) },
    environment: { RUNPOD_API_KEY: 'k' },
    listing: [[RUNPOD, { ...RUNPOD, id: 'mailer', workersMin: 0, workersMax: 1 }]],
    reads: READ_ONLY,
    sets: /^(shop|mailer)\.json: (idleTimeout|workersMin|workersMax)$/,
    asItIs: { keepAliveS: 30, at10: 1, at3: 1 },
  },
  ...['container', 'function'].map((kind): Cloud => {
    const [shop, mailer] = scaleway(kind)
    return {
      platform: 'scaleway',
      settings: { kind },
      has: { 'shop.json': shop, 'mailer.json': mailer },
      programs: { curl: curl(`\n  "GET "*) there "$name.json" ;;\n  "PATCH "*) patched "$name.json" ;;`) },
      environment: { SCW_SECRET_KEY: 'k' },
      listing: [{ [`${kind}s`]: [shop, mailer], total_count: 2 }],
      reads: READ_ONLY,
      sets: /^(shop|mailer)\.json: (min_scale|max_scale)$/,
      asItIs: { keepAliveS: 30, lastS: 900, at10: 1, at3: 1 },
    }
  }),
  {
    platform: 'bentocloud',
    has: {
      'shop.json': bento('shop', BENTO_SCALING),
      'mailer.json': bento('mailer', { min_replicas: 0, max_replicas: 1 }),
    },
    programs: {
      bentoml: `[ "$2" != update ] || cp "$5" "$CALLS.body"
cd "$CLOUD"
case "$1 $2" in
  'deployment get') cat "$3.json" ;;
  'deployment update') jq -s '(.[0].config * .[1]) as $config | .[0] | .config = $config | del(.config.services[].scaling.policy.scale_down_stabilization_window | nulls) | del(.config.services[].scaling.policy | select(. == {}))' "$3.json" "$CALLS.body" >new; mv new "$3.json" ;;
esac
`,
    },
    listing: [bento('shop', BENTO_SCALING), bento('mailer', { min_replicas: 0, max_replicas: 1 })],
    reads: /^bentoml deployment get /,
    sets: /^(shop|mailer)\.json: config\.services\.Model\.scaling\.(min_replicas|max_replicas|policy\.scale_down_stabilization_window)$/,
    asItIs: { keepAliveS: 300, at10: 1, at3: 1 },
  },
  {
    platform: 'koyeb',
    has: {
      'shop.json': koyeb('shop', KOYEB_NOW, '2026-03-02T09:14:11Z'),
      'mailer.json': koyeb('mailer', { min: 1, max: 1, targets: [] }, '2026-03-02T09:14:11Z'),
    },
    programs: {
      koyeb: `args="$*"
cd "$CLOUD"
valueOf() { printf %s "$args" | sed -n "s/.*$1[ =]\\([^ ]*\\).*/\\1/p"; }
case "$1 $2" in
  'deployments list') of=$(valueOf --service); jq '{deployments: [.]}' "\${of##*/}.json" ;;
  'services update')
    delay=$(valueOf --deep-sleep-delay) min=$(valueOf --min-scale)
    # A delay beside a minimum is an error, and one that was there stays; a fixed number drops all targets.
    [ -z "$delay" ] || [ "$min" = 0 ] || exit 1
    jq --argjson min "$min" --argjson max "$(valueOf --max-scale)" --arg delay "\${delay%s}" '.definition.scalings[0] |= (.min = $min | .max = $max
      | (if $min == $max then .targets = [] else . end) | if $delay == "" then . elif any(.targets[]?; .sleep_idle_delay) then (.targets[] | select(.sleep_idle_delay) | .sleep_idle_delay.deep_sleep_value) = ($delay | tonumber) elif $delay == "0" then . else .targets += [{sleep_idle_delay: {deep_sleep_value: ($delay | tonumber)}}] end)' "\${3##*/}.json" >new; mv new "\${3##*/}.json" ;;
esac
`,
    },
    listing: [
      {
        deployments: [
          koyeb('shop', KOYEB_NOW, '2026-03-02T09:14:11Z'),
          koyeb('shop', { min: 3, max: 3 }, '2025-12-01T00:00:00Z'),
          koyeb('mailer', { min: 1, max: 1, targets: [] }, '2026-03-02T09:14:11Z'),
        ],
        limit: 100,
      },
    ],
    reads: /^koyeb deployments list /,
    sets: /^(shop|mailer)\.json: definition\.scalings\[0\]\.(min|max|targets(\[\d\]\.sleep_idle_delay\.deep_sleep_value)?)$/,
    asItIs: { keepAliveS: 1800, at10: 0, at3: 0 },
  },
  {
    platform: 'fly',
    has: {
      'shop.json': FLY.shop,
      'mailer.json': FLY.mailer,
      'images.json': Object.fromEntries(
        ['shop', 'mailer'].map((app) => [
          app,
          [
            {
              MachineID: '148e',
              Registry: 'registry.fly.io',
              Repository: app,
              Tag: 'deployment-7',
              Digest: FLY_DIGEST,
            },
          ],
        ]),
      ),
    },
    programs: {
      fly: `args="$*"
valueOf() { printf %s "$args" | sed -n "s/.*$1[ =]\\([^ ]*\\).*/\\1/p"; }
app=$(valueOf --app)
case "$1 $2" in
  'config show') cat "$CLOUD/$app.json" ;;
  'image show') jq --arg app "$app" '.[$app]' "$CLOUD/images.json" ;;
  'deploy --app')
    # What is deployed is the whole configuration, with an image that the registry has; nothing is asked.
    case $args in *" --image registry.fly.io/$app@${FLY_DIGEST} --yes") ;; *) exit 1 ;; esac
    jq . "$(valueOf --config)" >"$CLOUD/new"; mv "$CLOUD/new" "$CLOUD/$app.json" ;;
  *) exit 2 ;;
esac
`,
    },
    listing: [FLY.shop, FLY.mailer],
    reads: /^fly (config|image) show /,
    sets: /^(shop|mailer)\.json: (http_service|services\[0\])\.(min_machines_running|auto_stop_machines|auto_start_machines)$/,
    asItIs: { keepAliveS: 300, at10: 1, at3: 1 },
  },
  {
    platform: 'vertex-ai',
    has: { 'shop.json': VERTEX.shop, 'mailer.json': VERTEX.mailer },
    // Nothing is waited for.
    programs: { curl: curl(VERTEX_ROUTES), gcloud: 'echo token\n', sleep: '' },
    listing: [[VERTEX.shop, VERTEX.mailer]],
    reads: /^(gcloud auth print-access-token|curl (?!.*-X ))/,
    sets: /^(shop|mailer)\.json: deployedModels\[0\]\.dedicatedResources\.(minReplicaCount|maxReplicaCount|scaleToZeroSpec(\..*)?)$/,
    asItIs: { keepAliveS: 1800, at10: 0, at3: 0 },
  },
]
