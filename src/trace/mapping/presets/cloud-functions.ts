import { type MappingPreset, recordsHave, someLine } from '../mapping-preset.ts'

/** Google Cloud Functions, first generation: two log entries an execution, of which the one at its end tells how long it took. */
export const cloudFunctions: MappingPreset = {
  id: 'cloud-functions',
  summary: 'Google Cloud Functions (1st generation): execution logs as JSON.',
  source: 'gcloud logging read \'resource.type="cloud_function" textPayload:"Function execution took"\' --format json',
  looksFor: 'JSON with resource.labels.function_name, timestamp and textPayload "Function execution took … ms"',
  shapes: [
    {
      name: 'execution logs',
      fits: (look) =>
        recordsHave(look, 'resource.labels.function_name', 'textPayload', 'timestamp') &&
        someLine(look, /Function execution (took \d|started)/),
      mapping: (look) => ({
        read: look.as === 'jsonl' ? { as: 'jsonl' } : { as: 'json', rows: look.rowsAt },
        only: [
          { from: 'textPayload', match: '^Function execution took ', rows: 'entries that are no end of an execution' },
        ],
        app: 'resource.labels.function_name',
        end: { from: 'timestamp', unit: 'iso' },
        duration: { from: 'textPayload', match: String.raw`took ([\d.]+) ms`, unit: 'ms' },
        limits: [1000],
      }),
    },
  ],
}
