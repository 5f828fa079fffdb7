import { utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { lookAt } from '../../../src/trace/mapping/file-sample.ts'
import { propose } from '../../../src/trace/mapping/propose.ts'
import { readTrace } from '../../../src/trace/read.ts'
import { inFolder } from '../temporary-folder.ts'

/** 8:00:37 on 1 March 2026, three times a minute apart; three rows of the services a, b and a, of 100 to 102 ms. */
const ROWS = [0, 1, 2].map((row) => ({
  time: `08:0${row}:37`,
  service: row === 1 ? 'b' : 'a',
  ms: 100 + row,
  epochMs: Date.UTC(2026, 2, 1, 8, row, 37),
}))

const lines = (of: (row: (typeof ROWS)[number]) => string): string => `${ROWS.map(of).join('\n')}\n`
const json = (of: (row: (typeof ROWS)[number]) => object): string => lines((row) => JSON.stringify(of(row)))

/** Logs that no preset reads. */
const LOGS: Readonly<Record<string, string>> = {
  HAProxy: lines(
    ({ time, service, ms }) =>
      `Mar  1 ${time} lb haproxy[14389]: 10.0.1.2:33317 [01/Mar/2026:${time}.000] http-in ${service}/srv1 10/0/30/69/${ms} 200 2750 - - ---- 1/1/1/1/0 0/0 "GET / HTTP/1.1"`,
  ),
  'IIS in the W3C format': `#Software: Microsoft Internet Information Services 10.0\n#Fields: date time cs-method cs-uri-stem s-port c-ip sc-status time-taken\n${lines(
    ({ time, service, ms }) => `2026-03-01 ${time} GET ${service} 443 10.1.1.1 200 ${ms}`,
  )}`,
  'Traefik as JSON, with durations in ns': json(({ time, service, ms }) => ({
    Duration: ms * 1e6,
    ServiceName: service,
    StartUTC: `2026-03-01T${time}.000000000Z`,
    level: 'info',
  })),
  'Kong as JSON': json(({ epochMs, service, ms }) => ({
    latencies: { request: ms, kong: 1, proxy: 90 },
    service: { name: service, id: '0c9' },
    started_at: epochMs,
  })),
  'Netlify as JSON': json(({ time, service, ms }) => ({
    timestamp: `2026-03-01T${time}.000Z`,
    function_name: service,
    duration: ms,
  })),
  'Cloudflare Logpush, from a start to an end in ns': json(({ epochMs, service, ms }) => ({
    ClientIP: '192.0.2.1',
    ClientRequestHost: service,
    ClientRequestMethod: 'GET',
    ClientRequestURI: `/p?id=${ms}`,
    EdgeEndTimestamp: (epochMs + ms) * 1e6,
    EdgeStartTimestamp: epochMs * 1e6,
    RayID: `3a6050bcbe12${ms}`,
  })),
  'Cloudflare Workers, whose CPU time is no memory': json(({ epochMs, service, ms }) => ({
    CPUTimeMs: 3,
    Event: { RayID: `3a60${ms}`, Request: { URL: 'https://x', Method: 'GET' } },
    EventTimestampMs: epochMs,
    EventType: 'fetch',
    ScriptName: service,
    WallTimeMs: ms,
  })),
  'Kubernetes audit, from the receipt of a request to its last stage': json(({ epochMs, service, ms }) => ({
    kind: 'Event',
    auditID: `8f5a-${ms}`,
    stage: 'ResponseComplete',
    requestURI: `/api/v1/${service}?limit=${ms}`,
    verb: 'get',
    user: { username: 'bob' },
    objectRef: { resource: service, namespace: 'default' },
    requestReceivedTimestamp: new Date(epochMs).toISOString(),
    stageTimestamp: new Date(epochMs + ms).toISOString(),
  })),
  'Temporal, with ids that are of one run each': JSON.stringify(
    ROWS.map(({ epochMs, service, ms }) => ({
      execution: { workflowId: `order-${ms}`, runId: `r${ms}` },
      type: { name: service },
      startTime: new Date(epochMs).toISOString(),
      closeTime: new Date(epochMs + ms).toISOString(),
      status: 'COMPLETED',
    })),
  ),
  'Airflow as CSV, whose durations are in the unit that their starts and ends tell': `dag_id,task_id,start_date,end_date,duration,hostname\n${lines(
    ({ epochMs, service, ms }) =>
      `${service},load,${new Date(epochMs).toISOString()},${new Date(epochMs + ms).toISOString()},${ms / 1000},w1`,
  )}`,
  'Fastly as JSON': json(({ time, service, ms }) => ({
    timestamp: `2026-03-01T${time}+0000`,
    client_ip: '192.0.2.1',
    geo_country: 'germany',
    host: service,
    url: '/x',
    time_elapsed_ms: ms,
  })),
  'Datadog as CSV, with durations in ns': `Date,Host,Service,@duration,Content\n${lines(
    ({ time, service, ms }) => `"2026-03-01T${time}.000Z","h1","${service}","${ms * 1e6}","GET /x"`,
  )}`,
}

/** Logs whose apps or times init took for something else before. */
const MORE_LOGS: Readonly<Record<string, string>> = {
  'Kong with the day on which a service was made, and its id, before its name': json(({ epochMs, service, ms }) => ({
    latencies: { request: ms, kong: 1, proxy: 90 },
    service: { created_at: 1_611_000_000, id: '0590139e-7481-466c-bcdf-929adcaaf804', name: service },
    started_at: epochMs,
  })),
  'Elastic Common Schema, gone through an action that is always the same': json(({ epochMs, service, ms }) => ({
    '@timestamp': new Date(epochMs).toISOString(),
    event: { duration: ms * 1e6, action: 'invoke' },
    faas: { name: service, coldstart: false, execution: `e${ms}` },
  })),
  'syslog of RFC 5424 with structured data': lines(
    ({ time, service, ms }) =>
      `<134>1 2026-03-01T${time}.000Z host1 router 812 ID${ms} [req@32473 function="${service}" duration_ms="${ms}"] done`,
  ),
  'logfmt whose durations say their unit, each another': lines(
    ({ time, service, ms }) =>
      `time=2026-03-01T${time}.000Z level=info msg="a call" fn=${service} took=${ms === 101 ? '0.101s' : `${ms}ms`}`,
  ),
  'logfmt with a quoted time of two words': lines(
    ({ time, service, ms }) => `ts="2026-03-01 ${time}" fn="${service}" took_ms=${ms}`,
  ),
  'JSON behind the time that kubectl adds': lines(
    ({ time, service, ms }) => `2026-03-01T${time}.000000000Z {"level":"info","fn":"${service}","took_ms":${ms}}`,
  ),
  'Google logs as CSV, with latencies such as 0.1s': `insertId,httpRequest.latency,resource.labels.service_name,timestamp\n${lines(
    ({ time, service, ms }) => `a${ms},${ms / 1000}s,${service},2026-03-01T${time}.000Z`,
  )}`,
  'pandas with its index, German dates and commas': `,when,function,time (s)\n${lines(
    ({ time, service, ms }) => `${ms - 100},"01.03.2026 ${time}",${service},"${String(ms / 1000).replace('.', ',')}"`,
  )}`,
  'pandas with spans of time': `,start,function,elapsed\n${lines(
    ({ time, service, ms }) => `${ms - 100},2026-03-01 ${time}+00:00,${service},0 days 00:00:00.${ms}000`,
  )}`,
  'a German day and time in two columns': `\uFEFF"Datum";"Uhrzeit";"Dienst";"Dauer (ms)"\r\n${lines(
    ({ time, service, ms }) => `"01.03.2026";"${time}";"${service}";"${ms}"\r`,
  )}`,
  'PostgreSQL, whose zones are hours alone, and numbered rows': `id,func,start,end\n${lines(
    ({ time, service, ms }) => `${ms - 99},${service},2026-03-01 ${time}.000+00,2026-03-01 ${time}.${ms}+00`,
  )}`,
  'spans as hours, minutes and seconds': `Start Time,Function,Duration\n${lines(
    ({ time, service, ms }) => `2026-03-01 ${time},${service},0:00:00.${ms}`,
  )}`,
  'spans in ISO 8601': json(({ time, service, ms }) => ({
    at: `2026-03-01T${time}Z`,
    function: service,
    duration: `PT0.${ms}S`,
  })),
  'Zipkin, all in us': JSON.stringify(
    ROWS.map(({ epochMs, service, ms }) => ({
      id: `${ms}`,
      timestamp: epochMs * 1000,
      duration: ms * 1000,
      localEndpoint: { serviceName: service },
    })),
  ),
  'nginx as JSON, with the line of the request': json(({ time, service, ms }) => ({
    time_local: `01/Mar/2026:${time} +0000`,
    remote_addr: '192.0.2.1',
    request: `GET /${service}/x?id=${ms} HTTP/1.1`,
    request_time: `0.${ms}`,
  })),
  'OpenFaaS, in words': lines(
    ({ time, service, ms }) => `2026/03/01 ${time} POST /${service} - 200 OK - ContentLength: 12B (0.${ms}0s)`,
  ),
  'syslog of old, whose times name no year': lines(
    ({ time, service, ms }) => `Mar  1 ${time} host1 ${service}[812]: call answered in ${ms}ms`,
  ),
  'Kibana as CSV': `"@timestamp",service.name,took\n${lines(
    ({ time, service, ms }) => `"Mar 1, 2026 @ ${time}.000",${service},${ms}`,
  )}`,
  'a table in Chinese': `时间,函数,耗时\n${lines(({ time, service, ms }) => `2026-03-01 ${time},${service},${ms}`)}`,
}

async function proposalOf(content: string) {
  return inFolder({ 'x.log': content }, async (folder) => propose(await lookAt(join(folder, 'x.log'))))
}

async function readAsProposed(content: string) {
  return inFolder({ 'x.log': content }, async (folder) => {
    const path = join(folder, 'x.log')
    // The year in which it is written is all that tells the year of some.
    await utimes(path, ROWS[0]!.epochMs / 1000, ROWS[0]!.epochMs / 1000)
    const proposal = propose(await lookAt(path))
    if (!('mapping' in proposal)) throw new Error(`no mapping: ${proposal.lacks.join()}`)
    return readTrace(path, { mapping: proposal.mapping })
  })
}

describe('a log of a kind that no page names', () => {
  it.each(Object.entries({ ...LOGS, ...MORE_LOGS }))('is read as it is proposed: %s', async (_, content) => {
    const { apps, arrivals, startsAtMs } = await readAsProposed(content)
    expect(startsAtMs).toBe(ROWS[0]!.epochMs)
    expect([apps.name.at(0), apps.name.at(1), apps.count].map((name) => `${name}`.replace('/', ''))).toEqual([
      'a',
      'b',
      '2',
    ])
    if (arrivals.kind !== 'events') throw new Error('single events were expected')
    expect([...arrivals.startMs]).toEqual([0, 120_000, 60_000])
    expect([...arrivals.durationMs]).toEqual([100, 102, 101])
  })

  it('has for its apps no column of times: units of systemd in a journal', async () => {
    const journal = json(({ epochMs, service, ms }) => ({
      __REALTIME_TIMESTAMP: String(epochMs * 1000),
      __MONOTONIC_TIMESTAMP: String(ms * 1000),
      _SYSTEMD_UNIT: `${service}.service`,
    }))
    const { apps } = await readAsProposed(journal)
    expect([apps.name.at(0), apps.name.at(1), apps.count]).toEqual(['a.service', 'b.service', 2])
  })

  it('says which rows are of one request, which numbers may be durations, and takes no deployment for an app', async () => {
    const vercel = json(({ epochMs, ms }) => ({
      id: `1${ms}`,
      deploymentId: 'dpl_1',
      projectId: 'shop',
      timestamp: epochMs,
      requestId: ms === 102 ? 'r1' : 'r0',
      statusCode: 200,
      bytes: ms,
      path: '/api',
    }))
    expect(await proposalOf(vercel)).toMatchObject({
      mapping: { app: 'projectId', function: 'path', start: { from: 'timestamp', unit: 'ms' } },
      guesses: [
        'no column is a duration: executions take no time; numbers that may be one: bytes',
        'rows share their requestId: 3 rows are of 2 requests, and each row would count; only or except leave one row of each',
      ],
    })
  })

  it('has no app where only streams and levels are told, and no time in numbers of rows', async () => {
    const docker = json(({ time }) => ({ log: 'x', stream: 'stdout', time: `2026-03-01T${time}Z` }))
    expect(await proposalOf(docker)).toHaveProperty('mapping.app', '{file}')
    expect(await proposalOf('id,func\n1,a\n2,b\n3,a\n')).toHaveProperty('lacks', ['a time'])
    expect(await proposalOf(',func,took\n0,a,5\n1,b,6\n2,a,7\n')).toHaveProperty('lacks', ['a time'])
  })

  it.each([
    [
      'of OpenTelemetry',
      '.resourceSpans[].scopeSpans[].spans[]',
      { resourceSpans: [{ scopeSpans: [{ spans: [{}] }] }] },
    ],
    ['of AWS X-Ray', '.Traces[].Segments[].Document | fromjson', { Traces: [{ Segments: [{ Document: '{}' }] }] }],
  ])('names the filter that makes rows of lists within lists: those %s', async (_, filter, document) => {
    expect(await proposalOf(`${JSON.stringify(document)}\n`)).toHaveProperty('filter', filter)
  })

  it('says which other columns may be the duration, and that a year was not named', async () => {
    const table = 'fn,at,elapsed_ms,billed_duration\na,2026-03-01T08:00:37Z,5,100\nb,2026-03-01T08:00:38Z,6,100\n'
    expect(await proposalOf(table)).toHaveProperty('guesses', [
      'elapsed_ms is taken as the duration: billed_duration would fit as well',
    ])
    const year = new Date().getUTCFullYear()
    expect(await proposalOf('Mar  1 08:00:37 h fn: took 5ms\nMar 12 08:00:38 h fn: took 6ms\n')).toMatchObject({
      mapping: { start: { from: `${year} {time}`, format: '%Y %b %e %H:%M:%S' } },
      guesses: expect.arrayContaining([
        `its times name no year: ${year} is taken, in which the file was written; look whether a new year is in it`,
      ]) as unknown,
    })
  })

  it('may be one JSON list', async () => {
    const list = JSON.stringify(
      ROWS.map(({ time, service, ms }) => ({ timestamp: `2026-03-01T${time}Z`, function_name: service, took_ms: ms })),
    )
    const { apps, invocations } = await readAsProposed(list)
    expect([apps.count, invocations]).toEqual([2, 3])
  })
})
