import { type MappingPreset, PROBES, recordsHave, someLine } from '../mapping-preset.ts'

const REQUEST = String.raw`\{"httpRequest":\s*\{.*?"userAgent":\s*"(?<agent>[^"]*)".*?"latency":\s*"(?<latency>[\d.]+)s"`

/** Knative's request logs: its own template has neither a time nor a revision, so those come from the collector. */
export const knativeRequests: MappingPreset = {
  id: 'knative-requests',
  summary: 'Knative: request logs of the queue proxy, with the times that kubectl or a collector adds.',
  source:
    'kubectl logs --timestamps <pod> -c queue-proxy; https://knative.dev/docs/serving/observability/logging/request-logging/',
  looksFor: 'a time and {"httpRequest": … "latency": "0.012s" …} on each line, or such JSON with a timestamp',
  shapes: [
    {
      name: 'text with times',
      fits: (look) => someLine(look, /^\d{4}-\d\d-\d\dT\S+\s.*\{"httpRequest":/),
      mapping: {
        read: { as: 'text' },
        pattern: {
          match: String.raw`^(?<time>\d{4}-\d\d-\d\dT\S+)\s.*?${REQUEST}(?:.*?"revisionName":\s*"(?<revision>[^"]*)")?`,
        },
        except: [{ from: 'agent', match: PROBES, rows: 'health checks' }],
        app: { from: 'revision', otherwise: '{file}' },
        instance: '{file}',
        end: { from: 'time', unit: 'iso' },
        duration: { from: 'latency', unit: 's' },
      },
    },
    {
      name: 'JSON with times',
      fits: (look) =>
        look.as === 'jsonl' &&
        recordsHave(look, 'httpRequest.latency', 'timestamp') &&
        !recordsHave(look, 'resource.labels'),
      mapping: {
        read: { as: 'jsonl' },
        only: [{ from: 'httpRequest.latency', match: '.', rows: 'records that are no requests' }],
        except: [{ from: 'httpRequest.userAgent', match: PROBES, rows: 'health checks' }],
        app: { from: 'revisionName', otherwise: '{file}' },
        instance: 'podName',
        end: { from: 'timestamp', unit: 'iso' },
        duration: { from: 'httpRequest.latency', match: '^([0-9.]+)s$', unit: 's' },
      },
    },
    {
      name: 'JSON without times',
      fits: (look) =>
        look.as === 'jsonl' && recordsHave(look, 'httpRequest.latency') && !recordsHave(look, 'timestamp'),
      lacks: {
        problem: 'its requests have no time, so nobody can tell when they were',
        hint: 'Take them with kubectl logs --timestamps <pod> -c queue-proxy.',
      },
      mapping: { read: { as: 'jsonl' }, app: '{file}', end: { from: 'timestamp' } },
    },
  ],
}
