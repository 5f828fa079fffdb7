import { type MappingPreset, PROBES, recordsHave } from '../mapping-preset.ts'

/** Google Cloud Run: request logs as JSON, newest first; the time is the start, the latency holds the cold start. */
export const cloudRun: MappingPreset = {
  id: 'cloud-run',
  summary: 'Google Cloud Run and Cloud Run functions: request logs as JSON.',
  source: 'gcloud logging read \'resource.type="cloud_run_revision" httpRequest.latency:*\' --format json',
  looksFor: 'JSON with resource.labels.service_name, httpRequest.latency and timestamp',
  shapes: [
    {
      name: 'request logs',
      fits: (look) => recordsHave(look, 'resource.labels.service_name', 'httpRequest.latency', 'timestamp'),
      mapping: (look) => ({
        read: look.as === 'jsonl' ? { as: 'jsonl' } : { as: 'json', rows: look.rowsAt },
        only: [{ from: 'httpRequest.latency', match: '.', rows: 'entries that are no requests' }],
        except: [{ from: 'httpRequest.userAgent', match: PROBES, rows: 'health checks' }],
        app: 'resource.labels.service_name',
        start: { from: 'timestamp', unit: 'iso' },
        duration: { from: 'httpRequest.latency', match: '^([0-9.]+)s$', unit: 's' },
        instance: 'labels.instanceId',
        limits: [1000],
      }),
    },
  ],
}
