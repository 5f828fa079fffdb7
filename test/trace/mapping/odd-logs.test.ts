import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { lookAt } from '../../../src/trace/mapping/look.ts'
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

async function readAsProposed(content: string) {
  return inFolder({ 'x.log': content }, async (folder) => {
    const path = join(folder, 'x.log')
    const proposal = propose(await lookAt(path))
    if (!('mapping' in proposal)) throw new Error(`no mapping: ${proposal.lacks.join()}`)
    return readTrace(path, { mapping: proposal.mapping })
  })
}

describe('a log of a kind that no page names', () => {
  it.each(Object.keys(LOGS))('is read as it is proposed: %s', async (kind) => {
    const { apps, arrivals, startsAtMs } = await readAsProposed(LOGS[kind]!)
    expect(startsAtMs).toBe(ROWS[0]!.epochMs)
    expect([apps.name.at(0), apps.name.at(1), apps.count]).toEqual(['a', 'b', 2])
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

  it('may be one JSON list', async () => {
    const list = JSON.stringify(
      ROWS.map(({ time, service, ms }) => ({ timestamp: `2026-03-01T${time}Z`, function_name: service, took_ms: ms })),
    )
    const { apps, invocations } = await readAsProposed(list)
    expect([apps.count, invocations]).toEqual([2, 3])
  })
})
