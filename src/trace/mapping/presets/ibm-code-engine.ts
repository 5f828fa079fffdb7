import type { MappingPreset } from '../mapping-preset.ts'

/** IBM Code Engine: the weekly pickles, written as CSV with one row per invocation (docs/traces.md has the line for it). */
export const ibmCodeEngine: MappingPreset = {
  id: 'ibm-code-engine',
  summary: 'IBM Code Engine 2026: the weekly traffic tables, written as CSV with one row per invocation.',
  source: 'https://github.com/ubc-cirrus-lab/ibm-cloud-code-engine-traces (MIT)',
  looksFor: 'a CSV file with AppHash, InvocationTimes and AppExecTimes',
  shapes: [
    {
      name: 'exploded traffic table',
      needs: ['AppHash', 'InvocationTimes', 'AppExecTimes'],
      mapping: {
        read: { as: 'csv' },
        only: [{ from: 'InvocationTimes', match: '.', rows: 'apps without invocations' }],
        app: { from: '{NamespaceHash?}/{AppHash}', match: '^/?(.*)$' },
        start: { from: 'InvocationTimes', unit: 's' },
        duration: { from: 'AppExecTimes', unit: 'ms' },
        instance: 'PodHash?',
      },
    },
  ],
}
