import { FIRST_OF_PATH, type MappingPreset, PROBES, recordsHave, someLine } from '../mapping-preset.ts'

/** nginx, Apache, Caddy: whole seconds, and no duration unless one stands at the end of the line, in s. */
export const combined: MappingPreset = {
  id: 'combined',
  summary: 'nginx, Apache, Traefik and Caddy: access logs in the common or combined format, or as Caddy’s JSON.',
  source: 'https://httpd.apache.org/docs/current/logs.html#combined',
  looksFor: 'lines such as 1.2.3.4 - - [01/May/2024:12:00:00 +0200] "GET /shop/x HTTP/1.1" 200 17 "-" "agent"',
  shapes: [
    {
      // The time is the start, and a whole number of ms ends the line.
      name: 'Traefik',
      fits: (look) =>
        someLine(look, /^\S+ \S+ \S+ \[[^\]]+\] "[^"]*" \d{3} \S+ "[^"]*" "[^"]*" \d+ "[^"]*" "[^"]*" \d+ms$/),
      mapping: {
        read: { as: 'text' },
        pattern: {
          match: String.raw`^\S+ \S+ \S+ \[(?<time>[^\]]+)\] "(?:[^"\\]|\\.)*" \d{3} \S+ "(?:[^"\\]|\\.)*" "(?<agent>(?:[^"\\]|\\.)*)" \d+ "(?<router>[^"]*)" "[^"]*" (?<ms>\d+)ms$`,
        },
        except: [
          { from: 'router', match: '^-?$', rows: 'requests that no router took' },
          { from: 'agent', match: PROBES, rows: 'health checks' },
        ],
        app: 'router',
        start: { from: 'time', format: '%d/%b/%Y:%H:%M:%S %z' },
        duration: { from: 'ms', unit: 'ms' },
      },
    },
    {
      name: 'text',
      fits: (look) => someLine(look, /^\S+ \S+ \S+ \[\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\] "/),
      mapping: {
        read: { as: 'text' },
        pattern: {
          match: String.raw`^\S+ \S+ \S+ \[(?<time>[^\]]+)\] "(?<request>(?:[^"\\]|\\.)*)" \d{3} \S+(?: "(?:[^"\\]|\\.)*" "(?<agent>(?:[^"\\]|\\.)*)")?(?:.*?[ =](?<seconds>\d+\.\d{3,6}))?`,
        },
        except: [{ from: 'agent', match: PROBES, rows: 'health checks' }],
        app: { from: 'request', match: FIRST_OF_PATH, otherwise: 'root' },
        end: { from: 'time', format: '%d/%b/%Y:%H:%M:%S %z' },
        duration: { from: 'seconds', unit: 's' },
      },
    },
    {
      name: 'Caddy JSON',
      fits: (look) => look.as === 'jsonl' && recordsHave(look, 'ts', 'request.host', 'duration'),
      mapping: {
        read: { as: 'jsonl' },
        only: [{ from: 'request.host', match: '.', rows: 'records that are no requests' }],
        except: [{ from: 'request.headers.User-Agent', match: PROBES, rows: 'health checks' }],
        app: 'request.host',
        end: { from: 'ts', unit: 'auto' },
        duration: { from: 'duration', unit: 's' },
      },
    },
  ],
}
