import { type MappingPreset, PROBES, someLine } from '../mapping-preset.ts'

/** AWS CloudFront, as functions at the edge see it: the time is the end, in whole seconds of UTC. */
export const cloudfront: MappingPreset = {
  id: 'cloudfront',
  summary: 'AWS CloudFront: standard access logs, one app per host that was asked for.',
  source:
    'https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html (the order of its fields)',
  looksFor: 'lines with tabs such as 2024-05-01 12:00:02 LHR62-C1 512 192.0.2.1 GET id.cloudfront.net /path 200 …',
  shapes: [
    {
      name: 'text',
      fits: (look) => someLine(look, /^\d{4}-\d\d-\d\d\t\d\d:\d\d:\d\d\t[^\t]+\t\d+\t[^\t]+\t[A-Z]+\t/),
      mapping: {
        read: { as: 'text' },
        pattern: {
          match: String.raw`^(?<time>\d{4}-\d\d-\d\d\t\d\d:\d\d:\d\d)\t(?<edge>[^\t]+)\t\d+\t[^\t]+\t[^\t]+\t(?<distribution>[^\t]+)\t[^\t]+\t\d+\t[^\t]*\t(?<agent>[^\t]*)\t[^\t]*\t[^\t]*\t[^\t]*\t[^\t]*\t(?<host>[^\t]+)\t[^\t]*\t\d+\t(?<duration>[\d.]+)`,
        },
        except: [{ from: 'agent', match: PROBES, rows: 'health checks' }],
        app: { from: 'host', match: '^([^-].*)$', otherwise: '{distribution}' },
        end: { from: 'time', format: '%Y-%m-%d\t%H:%M:%S' },
        duration: { from: 'duration', unit: 's', none: ['-'] },
      },
    },
  ],
}
