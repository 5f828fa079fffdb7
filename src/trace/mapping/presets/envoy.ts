import { type MappingPreset, PROBES, recordsHave, someLine } from '../mapping-preset.ts'

const PROBE_ROWS = { match: PROBES, rows: 'health checks' } as const

/** Envoy and Istio: the time is the start; the duration is that of the request, the cold start included. */
export const envoy: MappingPreset = {
  id: 'envoy',
  summary: 'Envoy, Istio and what is built on them: access logs in their default text format, or as JSON.',
  source: 'https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage',
  looksFor:
    'lines such as [2024-05-01T12:00:00.000Z] "GET / HTTP/1.1" 200 - 0 17 5 4 "-" "agent" "id" "authority" "host"',
  shapes: [
    {
      name: 'text',
      fits: (look) => someLine(look, /^\[\d{4}-\d\d-\d\dT[^\]]+\] "\S+ \S+ [^"]*" \d+ \S+ /),
      mapping: {
        read: { as: 'text' },
        pattern: {
          match: String.raw`^\[(?<time>[^\]]+)\] "(?<method>\S+) (?<path>\S+) [^"]*" (?<status>\d+) (?<flags>\S+) (?:\S+ \S+ "[^"]*" )?\d+ \d+ (?<duration>\d+|-) \S+ "[^"]*" "(?<agent>[^"]*)" "(?<id>[^"]*)" "(?<authority>[^"]*)" "(?<host>[^"]*)"`,
        },
        except: [{ from: 'agent', ...PROBE_ROWS }],
        app: { from: 'authority', match: String.raw`^(.+?)(?::\d+)?$` },
        start: { from: 'time', unit: 'iso' },
        duration: { from: 'duration', unit: 'ms', none: ['-'] },
        instance: { from: 'host', match: '^[^-].*' },
      },
    },
    {
      name: 'JSON',
      fits: (look) => look.as === 'jsonl' && recordsHave(look, 'start_time', 'authority', 'duration'),
      mapping: {
        read: { as: 'jsonl' },
        except: [{ from: 'user_agent', ...PROBE_ROWS }],
        app: { from: 'authority', match: String.raw`^(.+?)(?::\d+)?$` },
        start: { from: 'start_time', unit: 'iso' },
        duration: { from: 'duration', unit: 'ms', none: ['-'] },
        instance: { from: 'upstream_host', match: '^[^-].*' },
      },
    },
  ],
}
