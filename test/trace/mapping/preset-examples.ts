/** What a small file of a preset's shape holds, counted by hand. */
export interface PresetExample {
  readonly preset: string
  readonly name: string
  readonly content: string | Uint8Array
  readonly apps: readonly string[]
  readonly invocations: number
  /** Starts of the events of all apps, app by app, in ms from the trace's time 0; counts as [minute, count] pairs. */
  readonly startMs?: readonly number[]
  readonly durationMs?: readonly number[]
  readonly cells?: readonly (readonly [bucket: number, count: number])[]
  readonly bucketMs?: number
  readonly cold?: number
  readonly warm?: number
  readonly instances?: number
  readonly memoryMb?: readonly number[]
  readonly loadingMs?: readonly number[]
  /** When time 0 was, in ISO 8601. */
  readonly startsAt?: string
  readonly horizonMs: number
  /** Defects that are counted, besides dates. */
  readonly defects?: Readonly<Record<string, number>>
}

const csv = (...rows: readonly string[]): string => `${rows.join('\n')}\n`
const json = (value: unknown): string => JSON.stringify(value, null, 2)
const jsonl = (...values: readonly unknown[]): string => csv(...values.map((value) => JSON.stringify(value)))

const report = (duration: string, init = ''): string =>
  `REPORT RequestId: 8f5a\tDuration: ${duration} ms\tBilled Duration: 700 ms\tMemory Size: 256 MB\tMax Memory Used: 61 MB\t${init === '' ? '' : `Init Duration: ${init} ms\t`}`

/** One cold invocation that ends at 12:00:01.000 after 500 ms, loaded in 300 ms: it came at 12:00:00.200. */
const LAMBDA = {
  invocations: 2,
  startMs: [0, 59_700],
  durationMs: [500, 100],
  cold: 1,
  warm: 1,
  memoryMb: [256],
  loadingMs: [300],
  startsAt: '2024-05-01T12:00:00.200Z',
  horizonMs: 59_800,
} as const

const cloudRunEntry = (second: number, latency: string, agent = 'curl/8', instance = 'i1') => ({
  httpRequest: { latency, requestMethod: 'GET', requestUrl: 'https://shop/x', status: 200, userAgent: agent },
  labels: { instanceId: instance },
  resource: { labels: { service_name: 'shop', revision_name: 'shop-1' }, type: 'cloud_run_revision' },
  timestamp: `2024-05-01T12:00:0${second}.000000Z`,
})

const activation = (
  name: string,
  start: number,
  duration: number,
  more: readonly { key: string; value: unknown }[] = [],
) => ({
  activationId: `a${start}`,
  namespace: 'guest',
  name,
  start,
  end: start + duration,
  duration,
  annotations: [
    { key: 'path', value: `guest/pkg/${name}` },
    { key: 'limits', value: { concurrency: 1, memory: 512 } },
    ...more,
  ],
})

const MAY = Date.UTC(2024, 4, 1, 12)

function oracle(
  ...records: readonly (readonly [time: number, object: number, size: number, next: number])[]
): Uint8Array {
  const bytes = Buffer.alloc(24 * records.length)
  records.forEach(([time, object, size, next], index) => {
    bytes.writeUInt32LE(time, 24 * index)
    bytes.writeBigUInt64LE(BigInt(object), 24 * index + 4)
    bytes.writeUInt32LE(size, 24 * index + 12)
    bytes.writeBigInt64LE(BigInt(next), 24 * index + 16)
  })
  return bytes
}

