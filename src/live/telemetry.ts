import { VERSION } from '../core/version.ts'
import { COLD } from '../engine/outcomes.ts'
import type { Visit, Watcher } from './fleet/watcher.ts'
import type { LiveApp } from './live-app.ts'
import type { LogLine } from './log.ts'
import type { LiveMetrics, MetricFamily } from './metrics.ts'
import type { TraceContext } from './trace-context.ts'

/** Spans that wait to be sent at most, and how often they and the metrics are sent, in ms. */
const MOST_SPANS = 4096
const SPANS_MS = 2000
const METRICS_MS = 15_000
/** The longest wait for a collector, in ms. */
const SENDING_MS = 5000

/** Sends what the adapter does to a collector of OpenTelemetry. */
export interface Telemetry {
  readonly watcher: Watcher
  /** Sends what is left. Never rejects. */
  close(): Promise<void>
}

/** What is sent, and where: OTLP over HTTP as JSON, at `/v1/traces` and `/v1/metrics` of the endpoint. */
interface TelemetryParts {
  readonly endpoint: string
  readonly name: string
  readonly apps: readonly LiveApp[]
  readonly metrics: LiveMetrics
  /** The origin of the fleet's clock, in ms since 1970. */
  readonly originMs: number
  readonly log: (line: LogLine) => void
}

export function telemetry({ endpoint, name, apps, metrics, originMs, log }: TelemetryParts): Telemetry {
  const resource = { attributes: attributesOf({ 'service.name': name, 'service.version': VERSION }) }
  const scope = { name: 'pilotlight', version: VERSION }
  const begunAt = Date.now()
  let spans: object[] = []
  let dropped = 0
  const send = async (path: string, body: object): Promise<void> => {
    try {
      const url = `${endpoint.replace(/\/$/, '')}${path}`
      const headers = { 'content-type': 'application/json' }
      const signal = AbortSignal.timeout(SENDING_MS)
      const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body), signal })
      await answer.arrayBuffer()
      if (!answer.ok) throw new Error(`status ${answer.status}`)
    } catch (error) {
      const { message, cause } = error as Error & { readonly cause?: NodeJS.ErrnoException }
      log({ event: 'telemetry not sent', to: path, why: cause?.code ?? message, dropped })
    }
  }
  const sendSpans = async (): Promise<void> => {
    if (spans.length === 0) return
    const now = spans
    spans = []
    await send('/v1/traces', { resourceSpans: [{ resource, scopeSpans: [{ scope, spans: now }] }] })
  }
  const sendMetrics = async (): Promise<void> => {
    const list = (await metrics.families()).map((family) => metricOf(family, begunAt))
    await send('/v1/metrics', { resourceMetrics: [{ resource, scopeMetrics: [{ scope, metrics: list }] }] })
  }
  const timers = [setInterval(() => void sendSpans(), SPANS_MS), setInterval(() => void sendMetrics(), METRICS_MS)]
  for (const timer of timers) timer.unref()
  return {
    watcher: {
      visited(visit) {
        if (visit.call.trace?.isSampled !== true) return
        if (spans.length >= MOST_SPANS) dropped += 1
        else spans.push(spanOf(visit, visit.call.trace, apps[visit.app]!, originMs))
      },
    },
    async close() {
      for (const timer of timers) clearInterval(timer)
      await Promise.all([sendSpans(), sendMetrics()])
    },
  }
}

function spanOf(visit: Visit, trace: TraceContext, app: LiveApp, originMs: number): object {
  const { call, arrivedAt, endedAt, outcome, reason, waitedMs, ranMs, status, fault } = visit
  return {
    traceId: trace.traceId,
    spanId: trace.spanId,
    ...(trace.parentId === undefined ? {} : { parentSpanId: trace.parentId }),
    name: `${app.name}/${call.fn}`,
    // A server's span.
    kind: 2,
    startTimeUnixNano: nano(originMs + arrivedAt),
    endTimeUnixNano: nano(originMs + endedAt),
    attributes: attributesOf({
      'faas.name': app.name,
      'faas.coldstart': outcome === COLD,
      'faas.invocation_id': call.id,
      'http.request.method': call.method,
      'http.response.status_code': status,
      'pilotlight.function': call.fn,
      'pilotlight.waited_ms': waitedMs,
      'pilotlight.ran_ms': ranMs,
      ...(reason === undefined ? {} : { 'pilotlight.reason': reason }),
      ...(fault === undefined ? {} : { 'error.type': fault.kind }),
    }),
    status: fault === undefined ? {} : { code: 2, message: fault.message },
  }
}

function metricOf({ name, help, type, values }: MetricFamily, begunAt: number): object {
  const times = { startTimeUnixNano: nano(begunAt), timeUnixNano: nano(Date.now()) }
  const about = { name, description: help }
  if (type === 'histogram') {
    return { ...about, histogram: { aggregationTemporality: 2, dataPoints: histogramPoints(values, times) } }
  }
  const dataPoints = values.map(({ value, labels }) => ({
    ...times,
    asDouble: value,
    attributes: attributesOf(labels),
  }))
  return type === 'counter'
    ? { ...about, sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints } }
    : { ...about, gauge: { dataPoints } }
}

/** One histogram as it is put together from its values. */
interface HistogramPoint {
  readonly labels: object
  readonly bounds: number[]
  readonly upTo: number[]
  sum: number
  count: number
}

/** Prometheus counts up to each bound; OpenTelemetry between two. */
function histogramPoints(values: MetricFamily['values'], times: object): object[] {
  const points = new Map<string, HistogramPoint>()
  for (const { value, labels, metricName = '' } of values) {
    const { le, ...others } = labels as { le?: number | string }
    const key = JSON.stringify(others)
    const point: HistogramPoint = points.get(key) ?? { labels: others, bounds: [], upTo: [], sum: 0, count: 0 }
    points.set(key, point)
    if (metricName.endsWith('_sum')) point.sum = value
    else if (metricName.endsWith('_count')) point.count = value
    else if (le !== undefined) {
      if (le !== '+Inf') point.bounds.push(Number(le))
      point.upTo.push(value)
    }
  }
  return [...points.values()].map(({ labels, bounds, upTo, sum, count }) => ({
    ...times,
    attributes: attributesOf(labels),
    sum,
    count: String(count),
    explicitBounds: bounds,
    bucketCounts: upTo.map((value, index) => String(value - (upTo[index - 1] ?? 0))),
  }))
}

function attributesOf(values: object): object[] {
  return Object.entries(values).map(([key, value]) => ({ key, value: valueOf(value) }))
}

function valueOf(value: unknown): object {
  if (typeof value === 'boolean') return { boolValue: value }
  if (typeof value === 'number') return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value }
  return { stringValue: String(value) }
}

function nano(ms: number): string {
  return `${Math.round(ms)}000000`
}
