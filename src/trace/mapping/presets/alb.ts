import { type MappingPreset, PROBES, someLine } from '../mapping-preset.ts'

/** AWS load balancers: the time is the end, three times in s, -1 where there was none. */
export const alb: MappingPreset = {
  id: 'alb',
  summary: 'AWS Application Load Balancer: access logs, with the time that a target took.',
  source: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html',
  looksFor:
    'lines such as https 2024-05-01T12:00:00.000000Z app/name/id client:port target:port 0.001 0.200 0.000 200 200 …',
  shapes: [
    {
      name: 'text',
      fits: (look) =>
        someLine(look, /^(?:https?|h2|grpcs|wss?) \d{4}-\d\d-\d\dT\S+Z \S+ \S+ \S+ -?[\d.]+ -?[\d.]+ -?[\d.]+ /),
      mapping: {
        read: { as: 'text' },
        pattern: {
          match: String.raw`^(?<type>\S+) (?<time>\S+) (?<elb>\S+) \S+ (?<target>\S+) (?<request>-?[\d.]+) (?<duration>-?[\d.]+) (?<response>-?[\d.]+) (?<status>\S+) (?<target_status>\S+) \d+ \d+ "[^"]*" "(?<agent>[^"]*)" \S+ \S+ (?<group>\S+)`,
        },
        except: [
          { from: 'target_status', is: ['-'], rows: 'requests that no target answered' },
          { from: 'agent', match: PROBES, rows: 'health checks' },
        ],
        app: { from: 'group', match: String.raw`targetgroup/([^/]+)`, otherwise: '{elb}' },
        end: { from: 'time', unit: 'iso' },
        duration: { from: 'duration', unit: 's', none: ['-1'] },
        wait: { from: 'request', unit: 's', none: ['-1'] },
        instance: { from: 'target', match: '^[^-].*' },
      },
    },
  ],
}