/** At least one small file of each preset, of our own making, in exactly the shape of its source. */
export const PRESET_EXAMPLES: readonly PresetExample[] = [
  {
    preset: 'lambda-report',
    name: 'text of aws logs tail',
    content: csv(
      '2024-05-01T12:00:00.900000+00:00 2024/05/01/[$LATEST]ab START RequestId: 8f5a Version: $LATEST',
      `2024-05-01T12:00:01.000000+00:00 2024/05/01/[$LATEST]ab ${report('500.20', '299.80')}`,
      `2024-05-01T12:01:00.000000+00:00 2024/05/01/[$LATEST]ab ${report('100.00')}`,
    ),
    ...LAMBDA,
    apps: ['example'],
    instances: 1,
    defects: { 'row-unmatched': 1 },
  },
  {
    preset: 'lambda-report',
    name: 'Logs Insights CSV, newest first, with cells of several lines',
    content: csv(
      '@timestamp,@message,@log,@logStream',
      `2024-05-01 12:01:00.000,"${report('100.00')}\n",123456789012:/aws/lambda/checkout,2024/05/01/[$LATEST]ab`,
      '2024-05-01 12:00:01.000,"END RequestId: 8f5a\n",123456789012:/aws/lambda/checkout,2024/05/01/[$LATEST]ab',
      `2024-05-01 12:00:01.000,"${report('500.20', '299.80')}\nXRAY TraceId: 1-5e",123456789012:/aws/lambda/checkout,2024/05/01/[$LATEST]ab`,
    ),
    ...LAMBDA,
    apps: ['checkout'],
    instances: 1,
    defects: { 'row-unmatched': 1 },
  },
  {
    preset: 'lambda-report',
    name: 'Logs Insights CSV with fields; memory in decimal bytes',
    content: csv(
      '@timestamp,@duration,@initDuration,@memorySize,@log',
      '2024-05-01 12:01:00.000,100.0,,2.56E8,1:/aws/lambda/checkout',
      '2024-05-01 12:00:01.000,500.2,299.8,2.56E8,1:/aws/lambda/checkout',
    ),
    ...LAMBDA,
    apps: ['checkout'],
  },
  {
    preset: 'lambda-report',
    name: 'results of GetQueryResults',
    content: json({
      results: [
        [
          { field: '@timestamp', value: '2024-05-01 12:01:00.000' },
          { field: '@message', value: report('100.00') },
          { field: '@log', value: '1:/aws/lambda/checkout' },
        ],
        [
          { field: '@timestamp', value: '2024-05-01 12:00:01.000' },
          { field: '@message', value: report('500.20', '299.80') },
          { field: '@log', value: '1:/aws/lambda/checkout' },
        ],
      ],
      statistics: { recordsMatched: 2 },
      status: 'Complete',
    }),
    ...LAMBDA,
    apps: ['checkout'],
  },
  {
    preset: 'lambda-report',
    name: 'FilterLogEvents',
    content: json({
      events: [
        {
          logStreamName: 's1',
          timestamp: MAY + 1000,
          message: `${report('500.20', '299.80')}\n`,
          ingestionTime: MAY + 9000,
        },
        { logStreamName: 's2', timestamp: MAY + 60_000, message: `${report('100.00')}\n`, ingestionTime: MAY + 9000 },
        { logStreamName: 's2', timestamp: MAY + 60_001, message: 'a print', ingestionTime: MAY + 9000 },
      ],
      searchedLogStreams: [],
    }),
    ...LAMBDA,
    apps: ['example'],
    instances: 2,
    defects: { 'row-unmatched': 1 },
  },
  {
    preset: 'lambda-report',
    name: 'JSON logs',
    content: jsonl(
      { time: '2024-05-01T12:00:00.500Z', type: 'platform.initStart', record: { functionName: 'checkout' } },
      {
        time: '2024-05-01T12:00:01.000Z',
        type: 'platform.report',
        record: {
          requestId: '8f',
          metrics: { durationMs: 500.2, billedDurationMs: 801, memorySizeMB: 256, initDurationMs: 299.8 },
        },
      },
      {
        time: '2024-05-01T12:01:00.000Z',
        type: 'platform.report',
        record: { requestId: '90', metrics: { durationMs: 100, billedDurationMs: 100, memorySizeMB: 256 } },
      },
    ),
    ...LAMBDA,
    apps: ['example'],
    defects: { 'left-out-records-that-are-no-reports': 1 },
  },
  {
    preset: 'openwhisk-activations',
    name: 'activations; a sequence is left out',
    content: json([
      activation('b', MAY + 5000, 40, [{ key: 'waitTime', value: 5 }]),
      activation('chain', MAY + 990, 4100, [
        { key: 'kind', value: 'sequence' },
        { key: 'topmost', value: true },
      ]),
      activation('a', MAY + 1000, 350, [
        { key: 'waitTime', value: 500 },
        { key: 'initTime', value: 300 },
      ]),
    ]),
    apps: ['guest/pkg/a', 'guest/pkg/b'],
    invocations: 2,
    startMs: [0, 4495],
    durationMs: [50, 40],
    cold: 1,
    warm: 1,
    memoryMb: [512, 512],
    loadingMs: [300, 300],
    startsAt: '2024-05-01T12:00:00.500Z',
    horizonMs: 4535,
    defects: { 'left-out-sequences-whose-actions-are-counted-themselves': 1, 'cold-start-missing': 1 },
  },
  {
    preset: 'openwhisk-activations',
    name: 'user events; an init time of 0 is a warm start',
    content: jsonl(
      {
        eventType: 'Activation',
        timestamp: MAY + 1000,
        body: { duration: 350, initTime: 300, waitTime: 50, memory: 128, name: 'g/a', kind: 'nodejs:20' },
      },
      { eventType: 'Metric', timestamp: MAY + 1001, body: { metricName: 'ConcurrentRateLimit', metricValue: 1 } },
      {
        eventType: 'Activation',
        timestamp: MAY + 2000,
        body: { duration: 20, initTime: 0, waitTime: 5, memory: 128, name: 'g/a', kind: 'nodejs:20' },
      },
    ),
    apps: ['g/a'],
    invocations: 2,
    startMs: [0, 1375],
    durationMs: [50, 20],
    cold: 1,
    warm: 1,
    memoryMb: [128],
    loadingMs: [300],
    startsAt: '2024-05-01T12:00:00.600Z',
    horizonMs: 1395,
    defects: { 'left-out-events-that-are-no-activations': 1 },
  },
  {
    preset: 'huawei-2023',
    name: 'a row per minute; empty cells are zeros; a missing minute is a gap',
    content: csv('day,time,0,1,17', '2,172800,,6.0,', '2,172860,1,,3', '2,172980,,2.0,'),
    apps: ['0', '1', '17'],
    invocations: 12,
    cells: [
      [1, 1],
      [0, 6],
      [3, 2],
      [1, 3],
    ],
    bucketMs: 60_000,
    horizonMs: 240_000,
    defects: { 'bucket-missing': 1 },
  },
  {
    preset: 'huawei-2023',
    name: 'a row per second, and pools with their memory',
    content: csv('day,time,332---439---pool22-300-128', '0,0,816.0', '0,1,2.0'),
    apps: ['332---439---pool22-300-128'],
    invocations: 818,
    cells: [
      [0, 816],
      [1, 2],
    ],
    bucketMs: 1000,
    memoryMb: [128],
    horizonMs: 2000,
  },
  {
    preset: 'huawei-2025',
    name: 'requests',
    content: csv(
      'time_worker,requestID,funcName,podID,userID,totalCost_worker',
      '86400.020,r1,411,pool22-300-128-0000177166,301,0.5',
      '86400.034,r2,34,pool24-600-512-0000014767,83,0.0014',
    ),
    apps: ['34---83---pool24-600-512', '411---301---pool22-300-128'],
    invocations: 2,
    startMs: [34, 20],
    durationMs: [1, 500],
    instances: 2,
    memoryMb: [512, 128],
    horizonMs: 520,
  },
  {
    preset: 'huawei-2025',
    name: 'requests joined with their cold starts',
    content: csv(
      'event_time,func_id,trigger_type,exec_time,cold_start_flag',
      '5.000,1---2---pool24-600-512,APIG,0.1,1',
      '6.5,1---2---pool24-600-512,APIG,0.25,0',
    ),
    apps: ['1---2---pool24-600-512'],
    invocations: 2,
    startMs: [5000, 6500],
    durationMs: [100, 250],
    cold: 1,
    warm: 1,
    memoryMb: [512],
    horizonMs: 6750,
  },
  {
    preset: 'ibm-code-engine',
    name: 'an exploded traffic table; an app without invocations is left out',
    content: csv(
      'NamespaceHash,AppHash,NumEvents,InvocationTimes,AppExecTimes,TotalExecTimes,PodHash',
      'n,a,2,10.5,120.0,130.0,p1',
      'n,a,2,8.25,20.0,21.0,p2',
      'n,b,0,,,,',
    ),
    apps: ['n/a'],
    invocations: 2,
    startMs: [8250, 10_500],
    durationMs: [20, 120],
    instances: 2,
    horizonMs: 10_620,
    defects: { 'left-out-apps-without-invocations': 1 },
  },
  {
    preset: 'envoy',
    name: 'default text format, and a probe',
    content: csv(
      '[2024-05-01T12:00:00.100Z] "GET /x HTTP/1.1" 200 - 0 17 250 249 "-" "curl/8" "id1" "shop.example.com:8080" "10.0.0.7:80"',
      '[2024-05-01T12:00:01.000Z] "GET / HTTP/1.1" 200 - 0 1 1 1 "-" "kube-probe/1.29" "id2" "shop.example.com" "10.0.0.7:80"',
      '[2024-05-01T12:00:02.100Z] "POST /y HTTP/2" 503 UF 5 0 - - "-" "curl/8" "id3" "shop.example.com" "-"',
    ),
    apps: ['shop.example.com'],
    invocations: 2,
    startMs: [0, 2000],
    durationMs: [250, 0],
    instances: 1,
    startsAt: '2024-05-01T12:00:00.100Z',
    horizonMs: 2000,
    defects: { 'left-out-health-checks': 1, 'duration-missing': 1, 'duration-zero': 1 },
  },
  {
    preset: 'cloudfront',
    name: 'the time is the end, in whole seconds; a probe is none; a host that is not told is the distribution',
    content: csv(
      '#Version: 1.0',
      '#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id x-host-header cs-protocol cs-bytes time-taken',
      ...[
        ['2024-05-01', '12:00:02', 'Mozilla/5.0%20(X11,%20like%20Gecko)', 'shop.example.com', '1.250'],
        ['2024-05-01', '12:00:05', 'curl/8', '-', '0.500'],
        ['2024-05-01', '12:00:06', 'ELB-HealthChecker/2.0', 'shop.example.com', '0.001'],
      ].map(([date, time, agent, host, taken]) =>
        [
          date,
          time,
          'LHR62-C1',
          '512',
          '192.0.2.1',
          'GET',
          'id.cloudfront.net',
          '/pay',
          '200',
          '-',
          agent,
          '-',
          '-',
          'Miss',
          'r1==',
          host,
          'https',
          '91',
          taken,
        ].join('\t'),
      ),
    ),
    apps: ['id.cloudfront.net', 'shop.example.com'],
    invocations: 2,
    startMs: [3750, 0],
    durationMs: [500, 1250],
    startsAt: '2024-05-01T12:00:00.750Z',
    horizonMs: 4250,
    defects: { 'left-out-health-checks': 1, 'row-unmatched': 2 },
  },
  {
    preset: 'alb',
    name: 'the time is the end; a redirect reached no target',
    content: csv(
      'https 2024-05-01T12:00:02.000000Z app/web/50dc 192.0.2.1:2817 10.0.0.1:80 0.100 1.400 0.000 200 200 34 366 "GET https://shop.example.com:443/ HTTP/1.1" "curl/8" ECDHE TLSv1.2 arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/checkout/73e2 "Root=1" "shop.example.com" "arn" 0 2024-05-01T12:00:00.500000Z "forward" "-" "-" "10.0.0.1:80" "200" "-" "-"',
      'http 2024-05-01T12:00:03.000000Z app/web/50dc 192.0.2.1:2818 - -1 -1 -1 301 - 34 366 "GET http://shop.example.com:80/ HTTP/1.1" "curl/8" - - - "Root=1" "-" "-" 0 2024-05-01T12:00:03.000000Z "redirect" "-" "-" "-" "-" "-" "-"',
    ),
    apps: ['checkout'],
    invocations: 1,
    startMs: [0],
    durationMs: [1400],
    instances: 1,
    startsAt: '2024-05-01T12:00:00.500Z',
    horizonMs: 1400,
    defects: { 'left-out-requests-that-no-target-answered': 1 },
  },
  {
    preset: 'combined',
    name: 'combined format in a zone, one line with a request time',
    content: csv(
      '192.0.2.1 - - [01/May/2024:14:00:10 +0200] "GET /cart/items?id=1 HTTP/1.1" 200 17 "-" "Mozilla/5.0 \\"x\\" 1.234"',
      '192.0.2.1 - bob [01/May/2024:14:00:12 +0200] "GET / HTTP/1.1" 200 17 "https://a" "curl/8" 0.500',
      '192.0.2.9 - - [01/May/2024:14:00:13 +0200] "GET / HTTP/1.1" 200 17 "-" "ELB-HealthChecker/2.0"',
    ),
    apps: ['cart', 'root'],
    invocations: 2,
    startMs: [0, 1500],
    durationMs: [0, 500],
    startsAt: '2024-05-01T12:00:10.000Z',
    horizonMs: 2000,
    defects: { 'left-out-health-checks': 1, 'duration-missing': 1, 'duration-zero': 1 },
  },
  {
    preset: 'combined',
    name: 'common format of Traefik',
    content: csv(
      '10.0.0.1 - - [01/May/2024:12:00:10 +0000] "GET /api/x HTTP/1.1" 200 512 "-" "curl/8" 1 "blog@docker" "http://10.0.0.2:80" 45ms',
      '10.0.0.1 - - [01/May/2024:12:00:12 +0000] "GET /no HTTP/1.1" 404 19 "-" "curl/8" 2 "-" "-" 0ms',
      '10.0.0.1 - - [01/May/2024:12:00:11 +0000] "GET / HTTP/1.1" 200 512 "-" "curl/8" 3 "shop@docker" "http://10.0.0.3:80" 1200ms',
    ),
    apps: ['blog@docker', 'shop@docker'],
    invocations: 2,
    startMs: [0, 1000],
    durationMs: [45, 1200],
    startsAt: '2024-05-01T12:00:10.000Z',
    horizonMs: 2200,
    defects: { 'left-out-requests-that-no-router-took': 1 },
  },
  {
    preset: 'cloud-functions',
    name: 'execution logs, newest first',
    content: json(
      [
        ['hello', 'Function execution took 1500 ms, finished with status code: 200', '12:00:03.500000Z'],
        ['hello', 'Function execution started', '12:00:02.000000Z'],
        ['resize', 'Function execution took 20 ms, finished with status: ok', '12:00:01.020000Z'],
        ['resize', 'a line of its own', '12:00:01.010000Z'],
      ].map(([name, textPayload, time]) => ({
        textPayload,
        timestamp: `2024-05-01T${time}`,
        resource: { type: 'cloud_function', labels: { function_name: name, project_id: 'p', region: 'us-central1' } },
        labels: { execution_id: 'x1' },
      })),
    ),
    apps: ['hello', 'resize'],
    invocations: 2,
    startMs: [1000, 0],
    durationMs: [1500, 20],
    startsAt: '2024-05-01T12:00:01.000Z',
    horizonMs: 2500,
    defects: { 'left-out-entries-that-are-no-end-of-an-execution': 2 },
  },
  {
    preset: 'combined',
    name: 'JSON of Caddy',
    content: jsonl(
      {
        level: 'info',
        ts: MAY / 1000 + 1.5,
        logger: 'http.log.access',
        request: { host: 'shop', uri: '/x', headers: { 'User-Agent': ['curl/8'] } },
        duration: 0.25,
        status: 200,
      },
      {
        level: 'info',
        ts: MAY / 1000 + 3,
        logger: 'http.log.access',
        request: { host: 'shop', uri: '/x' },
        duration: 0.5,
        status: 200,
      },
    ),
    apps: ['shop'],
    invocations: 2,
    startMs: [0, 1250],
    durationMs: [250, 500],
    startsAt: '2024-05-01T12:00:01.250Z',
    horizonMs: 1750,
  },
  {
    preset: 'cloud-run',
    name: 'request logs, newest first, with a probe and an entry of the container',
    content: json([
      cloudRunEntry(5, '0.100s', 'curl/8', 'i2'),
      cloudRunEntry(3, '0.001s', 'GoogleHC/1.0'),
      { textPayload: 'hello', resource: { labels: { service_name: 'shop' } }, timestamp: '2024-05-01T12:00:02Z' },
      cloudRunEntry(1, '1.250s'),
    ]),
    apps: ['shop'],
    invocations: 2,
    startMs: [0, 4000],
    durationMs: [1250, 100],
    instances: 2,
    startsAt: '2024-05-01T12:00:01.000Z',
    horizonMs: 4100,
    defects: { 'left-out-health-checks': 1, 'left-out-entries-that-are-no-requests': 1 },
  },
  {
    preset: 'knative-requests',
    name: 'lines with the time of kubectl',
    content: csv(
      '2024-05-01T12:00:01.500000000Z {"httpRequest": {"requestMethod": "GET", "userAgent": "curl/8", "status": 200, "latency": "0.500s", "protocol": "HTTP/1.1"}, "traceId": "[]"}',
      '2024-05-01T12:00:02.000000000Z {"httpRequest": {"requestMethod": "GET", "userAgent": "Knative-Queue-Proxy-Probe", "status": 200, "latency": "0.001s"}, "traceId": "[]"}',
      '2024-05-01T12:00:03.000000000Z {"httpRequest": {"requestMethod": "GET", "userAgent": "curl/8", "status": 200, "latency": "0.25s", "protocol": "HTTP/1.1"}, "traceId": "[]"}',
    ),
    apps: ['example'],
    invocations: 2,
    startMs: [0, 1750],
    durationMs: [500, 250],
    instances: 1,
    startsAt: '2024-05-01T12:00:01.000Z',
    horizonMs: 2000,
    defects: { 'left-out-health-checks': 1 },
  },
  {
    preset: 'app-insights',
    name: 'AppRequests; a sampled row stands for several',
    content: csv(
      'TimeGenerated,Id,Name,Success,DurationMs,AppRoleName,AppRoleInstance,ItemCount',
      '2024-05-01T12:00:00.5Z,1,GET Cart,True,120.4,shop,h1,3',
      '2024-05-01T12:00:01Z,2,GET Cart,True,80,shop,h1,1',
    ),
    apps: ['shop'],
    invocations: 4,
    startMs: [0, 0, 0, 500],
    durationMs: [120, 120, 120, 80],
    instances: 1,
    startsAt: '2024-05-01T12:00:00.500Z',
    horizonMs: 580,
    defects: { weighted: 1 },
  },
  {
    preset: 'app-insights',
    name: 'the older table as a portal exports it',
    content: csv(
      'timestamp [UTC],name,duration,cloud_RoleName,itemCount',
      '"5/1/2024, 12:00:00.500 PM",GET Cart,120.4,shop,1',
      '"5/2/2024, 12:00:01.000 AM",GET Cart,80,shop,1',
    ),
    apps: ['shop'],
    invocations: 2,
    startMs: [0, 43_200_500],
    durationMs: [120, 80],
    startsAt: '2024-05-01T12:00:00.500Z',
    horizonMs: 43_200_580,
  },
  {
    preset: 'alibaba-faasnet',
    name: 'cold starts',
    content: csv(
      '__time__,functionName,latency,runtime,memoryMB',
      '1620000000,f1,0.9,python3,512',
      '1620000005,f2,1.5,nodejs,128',
    ),
    apps: ['f1', 'f2'],
    invocations: 2,
    startMs: [0, 5000],
    durationMs: [0, 0],
    cold: 2,
    warm: 0,
    memoryMb: [512, 128],
    loadingMs: [900, 1500],
    startsAt: '2021-05-03T00:00:00.000Z',
    horizonMs: 5000,
    defects: { 'duration-zero': 2 },
  },
  {
    preset: 'globus',
    name: 'tasks in ns; one never ran',
    content: csv(
      'task_uuid,function_uuid,endpoint_uuid,received,waiting_for_nodes,execution_start,execution_end',
      't1,f,e,1680000000000000000,1680000001000000000,1680000001000000000,1680000003500000000',
      't2,f,e,1680000010000000000,,,',
      't3,g,e,1680000005000000000,1680000005000000000,1680000005000000000,1680000005250000000',
    ),
    apps: ['e'],
    invocations: 2,
    startMs: [0, 5000],
    durationMs: [2500, 250],
    startsAt: '2023-03-28T10:40:00.000Z',
    horizonMs: 5250,
    defects: { 'left-out-tasks-that-never-ran': 1 },
  },
  {
    preset: 'oracle-general',
    name: 'records of libCacheSim',
    content: oracle([0, 7, 2_097_152, 2], [3, 8, 1_048_576, -1], [9, 7, 2_097_152, -1]),
    apps: ['7', '8'],
    invocations: 3,
    startMs: [0, 9000, 3000],
    durationMs: [0, 0, 0],
    memoryMb: [2, 1],
    horizonMs: 9000,
    defects: { 'duration-zero': 3 },
  },
  {
    preset: 'count-table',
    name: 'a table of five minutes a row, with a gap',
    content: csv('time,cart,mail', '2024-05-01T12:00:00Z,3,0', '2024-05-01T12:05:00Z,,2', '2024-05-01T12:15:00Z,1,1'),
    apps: ['cart', 'mail'],
    invocations: 7,
    cells: [
      [0, 3],
      [3, 1],
      [1, 2],
      [3, 1],
    ],
    bucketMs: 300_000,
    startsAt: '2024-05-01T12:00:00.000Z',
    horizonMs: 1_200_000,
    defects: { 'bucket-missing': 1 },
  },
  {
    preset: 'count-table',
    name: 'a range query of Prometheus, whose increases are no whole numbers',
    content: json({
      status: 'success',
      data: {
        resultType: 'matrix',
        result: [
          {
            metric: { function_name: 'cart' },
            values: [
              [1_714_564_800, '3'],
              [1_714_564_830, '1.02'],
            ],
          },
          {
            metric: { function_name: 'mail' },
            values: [
              [1_714_564_830, '0'],
              [1_714_564_860, '2'],
            ],
          },
        ],
      },
    }),
    apps: ['cart', 'mail'],
    invocations: 6,
    cells: [
      [0, 3],
      [1, 1],
      [2, 2],
    ],
    bucketMs: 30_000,
    startsAt: '2024-05-01T12:00:00.000Z',
    horizonMs: 90_000,
    defects: { 'count-rounded': 1 },
  },
]
