import type { Mapping } from '../mapping.ts'
import { type MappingPreset, recordsHave, someLine } from '../mapping-preset.ts'

/** What a REPORT line says; its fields are parted by tabs or spaces. Billed durations are rounded up and may hold the load. */
const REPORT = String.raw`REPORT RequestId:\s*(?<id>\S+)\s+Duration:\s*(?<duration>[\d.]+) ms\s+Billed Duration:\s*[\d.]+ ms\s+Memory Size:\s*(?<memory>\d+) MB\s+Max Memory Used:\s*\d+ MB(?:\s+(?:Init|Restore) Duration:\s*(?<init>[\d.]+) ms)?`

/** The time stamp is the end; the load comes before the execution and is no part of its duration. */
const TIMES = {
  duration: { from: 'duration', unit: 'ms' },
  coldStart: { from: 'init', unit: 'ms' },
  memory: { from: 'memory', unit: 'MB' },
} as const satisfies Partial<Mapping>

/** Rows at which queries and pages of CloudWatch are cut. */
const LIMITS = [100, 1000, 2000, 5000, 10_000]

/** `@log` is `account:/aws/lambda/name`. */
const FUNCTION = { from: '@log?', match: '([^/:]+)$', otherwise: '{file}' } as const

/** AWS Lambda writes one REPORT line an invocation; an init duration is there only where the invocation was cold. */
export const lambdaReport: MappingPreset = {
  id: 'lambda-report',
  summary: 'AWS Lambda: REPORT lines of CloudWatch, as text, Logs Insights CSV or JSON, log events or JSON logs.',
  source: 'aws logs tail; Logs Insights; aws logs filter-log-events; Lambda logs in JSON (platform.report)',
  looksFor: 'lines or messages with "REPORT RequestId: … Duration: … ms", or records of the type platform.report',
  shapes: [
    {
      name: 'Logs Insights CSV with messages',
      needs: ['@timestamp', '@message'],
      mapping: {
        read: { as: 'csv' },
        pattern: { in: '@message', match: REPORT },
        app: FUNCTION,
        end: { from: '@timestamp', unit: 'auto' },
        instance: '@logStream?',
        limits: LIMITS,
        ...TIMES,
      },
    },
    {
      name: 'Logs Insights CSV with fields',
      needs: ['@timestamp', '@duration'],
      mapping: {
        read: { as: 'csv' },
        only: [{ from: '@duration', match: '.', rows: 'rows that report no invocation' }],
        app: FUNCTION,
        end: { from: '@timestamp', unit: 'auto' },
        duration: { from: '@duration', unit: 'ms' },
        coldStart: { from: '@initDuration?', unit: 'ms' },
        memory: { from: '@memorySize?', unit: 'decimal-bytes' },
        instance: '@logStream?',
        limits: LIMITS,
      },
    },
    {
      name: 'Logs Insights results',
      fits: (look) => look.as === 'json' && recordsHave(look, '@timestamp', '@message'),
      mapping: (look) => ({
        read: { as: 'json', rows: look.rowsAt },
        pattern: { in: '@message', match: REPORT },
        app: FUNCTION,
        end: { from: '@timestamp', unit: 'auto' },
        instance: '@logStream?',
        limits: LIMITS,
        ...TIMES,
      }),
    },
    {
      name: 'log drain of Vercel',
      fits: (look) =>
        (look.as === 'json' || look.as === 'jsonl') &&
        recordsHave(look, 'timestamp', 'message', 'projectId', 'deploymentId') &&
        someLine(look, /REPORT RequestId:/),
      mapping: (look) => ({
        read: look.as === 'jsonl' ? { as: 'jsonl' } : { as: 'json', rows: look.rowsAt },
        pattern: { in: 'message', match: REPORT },
        app: 'projectId',
        function: { from: 'entrypoint?', match: '(.+)', otherwise: 'function' },
        end: { from: 'timestamp', unit: 'ms' },
        ...TIMES,
      }),
    },
    {
      name: 'log events',
      fits: (look) =>
        (look.as === 'json' || look.as === 'jsonl') &&
        recordsHave(look, 'timestamp', 'message') &&
        someLine(look, /REPORT RequestId:/),
      mapping: (look) => ({
        read: look.as === 'jsonl' ? { as: 'jsonl' } : { as: 'json', rows: look.rowsAt },
        pattern: { in: 'message', match: REPORT },
        app: { from: 'logGroupName?', match: '([^/:]+)$', otherwise: '{file}' },
        end: { from: 'timestamp', unit: 'ms' },
        instance: 'logStreamName?',
        limits: LIMITS,
        ...TIMES,
      }),
    },
    {
      name: 'JSON logs',
      fits: (look) => look.as === 'jsonl' && recordsHave(look, 'time', 'type', 'record'),
      mapping: {
        read: { as: 'jsonl' },
        only: [{ from: 'type', is: ['platform.report'], rows: 'records that are no reports' }],
        app: '{file}',
        end: { from: 'time', unit: 'iso' },
        duration: { from: 'record.metrics.durationMs', unit: 'ms' },
        coldStart: { from: 'record.metrics.initDurationMs', unit: 'ms' },
        memory: { from: 'record.metrics.memorySizeMB', unit: 'MB' },
      },
    },
    {
      name: 'text',
      fits: (look) =>
        look.as !== 'json' && look.as !== 'jsonl' && someLine(look, /\d{4}-\d\d-\d\dT\S+\s.*REPORT RequestId:/),
      mapping: {
        read: { as: 'text' },
        pattern: { match: String.raw`^(?<time>\d{4}-\d\d-\d\dT\S+)\s+(?:(?<stream>\d{4}/\d\d/\d\d/\S+)\s+)?${REPORT}` },
        app: '{file}',
        end: { from: 'time', unit: 'iso' },
        instance: 'stream',
        ...TIMES,
      },
    },
    {
      name: 'text without times',
      fits: (look) => look.as !== 'json' && look.as !== 'jsonl' && someLine(look, /^REPORT RequestId:/),
      lacks: {
        problem: 'its REPORT lines have no time, so nobody can tell when the invocations were',
        hint: 'Export them with their times: aws logs tail <log group> --since 7d --format detailed > name.log.',
      },
      mapping: { read: { as: 'text' }, app: '{file}', end: { from: 'line' } },
    },
  ],
}
